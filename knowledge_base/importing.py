"""Folders and files into the document store; one broken file never stops the rest."""

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
    """The files to import, sorted; hidden and lock files, and links out of the folder, are left out.

    Raises KnowledgeBaseError when there is nothing to import.
    """
    if not path.exists():
        raise KnowledgeBaseError(f"'{path}' 경로가 없습니다. 가져올 파일이나 폴더를 확인하세요.")
    if path.is_file():
        return [path]
    found = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and not file.is_symlink()
        and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
    ]
    if not found:
        raise KnowledgeBaseError(f"'{path}' 폴더에 가져올 파일이 없습니다. 문서가 든 폴더를 지정하세요.")
    return found


def import_path(
    store: KnowledgeStore, path: Path, kind: Kind | None = None, progress: Progress = lambda files, total: files
) -> ImportReport:
    """Import a folder (mirrored: what vanished from it is removed) or one file.

    ``progress`` wraps the files as they are read; it is given their number.
    """
    root = path if path.is_dir() else path.parent
    found = files_below(path)
    read_files: dict[str, list[Document]] = {}
    faults: list[Fault] = []
    for file in progress(found, len(found)):
        name = file.relative_to(root).as_posix()
        try:
            reading = read(file, name, kind)
        except UnreadableFile as error:
            faults.append(Fault(name, str(error)))
            continue
        read_files[name] = reading.documents
        faults += [Fault(name, fault) for fault in reading.faults]
    unread = {fault.file for fault in faults} - read_files.keys()
    changes = store.replace_files(str(root.resolve()), read_files, unread, whole_root=path.is_dir())
    return ImportReport(len(found), changes, tuple(faults))
