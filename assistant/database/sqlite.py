"""Tables in a SQLite file of the data folder, as one installation on one machine keeps them."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from assistant.database.schema import VERSIONS, Connection, Dialect, Schema, migrate, pending
from knowledge_base.errors import AssistantError

PATIENCE = 30.0
"""Seconds to wait for another process's turn."""


class SqliteDatabase:
    """One connection, used in turn: reads take some 50 µs. A new file is its owner's alone.

    ``synchronous=FULL``: a write that returned survives a power cut. What is deleted is overwritten with zeros.
    """

    def __init__(self, path: Path, schemas: Sequence[Schema]) -> None:
        self._path = path
        self._schemas = schemas
        self._turn = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, to read from."""
        with self._turn:
            try:
                yield self._present()
            except (sqlite3.Error, OSError) as error:
                raise AssistantError(
                    f"{self._schemas[0].told} {self._path}을(를) 읽거나 쓸 수 없습니다({error}). "
                    "디스크 여유 공간과 권한을 확인하세요."
                ) from error

    @contextmanager
    def writing(self, *, in_turn: bool = False) -> Iterator[sqlite3.Connection]:
        """Always in turn. The lock is taken first: a transaction that has read cannot wait for its turn to write."""
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:  # a full disk has undone it already
                    connection.execute("rollback")
                raise

    def announce(self, connection: Connection, news: str) -> None:
        """Nothing: one process alone serves a file."""

    def news(self, stopped: Callable[[], bool]) -> Iterator[str]:
        """None: nobody announces anything."""
        return iter(())

    def sweep(self) -> bool:
        """Write the file anew, and empty the log beside it, which still has pages as they were."""
        with self.reading() as connection:
            connection.execute("vacuum")
            is_busy = connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        return not is_busy

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _present(self) -> sqlite3.Connection:
        """The connection to the file that is there: what is written to one that was moved away would be lost."""
        if self._connection is not None and not self._connection.in_transaction and self._seen() != self._file:
            self.close()
        if self._connection is None:
            self._connection = self._opened()
            self._file = self._seen()
        return self._connection

    def _seen(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_dev, found.st_ino

    def _opened(self) -> sqlite3.Connection:
        with FileLock(f"{self._path}.lock"):  # others use the file too, and a change of its mode waits for nobody
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "secure_delete = on"):
            connection.execute(f"pragma {setting}")
        connection.execute(VERSIONS)
        if pending(connection, self._schemas):
            connection.execute("begin immediate")
            migrate(connection, self._schemas, Dialect.SQLITE)
            connection.execute("commit")
