"""The days a document is in force, as far as its text says so itself.

What the metadata says always wins. Where the text is read, a wrong expiry would hide a rule from agents,
which is worse than showing an old one, so an expiry is taken from few sentences only:

- a regulation: ``이 조례는 … 까지 효력을 가진다``;
- a notice: ``이 공고는 … 까지 유효합니다``, a line ``적용 기간: … ~ …``, or a line that names its
  공고·게시·접수·신청·모집·행사… 기간 with a full date, or any 기간 where the title is that of something for the
  time being (임시 휴관, 교통 통제), when the notice is short, names nothing open-ended (상시, 추후, 12개월간) and its
  author dated nothing. By such a period it expires after the latest day named anywhere in it, so the day of the
  results counts and not the end of the applications.

A start is read from the head of a regulation (``[시행 2024. 1. 1.]``), from its last 부칙, or from a line
``시행일: …``; a period of applications says nothing about when a notice starts to hold. FAQ rows have
columns for their dates, and their text is not read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from knowledge_base.document import Document, Kind
from knowledge_base.facts.signs import ascii_signs
from knowledge_base.validity.dates import DAY, Period, first_day, latest, period
from knowledge_base.validity.supplements import HEAD, THIS_LAW, last_start

MAX_NOTICE = 10_000  # characters; a longer text is a handbook and no notice of one thing

_IN_FORCE_SINCE = re.compile(rf"(?:\[|^\s*\((?:[^\n]*,)?)\s*시행\s*(?={DAY})", re.MULTILINE)
_HOLDS = r"(?:효력을\s*(?:가진|갖는|지닌)|유효하|시행한|적용한)"
_IN_FORCE_UNTIL = re.compile(rf"{THIS_LAW}{DAY}\s*까지\s*(?:그\s*)?{_HOLDS}")
_NOTICE_UNTIL = re.compile(
    rf"이\s*(?:공고|고시|공지|안내|계획|지침|기준)[은는]\s*{DAY}\s*(?:까지|에|자로)?\s*(?:효력|유효|적용|종료|만료)"
)
_OPEN_ENDED = re.compile(
    r"상시|연중|수시|매년|해마다|매월|추후|당분간|소진\s*(?:시|될\s*때)\s*까지|별도\s*(?:공지|안내|통보|공고)"
    r"|(?:\d+|[일이삼사오육]+)\s*(?:개월|년)\s*(?:간|동안)"
)


def _labelled(*labels: str) -> re.Pattern[str]:
    """Lines that begin with one of the labels, after bullets or numbers; the match ends where the value begins."""
    names = "|".join(label.replace(" ", r"\s*") for label in labels)
    bullet = r"^[^\w\n]*(?:(?:\d{1,2}|[가-하])[.)][^\w\n]*)?"
    return re.compile(rf"{bullet}(?:{names})(?![가-힣])[^\w'’~∼～]*", re.MULTILINE)


_STARTS = _labelled("시행 일자?", "적용 일자?", "발효 일자?")
_AS_OF = _labelled(
    *(
        "기준 일자?",
        "작성 일자?",
        "게시 일자?",
        "등록 일자?",
        "공고 일자?",
        "최종 수정 일자?",
        "배포 일시?",
        "보도 일시?",
    )
)
_POSTING = ("공고 기간", "게시 기간")
_APPLYING = ("접수 기간", "신청 기간", "모집 기간", "응모 기간", "참가 신청 기간", "신청 접수 기간", "원서 접수 기간")
_POSTED = _labelled(*_POSTING)
_APPLIED = _labelled(*_APPLYING)
_CLOSES = _labelled(*_POSTING, *_APPLYING, "공람 기간", "열람 기간", "행사 기간", "개최 기간", "교육 기간")
_HOLDS_FOR = _labelled("적용(?: 기간)?", "시행 기간")
_LASTS = _labelled("(?:[가-힣]{2,5} )?기간", "일시")
_TEMPORARY = re.compile(
    r"휴[관장원무진](?!일)|임시\s?(?:폐쇄|운영|개방|중단)|단수(?!\s?여권)|통제|자진\s?신고|모집|접수|행사|축제|(?<!자)연휴|한시|특별\s?수거"
)
_LASTING = re.compile(r"요금|이용료|사용료|수수료|변경|인상|조정|개정")


def dated(document: Document) -> Document:
    """The document with the days its text names in the place of those its metadata leaves out."""
    if document.kind is Kind.FAQ:
        return document
    text = ascii_signs(f"{document.title}\n{document.text}")
    is_regulation = document.kind is Kind.REGULATION
    known = (document.effective_from, document.effective_to)
    starts = document.effective_from or (_regulation_starts(text) if is_regulation else _notice_starts(text))
    ends = document.effective_to
    if known == (None, None):  # who wrote 시행일 and left 만료일 empty meant no end
        ends = _regulation_ends(text) if is_regulation else _notice_ends(text, document.title)
    if starts and ends and ends < starts:
        starts, ends = known
    as_of = document.as_of or _first(_AS_OF, text)
    return replace(document, effective_from=starts, effective_to=ends, as_of=as_of)


def applications(text: str) -> Iterator[tuple[str, Period | None]]:
    """What stands behind each label of a period of applications, to the end of its line or cell, and the period
    where it is one.

    >>> list(applications("가. 신청기간: 2026. 9. 7. ~ 10. 30. 18:00"))[0][1].last
    datetime.date(2026, 10, 30)
    """
    for label in _APPLIED.finditer(text):
        said = re.split(r"[\n|]", text[label.end() :], maxsplit=1)[0].strip()
        yield said, period(said)


def _first(label: re.Pattern[str], text: str) -> date | None:
    days = (first_day(text[match.end() : match.end() + 40]) for match in label.finditer(text))
    return next(filter(None, days), None)


def _regulation_starts(text: str) -> date | None:
    head = _IN_FORCE_SINCE.search(text[:HEAD])
    if head is not None:
        return first_day(text[head.end() : head.end() + 40])
    return last_start(text) or _first(_STARTS, text[:HEAD])


def _regulation_ends(text: str) -> date | None:
    """The latest, for an amendment may have put it off."""
    days = [first_day(text[match.start("year") :]) for match in _IN_FORCE_UNTIL.finditer(text)]
    return max(filter(None, days), default=None)


def _notice_starts(text: str) -> date | None:
    if starts := _first(_STARTS, text):
        return starts
    return next((found.first for found in _periods(_POSTED, text) if found), None)


def _notice_ends(text: str, title: str) -> date | None:
    stated = [first_day(text[match.start("year") :]) for match in _NOTICE_UNTIL.finditer(text)]
    held = [found.last for found in _periods(_HOLDS_FOR, text) if found and found.first]
    if last := max(filter(None, (*stated, *held)), default=None):
        return last
    if len(text) > MAX_NOTICE or _OPEN_ENDED.search(text):
        return None
    found = _periods(_CLOSES, text) or (_periods(_LASTS, text) if _is_temporary(title) else [])
    closing = max(filter(None, found), key=lambda closes: closes.last, default=None)
    return None if closing is None or None in found else latest(text, closing)


def _periods(label: re.Pattern[str], text: str) -> list[Period | None]:
    return [period(text[match.end() : match.end() + 80]) for match in label.finditer(text)]


def _is_temporary(title: str) -> bool:
    return _TEMPORARY.search(title) is not None and not _LASTING.search(title)
