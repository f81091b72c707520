"""A match of the patterns as the fact it states, in the common form: the value without its spelling."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from knowledge_base.facts.fact import Fact, FactKind
from knowledge_base.facts.numerals import ARABIC, DAY_WORDS, value
from knowledge_base.facts.patterns import DIGIT
from knowledge_base.facts.units import UNITS

_AFTERNOON = {"오후", "밤", "저녁", "낮"}
_THIRDS = {"초": "초", "중": "중순", "말": "말", "하": "말"}
_SINO_MONTH = {"유": 6, "시": 10}
_ROMAN = {"Ⅰ": 1, "I": 1, "Ⅱ": 2, "II": 2, "Ⅲ": 3, "III": 3, "Ⅳ": 4, "IV": 4}
_SCALE = re.compile(r"(?P<digits>\d+)\s?(?P<scale>[십백천만억]+)\s*")
_AT_ONCE = re.compile(r"한\s?번(?=에\s)|두\s?(?:분|명|사람)(?=\s?(?:다|모두)\s)")
_FIRST_YEAR = 1900
_COMPLETED = ("세", "살", "년", "개월")
_FULL = 10_000  # 만 육십오 세 is no 10,065, nor 만 이 년 10,002
_SHORT_NUMBER = 100  # from here on, 번 after a number makes it a phone's (129번), not a count


def _native(said: str) -> Decimal:
    return value(said) or Decimal(1)


_WORDS: Mapping[str, tuple[Callable[[str], Decimal | int], str]] = {
    "day_word": (lambda said: DAY_WORDS.get(said, 1), "일"),
    "roman": (lambda said: _ROMAN[said.upper()], "유형"),
    "half_year": (lambda said: 6, "개월"),
    "half_hour": (lambda said: 30, "분"),
    "quarter": (int, "분기"),
    "order": (lambda said: _native(said.replace("첫", "한")), "째"),
    "native_days": (_native, "일"),
    "month_nth": (_native, "달"),
}
"""Groups of what is measured without a number of its own: how much it is, and in which unit."""


class _Form(NamedTuple):
    """The common form of a fact."""

    kind: FactKind
    value: str
    unit: str = ""


def read(match: re.Match[str]) -> Iterator[Fact]:
    """The facts of one match of ``FACT``: two for a range, none for what only looks like a count."""
    text, span = match[0].strip(), match.span()
    for kind, form, unit in _forms(match, text):
        yield Fact(kind, form, unit, text, span)


def _forms(match: re.Match[str], text: str) -> Iterable[_Form]:
    match match.lastgroup:  # the outermost
        case "phone":
            yield _Form(FactKind.PHONE, re.sub(r"\D", "", re.sub(r"^\+82\D?0?", "0", text)))
        case "spoken":
            digits = "".join(f"{value(each)}" for each in re.findall(DIGIT, text))
            yield _Form(FactKind.PHONE if match["spoken_phone"] else FactKind.NUMBER, digits)
        case "link":
            host, slash, path = re.sub(r"^(?:https?://)?(?:www\.)?", "", text, flags=re.IGNORECASE).partition("/")
            yield _Form(FactKind.LINK, (host.lower() + slash + path).rstrip("./,"))
        case "article":
            yield _Form(FactKind.ARTICLE, _article(match))
        case "share":
            yield _Form(FactKind.QUANTITY, _percent(match), "%")
        case "date":
            third = _THIRDS.get((match["third1"] or match["third2"] or "")[:1], "")
            yield _Form(FactKind.DATE, _date(match), third)
        case "time":
            yield _time(match)
        case "measured" if not _AT_ONCE.match(match.string, match.start()):
            yield from _measured(match)


def _percent(match: re.Match[str]) -> str:
    part = value(match["part"] or match["part_said"] or match["over"] or "1") or Decimal(0)
    whole = value(match["whole"] or match["whole_said"] or match["under"] or "2") or Decimal(1)
    return f"{(100 * part / whole).normalize():f}"


def _article(match: re.Match[str]) -> str:
    """제32조제1항제7호, also of "농지법 32조 1항 7호"."""
    branch = f"의{match['branch']}" if match["branch"] else ""
    paragraph = f"제{match['paragraph']}항" if match["paragraph"] else ""
    item = f"제{match['item']}호" if match["item"] else ""
    item += f"의{match['item_branch']}" if match["item_branch"] else ""
    point = f"{match['point']}목" if match["point"] else ""
    return f"제{match['law']}조{branch}{paragraph}{item}{point}"


def _date(match: re.Match[str]) -> str:
    if match["month6"]:
        spoken = _SINO_MONTH.get(match["month6"]) or value(match["month6"])
        day_spoken = match["day_spoken"] and str(DAY_WORDS.get(match["day_spoken"], 1))
        return f"*-{spoken}-{day_spoken or (value(match['day6']) if match['day6'] else '*')}"
    year, month, day = (
        next((match[name] for name in names if match[name]), None)
        for names in (
            ("year", "year2", "year4", "year5"),
            ("month", "month2", "month3", "month5", "month7", "month8", "month9"),
            ("day", "day3", "day8", "day9", "day10"),
        )
    )
    return "-".join(str(int(part)) if part else "*" for part in (year and _full_year(year), month, day))


def _full_year(year: str) -> str:
    """'26 is 2026, and '99 is 1999."""
    short = year.lstrip("'’‘")
    return short if len(short) > 2 else f"{'19' if short >= '50' else '20'}{short}"


def _time(match: re.Match[str]) -> _Form:
    if match["clock"]:
        return _Form(FactKind.TIME, "720" if match["clock"] == "정오" else "0")
    hour = int(match["hour"] or match["hour_low"] or match["hour2"] or value(match["native_hour"]) or 0)
    minute = 30 if match["thirty"] else int(match["minute"] or match["minute2"] or 0)
    half = match["half"] or match["half_after"]
    half = half and {"a": "오전", "p": "오후"}.get(half[0].lower(), half)
    early = (half == "밤" and hour < 6) or (half == "낮" and hour > 6)  # 밤 2시, 낮 9시
    if half in _AFTERNOON and hour < 12 and not early:
        hour += 12
    elif hour == 12 and half in ("밤", "오전", "새벽"):
        hour = 0
    unsaid = half is None and not match["hour2"] and 0 < hour < 12
    return _Form(FactKind.TIME, str(hour % 24 * 60 + minute), "?" if unsaid else "")


def _measured(match: re.Match[str]) -> Iterable[_Form]:
    if word := next((name for name in _WORDS if match[name]), None):
        amount_of, unit = _WORDS[word]
        yield _with_unit(Decimal(amount_of(match[word])), unit)
    elif match["decimals"]:
        digits = "".join(f"{value(digit)}" for digit in match["decimals"])
        yield _with_unit(Decimal(f"{value(match['whole_spoken'])}.{digits}"), match["point_unit"])
    elif match["nth"]:
        yield from (_with_unit(Decimal(nth), "차") for nth in (match["nth_low"], match["nth"]) if nth)
    else:
        yield from _counted(match)


def _counted(match: re.Match[str]) -> Iterable[_Form]:
    units = ("unit", "won", "sino_counted", "sino_unit", "native_unit")
    unit = next((match[name].lower() for name in units if match[name]), "")
    unit = "명" if match["native_unit"] == "분" else unit  # 두 분, but 2분
    first = "한" if match["native"] == "첫" else match["native"]
    said = match["sino"] or match["sino2"] or match["sino3"] or first or match["bare"]
    for amount in map(value, [said] if said else _listed(f"{match['number']}{match['more']}")):
        if amount is None:
            continue
        if unit in _COMPLETED and 0 < amount - _FULL < _SHORT_NUMBER:
            amount -= _FULL
        is_year = match["sino_unit"] == "년" and amount >= _FIRST_YEAR
        yield _Form(FactKind.DATE, f"{amount}-*-*") if is_year else _with_unit(amount, unit)


def _listed(numbers: str) -> Iterator[str]:
    """The numbers of a list or range, each with what only the last one spells out: 25~45만 is 25만 and 45만."""
    *firsts, last = re.findall(ARABIC, f"{numbers}원")  # for 조 and 십
    scale = _SCALE.fullmatch(last)
    for number in firsts:
        shares = scale and number.isdecimal() and int(number) < int(scale["digits"])
        yield f"{number}{scale['scale']}" if scale and shares else number
    yield last


def _with_unit(number: Decimal, unit: str) -> _Form:
    if unit == "원":
        return _Form(FactKind.MONEY, f"{number:f}", unit)
    if unit in UNITS and not (unit == "번" and number >= _SHORT_NUMBER):
        name, factor = UNITS[unit]
        return _Form(FactKind.QUANTITY, f"{(number * factor).normalize() + 0:f}", name)
    return _Form(FactKind.NUMBER, f"{number:f}")
