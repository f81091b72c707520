"""The sizes by which rows and items are told apart: 2인용, 2.5톤 미만, 65~69세.

The row of a 2인용 매트리스 does not answer for one of 1인용, however near it is in meaning.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from knowledge_base.facts.finding import Fact, FactKind, facts

_BOUND = re.compile(r"\s?(이상|이하|이내|미만|초과)")


class Size(NamedTuple):
    """A figure and how it is bounded; ``bound`` is '' where it is not, '~' for either end of a range."""

    unit: str
    value: Decimal
    bound: str


def sizes(text: str) -> list[Size]:
    """What ``text`` measures and counts; sums of money too, by which brackets are told apart.

    >>> [(size.unit, str(size.value), size.bound) for size in sizes("75세 이상, 65~69세")]
    [('세', '75', '이상'), ('세', '65', '~'), ('세', '69', '~')]
    """
    kinds = (FactKind.QUANTITY, FactKind.MONEY)
    found = [fact for fact in facts(text) if fact.kind in kinds and fact.unit != "%"]
    return [
        Size(fact.unit, Decimal(fact.value), _bound(text, fact, found))
        for fact in found
        if _NUMBER.fullmatch(fact.value)
    ]


def asked_sizes(question: str) -> list[Size]:
    """What a question measures and counts; who speaks of tons of water means cubic metres.

    >>> [(size.unit, str(size.value)) for size in asked_sizes("20톤 쓰면 얼마예요?")]
    [('g', '20000000'), ('㎥', '20')]
    """
    found = sizes(question)
    water = [size._replace(unit="㎥", value=size.value / _TON) for size in found if size.unit == "g"]
    return [*found, *(size for size in water if size.value >= 1)]


_TON = 1_000_000  # g
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _bound(text: str, fact: Fact, found: Sequence[Fact]) -> str:
    if sum(each.span == fact.span for each in found) > 1:
        return "~"
    bound = _BOUND.match(text, fact.span[1])
    return bound[1] if bound else ""


def months(text: str) -> frozenset[int]:
    """The months that ``text`` names, also those of a range; how many months something takes is none.

    >>> sorted(months("비수기(11~3월), 6개월")), sorted(months("3월 16일~31일"))
    ([1, 2, 3, 11, 12], [3])
    """
    named: set[int] = set()
    for first, last, one in _MONTHS.findall(text):
        begin, end = int(first or one), int(last or one)
        named |= {n for n in range(1, 13) if (begin <= n <= end if begin <= end else n >= begin or n <= end)}
    return frozenset(named)


_MONTH = r"(?<![\d.])(1[0-2]|[1-9])"
_MONTHS = re.compile(rf"{_MONTH}\s?월?(?:\s?\d{{1,2}}\s?일)?\s?[~∼-]\s?{_MONTH}\s?월|{_MONTH}\s?월")


def rules_out(told: Sequence[Size], asked: Sequence[Size]) -> bool:
    """Whether what is of the sizes ``told`` is none of those ``asked``: of one unit, all of them lie outside.

    >>> rules_out(sizes("2.5톤 이상 6.5톤 미만"), sizes("2.5톤 미만")), rules_out(sizes("6.5톤 미만"), sizes("2톤"))
    (True, False)
    """
    units = groupby(sorted(asked), key=lambda size: size.unit)
    return any(not any(_covers(_of(told, unit), size) for size in wanted) for unit, wanted in units if _of(told, unit))


def _of(told: Sequence[Size], unit: str) -> list[Size]:
    return [size for size in told if size.unit == unit]


def _covers(told: Sequence[Size], asked: Size) -> bool:
    if asked.bound:
        return asked in told
    ends = [size.value for size in told if size.bound == "~"]
    plain = [size.value for size in told if not size.bound]
    within = {
        "이상": Decimal.__ge__,
        "초과": Decimal.__gt__,
        "이하": Decimal.__le__,
        "이내": Decimal.__le__,
        "미만": Decimal.__lt__,
    }
    bounded = all(within[size.bound](asked.value, size.value) for size in told if size.bound in within)
    return bounded and (not plain or asked.value in plain) and (not ends or min(ends) <= asked.value <= max(ends))
