"""Files to documents; what a file holds is read in a process of its own (``readers.isolation``)."""

from dataclasses import replace
from pathlib import Path

from knowledge_base.document import Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers import isolation
from knowledge_base.readers.table import Reading

MAX_BYTES = 100 * 1024 * 1024


def read(path: Path, document_id: str, kind: Kind | None = None) -> Reading:
    """The documents of one file, at least one; ``kind`` overrides what the file says or looks like.

    Raises UnreadableFile when the file yields none; rows of a table that fail are listed as faults.
    """
    reading = isolation.read(_bytes(path), path.suffix.lower(), document_id)
    if not reading.documents:
        reasons = " / ".join(reading.faults[:3]) or "머리글 아래에 내용이 없습니다"
        raise UnreadableFile(f"읽을 수 있는 행이 없습니다({reasons}). 표를 바로잡아 다시 가져오세요.")
    if kind is None:
        return reading
    return Reading([replace(document, kind=kind) for document in reading.documents], reading.faults)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(f"파일이 너무 큽니다({size // 2**20}MB). {MAX_BYTES // 2**20}MB 이하로 나누어 주세요.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"파일을 열 수 없습니다({error.strerror}). 권한을 확인해 주세요.") from error
    if not data.strip():
        raise UnreadableFile("빈 파일입니다. 내용을 확인해 주세요.")
    return data
