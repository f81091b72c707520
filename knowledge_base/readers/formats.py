"""The bytes of a file to its documents: the format is told by the content; a name only parts CSV and HTML from text."""

import re

from knowledge_base.document import Document
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers import flow, ole
from knowledge_base.readers.delimited import holds_faqs, read_csv
from knowledge_base.readers.flow import Omitted, Paragraph
from knowledge_base.readers.prose import document, read_text, shown
from knowledge_base.readers.table import Reading
from knowledge_base.readers.zipped import Archive
from knowledge_base.text import decode

_BEGINNING = 20_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table)\b", re.I | re.S
)
_ROOT = r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)?<"
_HWPML, _SVG = re.compile(_ROOT + r"HWPML\b", re.S), re.compile(_ROOT + r"svg\b", re.S)
_UNSUPPORTED = (
    "지원하지 않는 형식입니다. 한글, PDF, 워드(DOCX), 엑셀, CSV, HTML, Markdown, 텍스트 파일로 저장해 다시 가져오세요."
)
_PICTURE = "그림 파일이라 읽을 글이 없습니다. 문자 인식(OCR)을 거친 PDF나 원본 문서를 가져오세요."
_REFUSED = {
    (b"\x9b\x20DRMONE", b"<## NASCA DRM", b"SCDSA0"): (
        "DRM으로 잠긴 파일이라 내용을 읽을 수 없습니다. 보안을 푼 파일로 저장해 다시 가져오세요."
    ),
    (b"HWP Document File V",): "한글 97 이전 형식의 문서입니다. 한글에서 최신 형식(HWP·HWPX)으로 저장해 가져오세요.",
    (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*"): _PICTURE,
    (b"{\\rtf",): _UNSUPPORTED,
}


def read_bytes(data: bytes, suffix: str, document_id: str) -> Reading:
    """The documents in a file's bytes, at least one or a fault. Raises UnreadableFile with the reason for none."""
    for beginnings, reason in _REFUSED.items():
        if data.startswith(beginnings):
            raise UnreadableFile(reason)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(data, document_id)
    if data.startswith(_OLE):
        return _ole(data, document_id)
    if data.startswith(_ZIP):
        return _zip(data, document_id)
    return _text(data, suffix, document_id)


def read_first_sheet(data: bytes, columns: int) -> list[list[str]]:
    """The rows of an XLSX file's first sheet, blank ones included, cut at ``columns``. Raises UnreadableFile."""
    from knowledge_base.readers.workbook import first_sheet

    Archive(data).require_moderate_size()
    return first_sheet(data, columns)


def _pdf(data: bytes, document_id: str) -> Reading:
    from knowledge_base.readers import pages, pdf

    found = pdf.read_pages(data)
    scanned = ", ".join(str(number) for number, page in enumerate(found, 1) if page.is_scanned)
    faults = [f"{scanned}쪽은 글자 정보가 없는 스캔 쪽이라 읽지 못했습니다."] if scanned else []
    return Reading([_office(pages.flow(found), document_id, "PDF")], faults)


def _ole(data: bytes, document_id: str) -> Reading:
    if ole.is_workbook(data):
        return _workbook(data, document_id)
    from knowledge_base.readers import hwp

    return Reading([_office(hwp.read_sections(data), document_id, "한글 문서")], [])


def _zip(data: bytes, document_id: str) -> Reading:
    archive = Archive(data)
    kind = archive.read("mimetype", missing=b"")
    if kind.startswith(b"application/hwp+zip") or archive.numbered("Contents/section", ".xml"):
        from knowledge_base.readers import hangul_xml

        return Reading([_office(hangul_xml.read_hwpx(archive), document_id, "한글 문서")], [])
    if "word/document.xml" in archive.names:
        from knowledge_base.readers import docx

        return Reading([_office(docx.read_docx(archive), document_id, "워드 문서")], [])
    if {"xl/workbook.xml", "xl/workbook.bin"} & archive.names or b"opendocument.spreadsheet" in kind:
        archive.require_moderate_size()
        return _workbook(data, document_id)
    raise UnreadableFile(_UNSUPPORTED)


def _workbook(data: bytes, document_id: str) -> Reading:
    from knowledge_base.readers.workbook import read_workbook

    return read_workbook(data, document_id)


def _text(data: bytes, suffix: str, document_id: str) -> Reading:
    text = decode(data)
    beginning = text[:_BEGINNING]
    if _HWPML.match(beginning):
        from knowledge_base.readers import hangul_xml

        return Reading([_office(hangul_xml.read_hwpml(data), document_id, "한글 문서")], [])
    if _SVG.match(beginning):
        raise UnreadableFile(_PICTURE)
    if _HTML.match(beginning) or (suffix in (".html", ".htm") and "<" in text):
        from knowledge_base.readers.html import read_page

        return read_page(text, document_id)
    if beginning.lstrip().startswith("<?xml"):
        raise UnreadableFile(_UNSUPPORTED)
    if suffix in (".csv", ".tsv") or holds_faqs(beginning):
        return read_csv(text, document_id)
    return Reading([read_text(shown(text) if suffix in (".md", ".markdown") else text, document_id)], [])


def _office(paragraphs: list[Paragraph], document_id: str, name: str) -> Document:
    """The document of a flow. Raises UnreadableFile that says what there is instead of text."""
    text = flow.markdown(paragraphs)
    if text:
        return document({}, text, document_id)
    besides = flow.omitted(paragraphs)
    if Omitted.DRAWING in besides:
        raise UnreadableFile(f"그림이나 도형만 있고 글이 없는 {name}입니다. 그림 속 글을 본문에 적어 다시 가져오세요.")
    if besides:
        where = ", ".join(sorted(part.value for part in besides))
        raise UnreadableFile(f"{where}에만 글이 있고 본문이 빈 {name}입니다. 내용을 본문에 적어 다시 가져오세요.")
    if flow.has_table(paragraphs):
        raise UnreadableFile(f"빈 칸뿐인 표만 있고 글이 없는 {name}입니다. 내용을 확인해 주세요.")
    raise UnreadableFile(f"글이 없는 빈 {name}입니다. 내용을 확인해 주세요.")
