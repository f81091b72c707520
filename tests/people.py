"""Accounts for tests: real ones, with a cheap hasher and a clock that is set by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from assistant.accounts.access import Access
from assistant.accounts.passwords import Passwords
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar
from assistant.accounts.tables import AccountTables
from assistant.audit.log import Actor, AuditLog, AuditRow

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "순천만 국가정원 산책"
TERMINAL = Actor("os:test", "local")


@dataclass
class Clock:
    """Seconds since the epoch, moved by hand."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def utc(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


@dataclass
class Office:
    """Everything about people, in one folder."""

    access: Access
    registrar: Registrar
    clock: Clock
    folder: Path

    def add(self, name: str, *roles: Role) -> None:
        """A person with PASSWORD, or a program."""
        self.registrar.add(name, roles, None if Role.MACHINE in roles else PASSWORD)

    def audited(self) -> list[AuditRow]:
        return list(self.access.audit.rows())

    def actions(self) -> list[tuple[str, str]]:
        """What the audit holds, as (action, subject)."""
        return [(row.action, row.subject) for row in self.audited()]

    def stored(self) -> bytes:
        """Every byte kept on disk."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file())


def office(folder: Path) -> Office:
    """Nobody has an account yet."""
    clock = Clock()
    access = Access(
        AccountTables(folder / "accounts.db", clock), AuditLog(folder / "journal.db", clock.utc), Passwords(CHEAP)
    )
    return Office(access, Registrar(access, TERMINAL), clock, folder)
