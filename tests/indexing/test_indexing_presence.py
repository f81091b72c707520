"""What is withdrawn is gone at the next question, though the knowledge base is seldom asked."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from indexing.retrieval.search import SearchService
from indexing.snapshots.manifest import Manifest
from knowledge_base.home import Home
from knowledge_base.storage.store import KnowledgeStore

DAY_NS = 86_400 * 10**9


@pytest.fixture
def knowledge(home: Home, indexed: Callable[..., Manifest]) -> Path:
    indexed(one="수수료 안내", two="수수료 안내")
    return home.knowledge


def settle(knowledge: Path) -> None:
    changed = knowledge.stat().st_mtime_ns - DAY_NS
    os.utime(knowledge, ns=(changed, changed))


def found(service: SearchService) -> set[str]:
    return {hit.document.id for hit in service.search("수수료", k=9).hits}


def test_what_was_changed_long_ago_is_not_asked_again(
    knowledge: Path, service: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(knowledge)
    assert found(service) == {"one", "two"}
    monkeypatch.setattr(KnowledgeStore, "generation", lambda store: pytest.fail("asked again"))
    assert found(service) == {"one", "two"}


def test_a_change_after_a_long_time_shows(knowledge: Path, service: SearchService) -> None:
    settle(knowledge)
    assert found(service) == {"one", "two"}
    KnowledgeStore(knowledge).withdraw("one", "옛 규정")
    assert found(service) == {"two"}
    KnowledgeStore(knowledge).restore("one")
    assert found(service) == {"one", "two"}


def test_a_change_that_leaves_no_trace_in_the_file_shows(knowledge: Path, service: SearchService) -> None:
    """As within one tick of a coarse clock: the same size and the same time."""
    assert found(service) == {"one", "two"}
    before = knowledge.stat()
    KnowledgeStore(knowledge).withdraw("one", "옛 규정")
    os.utime(knowledge, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = knowledge.stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
    assert found(service) == {"two"}


def test_a_change_still_in_the_log_shows(knowledge: Path, service: SearchService) -> None:
    """A reader that stays open keeps SQLite from carrying the change over into the file."""
    settle(knowledge)
    assert found(service) == {"one", "two"}
    store = KnowledgeStore(knowledge)
    with store._file.reading() as reader:
        reader.conn.execute("select count(*) from documents").fetchone()
        store.withdraw("one", "옛 규정")
        assert found(service) == {"two"}
