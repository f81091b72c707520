"""A match of the patterns as the fact it states, in the common form: the value without its spelling."""

import re
from collections.abc import Iterator
from decimal import Decimal

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


def read(match: re.Match[str]) -> Iterator[Fact]:
    """The facts of one match of ``FACT``: two for a range, none for what only looks like a count."""
    text, span = match[0].strip(), match.span()
    if match["phone"]:
        yield Fact(FactKind.PHONE, re.sub(r"\D", "", re.sub(r"^\+82\D?0?", "0", text)), "", text, span)
    elif match["spoken"]:
        digits = "".join(f"{value(each)}" for each in re.findall(DIGIT, text))
        kind = FactKind.PHONE if match["spoken_phone"] else FactKind.NUMBER
        yield Fact(kind, digits, "", text, span)
    elif match["link"]:
        host, slash, path = re.sub(r"^(?:https?://)?(?:www\.)?", "", text, flags=re.IGNORECASE).partition("/")
        yield Fact(FactKind.LINK, (host.lower() + slash + path).rstrip("./,"), "", text, span)
    elif match["article"]:
        yield Fact(FactKind.ARTICLE, _article(match), "", text, span)
    elif match["share"]:
        yield Fact(FactKind.QUANTITY, _percent(match), "%", text, span)
    elif match["date"]:
        yield Fact(
            FactKind.DATE, _date(match), _THIRDS.get((match["third1"] or match["third2"] or "")[:1], ""), text, span
        )
    elif match["time"]:
        yield _time(match, text, span)
    elif not _AT_ONCE.match(match.string, match.start()):
        yield from _measured(match, text, span)


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


def _time(match: re.Match[str], text: str, span: tuple[int, int]) -> Fact:
    if match["clock"]:
        return Fact(FactKind.TIME, "720" if match["clock"] == "정오" else "0", "", text, span)
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
    elif match["half_hour"]:
        yield Fact(FactKind.QUANTITY, "30", "분", text, span)
    elif match["quarter"]:
        yield Fact(FactKind.QUANTITY, match["quarter"], "분기", text, span)
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
        said = match["sino"] or match["sino2"] or match["sino3"] or first or match["bare"]
        for spelling in [said] if said else _listed(f"{match['number']}{match['more']}"):
            amount = value(spelling)
            if amount is not None and unit in _COMPLETED and 0 < amount - _FULL < _SHORT_NUMBER:
                amount -= _FULL
            if amount is not None and match["sino_unit"] == "년" and amount >= _FIRST_YEAR:
                yield Fact(FactKind.DATE, f"{amount}-*-*", "", text, span)
            elif amount is not None:
                yield _with_unit(amount, unit, text, span)


def _listed(numbers: str) -> Iterator[str]:
    """The numbers of a list or range, each with what only the last one spells out: 25~45만 is 25만 and 45만."""
    *firsts, last = re.findall(ARABIC, f"{numbers}원")  # for 조 and 십
    scale = _SCALE.fullmatch(last)
    for number in firsts:
        shares = scale and number.isdecimal() and int(number) < int(scale["digits"])
        yield f"{number}{scale['scale']}" if scale and shares else number
    yield last


def _with_unit(number: Decimal, unit: str, text: str, span: tuple[int, int]) -> Fact:
    if unit == "원":
        return Fact(FactKind.MONEY, f"{number:f}", unit, text, span)
    if unit in UNITS and not (unit == "번" and number >= _SHORT_NUMBER):
        name, factor = UNITS[unit]
        return Fact(FactKind.QUANTITY, f"{(number * factor).normalize() + 0:f}", name, text, span)
    return Fact(FactKind.NUMBER, f"{number:f}", "", text, span)
