"""Days in running Korean text: 2026. 3. 2.(월), 2026년 3월 2일, '26.3.2., and periods between two of them."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from knowledge_base.facts.signs import ascii_signs

_YEAR = r"(?<![\d.-])(?P<year>(?:19|20)\d{2}|['’‘`´]\d{2})"
_MONTH_DAY = r"(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})(?!\d)\s*[.일]?"
DAY = rf"{_YEAR}\s*[-./년]\s*{_MONTH_DAY}"
_WEEKDAY = r"(?:\s*\(\s*[월화수목금토일]\s*(?:요일)?\s*\))?"
_TIME = r"(?:\s*,?\s*(?:오전|오후|낮|밤)?\s*\d{1,2}\s*(?::\s*\d{2}|시(?:\s*\d{1,2}\s*분)?))?"
_TO = r"\s*(?:~|-|부터|에서)\s*"

_FULL = re.compile(DAY)
_DAY_OF_SOME_YEAR = re.compile(
    r"(?<![\d.년/-])(?<![\d년]\s)(?P<month>\d{1,2})(?:\s*월\s*(?P<day>\d{1,2})\s*일|\.\s?(?P<dotted>\d{1,2})\.)(?![^\S\n]?\d)"
)
_MONTH = re.compile(r"(?<![\d년])(?<!년\s)(?P<month>\d{1,2})\s*월(?!\s*\d)")
_MONTH_OF_A_YEAR = re.compile(r"(?<!\d)(?P<year>20\d{2})\s*[년.]\s*(?P<month>\d{1,2})\s*(?:월(?!\s*\d)|\.(?!\s*\d))")
_LATER_YEAR = re.compile(r"(?<!\d)(?P<year>20\d{2})\s*년(?!\s*\d)")
_LAST = re.compile(r"(?:(?P<month>\d{1,2})\s*[-./월]\s*)?(?P<day>\d{1,2})(?!\d|\s*[:시])\s*(?P<end>[.일]?)")
_FIRST = re.compile(DAY + _WEEKDAY + _TIME)
_SEPARATOR = re.compile(_TO)
_UNTIL = (re.compile(rf"~\s*{DAY}"), re.compile(rf"{DAY}{_WEEKDAY}{_TIME}\s*까지"))


class Period(NamedTuple):
    """Inclusive days; ``first`` is None where only the end is named."""

    first: date | None
    last: date


def first_day(text: str) -> date | None:
    """The day ``text`` begins with, or None.

    >>> first_day("2026. 7. 1.(수) 09:00"), first_day("7. 1."), first_day("2026년 2월 30일")
    (datetime.date(2026, 7, 1), None, None)
    """
    match = _FULL.match(ascii_signs(text).lstrip())
    return _day(match) if match else None


def period(text: str) -> Period | None:
    """The period ``text`` begins with, or None; the end may leave out the year and the month.

    >>> period("2026. 12. 15.(화) 09:00 ~ 1. 8.(금) 18:00")
    Period(first=datetime.date(2026, 12, 15), last=datetime.date(2027, 1, 8))
    >>> period("2026년 3월 2일부터 20일까지").last, period("2026. 3. 20.까지").first
    (datetime.date(2026, 3, 20), None)
    """
    text = ascii_signs(text).lstrip()
    for until in filter(None, (pattern.match(text) for pattern in _UNTIL)):
        last = _day(until)
        return Period(None, last) if last else None
    start = _FIRST.match(text)
    first = _day(start) if start else None
    if start is None or first is None or not (separator := _SEPARATOR.match(text, start.end())):
        return None
    last = _last(text, separator.end(), first)
    return Period(first, last) if last and last >= first else None


def _last(text: str, at: int, first: date) -> date | None:
    if full := _FULL.match(text, at):
        return _day(full)
    match = _LAST.match(text, at)
    if match is None or not (match["month"] or match["end"]):
        return None
    last = _date(str(first.year), match["month"] or str(first.month), match["day"])
    if last and last < first and match["month"]:
        return _date(str(first.year + 1), match["month"], match["day"])
    return last


def latest(text: str, floor: Period) -> date:
    """The latest day the text may mean, not before ``floor.last``; what names no year is taken as late as likely.

    A month stands for its last day. A day or month without a year that lies more than 60 days before the
    period is next year's.
    """
    text = ascii_signs(text)
    return max([floor.last, *_named(text, floor)])


def _named(text: str, floor: Period) -> Iterator[date]:
    for match in _FULL.finditer(text):
        if found := _day(match):
            yield found
    text = _FULL.sub(" ", text)  # 12. 1. of 2026. 12. 1. is no day of another year
    for match in _MONTH_OF_A_YEAR.finditer(text):
        if _is_month(match["month"]):
            yield _last_day(int(match["year"]), int(match["month"]))
    for match in _LATER_YEAR.finditer(text):
        if (year := int(match["year"])) > floor.last.year:
            yield date(year, 12, 31)
    for match in _DAY_OF_SOME_YEAR.finditer(text):
        if found := _date(str(floor.last.year), match["month"], match["day"] or match["dotted"]):
            last_day = _last_day(_likely_year(found, floor), found.month)
            yield last_day.replace(day=min(found.day, last_day.day))  # 29 February may have to be the 28th
    for match in _MONTH.finditer(text):
        if _is_month(match["month"]):
            month = int(match["month"])
            yield _last_day(_likely_year(_last_day(floor.last.year, month), floor), month)


def _likely_year(day: date, floor: Period) -> int:
    """The year meant where none is named: that of ``day``, or the next when it lies too long before the period."""
    begins = floor.first or floor.last
    return day.year if (begins - day).days <= 60 else day.year + 1


def _is_month(number: str) -> bool:
    return 1 <= int(number) <= 12


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _day(match: re.Match[str]) -> date | None:
    return _date(match["year"], match["month"], match["day"])


def _date(year: str, month: str, day: str) -> date | None:
    full_year = int(year) if len(year) == 4 else 2000 + int(year[1:])
    try:
        return date(full_year, int(month), int(day))
    except ValueError:
        return None
