"""The audit: who did what, when and from where; rows are only ever added, each sealed by its predecessor.

A row's seal is the SHA-256 of the seal before it and of the row itself. Changing, removing or inserting a row
therefore breaks every later seal; only the last seal, noted elsewhere (each export names it), betrays a
chain that was rewritten as a whole or cut at its end.
"""

import hashlib
import json
import os
import pwd
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from knowledge_base.audit import Audit, AuditAction
from knowledge_base.errors import AssistantError

FIRST_SEAL = "0" * 64
_TABLES = """
create table if not exists audit (
    number integer primary key, at text not null, actor text not null, address text not null,
    action text not null, subject text not null, details text not null, seal text not null
);
create trigger if not exists audit_keeps_rows before update on audit
begin select raise(abort, 'the audit is append-only'); end;
create trigger if not exists audit_loses_none before delete on audit
begin select raise(abort, 'the audit is append-only'); end;
create trigger if not exists audit_grows_at_its_end before insert on audit
when new.number is not (select coalesce(max(number), 0) + 1 from audit)
begin select raise(abort, 'the audit is append-only'); end;
"""


class Actor(NamedTuple):
    """Who acts: an account's name, or ``os:`` and the user of the command line; '' for a stranger."""

    name: str
    address: str


class AuditRow(NamedTuple):
    """One action. ``at`` is UTC in ISO 8601, ``details`` a JSON object with sorted keys."""

    number: int
    at: str
    actor: str
    address: str
    action: str
    subject: str
    details: str
    seal: str

    def sealed_after(self, seal: str) -> str:
        """The seal this row must carry when the row before it carries ``seal``."""
        told = json.dumps([seal, *self[:-1]], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


class Verified(NamedTuple):
    """How many rows hold together, and the last seal, worth noting outside this machine."""

    rows: int
    seal: str


class AuditLog:
    """The table ``audit`` of journal.db; a row that was recorded survives a power cut.

    Raises AssistantError when it cannot be read or written: what cannot be recorded must not be done.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._now = now

    def record(
        self, actor: Actor, action: AuditAction, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Add one row; writers of several processes take turns."""
        told = json.dumps(dict(details or {}), ensure_ascii=False, sort_keys=True)
        with self._open() as connection:
            connection.execute("begin immediate")
            number, seal = self._last(connection)
            at = self._now().isoformat(timespec="milliseconds")
            row = AuditRow(number + 1, at, *actor, action.value, _storable(subject), _storable(told), seal="")
            row = row._replace(seal=row.sealed_after(seal))
            connection.execute("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute("commit")

    def by(self, actor: Actor) -> Audit:
        """The door for other rooms: records what ``actor`` does."""

        def recorded(action: AuditAction, subject: str, details: Mapping[str, object] | None = None) -> None:
            self.record(actor, action, subject, details)

        return recorded

    def rows(self, since: str = "") -> Iterator[AuditRow]:
        """Every row from ``since`` (ISO 8601, UTC; a date will do), oldest first."""
        with self._open() as connection:
            for row in connection.execute("select * from audit where at >= ? order by number", [since]):
                yield AuditRow(*row)

    def verified(self) -> Verified:
        """Check every seal; raises AssistantError naming the first row that does not hold."""
        count, seal = 0, FIRST_SEAL
        for count, row in enumerate(self.rows(), start=1):
            if row.number != count or row.seal != row.sealed_after(seal):
                raise AssistantError(
                    f"감사 기록 {count}번({row.at})이 앞 기록과 이어지지 않습니다. 기록이 바뀌었거나 지워졌습니다. "
                    "journal.db의 사본을 남기고, 따로 보관한 내보내기와 비교하세요."
                )
            seal = row.seal
        return Verified(count, seal)

    @staticmethod
    def _last(connection: sqlite3.Connection) -> tuple[int, str]:
        last = connection.execute("select number, seal from audit order by number desc limit 1").fetchone()
        return last or (0, FIRST_SEAL)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with FileLock(f"{self._path}.lock"):
                connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = full")
                connection.executescript(_TABLES)
            with closing(connection):
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise AssistantError(
                f"감사 기록 {self._path}를 읽거나 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."
            ) from error


def _storable(text: str) -> str:
    """``text`` with the half characters that a file's name may hold written out."""
    return text.encode(errors="backslashreplace").decode()


def operator() -> Actor:
    """Whoever runs the command line, as the operating system knows them."""
    number = os.getuid()
    try:
        return Actor(f"os:{pwd.getpwuid(number).pw_name}", "local")
    except KeyError:  # a container's user need not have a name
        return Actor(f"os:{number}", "local")
