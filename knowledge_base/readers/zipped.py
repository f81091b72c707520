"""Zip files of unknown origin: parts are unpacked one at a time, and only within a limit."""

import io
import re
import struct
import zipfile
import zlib

from knowledge_base.errors import UnreadableFile

MAX_PART_BYTES = 128 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
# what zipfile lets through when a file is damaged, or packed in a way Python does not know
_FAILURES = (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, RuntimeError, struct.error)
_TOO_LARGE = "압축을 풀면 너무 큰 파일입니다. 필요한 부분만 새 파일로 저장해 주세요."
_DAMAGED = "압축 형식이 손상된 파일입니다. 다시 저장해 가져오세요."


class Archive:
    """The parts of a zip file by name."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableFile when the file is no whole zip file."""
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except _FAILURES as error:
            raise UnreadableFile(_DAMAGED) from error
        self.names = frozenset(self._file.namelist())

    def read(self, name: str, missing: bytes | None = None) -> bytes:
        """A part, or ``missing`` if given and there is none. Raises UnreadableFile when it is too large or damaged."""
        if name not in self.names and missing is not None:
            return missing
        try:
            with self._file.open(name) as part:
                data = part.read(MAX_PART_BYTES + 1)
        except _FAILURES as error:
            raise UnreadableFile(_DAMAGED) from error
        if len(data) > MAX_PART_BYTES:
            raise UnreadableFile(_TOO_LARGE)
        return data

    def require_moderate_size(self) -> None:
        """Raise UnreadableFile if all parts together would fill the memory."""
        if sum(part.file_size for part in self._file.infolist()) > MAX_UNPACKED_BYTES:
            raise UnreadableFile(_TOO_LARGE)

    def numbered(self, start: str, end: str) -> list[str]:
        """The parts named ``start``, a number and ``end``, by number."""
        matches = (re.fullmatch(rf"{re.escape(start)}(\d{{1,6}}){re.escape(end)}", name) for name in self.names)
        return [match[0] for match in sorted(filter(None, matches), key=lambda match: int(match[1]))]
