"""The checkable facts in Korean text, in one form whatever their spelling.

Amounts, rates, counts, periods, dates, times, phones, addresses on the web, articles of a law. Two
texts state the same fact when the values are equal: 3만원 = 30,000원 = 삼만 원, 2주 = 14일, 1년 = 12개월,
오후 6시 = 18:00.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from knowledge_base.numerals import ARABIC, NATIVE, SINO, value


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

    A date's value is ``year-month-day`` with ``*`` for what is not said; a time's is minutes since
    midnight.
    """

    kind: FactKind
    value: str
    unit: str
    text: str
    span: tuple[int, int]


_PHONE = r"(?<![\d-])(?:0\d{1,2}[-.) ]\s?\d{3,4}[-. ]\d{4}|1[5-8]\d{2}[-. ]\d{4})(?![\d-])"
_LINK = (
    r"(?:https?://|www\.)[^\s<>()\"'가-힣]+"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<![\w.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:kr|com|net|org)(?:/[^\s<>()가-힣]*)?"
)
_ARTICLE = r"제\s?\d+\s?조(?:의\s?\d+)?(?:\s?제\s?\d+\s?항)?"
_DATE = (
    r"(?P<year>(?:19|20)\d{2})\s?(?:년|[-./])\s?(?P<month>\d{1,2})\s?(?:월|[-./])\s?(?P<day>\d{1,2})(?:\s?일|\.)?(?!\d)"
    r"|(?P<year2>(?:19|20)\d{2})\s?년\s?(?P<month2>\d{1,2})\s?월"
    r"|(?P<month3>\d{1,2})\s?월\s?(?P<day3>\d{1,2})\s?일"
    r"|(?P<year4>(?:19|20)\d{2})\s?년(?!\s?(?:이|간|동안|미만|이상|이하))"
    r"|(?P<month5>\d{1,2})\s?월(?!\s?\d)"
)
_TIME = (
    r"(?:(?P<half>오전|오후|낮|밤|새벽|저녁)\s?)?(?P<hour>\d{1,2})\s?시(?!\s?간)"
    r"(?:\s?(?P<minute>\d{1,2})\s?분|\s?(?P<thirty>반))?"
    r"|(?<![\d:])(?P<hour2>\d{1,2}):(?P<minute2>\d{2})(?![\d:])"
)
_UNITS: dict[str, tuple[str, int]] = {
    "%": ("%", 1), "퍼센트": ("%", 1), "프로": ("%", 1), "배": ("배", 1),
    "주일": ("일", 7), "주": ("일", 7), "일": ("일", 1),
    "개월": ("개월", 1), "달": ("개월", 1), "년": ("개월", 12), "시간": ("분", 60), "분": ("분", 1),
    "명": ("명", 1), "인": ("명", 1), "개소": ("곳", 1), "곳": ("곳", 1), "개": ("개", 1),
    "회": ("회", 1), "번": ("회", 1), "매": ("매", 1), "장": ("매", 1), "부": ("부", 1), "통": ("통", 1),
    "세": ("세", 1), "살": ("세", 1), "건": ("건", 1), "대": ("대", 1), "면": ("면", 1), "점": ("점", 1),
    "㎡": ("㎡", 1), "제곱미터": ("㎡", 1), "평": ("평", 1), "kg": ("kg", 1), "톤": ("kg", 1000),
    "km": ("m", 1000), "킬로미터": ("m", 1000), "m": ("m", 1), "미터": ("m", 1), "cm": ("cm", 1),
    "리터": ("L", 1), "l": ("L", 1), "ℓ": ("L", 1), "㎥": ("㎥", 1), "층": ("층", 1), "급": ("급", 1),
    "등급": ("등급", 1), "학년": ("학년", 1), "종": ("종", 1), "호": ("호", 1), "차례": ("회", 1),
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_MEASURED = (
    rf"(?P<number>{ARABIC})(?P<range>\s?(?:~|∼|–|-|에서)\s?(?P<upper>{ARABIC}))?\s?(?P<unit>원|{_UNIT})?"
    rf"|(?<![가-힣])(?P<sino>{SINO})\s?(?P<won>원)(?!서)"
    rf"|(?<![가-힣])(?P<native>{NATIVE})\s?(?P<native_unit>달|시간|번|명|개|곳|장|통|살|차례|주)(?![가-힣]*날)"
)
_ANY = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("phone", _PHONE), ("link", _LINK), ("article", _ARTICLE),
            ("date", _DATE), ("time", _TIME), ("measured", _MEASURED),
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
_AFTERNOON = {"오후", "밤", "저녁", "낮"}


def facts(text: str) -> list[Fact]:
    """Every fact in ``text``, in order.

    >>> [(fact.value, fact.unit) for fact in facts("3만~5만 원, 2주 안, 오후 6시까지, 2026. 7. 1.부터")]
    [('30000', '원'), ('50000', '원'), ('14', '일'), ('1080', ''), ('2026-7-1', '')]
    """
    return [fact for match in _ANY.finditer(text) for fact in _read(match)]


def unit_at_start(text: str) -> str | None:
    """The common unit that ``text`` begins with, or None.

    >>> unit_at_start("프로 할인"), unit_at_start("달이나"), unit_at_start("가지")
    ('%', '개월', None)
    """
    match = re.match(_UNIT, text, re.IGNORECASE)
    return _UNITS[match[0].lower()][0] if match else None


def _read(match: re.Match[str]) -> Iterator[Fact]:
    text, span = match[0].strip(), match.span()
    if match["phone"]:
        yield Fact(FactKind.PHONE, re.sub(r"\D", "", text), "", text, span)
    elif match["link"]:
        link = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.lower()).rstrip("./,")
        yield Fact(FactKind.LINK, link, "", text, span)
    elif match["article"]:
        yield Fact(FactKind.ARTICLE, re.sub(r"\s", "", text), "", text, span)
    elif match["date"]:
        yield Fact(FactKind.DATE, _date(match), "", text, span)
    elif match["time"]:
        yield Fact(FactKind.TIME, str(_minutes(match)), "", text, span)
    else:
        yield from _measured(match, text, span)


