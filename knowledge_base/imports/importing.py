"""Folders and files into the document store; one broken file never stops the rest.

Only files that changed are read. What was read is stored a few files at a time, each time in one
transaction: an import that is killed or cancelled leaves whole files, and the next one goes on from there.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.document import Document, Kind
from knowledge_base.errors import KnowledgeBaseError, UnreadableFile
from knowledge_base.imports.batch import Batch
from knowledge_base.imports.freshness import Freshness
from knowledge_base.imports.reading import read
from knowledge_base.storage.files import Fault, FileReading
from knowledge_base.storage.shelf import Changes
from knowledge_base.storage.store import KnowledgeStore
from knowledge_base.text import spelt
from knowledge_base.validity.stated import dated

__all__ = ["Fault", "ImportReport", "Progress", "files_below", "import_path"]

_TWIN = (
    "이름이 같은 파일이 둘 있어 하나만 읽었습니다(한글을 모아 쓴 이름과 풀어 쓴 이름). 하나만 남기고 다시 가져오세요."
)

Progress = Callable[[Iterable[Path], int], Iterable[Path]]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did; ``read`` of the ``files`` were new or changed. Faults are those of all files.

    ``unreadable`` are those of the files read that yielded nothing: they keep the documents they had.
    """

    files: int
    read: int
    changes: Changes
    faults: tuple[Fault, ...]
    unreadable: frozenset[str]


def files_below(path: Path) -> list[Path]:
    """The files to import, sorted; hidden files, lock files (``~$``) and links are left out.

    Raises KnowledgeBaseError when there is nothing to import, or a folder that cannot be read: taking it
    for an empty one would remove its documents.
    """
    if not path.exists():
        raise KnowledgeBaseError(f"'{path}' 경로가 없습니다. 가져올 파일이나 폴더를 확인하세요.")
    if path.is_file():
        return [path]
    found: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=_refuse):
        folders[:] = filter(_is_visible, folders)
        found += (Path(folder, name) for name in filter(_is_visible, names))
    found = sorted(file for file in found if file.is_file() and not file.is_symlink())
    if not found:
        raise KnowledgeBaseError(f"'{path}' 폴더에 가져올 파일이 없습니다. 문서가 든 폴더를 지정하세요.")
    return found


def _is_visible(name: str) -> bool:
    return not name.startswith((".", "~$"))


def _refuse(error: OSError) -> None:
    raise KnowledgeBaseError(
        f"'{error.filename}' 폴더를 읽을 수 없습니다({error.strerror}). 권한을 확인하세요."
    ) from error


def import_path(
    store: KnowledgeStore, path: Path, kind: Kind | None = None, progress: Progress = lambda files, total: files
) -> ImportReport:
    """Import a folder (mirrored: what vanished from it is removed) or one file.

    A file imported before as part of a folder keeps its id. A file of which nothing can be read keeps its
    documents. ``progress`` wraps the files as they are read; it is given their number, and may raise to
    cancel the import: what was stored by then stays.
    """
    root, names = _names(store, path, files_below(path))
    files = {name: file for file, name in names.items()}
    known = store.readings(root)
    freshness = Freshness(kind)
    batch = Batch(store, root)
    unreadable: list[str] = []
    faults = [Fault(name, _TWIN) for file, name in names.items() if files[name] != file]
    for file in progress(files.values(), len(files)):
        name = names[file]
        reading = freshness.unchanged(file, known.get(name))
        if reading is None:
            documents, reading = _read(file, name, kind, freshness)
            batch.add(name, documents, reading)
            unreadable += [name] if documents is None else []
        elif reading != known[name]:
            batch.note(name, reading)
        faults += (Fault(name, fault) for fault in reading.faults)
    changes = batch.finish(set(files), is_mirrored=path.is_dir())
    store.log_import(root, changes)
    return ImportReport(len(files), batch.read, changes, tuple(faults), frozenset(unreadable))


def _read(file: Path, name: str, kind: Kind | None, freshness: Freshness) -> tuple[list[Document] | None, FileReading]:
    """The documents of a file, None when it yields none, and what to remember of it."""
    before = freshness.before(file)
    try:
        reading = read(file, name, kind)
    except UnreadableFile as error:
        is_temporary = isinstance(error.__cause__, OSError)  # permissions, the disk, a time limit: try again
        return None, freshness.after(file, before, (str(error),), is_temporary=is_temporary)
    documents = [dated(document) for document in reading.documents]
    return documents, freshness.after(file, before, tuple(reading.faults), is_temporary=False)


def _names(store: KnowledgeStore, path: Path, found: list[Path]) -> tuple[str, dict[Path, str]]:
    """The root of an import and the id of each file; NFC, whatever the file system writes (macOS: NFD)."""
    if path.is_dir():
        return spelt(path.resolve()), {file: spelt(file.relative_to(path)) for file in found}
    place = store.place_of(spelt(path.resolve())) or (spelt(path.resolve().parent), spelt(path.name))
    return place[0], {path: place[1]}
