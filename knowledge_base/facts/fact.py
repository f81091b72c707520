"""A checkable fact, and when one bears out another."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class FactKind(StrEnum):
    """What sort of fact; facts of different kinds are never the same, but for bare numbers."""

    PHONE = "phone"
    LINK = "link"
    ARTICLE = "article"
    DATE = "date"
    TIME = "time"
    MONEY = "money"
    QUANTITY = "quantity"
    NUMBER = "number"


class Fact(NamedTuple):
    """``text`` as written, at the half-open ``span``; ``value`` and ``unit`` are the common form.

    A date's value is ``year-month-day`` with ``*`` for what is not said, its unit the third of a month that is
    said (초, 중순, 말); a time's is minutes since midnight, with ``?`` as its unit where nothing tells the morning
    from the afternoon.
    """

    kind: FactKind
    value: str
    unit: str
    text: str
    span: tuple[int, int]


def same(stated: Fact, found: Fact) -> bool:
    """Whether ``found`` (in the evidence) bears out ``stated``.

    The evidence may be more exact (a date with its year, an article with its paragraph), a table's cell may
    lack the unit that its header gives, and 6시 may be in the morning or in the evening.

    >>> from knowledge_base.facts.finding import facts
    >>> same(facts("7월 1일")[0], facts("2026-07-01")[0]), same(facts("8,000원")[0], facts("8,000")[0])
    (True, True)
    """
    if stated.kind is FactKind.DATE and found.kind is FactKind.DATE:
        pairs = zip(stated.value.split("-"), found.value.split("-"), strict=True)
        return all(said in ("*", known) for said, known in pairs) and stated.unit in ("", _third(found))
    if stated.kind is FactKind.TIME and found.kind is FactKind.TIME and "?" in (stated.unit, found.unit):
        return int(stated.value) % 720 == int(found.value) % 720
    if stated.kind is found.kind is FactKind.ARTICLE:
        return re.fullmatch(rf"{stated.value}(?:제.*|.목)?", found.value) is not None
    if stated.value != found.value:
        return False
    same_unit = (stated.kind, stated.unit) == (found.kind, found.unit)
    return same_unit or FactKind.NUMBER in (stated.kind, found.kind)


def _third(date: Fact) -> str:
    """The third of its month that a date is in, "" where only the month is said."""
    day = date.value.rpartition("-")[2]
    return ("초", "중순", "말")[min((int(day) - 1) // 10, 2)] if day != "*" else date.unit


def is_borne_out(stated: Fact, evidence: Iterable[Fact]) -> bool:
    """Whether any fact of the evidence is the same as ``stated``."""
    return any(same(stated, found) for found in evidence)
