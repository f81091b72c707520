"""Files that are read but not stored yet: stored a few at a time, so that memory stays flat and a stopped import
has little to read again."""

from dataclasses import dataclass, field

from knowledge_base.document import Document
from knowledge_base.storage.files import FileReading
from knowledge_base.storage.shelf import NOTHING, Changes
from knowledge_base.storage.store import KnowledgeStore

FILES = 100
CHARACTERS = 2_000_000


@dataclass
class Batch:
    """The files of one import on their way into the store."""

    store: KnowledgeStore
    root: str
    read: int = 0
    _changes: Changes = NOTHING
    _documents: dict[str, list[Document]] = field(default_factory=dict)
    _readings: dict[str, FileReading] = field(default_factory=dict)
    _characters: int = 0

    def add(self, file: str, documents: list[Document] | None, reading: FileReading) -> None:
        """A file just read; None for one that keeps the documents it had."""
        self.read += 1
        self.note(file, reading)
        if documents is not None:
            self._documents[file] = documents
            self._characters += sum(len(document.text) for document in documents)
        if len(self._readings) >= FILES or self._characters >= CHARACTERS:
            self._store()

    def note(self, file: str, reading: FileReading) -> None:
        """A file that need not be read again."""
        self._readings[file] = reading

    def finish(self, files: set[str], *, is_mirrored: bool) -> Changes:
        """Store the rest; if mirrored only ``files`` are left of the root. Counts every document of ``files``."""
        self._store(files if is_mirrored else None)
        unchanged = self.store.count(files) - self._changes.added - self._changes.changed
        return self._changes._replace(unchanged=unchanged)

    def _store(self, kept: set[str] | None = None) -> None:
        if self._readings or kept is not None:
            changes = self.store.replace_files(self.root, self._documents, kept, self._readings)
            self._changes = self._changes.plus(changes)
        self._documents, self._readings, self._characters = {}, {}, 0
