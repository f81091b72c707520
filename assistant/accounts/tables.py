"""People, their sessions, links, tokens and failed log-ins. Only digests of secrets are kept."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from assistant.database import Place, opened
from assistant.database.schema import Connection, Schema

Clock = Callable[[], float]
"""Seconds since the epoch, as ``time.time``."""

_TABLES = (
    """create table if not exists people (
        name text primary key, roles text not null, password text, created double precision not null,
        disabled double precision, seen double precision
    )""",
    """create table if not exists sessions (
        digest text primary key, name text not null references people, begun double precision not null,
        used double precision not null
    )""",
    "create table if not exists links (digest text primary key, name text, ends double precision not null)",
    "create table if not exists tokens (name text primary key references people, digest text unique not null)",
    "create table if not exists identities (subject text primary key, name text not null references people)",
    "create table if not exists failures (name text not null, address text not null, at double precision not null)",
    "create index if not exists sessions_by_name on sessions (name)",
    "create index if not exists failures_by_name on failures (name, at)",
    "create index if not exists failures_by_address on failures (address, at)",
)
_ORDER = {
    "people": "name",
    "sessions": "digest",
    "links": "digest",
    "tokens": "name",
    "identities": "subject",
    "failures": "at, name, address",
}
ACCOUNTS = Schema("accounts", "계정 자료", _ORDER, (_TABLES,))


class AccountTables:
    """The tables of accounts and the clock they go by. Raises AssistantError when they cannot be read or written."""

    def __init__(self, place: Place, clock: Clock = time.time) -> None:
        self._database = opened(place, ACCOUNTS)
        self.now = clock

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection, to read from."""
        return self._database.reading()

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, in turn and undone by an exception; inside another one it is part of that."""
        return self._database.writing(in_turn=True)

    def close(self) -> None:
        """Let go of the database; it opens again when used."""
        self._database.close()
