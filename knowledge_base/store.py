"""knowledge.db: the documents as they stand, every version they had, and the log of imports."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock
from sqlite_utils import Database

from knowledge_base.document import Document
from knowledge_base.errors import DocumentNotFound, KnowledgeBaseError
from knowledge_base.record import from_record, to_record


class Stored(NamedTuple):
    """A document and when this version of it was imported (UTC, ISO 8601)."""

    document: Document
    imported_at: str


class Changes(NamedTuple):
    """How many documents an import added, changed, left alone and removed."""

    added: int
    changed: int
    unchanged: int
    removed: int


class KnowledgeStore:
    """The document store; every write is one transaction, so a killed import leaves the old state.

    A file belongs to the ``root`` it was imported from. Opening makes the file and its tables.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _open(self) -> Iterator[Database]:
        """A connection for one operation; SQLite's own failures become one sentence."""
        try:
            if not self._path.exists():
                self._create()
            with closing(Database(self._path, execute_plugins=False)) as database:
                yield database
        except (sqlite3.DatabaseError, OSError) as error:
            raise KnowledgeBaseError(
                f"지식 저장소 {self._path}를 읽거나 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."
            ) from error

    def _create(self) -> None:
        """Make the file aside and whole: while its journal mode is changed, SQLite fails others instead of waiting."""
        aside = self._path.with_suffix(".new")
        with FileLock(f"{self._path}.lock"):
            if self._path.exists():
                return
            aside.unlink(missing_ok=True)
            with closing(Database(aside, execute_plugins=False)) as database:
                database.enable_wal()
                _create_tables(database)
            aside.rename(self._path)

    @contextmanager
    def _transaction(self) -> Iterator[Database]:
        """One write, all or nothing; locked from its start, so that two imports wait for each other."""
        with self._open() as database:
            database.conn.execute("begin immediate")
            try:
                yield database
            except BaseException:
                database.conn.rollback()
                raise
            database.conn.commit()

    def replace_files(self, root: str, files: dict[str, list[Document]], kept: set[str], whole_root: bool) -> Changes:
        """Make the documents of ``files`` (by file id) the current ones.

        Documents of these files that no longer exist are removed; with ``whole_root`` also those of other
        files of ``root``, except the ``kept`` ones (files that could not be read this time).
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._transaction() as database:
            old = {row["id"]: row for row in database.query("select id, file, root, version from documents")}
            new = {document.id: (file, document) for file, found in files.items() for document in found}
            different = [
                (file, document)
                for file, document in new.values()
                if document.id not in old or old[document.id]["version"] != document.version
            ]
            gone = [
                row["id"]
                for row in old.values()
                if row["id"] not in new
                and (row["file"] in files or (whole_root and row["root"] == root and row["file"] not in kept))
            ]
            _write(database, root, different, now)
            _move(database, root, [known for known in new if known in old and old[known]["root"] != root])
            _delete(database, gone)
            added = sum(document.id not in old for _, document in different)
            changes = Changes(added, len(different) - added, len(new) - len(different), len(gone))
            database.table("imports").insert({"at": now, "root": root, **changes._asdict()})
        return changes

    def place_of(self, path: str) -> tuple[str, str] | None:
        """The (root, file id) under which the file at the absolute ``path`` was imported, None if it never was."""
        found = "select root, file from documents where root || '/' || file = ? order by length(root) limit 1"
        with self._open() as database:
            return next(((row["root"], row["file"]) for row in database.query(found, [path])), None)

    def documents(self) -> Iterator[Stored]:
        """Every current document, by id."""
        with self._open() as database:
            for row in database.query("select * from documents order by id"):
                yield Stored(from_record(row), row["imported_at"])

    def get(self, document_id: str) -> Stored:
        """One document; raises DocumentNotFound."""
        with self._open() as database:
            for row in database.query("select * from documents where id = ?", [document_id]):
                return Stored(from_record(row), row["imported_at"])
        raise DocumentNotFound(f"'{document_id}' 문서가 없습니다. 'onnuri kb list'로 문서 ID를 확인하세요.")

    def remove(self, name: str) -> int:
        """Remove a document, or every row of the table file ``name``; returns how many.

        Their versions stay on record. Raises DocumentNotFound when there is none.
        """
        with self._transaction() as database:
            rows = database.query("select id from documents where id = :name or file = :name", {"name": name})
            gone = [row["id"] for row in rows]
            if not gone:
                raise DocumentNotFound(f"'{name}' 문서가 없습니다. 'onnuri kb list'로 문서 ID를 확인하세요.")
            _delete(database, gone)
        return len(gone)


def _create_tables(database: Database) -> None:
    fields = dict.fromkeys(Document.__dataclass_fields__, str)
    database.table("documents").create(
        {**fields, "root": str, "file": str, "version": str, "imported_at": str}, pk="id"
    )
    database.table("versions").create(
        {"document": str, "version": str, "content": str, "imported_at": str}, pk=("document", "version")
    )
    database.table("imports").create(
        {"id": int, "at": str, "root": str, "added": int, "changed": int, "unchanged": int, "removed": int}, pk="id"
    )


def _write(database: Database, root: str, documents: list[tuple[str, Document]], now: str) -> None:
    records = [(file, document, to_record(document)) for file, document in documents]
    database.table("documents").upsert_all(
        (
            {**record, "root": root, "file": file, "version": document.version, "imported_at": now}
            for file, document, record in records
        ),
        pk="id",
    )
    database.table("versions").insert_all(
        (
            {
                "document": document.id,
                "version": document.version,
                "content": json.dumps(record, ensure_ascii=False),
                "imported_at": now,
            }
            for _, document, record in records
        ),
        pk=("document", "version"),
        replace=True,
    )


def _move(database: Database, root: str, ids: list[str]) -> None:
    """Hand unchanged documents to the root they were found under last."""
    database.conn.executemany("update documents set root = ? where id = ?", [(root, moved) for moved in ids])


def _delete(database: Database, ids: list[str]) -> None:
    database.conn.executemany("delete from documents where id = ?", [(gone,) for gone in ids])
