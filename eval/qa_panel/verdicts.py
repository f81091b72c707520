"""The verdicts of QA people on suggestions of real calls: every one is kept beside the journal, the last one counts."""

from datetime import UTC, datetime
from typing import NamedTuple

from assistant.database import Place, opened
from assistant.database.schema import Connection, Schema
from assistant.masking import mask
from knowledge_base.labelled import Labelled


class Verdict(Labelled):
    """How right a suggestion was."""

    RIGHT = "right", "맞음"
    PARTLY = "partly", "부분적"
    WRONG = "wrong", "틀림"


class Judged(NamedTuple):
    """One verdict; ``verdict`` is None where an earlier one was taken back. ``at`` is UTC in ISO 8601."""

    verdict: Verdict | None
    note: str
    by: str
    at: str


_TABLES = (
    """create table if not exists verdicts (
        suggestion text not null, at text not null, by text not null, verdict text not null, note text not null$rowid
    )""",
    "create index if not exists verdicts_of on verdicts (suggestion)",
)
VERDICTS = Schema("verdicts", "상담 기록의 판정", {"verdicts": "rowid"}, (_TABLES,))


class Verdicts:
    """The table ``verdicts`` beside the journal; raises AssistantError when it cannot be read or written."""

    def __init__(self, place: Place) -> None:
        self._database = opened(place, VERDICTS)

    def add(self, suggestion: str, verdict: Verdict | None, note: str, by: str) -> None:
        """Say how right a suggestion was, or (None) nothing any more; the note is masked."""
        row = (suggestion, datetime.now(UTC).isoformat(timespec="milliseconds"), by, verdict or "", mask(note.strip()))
        with self._database.writing() as connection:
            connection.execute("insert into verdicts values (?, ?, ?, ?, ?)", row)

    def of(self, suggestion: str) -> list[Judged]:
        """Everything said of a suggestion, oldest first."""
        with self._database.reading() as connection:
            return of(connection, suggestion)

    def latest(self, suggestion: str) -> Judged | None:
        """What counts; None where nothing was said, or all of it was taken back."""
        said = self.of(suggestion)
        return said[-1] if said and said[-1].verdict else None


def of(connection: Connection, suggestion: str) -> list[Judged]:
    """Everything said of a suggestion, oldest first."""
    asked = "select verdict, note, by, at from verdicts where suggestion = ? order by rowid"
    rows = connection.execute(asked, [suggestion]).fetchall()
    return [Judged(Verdict(verdict) if verdict else None, *rest) for verdict, *rest in rows]
