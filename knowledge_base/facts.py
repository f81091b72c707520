"""The checkable facts in Korean text, in one form whatever their spelling.

Amounts, rates, counts, periods, dates, times, phones, addresses on the web, articles of a law. Two
texts state the same fact when the values are equal: 3만원 = 30,000원 = 삼만 원, 2주 = 14일 = 열나흘, 1년 = 12개월,
오후 6시 = 18:00, 절반 = 50% = 100분의 50.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from knowledge_base.fact_patterns import DIGIT, FACT
from knowledge_base.numerals import DAY_WORDS, value
from knowledge_base.units import UNITS


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
    midnight, with ``?`` as its unit where nothing tells the morning from the afternoon.
    """

    kind: FactKind
    value: str
    unit: str
    text: str
    span: tuple[int, int]


_AFTERNOON = {"오후", "밤", "저녁", "낮"}
_SINO_MONTH = {"유": 6, "시": 10}
_ROMAN = {"Ⅰ": 1, "I": 1, "Ⅱ": 2, "II": 2, "Ⅲ": 3, "III": 3, "Ⅳ": 4, "IV": 4}
_GOES_ON = re.compile(r"\s*(?:\([^)]*\))?\s*(?:부터|에서|이나|또는|과|와|및|~|∼|–|-|,|·|/)?\s*")
_EXTENSION = re.compile(r"\s?(?:이나|또는|~|,|/|·)\s?(\d{3,4})(?![\d-])")
_SCALE = re.compile(r"(?P<digits>\d+)\s?(?P<scale>[천만억]+)\s*")
_AT_ONCE = re.compile(r"한\s?번(?=에\s)|두\s?(?:분|명|사람)(?=\s?(?:다|모두)\s)")
_FIRST_YEAR = 1900
SHORT_NUMBER = 100  # from here on, 번 after a number makes it a phone's (129번), not a count


def facts(text: str) -> list[Fact]:
    """Every fact in ``text``, in order.

    >>> [(fact.value, fact.unit) for fact in facts("3만~5만 원, 2주 안, 오후 1시부터 6시까지, 2026. 7. 1.부터")]
    [('30000', '원'), ('50000', '원'), ('14', '일'), ('780', ''), ('1080', ''), ('2026-7-1', '')]
    """
    found: list[Fact] = []
    for match in FACT.finditer(text):
        if found and match.start() < found[-1].span[1]:
            continue
        for fact in _read(match):
            found.append(_going_on(found[-1], fact, text) if found else fact)
        if match["phone"] and (other := _EXTENSION.match(text, match.end())):
            number = found[-1].value[: -len(other[1])] + other[1]
            found.append(Fact(FactKind.PHONE, number, "", other[1], other.span(1)))
    return found


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


def _read(match: re.Match[str]) -> Iterator[Fact]:
    text, span = match[0].strip(), match.span()
    if match["phone"]:
        yield Fact(FactKind.PHONE, re.sub(r"\D", "", text), "", text, span)
    elif match["spoken"]:
        digits = "".join(f"{value(each)}" for each in re.findall(DIGIT, text))
        kind = FactKind.PHONE if match["spoken_phone"] else FactKind.NUMBER
        yield Fact(kind, digits, "", text, span)
    elif match["link"]:
        link = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.lower()).rstrip("./,")
        yield Fact(FactKind.LINK, link, "", text, span)
    elif match["article"]:
        yield Fact(FactKind.ARTICLE, _article(match), "", text, span)
    elif match["share"]:
        share = Decimal(100) * Decimal(match["part"] or 1) / (Decimal(match["whole"] or 2) or 1)
        yield Fact(FactKind.QUANTITY, f"{share.normalize():f}", "%", text, span)
    elif match["date"]:
        yield Fact(FactKind.DATE, _date(match), "", text, span)
    elif match["time"]:
        yield _time(match, text, span)
    elif not _AT_ONCE.match(match.string, match.start()):
        yield from _measured(match, text, span)


def _article(match: re.Match[str]) -> str:
    """제32조제1항제7호, also of "농지법 32조 1항 7호"."""
    branch = f"의{match['branch']}" if match["branch"] else ""
    paragraph = f"제{match['paragraph']}항" if match["paragraph"] else ""
    item = f"제{match['item']}호" if match["item"] else ""
    return f"제{match['law']}조{branch}{paragraph}{item}"


def _date(match: re.Match[str]) -> str:
    if match["month6"]:
        spoken = _SINO_MONTH.get(match["month6"]) or value(match["month6"])
        day_spoken = match["day_spoken"] and str(DAY_WORDS.get(match["day_spoken"], 1))
        return f"*-{spoken}-{day_spoken or (value(match['day6']) if match['day6'] else '*')}"
    year = match["year"] or match["year2"] or match["year4"] or (match["year5"] and f"19{match['year5']}")
    months = ("month", "month2", "month3", "month5", "month7", "month8")
    month = next((match[name] for name in months if match[name]), None)
    day = match["day"] or match["day3"] or match["day8"]
    return "-".join(str(int(part)) if part else "*" for part in (year, month, day))


