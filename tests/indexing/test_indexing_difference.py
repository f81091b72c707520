"""What changed between two snapshots."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from indexing.snapshots.difference import Titled, difference
from indexing.snapshots.manifest import Manifest
from knowledge_base.document import Document
from knowledge_base.errors import NoSnapshot
from knowledge_base.home import Home

Store = Callable[..., None]


def test_documents_added_removed_and_changed_are_told_by_title(
    home: Home, indexed: Callable[..., Manifest], notice: Callable[..., Document]
) -> None:
    old = indexed(replace(notice("a", "글"), title="옛 제목"), b="글", c="글", empty="").id
    new = indexed(replace(notice("a", "글"), title="새 제목"), c="글", d="글").id
    found = difference(home, old, new)
    assert (found.old, found.new) == (old, new)
    assert found.added == (Titled("d", "d"),)
    assert found.removed == (Titled("b", "b"), Titled("empty", "empty"))
    assert found.changed == (Titled("a", "새 제목"),)
    back = difference(home, new, old)
    assert (back.added, back.removed) == (found.removed, found.added)
    assert back.changed == (Titled("a", "옛 제목"),)
    with pytest.raises(NoSnapshot, match="nonsense"):
        difference(home, old, "nonsense")