def _date(match: re.Match[str]) -> str:
    year = match["year"] or match["year2"] or match["year4"]
    month = match["month"] or match["month2"] or match["month3"] or match["month5"]
    day = match["day"] or match["day3"]
    return "-".join(str(int(part)) if part else "*" for part in (year, month, day))


def _minutes(match: re.Match[str]) -> int:
    hour = int(match["hour"] or match["hour2"])
    minute = 30 if match["thirty"] else int(match["minute"] or match["minute2"] or 0)
    if match["half"] in _AFTERNOON and hour < 12 and not (match["half"] == "밤" and hour < 6):
        hour += 12
    return hour * 60 + minute


def _measured(match: re.Match[str], text: str, span: tuple[int, int]) -> Iterator[Fact]:
    unit = (match["unit"] or match["won"] or match["native_unit"] or "").lower()
    for spelling in (match["number"] or match["sino"] or match["native"], match["upper"]):
        number = value(spelling) if spelling else None
        if number is not None:
            yield _with_unit(number, unit, text, span)


def _with_unit(number: Decimal, unit: str, text: str, span: tuple[int, int]) -> Fact:
    if unit == "원":
        return Fact(FactKind.MONEY, f"{number:f}", unit, text, span)
    if unit in _UNITS:
        name, factor = _UNITS[unit]
        return Fact(FactKind.QUANTITY, f"{number * factor:f}", name, text, span)
    return Fact(FactKind.NUMBER, f"{number:f}", "", text, span)


def same(stated: Fact, found: Fact) -> bool:
    """Whether ``found`` (in the evidence) bears out ``stated``.

    The evidence may be more exact (a date with its year), and a table's cell may lack the unit that
    its header gives.

    >>> same(facts("7월 1일")[0], facts("2026-07-01")[0]), same(facts("8,000원")[0], facts("8,000")[0])
    (True, True)
    """
    if stated.kind is FactKind.DATE and found.kind is FactKind.DATE:
        pairs = zip(stated.value.split("-"), found.value.split("-"), strict=True)
        return all(said in ("*", known) for said, known in pairs)
    if stated.value != found.value:
        return False
    same_unit = (stated.kind, stated.unit) == (found.kind, found.unit)
    return same_unit or FactKind.NUMBER in (stated.kind, found.kind)


def is_borne_out(stated: Fact, evidence: Iterable[Fact]) -> bool:
    """Whether any fact of the evidence is the same as ``stated``."""
    return any(same(stated, found) for found in evidence)
