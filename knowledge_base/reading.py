"""Files to documents: the reader is chosen by what a file holds, not by what it is called."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.prose import read_html, read_text
from knowledge_base.readers.table import Reading, read_csv, read_xlsx

SUFFIXES = (".csv", ".tsv", ".xlsx", ".md", ".markdown", ".txt", ".html", ".htm")
MAX_BYTES = 100 * 1024 * 1024
_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


def read(path: Path, document_id: str, kind: Kind | None = None) -> Reading:
    """The documents of one file; ``kind`` overrides what the file says or looks like.

    Raises UnreadableFile when the file yields none; rows of a table that fail are listed as faults.
    """
    data = _bytes(path)
    if path.suffix.lower() in (".csv", ".tsv"):
        reading = read_csv(data, document_id)
    elif data.startswith(b"PK"):
        _require_workbook(data)
        reading = read_xlsx(data, document_id)
    elif _HTML.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        reading = Reading([read_html(data, document_id)], [])
    else:
        reading = Reading([read_text(data, document_id)], [])
    return reading if kind is None else Reading([_as_kind(found, kind) for found in reading.documents], reading.faults)


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
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("압축 형식이 손상된 파일입니다. 다시 저장해 가져오세요.") from error
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(
            "지원하지 않는 형식입니다. CSV, XLSX, Markdown, HTML, 텍스트 파일로 저장해 다시 가져오세요."
        )
