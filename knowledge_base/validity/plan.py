"""The days of every version, worked out from dates, corrections and successors without reading any text."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlite_utils import Database

from knowledge_base.document import Document
from knowledge_base.record import from_record
from knowledge_base.storage.corrections import Correction, corrected
from knowledge_base.storage.shelf import day_of
from knowledge_base.validity.succession import Term, in_force


class Plan(NamedTuple):
    """What is in force by (id, version), and by key what else makes up how a document stands."""

    terms: dict[tuple[str, str], Term]
    earlier: dict[str, list[dict[str, Any]]]
    corrections: dict[str, list[Correction]]
    withdrawals: dict[str, str]


_BUT_TEXT = ", ".join("'' as text" if name == "text" else name for name in Document.__dataclass_fields__)
_LIGHT = f"select {_BUT_TEXT}, key, version, imported_at from documents"  # noqa: S608  (our own names)


def draw_up(database: Database) -> Plan:
    """The plan of the store as it is now."""
    corrections: defaultdict[str, list[Correction]] = defaultdict(list)
    for row in database.query("select key, field, value, base, since from corrections"):
        corrections[row.pop("key")].append(Correction(**row))
    withdrawals = {row["key"]: row["reason"] for row in database.query("select key, reason from withdrawals")}
    earlier: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in database.query(_EARLIER):
        earlier[row["key"]].append(row)
    served = [
        (corrected(from_record(row), corrections[row["key"]]), row)
        for row in database.query(_LIGHT)
        if row["key"] not in withdrawals
    ]
    names = _Names([document for document, _ in served])
    chains = [
        [*(_early_term(row["id"], early) for early in earlier[row["key"]]), _term(document, row, names)]
        for document, row in served
    ]
    terms = {(term.id, term.version): term for term in in_force(chains)}
    return Plan(terms, earlier, corrections, withdrawals)


_EARLIER = """
    select earlier.*, imported_at from earlier join versions on document = key and versions.version = earlier.version
    order by key, coalesce(effective_from, '')
"""


def _term(document: Document, row: Mapping[str, Any], names: "_Names") -> Term:
    targets = names.targets(document) if document.supersedes else ()
    starts, ends = document.effective_from, document.effective_to
    return Term(document.id, row["version"], starts, ends, targets, day_of(row["imported_at"]))


def _early_term(document_id: str, early: Mapping[str, Any]) -> Term:
    """The term of an earlier version. It replaces nothing: what it replaced is decided by the newest version."""
    return Term(document_id, early["version"], *days(early), (), day_of(early["imported_at"]))


class _Names:
    """Documents by id and by title, as 대체 names them."""

    def __init__(self, documents: list[Document]) -> None:
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        for document in documents:
            self._by_name[document.id].add(document.id)
            self._by_name[document.title].add(document.id)

    def targets(self, document: Document) -> tuple[str, ...]:
        """The ids a document replaces: what it names as a whole, else each part between commas; never itself."""
        named = document.supersedes
        parts = [named] if named in self._by_name else [part.strip() for part in named.split(",")]
        found = {target for part in parts if part in self._by_name for target in self._by_name[part]}
        return tuple(sorted(found - {document.id}))


def days(early: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The start and the end in a row of ``earlier``."""
    starts, ends = early["effective_from"], early["effective_to"]
    return date.fromisoformat(starts) if starts else None, date.fromisoformat(ends) if ends else None
