"""The audit: who did what, when and from where; rows are only ever added, each sealed by its predecessor.

A row's seal is the SHA-256 of the seal before it and of the row itself. Changing, removing or inserting a row
therefore breaks every later seal; only the last seal, noted elsewhere (each export names it), betrays a
chain that was rewritten as a whole or cut at its end.
"""

import hashlib
import json
import os
import pwd
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from assistant.database import Place, opened
from assistant.database.schema import Change, Connection, Dialect, Only, Schema
from knowledge_base.audit import Audit, AuditAction
from knowledge_base.errors import AssistantError

FIRST_SEAL = "0" * 64
_REFUSE = "select raise(abort, 'the audit is append-only')"
_IS_NO_NEXT = "new.number is not (select coalesce(max(number), 0) + 1 from audit)"
_TABLES: tuple[Change, ...] = (
    """create table if not exists audit (
        number integer primary key, at text not null, actor text not null, address text not null,
        action text not null, subject text not null, details text not null, seal text not null
    )""",
    *(
        Only(Dialect.SQLITE, f"create trigger if not exists {name} before {write} begin {_REFUSE}; end")
        for name, write in (
            ("audit_keeps_rows", "update on audit"),
            ("audit_loses_none", "delete on audit"),
            ("audit_grows_at_its_end", f"insert on audit when {_IS_NO_NEXT}"),
        )
    ),
    Only(
        Dialect.POSTGRESQL,
        """create function audit_refuses() returns trigger language plpgsql as $$
        begin raise exception 'the audit is append-only'; end $$""",
    ),
    Only(
        Dialect.POSTGRESQL,
        """create function audit_grows() returns trigger language plpgsql as $$
        begin
            if new.number is distinct from (select coalesce(max(number), 0) + 1 from audit) then
                raise exception 'the audit is append-only';
            end if;
            return new;
        end $$""",
    ),
    Only(
        Dialect.POSTGRESQL,
        """create trigger audit_keeps_rows before update or delete or truncate on audit
        for each statement execute function audit_refuses()""",
    ),
    Only(
        Dialect.POSTGRESQL,
        """create trigger audit_grows_at_its_end before insert on audit
        for each row execute function audit_grows()""",
    ),
)
AUDIT = Schema("audit", "감사 기록", {"audit": "number"}, (_TABLES,))
AT_ONCE = 1000
"""How many rows are read at a time."""


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
    """The table ``audit`` beside the journal; a row that was recorded survives a power cut.

    Raises AssistantError when it cannot be read or written: what cannot be recorded must not be done.
    """

    def __init__(self, place: Place, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = opened(place, AUDIT)
        self._now = now

    def record(
        self, actor: Actor, action: AuditAction, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Add one row; writers of several processes take turns."""
        told = json.dumps(dict(details or {}), ensure_ascii=False, sort_keys=True)
        with self._database.writing(in_turn=True) as connection:
            number, seal = self._last(connection)
            at = self._now().isoformat(timespec="milliseconds")
            row = AuditRow(number + 1, at, *actor, action.value, _storable(subject), _storable(told), seal="")
            row = row._replace(seal=row.sealed_after(seal))
            connection.execute("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def by(self, actor: Actor) -> Audit:
        """What other rooms record with: it notes what ``actor`` does."""
        return partial(self.record, actor)

    def rows(self, since: str = "") -> Iterator[AuditRow]:
        """Every row from ``since`` (ISO 8601, UTC; a date will do), oldest first."""
        query = "select * from audit where at >= ? and number > ? order by number limit ?"
        read = 0
        while True:
            with self._database.reading() as connection:  # given back in between: whoever reads may take a while
                rows = [AuditRow(*row) for row in connection.execute(query, (since, read, AT_ONCE))]
            yield from rows
            if len(rows) < AT_ONCE:
                return
            read = rows[-1].number

    def verified(self) -> Verified:
        """Check every seal; raises AssistantError naming the first row that does not hold."""
        count, seal = 0, FIRST_SEAL
        for count, row in enumerate(self.rows(), start=1):
            if row.number != count or row.seal != row.sealed_after(seal):
                raise AssistantError(
                    f"감사 기록 {count}번({row.at})이 앞 기록과 이어지지 않습니다. 기록이 바뀌었거나 지워졌습니다. "
                    "데이터베이스의 사본을 남기고, 따로 보관한 내보내기와 비교하세요."
                )
            seal = row.seal
        return Verified(count, seal)

    def close(self) -> None:
        """Let go of the file; it opens again when used."""
        self._database.close()

    @staticmethod
    def _last(connection: Connection) -> tuple[int, str]:
        last = connection.execute("select number, seal from audit order by number desc limit 1").fetchone()
        return (last["number"], last["seal"]) if last else (0, FIRST_SEAL)


def _storable(text: str) -> str:
    """``text`` with lone surrogates, which the name of a file may hold, written as escapes, and without NUL."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "")


def operator() -> Actor:
    """Whoever runs the command line, as the operating system knows them."""
    number = os.getuid()
    try:
        return Actor(f"os:{pwd.getpwuid(number).pw_name}", "local")
    except KeyError:  # a container's user need not have a name
        return Actor(f"os:{number}", "local")
