"""What the handbook says of the tests can be looked up."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
DOCS = TESTS.parent / "docs"


@pytest.mark.parametrize("name", ["operations.md", "security.md"])
def test_every_test_that_is_named_is_there(name: str) -> None:
    named = re.findall(r"`((?:\w+/)?test_[\w*]+\.py)`", (DOCS / name).read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [each for each in named if not list(TESTS.rglob(each))] == []
