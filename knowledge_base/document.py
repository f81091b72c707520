"""What the knowledge base holds: documents, and the chunks that are searched."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from knowledge_base.labelled import Labelled
from knowledge_base.passages import sentences


class Kind(Labelled):
    """The three sorts of municipal document, each cut into chunks in its own way."""

    FAQ = "faq", "FAQ"
    REGULATION = "regulation", "규정"
    NOTICE = "notice", "공지"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document, or one row of an FAQ table.

    ``id`` is the path relative to the imported folder, with ``#row`` for a row of a table (row 1 is the
    first below the header). An FAQ's ``title`` is its question and its ``text`` the curated answer.
    ``effective_from`` and ``effective_to`` are inclusive days; None means unbounded. ``as_of`` is the
    기준일: the day for which the content is known to be right. ``supersedes`` is the id or the exact title
    of another document that ends the day before this one starts. Unknown fields are empty strings.
    """

    id: str
    kind: Kind
    title: str
    text: str
    category: str = ""
    department: str = ""
    phone: str = ""
    source: str = ""
    note: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    as_of: date | None = None
    supersedes: str = ""

    @property
    def version(self) -> str:
        """16 hex digits of the SHA-256 of everything but the id."""
        content = {name: value for name, value in asdict(self).items() if name != "id"}
        if not self.supersedes:
            del content["supersedes"]  # documents stored before the field existed keep their version
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def is_valid_on(self, day: date) -> bool:
        """Whether the document is in force on ``day``."""
        return is_within(day, self.effective_from, self.effective_to)


def is_within(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a period of inclusive days, unbounded where one is None."""
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A passage of one document, small enough to embed and to read at a glance.

    ``heading`` is the path of headings above the passage (``제2장 요금 > 제7조(감면)``), empty when there
    is none. ``document.text[start : start + len(text)] == text``.
    """

    document: str
    number: int
    heading: str
    text: str
    start: int

    @property
    def id(self) -> str:
        """Unique within a snapshot: ``<document id>@<number>``, numbers from 0."""
        return f"{self.document}@{self.number}"

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The spans of the sentences in ``text``, at least one, in order."""
        return sentences.spans(self.text) or [(0, len(self.text))]