def _time(match: re.Match[str], text: str, span: tuple[int, int]) -> Fact:
    if match["clock"]:
        return Fact(FactKind.TIME, "720" if match["clock"] == "정오" else "0", "", text, span)
    hour = int(match["hour"] or match["hour2"] or value(match["native_hour"]) or 0)
    minute = 30 if match["thirty"] else int(match["minute"] or match["minute2"] or 0)
    half = match["half"]
    early = (half == "밤" and hour < 6) or (half == "낮" and hour > 6)  # 밤 2시, 낮 9시
    if half in _AFTERNOON and hour < 12 and not early:
        hour += 12
    elif hour == 12 and half in ("밤", "오전", "새벽"):
        hour = 0
    unsaid = half is None and not match["hour2"] and 0 < hour < 12
    return Fact(FactKind.TIME, str(hour % 24 * 60 + minute), "?" if unsaid else "", text, span)


def _measured(match: re.Match[str], text: str, span: tuple[int, int]) -> Iterator[Fact]:
    if match["day_word"]:
        yield Fact(FactKind.QUANTITY, str(DAY_WORDS.get(match["day_word"], 1)), "일", text, span)
    elif match["roman"]:
        yield _with_unit(Decimal(_ROMAN[match["roman"].upper()]), "유형", text, span)
    elif match["decimals"]:
        digits = "".join(f"{value(digit)}" for digit in match["decimals"])
        yield _with_unit(Decimal(f"{value(match['whole_spoken'])}.{digits}"), match["point_unit"], text, span)
    elif match["half_year"]:
        yield Fact(FactKind.QUANTITY, "6", "개월", text, span)
    elif match["nth"]:
        for nth in filter(None, (match["nth_low"], match["nth"])):
            yield Fact(FactKind.QUANTITY, str(int(nth)), "차", text, span)
    elif match["order"]:
        yield _with_unit(value(match["order"].replace("첫", "한")) or Decimal(1), "째", text, span)
    elif match["native_days"]:
        yield _with_unit(value(match["native_days"]) or Decimal(1), "일", text, span)
    elif match["month_nth"]:
        yield _with_unit(value(match["month_nth"]) or Decimal(1), "달", text, span)
    else:
        units = ("unit", "won", "sino_counted", "sino_unit", "native_unit")
        unit = next((match[name].lower() for name in units if match[name]), "")
        unit = "명" if match["native_unit"] == "분" else unit  # 두 분, but 2분
        first = "한" if match["native"] == "첫" else match["native"]
        number, upper = match["number"], match["upper"]
        for spelling in (
            _scaled(number, upper) or match["sino"] or match["sino2"] or match["sino3"] or first or match["bare"],
            upper,
        ):
            amount = value(spelling) if spelling else None
            if amount is not None and match["sino_unit"] == "년" and amount >= _FIRST_YEAR:
                yield Fact(FactKind.DATE, f"{amount}-*-*", "", text, span)
            elif amount is not None:
                yield _with_unit(amount, unit, text, span)


def _scaled(number: str | None, upper: str | None) -> str | None:
    """The lower end of a range with what only the upper one spells out: 25 in 25~45만 is 25만."""
    scale = _SCALE.fullmatch(upper or "")
    shares = scale and number and number.isdecimal() and int(number) < int(scale["digits"])
    return f"{number}{scale['scale']}" if scale and shares else number


def _with_unit(number: Decimal, unit: str, text: str, span: tuple[int, int]) -> Fact:
    if unit == "원":
        return Fact(FactKind.MONEY, f"{number:f}", unit, text, span)
    if unit in UNITS and not (unit == "번" and number >= SHORT_NUMBER):
        name, factor = UNITS[unit]
        return Fact(FactKind.QUANTITY, f"{(number * factor).normalize() + 0:f}", name, text, span)
    return Fact(FactKind.NUMBER, f"{number:f}", "", text, span)


def same(stated: Fact, found: Fact) -> bool:
    """Whether ``found`` (in the evidence) bears out ``stated``.

    The evidence may be more exact (a date with its year, an article with its paragraph), a table's cell may
    lack the unit that its header gives, and 6시 may be in the morning or in the evening.

    >>> same(facts("7월 1일")[0], facts("2026-07-01")[0]), same(facts("8,000원")[0], facts("8,000")[0])
    (True, True)
    """
    if stated.kind is FactKind.DATE and found.kind is FactKind.DATE:
        pairs = zip(stated.value.split("-"), found.value.split("-"), strict=True)
        return all(said in ("*", known) for said, known in pairs)
    if stated.kind is FactKind.TIME and found.kind is FactKind.TIME and "?" in (stated.unit, found.unit):
        return int(stated.value) % 720 == int(found.value) % 720
    if stated.kind is FactKind.ARTICLE and found.value.startswith(f"{stated.value}제"):
        return found.kind is FactKind.ARTICLE
    if stated.value != found.value:
        return False
    same_unit = (stated.kind, stated.unit) == (found.kind, found.unit)
    return same_unit or FactKind.NUMBER in (stated.kind, found.kind)


def is_borne_out(stated: Fact, evidence: Iterable[Fact]) -> bool:
    """Whether any fact of the evidence is the same as ``stated``."""
    return any(same(stated, found) for found in evidence)
