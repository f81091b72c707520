"""What admins decided about knowledge gaps, in the journal: which questions a document or a refusal settled."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from assistant.database.schema import Connection, Schema
from assistant.journal import now
from indexing.gaps import Decision, Remedy

_TABLES = (
    """create table if not exists gap_decisions (
        id text primary key, remedy text not null, subject text not null, by text not null, at text not null,
        live_at text
    )""",
    """create table if not exists gap_settled (
        suggestion text not null, decision text not null, primary key (suggestion, decision)
    )""",
)
_ORDER = {"gap_decisions": "at, id", "gap_settled": "suggestion, decision"}
GAPS = Schema("gaps", "지식 공백 기록", _ORDER, (_TABLES,))


def add(database: Connection, remedy: Remedy, subject: str, by: str, settled: Iterable[str]) -> str:
    """Keep a decision about the suggestions ``settled``; its id."""
    name = uuid.uuid4().hex
    database.execute("insert into gap_decisions values (?, ?, ?, ?, ?, null)", [name, remedy, subject, by, now()])
    database.executemany("insert into gap_settled values (?, ?)", ((suggestion, name) for suggestion in settled))
    return name


def remove(database: Connection, decision: str) -> None:
    """Forget a decision; an unknown one is forgotten already."""
    database.execute("delete from gap_decisions where id = ?", [decision])
    database.execute("delete from gap_settled where decision = ?", [decision])


def note_live(database: Connection, served: Collection[str]) -> None:
    """Remember when the document of a decision is first seen in the index being served."""
    waiting = database.execute("select id, subject from gap_decisions where remedy = ? and live_at is null", _WRITTEN)
    live = [(now(), name) for name, document in waiting if document in served]
    database.executemany("update gap_decisions set live_at = ? where id = ?", live)


def holding(
    database: Connection, there: Collection[str], served: Collection[str]
) -> Mapping[str, tuple[Decision, ...]]:
    """By suggestion, the decisions about it that hold: not those whose document is no longer ``there``.

    Nothing is live whose document is not in the index ``served``, as after a rollback.
    """
    rows = database.execute("select id, remedy, subject, by, at, live_at from gap_decisions")
    found = {row[0]: Decision(row[0], Remedy(row[1]), *row[2:]) for row in rows}
    held = {
        name: decision if decision.subject in served else decision._replace(live_at=None)
        for name, decision in found.items()
        if decision.remedy is Remedy.DISMISSED or decision.subject in there
    }
    settled: defaultdict[str, tuple[Decision, ...]] = defaultdict(tuple)
    for suggestion, name in database.execute("select suggestion, decision from gap_settled"):
        if name in held:
            settled[suggestion] += (held[name],)
    return settled


_WRITTEN = [Remedy.WRITTEN.value]
