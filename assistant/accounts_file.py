"""accounts.db: people, their sessions, links, tokens and failed log-ins. Only digests of secrets are in it."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from filelock import FileLock

from knowledge_base.errors import AssistantError

Clock = Callable[[], float]
"""Seconds since the epoch, as ``time.time``."""

_TABLES = """
create table if not exists people (
    name text primary key, roles text not null, password text, created real not null, disabled real, seen real
);
create table if not exists sessions (
    digest text primary key, name text not null references people, begun real not null, used real not null
);
create table if not exists links (digest text primary key, name text, ends real not null);
create table if not exists tokens (name text primary key references people, digest text unique not null);
create table if not exists failures (name text not null, address text not null, at real not null);
create index if not exists sessions_by_name on sessions (name);
create index if not exists failures_by_name on failures (name, at);
create index if not exists failures_by_address on failures (address, at);
"""


class AccountsFile:
    """One connection, used in turn: reads take some 50 µs. The file is made on first use, for its owner alone.

    Raises AssistantError when it cannot be read or written.
    """

    def __init__(self, path: Path, clock: Clock = time.time) -> None:
        self._path = path
        self._turn = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self.now = clock

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, to read from."""
        with self._turn:
            try:
                self._connection = self._connection or self._opened()
                yield self._connection
            except (sqlite3.Error, OSError) as error:
                raise AssistantError(
                    f"계정 파일 {self._path}를 읽거나 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."
                ) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, undone by an exception; inside another one it is part of that."""
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                connection.execute("rollback")
                raise

    def _opened(self) -> sqlite3.Connection:
        with FileLock(f"{self._path}.lock"):
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
            try:
                connection.row_factory = sqlite3.Row
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma foreign_keys = on")
                connection.executescript(_TABLES)
            except BaseException:
                connection.close()
                raise
        return connection

    def close(self) -> None:
        """Let go of the file; it opens again when used."""
        with self._turn:
            if self._connection:
                self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
