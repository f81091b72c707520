"""The checkable facts in Korean text, in one form whatever their spelling.

Amounts, rates, counts, periods, dates, times, phones, addresses on the web, articles of a law. Two
texts state the same fact when the values are equal: 3만원 = 30,000원 = 삼만 원, 2주 = 14일 = 열나흘, 1년 = 12개월,
오후 6시 = 18:00, 절반 = 50% = 100분의 50.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from knowledge_base.facts import tables
from knowledge_base.facts.fact import Fact, FactKind, is_borne_out, same
from knowledge_base.facts.patterns import FACT
from knowledge_base.facts.reading import read
from knowledge_base.facts.signs import ascii_signs

__all__ = ["Fact", "FactKind", "facts", "is_borne_out", "same"]

_GOES_ON = re.compile(r"\s*(?:\([^)]*\))?\s*(?:부터|에서|이나|또는|과|와|및|[~,·/-])?\s*")
_EXTENSION = re.compile(  # 3114~6번, but not 3114, 2층
    r"\s?(?:(?:이나|또는|[~,/·])\s?(\d{3,4})(?![\d-])|[~,/]\s?(\d)(?![\d.:-]|\s?(?!번|로|으로|입|이며)[가-힣]))"
)
_ARTICLE = re.compile(r"제\d+조(?:의\d+)?")
_PARAGRAPH = re.compile(r"\s?(?:및|와|과|또는|부터|[,·ㆍ])\s?제(\d+)항(?!제)")
_AND_HALF = re.compile(r"\s?반(?=$|[^가-힣]|[은을이도만의]?(?![가-힣])|에|까지|이[상하내]|동안|정도|쯤|입)")
_UNIT_OF_TABLE = re.compile(r"(?:단위\s?:?\s?|\()(백만|천|만|억)\s?원")
_HALVES = {"시간": "30", "년": "6", "해": "6", "달": "0.5", "개월": "0.5"}
_PARTS = {"분": (60, ("시간", "시")), "개월": (12, ("년",)), "달": (12, ("년", "해")), "푼": (10, ("할",))}
"""The smaller unit of what is said in two, from how many of it on it is none, and the larger ones before it."""


def facts(text: str) -> list[Fact]:
    """Every fact in ``text``, in order.

    >>> [(fact.value, fact.unit) for fact in facts("3만~5만 원, 2주 안, 오후 1시부터 6시까지, 2026. 7. 1.부터")]
    [('30000', '원'), ('50000', '원'), ('14', '일'), ('780', ''), ('1080', ''), ('2026-7-1', '')]
    """
    return list(_facts(text))


@lru_cache(maxsize=1024)
def _facts(text: str) -> tuple[Fact, ...]:
    found: list[Fact] = []
    plain = ascii_signs(text)
    for match in FACT.finditer(plain):
        if found and match.start() < found[-1].span[1]:
            continue
        for fact in read(match):
            whole = _with_half(fact, plain)
            if found and (joined := _joined(found[-1], whole, plain)):
                found[-1] = joined
            else:
                found.append(_going_on(found[-1], whole, plain) if found else whole)
        if match["phone"]:
            found += _extension(found[-1], plain)
        elif match["paragraph"]:
            found += _paragraphs(found[-1], plain)
    return tuple(_in_table(found, plain))


def _in_table(found: list[Fact], text: str) -> Iterator[Fact]:
    """The facts but "단위: 천원" itself; bare numbers with the unit of their table or of the caption above them."""
    scales = list(_UNIT_OF_TABLE.finditer(text))
    units = tables.units(text) if "|" in text else {}
    for fact in found:
        if any(each.start() < fact.span[0] < each.end() for each in scales):
            continue
        if fact.kind is not FactKind.NUMBER or (unit := _unit(fact, text, scales, units)) is None:
            yield fact
        else:
            yield next(iter(facts(f"{fact.value}{unit}")), fact)._replace(text=fact.text, span=fact.span)


def _unit(fact: Fact, text: str, scales: Sequence[re.Match[str]], units: Mapping[int, tables.Unit]) -> str | None:
    """What the table or the caption above says that a number counts."""
    start = fact.span[0]
    if start in units or text.startswith("|", text.rfind("\n", 0, start) + 1):
        return units[start].name if start in units else None
    scale = next((each for each in reversed(scales) if each.end() <= start), None)
    return f"{scale[1]}원" if scale and "\n\n" not in text[scale.end() : start].lstrip(") \n") else None


def _extension(phone: Fact, text: str) -> Iterator[Fact]:
    if other := _EXTENSION.match(text, phone.span[1]):
        digits = other[1] or other[2]
        yield Fact(FactKind.PHONE, phone.value[: -len(digits)] + digits, "", digits, other.span(other.lastindex or 0))


def _paragraphs(article: Fact, text: str) -> Iterator[Fact]:
    """제7조제1항 및 제3항."""
    base = _ARTICLE.match(article.value)
    end = article.span[1]
    while base and (other := _PARAGRAPH.match(text, end)):
        end = other.end()
        yield Fact(FactKind.ARTICLE, f"{base[0]}제{other[1]}항", "", f"제{other[1]}항", (other.start(1) - 1, end))


def _with_half(fact: Fact, text: str) -> Fact:
    """한 시간 반, 2년 반."""
    half = next((half for unit, half in _HALVES.items() if fact.text.endswith(unit)), None)
    more = _AND_HALF.match(text, fact.span[1]) if half and fact.kind is FactKind.QUANTITY else None
    return _more(fact, Decimal(half), more.end(), text) if half and more else fact


def _joined(before: Fact, fact: Fact, text: str) -> Fact | None:
    """Two that are said of one, as one: 1시간 30분, 1년 6개월, 아홉 시 삼십 분, 이천이십육년 칠월."""
    end = fact.span[1]
    if before.span == fact.span or text[before.span[1] : fact.span[0]].strip():
        return None
    if before.kind is fact.kind is FactKind.DATE and before.value.endswith("-*-*") and fact.value.startswith("*-"):
        day = before.value.removesuffix("-*-*") + fact.value.removeprefix("*")
        return fact._replace(value=day, text=text[before.span[0] : end].strip(), span=(before.span[0], end))
    if fact.kind is not FactKind.QUANTITY or before.kind not in (FactKind.QUANTITY, FactKind.TIME):
        return None
    most, larger = next((part for small, part in _PARTS.items() if fact.text.endswith(small)), (0, ()))
    is_part = before.text.endswith(larger) and Decimal(fact.value) < most
    return _more(before, Decimal(fact.value), end, text) if is_part else None


def _more(fact: Fact, amount: Decimal, end: int, text: str) -> Fact:
    total = f"{(Decimal(fact.value) + amount).normalize():f}"
    return fact._replace(value=total, text=text[fact.span[0] : end].strip(), span=(fact.span[0], end))


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
