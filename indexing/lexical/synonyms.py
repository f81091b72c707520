"""A citizen's words and those that ordinances and notices use for the same thing: 딱지 is 주정차 위반 과태료 there.

The table is general knowledge of municipal services, taken from no question file and from no knowledge base.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_suffix(".tsv")


class Synonym(NamedTuple):
    """The ``official`` words for what a citizen says in ``question[start:end]``."""

    start: int
    end: int
    official: str


def synonyms(question: str) -> list[Synonym]:
    """What a question names in words that officials do not use, in order.

    A citizen's word counts at the beginning of a word, whatever follows it, with or without its spaces; of
    two that begin together the longer one.

    >>> synonyms("주차딱지를 떼였어요")
    [Synonym(start=0, end=4, official='주정차 위반 과태료')]
    >>> synonyms("사주차딱지")
    []
    """
    return [Synonym(*match.span(), _table()["".join(match[0].split())]) for match in _pattern().finditer(question)]


def with_official(question: str) -> str:
    """A question and, behind it, the official words for what it says.

    >>> with_official("스쿨존 과태료")
    '스쿨존 과태료 어린이보호구역'
    """
    return " ".join([question, *(synonym.official for synonym in synonyms(question))])


@cache
def _table() -> dict[str, str]:
    """The official words by the citizen's without spaces."""
    return {"".join(said.split()): official for said, official in _rows()}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted((said for said, _ in _rows()), key=len, reverse=True)
    written = (r"\s*".join(map(re.escape, said.split())) for said in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})")


def _rows() -> Sequence[tuple[str, str]]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(said, official) for said, official in pairs]
