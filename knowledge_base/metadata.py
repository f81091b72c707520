"""What is known about a document besides its text: Korean or English field names to Document fields."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge_base.document import Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.text import clean, one_line

# Where a table has several names of one field (제목, 질문, 내용, 답변), the first listed here is taken:
# beside 답변, 내용 is what the citizen asked.
FIELDS: dict[str, tuple[str, ...]] = {
    "kind": ("종류", "kind"),
    "title": (
        *("질문", "질의", "자주묻는질문", "제목", "문의"),
        *("질문내용", "질의내용", "문의내용", "질문사항", "문의사항", "q", "question", "title"),
    ),
    "text": ("답변", "회신", "답변내용", "회신내용", "답변사항", "내용", "a", "answer", "text"),
    "category": ("분야", "분류", "카테고리", "category"),
    "department": ("담당부서", "부서", "소관부서", "처리부서", "담당부서명", "부서명", "department"),
    "phone": ("전화", "전화번호", "연락처", "담당전화", "부서전화", "phone"),
    "source": ("출처", "근거", "source"),
    "note": ("비고", "note"),
    "effective_from": ("시행일", "시작일", "effective_from"),
    "effective_to": ("만료일", "종료일", "effective_to"),
    "as_of": ("기준일", "as_of"),
    "supersedes": ("대체", "폐지", "supersedes"),
}
DATES = ("effective_from", "effective_to", "as_of")
_FIELD_OF = {each: field for field, aliases in FIELDS.items() for each in aliases}
_DATE = re.compile(
    r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?\s*(?:\([월화수목금토일]\))?(?:[T ]00:00(?::00)?)?"
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_KINDS = {name.lower(): kind for kind in Kind for name in (kind.label, kind.value)} | {"조례": Kind.REGULATION}


def field_of(name: str) -> str | None:
    """The Document field a column or key stands for, or None when it is not one of ours.

    >>> field_of(" 담당부서 "), field_of("조회수")
    ('department', None)
    """
    return _FIELD_OF.get(alias(name))


def alias(name: str) -> str:
    """A name as it is compared: without blanks and stars, in lower case."""
    return one_line(name).strip("* ").replace(" ", "").lower()


def parse_date(text: str) -> date | None:
    """A day from a cell or key; None when empty; UnreadableFile when it is no date.

    >>> parse_date("2026. 7. 1."), parse_date("")
    (datetime.date(2026, 7, 1), None)
    """
    text = clean(text)
    if not text:
        return None
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise UnreadableFile(f"날짜 '{text[:30]}'을(를) 읽을 수 없습니다. 2026-01-31처럼 적어 주세요.")
    try:
        return date(*map(int, match.groups()))
    except ValueError as error:
        raise UnreadableFile(f"'{text[:30]}'은(는) 달력에 없는 날짜입니다. 2026-01-31처럼 바로잡아 주세요.") from error


def fields(values: Mapping[str, str]) -> dict[str, Any]:
    """Keyword arguments for Document from named values; unknown names and empty values are left out.

    Raises UnreadableFile for an impossible date, an expiry before the start, or an unknown kind.
    """
    filled: dict[str, str] = {}
    for name, value in values.items():
        if text := clean(value):
            filled.setdefault(alias(name), text)
    found: dict[str, Any] = {}
    for field, aliases in FIELDS.items():
        given = next((each for each in aliases if each in filled), None)
        if given is not None:
            found[field] = _value(field, filled[given])
    require_order(found.get("effective_from"), found.get("effective_to"))
    return found


def require_order(starts: date | None, ends: date | None) -> None:
    """Raises UnreadableFile for an expiry before the start."""
    if starts and ends and ends < starts:
        raise UnreadableFile(f"만료일({ends})이 시행일({starts})보다 앞섭니다. 날짜를 바로잡아 주세요.")


def _value(field: str, text: str) -> object:
    if field in DATES:
        return parse_date(text)
    if field == "text":
        return text
    text = one_line(text)
    if field != "kind":
        return text
    if text.lower() not in _KINDS:
        raise UnreadableFile(
            f"종류 '{text[:30]}'을(를) 모릅니다. {', '.join(kind.label for kind in Kind)} 가운데 하나로 적어 주세요."
        )
    return _KINDS[text.lower()]
