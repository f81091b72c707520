"""Fields set by hand. A correction holds as long as the file itself still says what it said then.

So an import of the same file, or of one changed elsewhere, leaves it in place, and a file that brings a new
value of its own is believed: an expiry set for last year's notice never hides this year's. Dates belong to
one version and count as one value, start and end together. The text is never edited by hand: it comes from
the file an agent can be shown.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from knowledge_base.document import Document
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.metadata import DATES, parse_date
from knowledge_base.metadata import FIELDS as METADATA
from knowledge_base.text import one_line

FIELDS = ("title", "category", "department", "phone", *DATES, "supersedes")
_NEVER_EMPTY = ("title",)
_LABELS = {"title": "제목"}  # for any kind of document


def labels(fields: Iterable[str]) -> list[str]:
    """The Korean names of fields, as a column of a table would name them.

    >>> labels(["effective_to", "department"])
    ['만료일', '담당부서']
    """
    return [_LABELS.get(field, METADATA[field][0]) for field in fields]


def shown(document: Document, fields: Iterable[str]) -> dict[str, str]:
    """The values of fields as a person reads and writes them."""
    return {field: str(getattr(document, field) or "") for field in fields}


class Correction(NamedTuple):
    """``value`` is text, ISO for a day, empty for none; ``base`` is what the file said; ``since`` a version."""

    field: str
    value: str
    base: str
    since: str


def parse(field: str, value: str) -> str:
    """The value of a correction from what a person wrote, as it is kept.

    Raises KnowledgeBaseError for a field that cannot be corrected, an impossible date or an empty title.
    """
    if field not in FIELDS:
        raise KnowledgeBaseError(f"'{field}'은(는) 손으로 고칠 수 없습니다. {', '.join(FIELDS)} 가운데서 고르세요.")
    text = str(parse_date(value) or "") if field in DATES else one_line(value)
    if field in _NEVER_EMPTY and not text:
        raise KnowledgeBaseError("제목은 비울 수 없습니다. 새 제목을 적어 주세요.")
    return text


def base(document: Document, field: str) -> str:
    """What the file says about a field, as a correction remembers it."""
    if field in ("effective_from", "effective_to"):
        return f"{document.effective_from or ''}~{document.effective_to or ''}"
    return str(getattr(document, field) or "")


def holding(document: Document, corrections: Iterable[Correction]) -> dict[str, str]:
    """The corrections that hold for a document as its file gives it: field to value."""
    return {given.field: given.value for given in corrections if given.base == base(document, given.field)}


def corrected(document: Document, corrections: Iterable[Correction]) -> Document:
    """The document with every correction that holds."""
    values: dict[str, Any] = {
        field: (date.fromisoformat(value) if value else None) if field in DATES else value
        for field, value in holding(document, corrections).items()
    }
    return replace(document, **values) if values else document
