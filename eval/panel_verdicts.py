"""What QA people say of the suggestions of real calls, kept in journal.db; every word is kept, the last counts."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from assistant.masking import mask
from knowledge_base.errors import EvaluationError


class Verdict(StrEnum):
    """How right a suggestion was."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        """As people read it."""
        return {"right": "맞음", "partly": "부분적", "wrong": "틀림"}[self.value]


class Judged(NamedTuple):
    """One verdict; ``verdict`` is None where an earlier one was taken back. ``at`` is UTC in ISO 8601."""

    verdict: Verdict | None
    note: str
    by: str
    at: str


TABLES = """
create table if not exists verdicts (
    suggestion text not null, at text not null, by text not null, verdict text not null, note text not null
);
create index if not exists verdicts_of on verdicts (suggestion);
"""


class Verdicts:
    """The table ``verdicts`` of journal.db, written with ``synchronous=FULL``; raises EvaluationError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, suggestion: str, verdict: Verdict | None, note: str, by: str) -> None:
        """Say how right a suggestion was, or (None) nothing any more; the note is masked."""
        row = (suggestion, datetime.now(UTC).isoformat(timespec="milliseconds"), by, verdict or "", mask(note.strip()))
        with self._open() as connection, connection:
            connection.execute("insert into verdicts values (?, ?, ?, ?, ?)", row)

    def of(self, suggestion: str) -> list[Judged]:
        """Everything said of a suggestion, oldest first."""
        asked = "select verdict, note, by, at from verdicts where suggestion = ? order by rowid"
        with self._open() as connection:
            rows = connection.execute(asked, [suggestion]).fetchall()
        return [Judged(Verdict(verdict) if verdict else None, *rest) for verdict, *rest in rows]

    def latest(self, suggestion: str) -> Judged | None:
        """What counts; None where nothing was said, or all of it was taken back."""
        said = self.of(suggestion)
        return said[-1] if said and said[-1].verdict else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as connection:
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = full")
                connection.executescript(TABLES)
                yield connection
        except sqlite3.Error as error:
            raise EvaluationError(
                f"상담 기록 {self._path.name}에 판정을 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."
            ) from error
