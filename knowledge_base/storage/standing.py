"""How every document stands: as it is served, with hand corrections, successors and withdrawals applied."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from knowledge_base.document import Document
from knowledge_base.labelled import Labelled
from knowledge_base.metadata import DATES
from knowledge_base.record import from_record
from knowledge_base.storage.corrections import FIELDS, corrected, holding
from knowledge_base.validity.plan import Plan, days, draw_up


class State(Labelled):
    """What a document is on a given day."""

    IN_FORCE = "in_force", "시행 중"
    PLANNED = "planned", "시행 예정"
    EXPIRED = "expired", "만료"
    WITHDRAWN = "withdrawn", "내림"
    REPLACED = "replaced", "대체됨"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One version of a document that is not wholly past, or a document withdrawn or replaced altogether.

    ``document`` is what is served: corrected by hand (``corrected`` names the fields), its end moved by its
    ``successor`` (an id, empty without). ``version`` is the one on record, which ``document.version`` is not
    once a field was corrected. ``lapsed`` are fields whose correction the file has overtaken,
    ``predecessors`` the ids it replaces. ``withdrawn`` is the reason, None when it is in service;
    ``is_newest`` tells the version its file holds from those that only stay until it starts.
    """

    document: Document
    version: str
    imported_at: str
    file: str
    corrected: tuple[str, ...]
    lapsed: tuple[str, ...]
    predecessors: tuple[str, ...]
    successor: str
    withdrawn: str | None
    is_served: bool
    is_newest: bool

    def state(self, day: date) -> State:
        """How it stands on ``day``."""
        if self.withdrawn is not None:
            return State.WITHDRAWN
        if not self.is_served:
            return State.REPLACED
        if self.document.is_valid_on(day):
            return State.IN_FORCE
        return State.PLANNED if (self.document.effective_from or day) > day else State.EXPIRED


def ids(database: Database) -> frozenset[str]:
    """The ids of the documents to be served."""
    return frozenset(document_id for document_id, _ in draw_up(database).terms)


def standings(database: Database) -> Iterator[Standing]:
    """Every standing by id, a document's versions by their start."""
    plan = draw_up(database)
    for row in database.query("select * from documents order by id"):
        for early in plan.earlier[row["key"]]:
            yield from _earlier(database, row, early, plan)
        yield _newest(row, plan)


def standing(database: Database, document_id: str) -> Standing | None:
    """The newest version of one document."""
    found = database.query("select * from documents where id = ?", [document_id])
    return next((_newest(row, draw_up(database)) for row in found), None)


def _newest(row: dict[str, Any], plan: Plan) -> Standing:
    raw, given = from_record(row), plan.corrections[row["key"]]
    fields = set(holding(raw, given))
    lapsed = {correction.field for correction in given} - fields
    if plan.earlier[row["key"]]:
        lapsed -= set(DATES)  # they hold for the version before
    return _standing(corrected(raw, given), row, plan, fields, lapsed, is_newest=True)


def _earlier(database: Database, row: dict[str, Any], early: dict[str, Any], plan: Plan) -> Iterator[Standing]:
    """Nothing when a later version starts on the same day after all."""
    if (row["id"], early["version"]) not in plan.terms and row["key"] not in plan.withdrawals:
        return
    query = "select content from versions where document = ? and version = ?"
    found = next(database.query(query, [row["key"], early["version"]]))
    raw = from_record({**json.loads(found["content"]), "id": row["id"]})
    given = plan.corrections[row["key"]]
    starts, ends = days(early)
    document = replace(corrected(raw, given), effective_from=starts, effective_to=ends)
    fields = {name for name in FIELDS if getattr(document, name) != getattr(raw, name)}
    yield _standing(document, {**row, **early}, plan, fields, set(), is_newest=False)


def _standing(
    document: Document, row: Mapping[str, Any], plan: Plan, by_hand: set[str], lapsed: set[str], *, is_newest: bool
) -> Standing:
    term = plan.terms.get((document.id, row["version"]))
    return Standing(
        document=replace(document, effective_to=term.ends) if term else document,
        version=row["version"],
        imported_at=row["imported_at"],
        file=row["file"],
        corrected=tuple(sorted(by_hand)),
        lapsed=tuple(sorted(lapsed)),
        predecessors=term.supersedes if term else (),
        successor=term.successor if term else "",
        withdrawn=plan.withdrawals.get(row["key"]),
        is_served=term is not None,
        is_newest=is_newest,
    )
