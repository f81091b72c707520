"""Files people send: kept in one flat folder under safe names, so that importing them again is one command.

A file sent under a name already there takes its place, which makes it a new version of its document. What is
on its way stands beside it under a hidden name that no import reads, and takes its place only once whole.
"""

import os
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.imports.reading import MAX_BYTES

MAX_TOTAL_BYTES = 20 * 2**30
LEFT_FREE_BYTES = 2**30
"""What an upload must leave of the disk for snapshots and the journal."""
LONGEST_NAME = 200
"""Bytes in UTF-8; file systems take 255."""
ABANDONED_S = 24 * 3600
_INCOMING = ".incoming-"
_SEPARATING = frozenset('/\\:*?"<>|#')
"""What parts folders, drives or the rows of a table (``#``) somewhere."""
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_name(name: str) -> str:
    """The one spelling (NFC) under which a file is kept. Raises KnowledgeBaseError for a name that is none.

    >>> safe_name("여권 안내.hwp")
    '여권 안내.hwp'
    """
    kept = unicodedata.normalize("NFC", name)
    if not kept.strip() or kept != kept.strip() or kept.startswith((".", "~$")) or kept.endswith("."):
        raise _refused(kept, "이름의 처음과 끝에 점(.)이나 빈칸을 쓸 수 없습니다")
    if any(sign in _SEPARATING or unicodedata.category(sign) in _UNWRITTEN for sign in kept):
        raise _refused(kept, '이름에 / \\ : * ? " < > | # 이나 보이지 않는 글자를 쓸 수 없습니다')
    if kept.partition(".")[0].strip().lower() in _DEVICES:
        raise _refused(kept, "윈도우가 장치 이름으로 쓰는 이름입니다")
    if len(kept.encode()) > LONGEST_NAME:
        raise _refused(kept, f"이름이 너무 깁니다(한글 {LONGEST_NAME // 3}자까지)")
    return kept


def _refused(name: str, why: str) -> KnowledgeBaseError:
    shown = "".join(sign if sign.isprintable() else "�" for sign in name)[:60]
    return KnowledgeBaseError(f"'{shown}' 파일은 받을 수 없습니다. {why}. 파일 이름을 바꿔 다시 올려 주세요.")


class Uploads:
    """The folder ``uploads`` of the data folder; one file may hold ``max_bytes``."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES, max_total_bytes: int = MAX_TOTAL_BYTES) -> None:
        self.folder = folder
        self.max_bytes, self._max_total_bytes = max_bytes, max_total_bytes

    def path(self, name: str) -> Path:
        """Where a file that was kept lies; raises KnowledgeBaseError when there is none of this name."""
        path = self.folder / safe_name(name)
        if not path.is_file() or path.is_symlink():
            raise KnowledgeBaseError(f"'{path.name}' 파일이 없습니다. 다시 올려 주세요.")
        return path

    def remove(self, name: str) -> None:
        """Delete a file; raises KnowledgeBaseError when there is none of this name."""
        try:
            self.path(name).unlink()
        except OSError as error:
            raise _unwritable(name, error) from error

    def size(self) -> int:
        """Bytes of all that is kept or on its way."""
        size = 0
        for entry in os.scandir(self.folder) if self.folder.is_dir() else ():
            with suppress(FileNotFoundError):  # just kept or thrown away by another upload
                size += entry.stat(follow_symlinks=False).st_size
        return size

    def unread(self, read: Mapping[str, datetime]) -> list[str]:
        """The files kept since they were ``read`` (to the second), sorted: nobody has imported them yet."""
        found = []
        for entry in os.scandir(self.folder) if self.folder.is_dir() else ():
            if not entry.name.startswith(_INCOMING):
                with suppress(FileNotFoundError):  # just thrown away
                    at = read.get(entry.name)
                    if at is None or entry.stat().st_mtime >= (at + timedelta(seconds=1)).timestamp():
                        found.append(entry.name)
        return sorted(found)

    def receiving(self, name: str, announced: int = 0) -> "Incoming":
        """A file to be written; raises KnowledgeBaseError for a name or an ``announced`` size not taken."""
        kept = safe_name(name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._discard_abandoned()
            free = shutil.disk_usage(self.folder).free - LEFT_FREE_BYTES
            room = min(self.max_bytes, self._max_total_bytes - self.size(), free)
            incoming = Incoming(self.folder / kept, room, self.max_bytes)
        except OSError as error:
            raise _unwritable(kept, error) from error
        if announced > room:
            incoming.discard()
            raise incoming.too_large()
        return incoming

    def _discard_abandoned(self) -> None:
        """What a killed server left half sent."""
        for aside in self.folder.glob(f"{_INCOMING}*"):
            with suppress(FileNotFoundError):
                if time.time() - aside.stat().st_mtime > ABANDONED_S:
                    aside.unlink()


class Incoming:
    """One file on its way. As a context it is thrown away unless it was kept."""

    def __init__(self, target: Path, room: int, max_bytes: int) -> None:
        self._target, self._left, self._is_whole_room = target, room, room == max_bytes
        self._max_bytes = max_bytes
        descriptor, aside = tempfile.mkstemp(prefix=_INCOMING, dir=target.parent)
        self._aside = Path(aside)
        self._file = os.fdopen(descriptor, "wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.discard()

    def write(self, data: bytes) -> None:
        """Add to it; raises KnowledgeBaseError beyond what one file, the folder or the disk may hold."""
        self._left -= len(data)
        if self._left < 0:
            raise self.too_large()
        try:
            self._file.write(data)
        except OSError as error:
            raise _unwritable(self._target.name, error) from error

    def keep(self) -> Path:
        """Put it in its place, of an earlier file of the name too."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._aside.replace(self._target)
        except OSError as error:
            raise _unwritable(self._target.name, error) from error
        return self._target

    def discard(self) -> None:
        """Leave nothing of it, unless it was kept."""
        with suppress(OSError):  # what a full disk did not take
            self._file.close()
        self._aside.unlink(missing_ok=True)

    def too_large(self) -> KnowledgeBaseError:
        """The sentence for what does not fit."""
        name = self._target.name
        if self._is_whole_room:
            limit = f"{self._max_bytes // 2**20}MB"
            return KnowledgeBaseError(f"'{name}' 파일이 너무 큽니다. {limit} 이하로 나누어 올려 주세요.")
        return KnowledgeBaseError(
            f"'{name}' 파일을 둘 자리가 없습니다. 올린 파일이 든 폴더나 디스크를 비운 뒤 다시 올려 주세요."
        )


def _unwritable(name: str, error: OSError) -> KnowledgeBaseError:
    return KnowledgeBaseError(
        f"'{name}' 파일을 저장하지 못했습니다({error.strerror}). 디스크 여유 공간과 권한을 확인하고 다시 올려 주세요."
    )
