"""knowledge.db as a file: made whole, brought up to date, read in one state, written all or nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock
from sqlite_utils import Database

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.storage import schema

PATIENCE_S = 60  # for another import or build that is writing


class KnowledgeFile:
    """Opens one connection an operation; SQLite's own failures become one Korean sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_current = False
        self._preparing = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A connection that sees one state of the store, whatever is written meanwhile."""
        with self._connected() as database:
            database.conn.execute("begin")
            yield database

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One write, all or nothing; locked from its start, so that two imports wait for each other."""
        with self._connected() as database:
            database.conn.execute("begin immediate")
            try:
                yield database
            except BaseException:
                database.conn.rollback()
                raise
            database.conn.commit()

    def generation(self) -> int:
        """How often what is to be served has changed; a fraction of a millisecond."""
        with self._connected() as database:
            return generation(database)

    @contextmanager
    def _connected(self) -> Iterator[Database]:
        try:
            self._prepare()
            with closing(_connect(self.path)) as database:
                yield database
        except (sqlite3.Error, OSError) as error:
            raise KnowledgeBaseError(_sentence(self.path, error)) from error

    def _prepare(self) -> None:
        """Make the file aside and whole: while its journal mode is changed, SQLite fails others instead of waiting."""
        with self._preparing:
            if self._is_current and self.path.exists():
                return
            with FileLock(f"{self.path}.lock"):
                if not self.path.exists():
                    self._create()
                with closing(_connect(self.path)) as database:
                    schema.bring_up_to_date(database)
            self._is_current = True

    def _create(self) -> None:
        aside = self.path.with_suffix(".new")
        aside.unlink(missing_ok=True)
        with closing(_connect(aside)) as database:
            database.enable_wal()
            schema.bring_up_to_date(database)
        aside.rename(self.path)


def _connect(path: Path) -> Database:
    return Database(sqlite3.connect(path, timeout=PATIENCE_S), execute_plugins=False)


def _sentence(path: Path, error: Exception) -> str:
    if "locked" in str(error):
        return f"다른 작업이 지식 저장소 {path}에 쓰고 있습니다. 그 작업이 끝난 뒤 다시 하세요."
    return f"지식 저장소 {path}를 읽거나 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."


def generation(database: Database) -> int:
    """The counter kept in the head of the file; raised with, and only with, the change it counts."""
    return int(database.conn.execute("pragma user_version").fetchone()[0])


def advance(database: Database) -> None:
    """Count a change of what is to be served, within its transaction."""
    database.conn.execute(f"pragma user_version = {generation(database) + 1}")
