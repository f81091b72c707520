"""The checkable facts in Korean text, in one form whatever their spelling.

Amounts, rates, counts, periods, dates, times, phones, addresses on the web, articles of a law. Two
texts state the same fact when the values are equal: 3만원 = 30,000원 = 삼만 원, 2주 = 14일 = 열나흘, 1년 = 12개월,
오후 6시 = 18:00, 절반 = 50% = 100분의 50.
"""

import re
from functools import lru_cache

from knowledge_base.facts.fact import Fact, FactKind, is_borne_out, same
from knowledge_base.facts.patterns import FACT
from knowledge_base.facts.reading import read

__all__ = ["Fact", "FactKind", "facts", "is_borne_out", "same"]

_GOES_ON = re.compile(r"\s*(?:\([^)]*\))?\s*(?:부터|에서|이나|또는|과|와|및|~|∼|–|-|,|·|/)?\s*")
_EXTENSION = re.compile(r"\s?(?:이나|또는|~|,|/|·)\s?(\d{3,4})(?![\d-])")


def facts(text: str) -> list[Fact]:
    """Every fact in ``text``, in order.

    >>> [(fact.value, fact.unit) for fact in facts("3만~5만 원, 2주 안, 오후 1시부터 6시까지, 2026. 7. 1.부터")]
    [('30000', '원'), ('50000', '원'), ('14', '일'), ('780', ''), ('1080', ''), ('2026-7-1', '')]
    """
    return list(_facts(text))


@lru_cache(maxsize=1024)
def _facts(text: str) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for match in FACT.finditer(text):
        if found and match.start() < found[-1].span[1]:
            continue
        for fact in read(match):
            found.append(_going_on(found[-1], fact, text) if found else fact)
        if match["phone"] and (other := _EXTENSION.match(text, match.end())):
            number = found[-1].value[: -len(other[1])] + other[1]
            found.append(Fact(FactKind.PHONE, number, "", other[1], other.span(1)))
    return tuple(found)


def _going_on(before: Fact, fact: Fact, text: str) -> Fact:
    """``fact`` with what it leaves to the one before it: 6월 16일부터 30일, 오후 1시부터 5시, 1298이나 1299번."""
    gap = _GOES_ON.fullmatch(text, before.span[1], fact.span[0]) if before.span != fact.span else None
    if gap is None:
        return fact
    if before.kind is FactKind.DATE and fact.unit == "일" and fact.text.endswith("일") and fact.text[0].isdecimal():
        year, month, day = before.value.split("-")
        if day != "*" and fact.value.isdecimal() and int(day) < int(fact.value) <= 31:
            return fact._replace(kind=FactKind.DATE, value=f"{year}-{month}-{fact.value}", unit="")
    if before.kind is fact.kind is FactKind.TIME and fact.unit == "?" and int(fact.value) <= int(before.value):
        return fact._replace(value=str(int(fact.value) + 720), unit="")
    return fact
