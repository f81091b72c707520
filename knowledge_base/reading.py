"""Files to documents: the reader is chosen by what a file holds; only CSV and HTML fragments go by name."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.html import read_html
from knowledge_base.readers.prose import read_text
from knowledge_base.readers.table import Reading, read_csv, read_xlsx
from knowledge_base.text import decode

MAX_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OTHER_FORMATS = (b"%PDF-", b"{\\rtf")  # text to look at, but not to read
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_UNSUPPORTED = "지원하지 않는 형식입니다. CSV, XLSX, Markdown, HTML, 텍스트 파일로 저장해 다시 가져오세요."


def read(path: Path, document_id: str, kind: Kind | None = None) -> Reading:
    """The documents of one file, at least one; ``kind`` overrides what the file says or looks like.

    Raises UnreadableFile when the file yields none; rows of a table that fail are listed as faults.
    """
    reading = _read(_bytes(path), path.suffix.lower(), document_id)
    if not reading.documents:
        reasons = " / ".join(reading.faults[:3]) or "머리글 아래에 내용이 없습니다"
        raise UnreadableFile(f"읽을 수 있는 행이 없습니다({reasons}). 표를 바로잡아 다시 가져오세요.")
    if kind is None:
        return reading
    return Reading([_as_kind(found, kind) for found in reading.documents], reading.faults)


def _read(data: bytes, suffix: str, document_id: str) -> Reading:
    if data.startswith(_ZIP):
        _require_workbook(data)
        return read_xlsx(data, document_id)
    if data.startswith(_OTHER_FORMATS):
        raise UnreadableFile(_UNSUPPORTED)
    text = decode(data)
    if suffix in (".csv", ".tsv"):
        return read_csv(text, document_id)
    if _HTML.match(text) or (suffix in (".html", ".htm") and "<" in text):
        return Reading([read_html(text, document_id)], [])
    return Reading([read_text(text, document_id)], [])


def _as_kind(document: Document, kind: Kind) -> Document:
    return replace(document, kind=kind)


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


def _require_workbook(data: bytes) -> None:
    """Refuse other zip files, and small ones that would unpack to fill the memory."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("압축 형식이 손상된 파일입니다. 다시 저장해 가져오세요.") from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise UnreadableFile(_UNSUPPORTED)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise UnreadableFile("압축을 풀면 너무 큰 엑셀 파일입니다. 필요한 시트만 새 파일로 저장해 주세요.")
