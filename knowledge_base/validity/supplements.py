"""부칙, the supplementary provisions of a regulation: from which day it is in force."""

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

from knowledge_base.facts import numerals
from knowledge_base.validity.dates import DAY, first_day

THIS_LAW = r"이\s*(?:조례|규칙|규정|훈령|예규|고시|지침|요령|법|영)(?:은|는)\s*"
HEAD = 1_000  # characters in which a regulation's enactment stands

_HEADING = re.compile(r"^[^\w\n]*부\s*칙(?=\W|$).*$", re.MULTILINE)
_OTHER_PART = re.compile(r"^[^\w\n]*(?:별표|별지)", re.MULTILINE)
_ENACTMENT = r"(?:공포|발령|고시|공고)"
_ON_PUBLICATION = rf"{_ENACTMENT}(?:한|된)?\s*[날일]"
_AFTER_PUBLICATION = (
    rf"{_ENACTMENT}\s*(?:한\s*날)?\s*(?:후|로부터)\s*(?P<count>\d+|[일이삼사오육칠팔구십]+)\s*(?P<unit>일|개월|월|년)"
    r"(?:이|을|를)?\s*(?:경과|지)[한난]\s*날"
)
_IN_FORCE = re.compile(rf"{THIS_LAW}(?:{DAY}|{_ON_PUBLICATION}|{_AFTER_PUBLICATION})\s*부터\s*(?:이를\s*)?시행")
_PUBLISHED = re.compile(rf"호\s*,?\s*(?={DAY})")
_ANY_DAY = re.compile(f"(?={DAY})")


class Supplement(NamedTuple):
    """One 부칙: its heading line (``부칙 <제1234호, 2023. 12. 20.>``) and the text below."""

    heading: str
    body: str


def supplements(text: str) -> list[Supplement]:
    """The 부칙 of a regulation, in order, each up to the next or to a 별표."""
    headings = list(_HEADING.finditer(text))
    ends = (*(heading.start() for heading in headings[1:]), len(text))
    return [
        Supplement(heading[0], _OTHER_PART.split(text[heading.end() : end], maxsplit=1)[0].strip())
        for heading, end in zip(headings, ends, strict=False)
    ]


def last_start(text: str) -> date | None:
    """The latest day on which a 부칙 puts the regulation in force, None when none says so.

    >>> last_start("부칙 <2023. 12. 20.>\\n이 조례는 공포 후 6개월이 경과한 날부터 시행한다.")
    datetime.date(2024, 6, 21)
    """
    found = supplements(text)
    published = [_published(supplement) for supplement in found]
    if found and published[-1] is None:
        published[-1] = _published_in_head(text)
    starts = [_start(supplement, day) for supplement, day in zip(found, published, strict=True)]
    return max(filter(None, starts), default=None)


def _published(supplement: Supplement) -> date | None:
    first_line = supplement.body.split("\n", 1)[0]
    bracketed = first_line if first_line.lstrip().startswith(("<", "(", "[", "〈")) else ""
    return _day_in(f"{supplement.heading} {bracketed}")


def _published_in_head(text: str) -> date | None:
    """The head of a regulation: ``[조례 제1234호, 2023. 12. 20., 일부개정]``."""
    match = _PUBLISHED.search(text[:HEAD])
    return first_day(text[match.end() :]) if match else None


def _day_in(text: str) -> date | None:
    match = _ANY_DAY.search(text)
    return first_day(text[match.start() :]) if match else None


def _start(supplement: Supplement, published: date | None) -> date | None:
    match = _IN_FORCE.search(supplement.body)
    if match is None:
        return None
    if match["year"]:
        return first_day(supplement.body[match.start("year") :])
    if published and match["count"]:
        return _after(published, match["count"], match["unit"])
    return published


def _after(published: date, count: str, unit: str) -> date | None:
    """The day after the period has passed; the day of publication itself does not count (민법 제157조)."""
    number = numerals.value(count)
    if number is None:
        return None
    try:
        if unit == "일":
            return published + timedelta(days=int(number) + 1)
        months = published.month - 1 + int(number) * (12 if unit == "년" else 1)
        year, month = published.year + months // 12, months % 12 + 1
        day = min(published.day, calendar.monthrange(year, month)[1])
        return date(year, month, day) + timedelta(days=1)
    except (ValueError, OverflowError):  # beyond the calendar
        return None
