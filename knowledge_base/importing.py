"""Folders and files into the document store; one broken file never stops the rest."""

import os
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from knowledge_base.document import Document, Kind
from knowledge_base.errors import KnowledgeBaseError, UnreadableFile
from knowledge_base.reading import read
from knowledge_base.store import Changes, KnowledgeStore

Progress = Callable[[Iterable[Path], int], Iterable[Path]]


class Fault(NamedTuple):
    """A file, or a row of one, that yielded no document, and why (Korean)."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did."""

    files: int
    changes: Changes
    faults: tuple[Fault, ...]


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
    documents. ``progress`` wraps the files as they are read; it is given their number.
    """
    found = files_below(path)
    root, names = _names(store, path, found)
    read_files: dict[str, list[Document]] = {}
    faults: list[Fault] = []
    for file in progress(found, len(found)):
        name = names[file]
        try:
            reading = read(file, name, kind)
        except UnreadableFile as error:
            faults.append(Fault(name, str(error)))
            continue
        read_files[name] = reading.documents
        faults += [Fault(name, fault) for fault in reading.faults]
    unread = {fault.file for fault in faults} - read_files.keys()
    changes = store.replace_files(root, read_files, unread, whole_root=path.is_dir())
    return ImportReport(len(found), changes, tuple(faults))


def _names(store: KnowledgeStore, path: Path, found: list[Path]) -> tuple[str, dict[Path, str]]:
    """The root of an import and the id of each file; NFC, whatever the file system writes (macOS: NFD)."""
    if path.is_dir():
        return _nfc(path.resolve()), {file: _nfc(file.relative_to(path)) for file in found}
    place = store.place_of(_nfc(path.resolve())) or (_nfc(path.resolve().parent), _nfc(path.name))
    return place[0], {path: place[1]}


def _nfc(path: Path | str) -> str:
    return unicodedata.normalize("NFC", Path(path).as_posix())
