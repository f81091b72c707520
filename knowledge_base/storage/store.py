"""knowledge.db: the documents to be served, every version they had, and what people decided about them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlite_utils import Database

from knowledge_base.document import Document
from knowledge_base.errors import DocumentNotFound
from knowledge_base.storage import decisions, files, history, shelf, standing
from knowledge_base.storage.database import KnowledgeFile, advance
from knowledge_base.storage.files import Fault, FileReading
from knowledge_base.storage.history import Difference, Version
from knowledge_base.storage.shelf import NOTHING, Changes
from knowledge_base.storage.standing import Standing

__all__ = ["Changes", "KnowledgeStore", "Stored"]


class Stored(NamedTuple):
    """A document as it is served and when this version of it was imported (UTC, ISO 8601)."""

    document: Document
    imported_at: str


def _now() -> datetime:
    return datetime.now(UTC)


class KnowledgeStore:
    """The document store; every write is one transaction, so a killed process leaves the old state.

    A file belongs to the ``root`` it was imported from. Opening makes the file and its tables. An id, or the
    name of a table file for all its rows, stands for documents wherever one is asked for; DocumentNotFound
    is raised when there is none.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = _now) -> None:
        self._file = KnowledgeFile(path)
        self._now = now

    # what is served

    def documents(self) -> Iterator[Stored]:
        """Everything to be indexed, by id: each version that is in force on some day, with those days.

        The same id comes more than once when a later version is to follow; their days do not overlap.
        """
        for found in self.standings():
            if found.is_served:
                yield Stored(found.document, found.imported_at)

    def get(self, document_id: str) -> Stored:
        """The newest version of one document, in service or not."""
        found = self.standing(document_id)
        return Stored(found.document, found.imported_at)

    def ids(self) -> frozenset[str]:
        """The ids that ``documents()`` yields; what is no longer among them must not be shown."""
        with self._file.reading() as database:
            return standing.ids(database)

    def generation(self) -> int:
        """Another number whenever ``documents()`` would yield something else; cheap enough for every question."""
        return self._file.generation()

    def standings(self) -> Iterator[Standing]:
        """Every document with its state, also those withdrawn or replaced."""
        with self._file.reading() as database:
            yield from standing.standings(database)

    def standing(self, document_id: str) -> Standing:
        """The newest version of one document, with its state."""
        with self._file.reading() as database:
            found = standing.standing(database, document_id)
        if found is None:
            raise _not_found(document_id)
        return found

    # importing

    def replace_files(
        self,
        root: str,
        new: Mapping[str, list[Document]],
        kept: Collection[str] | None = None,
        readings: Mapping[str, FileReading] | None = None,
    ) -> Changes:
        """Make the documents of the ``new`` files (by file id) the current ones.

        Documents of these files that no longer exist are removed. Where ``kept`` is given, ``root`` has no other
        files than these and the new ones: what it held in others is removed too. ``readings`` is what to remember
        of files.
        """
        with self._file.writing() as database:
            now = self._moment()
            changes = NOTHING
            is_news = False
            for file, documents in new.items():
                files.forget(database, file)
                placing = shelf.put(database, root, file, documents, now)
                changes = changes.plus(placing.changes)
                is_news = is_news or placing.is_news
            removed = 0 if kept is None else shelf.take_off_others(database, root, {*kept, *new})
            for file, reading in (readings or {}).items():
                files.note(database, root, file, reading, now)
            if is_news or removed:
                advance(database)
            return changes._replace(removed=changes.removed + removed)

    def log_import(self, root: str, changes: Changes) -> None:
        """Keep on record that an import ran to its end."""
        with self._file.writing() as database:
            database.table("imports").insert({"at": self._moment(), "root": root, **changes._asdict()})

    def place_of(self, path: str) -> tuple[str, str] | None:
        """The (root, file id) under which the file at the absolute ``path`` was imported, None if it never was."""
        found = "select root, file from documents where root || '/' || file = ? order by length(root) limit 1"
        with self._file.reading() as database:
            return next(((row["root"], row["file"]) for row in database.query(found, [path])), None)

    def count(self, files: Collection[str]) -> int:
        """How many documents these files hold."""
        with self._file.reading() as database:
            rows = database.query("select file, count(*) as documents from documents group by file")
            return sum(row["documents"] for row in rows if row["file"] in files)

    def readings(self, root: str) -> dict[str, FileReading]:
        """The state in which each file of ``root`` was read last."""
        with self._file.reading() as database:
            return files.readings(database, root)

    def read_moments(self, root: str) -> dict[str, datetime]:
        """When each file of ``root`` was read last, to the second."""
        with self._file.reading() as database:
            return files.moments(database, root)

    def faults(self) -> list[Fault]:
        """What the last import of each file could not read."""
        with self._file.reading() as database:
            return files.faults(database)

    # what people decide

    def remove(self, name: str) -> int:
        """Take documents out until they are imported again; returns how many. Versions stay on record."""
        return self._decide(name, decisions.remove)

    def forget(self, file: str) -> None:
        """Drop the faults of a file; it is read again when it is imported next."""
        with self._file.writing() as database:
            files.forget(database, file)
            advance(database)

    def withdraw(self, name: str, reason: str) -> int:
        """Take documents out of service until they are restored, whatever is imported; returns how many."""
        return self._decide(name, lambda database, keys: decisions.withdraw(database, keys, reason, self._moment()))

    def restore(self, name: str, version: str | None = None) -> int:
        """Put withdrawn documents back into service or, with ``version``, make that one the newest again.

        It stays until the file says something new. Returns how many documents are concerned.
        """
        if version is None:
            return self._decide(name, decisions.restore)
        return self._decide(
            name, lambda database, keys: decisions.restore_version(database, keys, version, self._moment())
        )

    def correct(self, name: str, values: Mapping[str, str | None]) -> int:
        """Set fields by hand (see ``corrections.FIELDS``): a value, "" for none, None to undo; {} undoes all."""
        return self._decide(name, lambda database, keys: decisions.correct(database, keys, values, self._moment()))

    def versions(self, document_id: str) -> list[Version]:
        """Every version a document had, oldest first, also of one that was removed."""
        with self._file.reading() as database:
            found = history.versions(database, document_id)
        if not found:
            raise _not_found(document_id)
        return found

    def difference(self, document_id: str, old: str, new: str) -> Difference:
        """What changed between two versions, each named by the beginning of its hash."""
        return history.difference(self.versions(document_id), old, new)

    def _decide(self, name: str, decide: Callable[[Database, list[str]], Any]) -> int:
        with self._file.writing() as database:
            rows = database.query("select key from documents where id = :name or file = :name", {"name": name})
            keys = [row["key"] for row in rows]
            if not keys:
                raise _not_found(name)
            decide(database, keys)
            advance(database)
            return len(keys)

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="seconds")


def _not_found(name: str) -> DocumentNotFound:
    return DocumentNotFound(f"'{name}' 문서가 없습니다. 'onnuri kb list'로 문서 ID를 확인하세요.")
