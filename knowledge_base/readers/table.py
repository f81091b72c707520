"""FAQ tables: CSV in any Korean encoding, and XLSX. One document a row."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import FIELDS, field_of, fields
from knowledge_base.text import decode

HEADER_SEARCH_ROWS = 10


class Row(NamedTuple):
    """One record of a table: its cells, or why it could not be read."""

    cells: list[object]
    fault: str = ""


class Reading(NamedTuple):
    """The documents of one file and, in Korean, the parts of it that yielded none."""

    documents: list[Document]
    faults: list[str]


def read_csv(data: bytes, document_id: str) -> Reading:
    """The rows of a comma, semicolon or tab separated file; raises UnreadableFile without a header."""
    text = decode(data)
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=header_line.count)
    return _documents(list(_csv_rows(text, delimiter)), document_id)


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Each record; after a broken one (an unclosed quote, say) reading resumes at the next line."""
    lines = io.StringIO(text, newline="").readlines()
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at:], delimiter=delimiter, strict=True)
        consumed = 0
        try:
            for cells in reader:
                consumed = reader.line_num
                yield Row(list(cells))
            return
        except csv.Error:
            at += consumed
            yield Row([lines[at].strip()], "따옴표나 칸 나눔이 잘못되었습니다")
            at += 1


def read_xlsx(data: bytes, document_id: str) -> Reading:
    """The rows of every sheet with an FAQ header; ids of further sheets read ``file.xlsx#sheet!row``."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise UnreadableFile("엑셀 파일이 손상되어 열 수 없습니다. 다시 저장해 가져오세요.") from error
    documents: list[Document] = []
    faults: list[str] = []
    for sheet in workbook.worksheets:
        rows = [Row(list(cells)) for cells in sheet.iter_rows(values_only=True)]
        try:
            prefix = "" if not documents else f"{sheet.title}!"
            reading = _documents(rows, document_id, prefix)
        except UnreadableFile as error:
            faults.append(f"시트 '{sheet.title}': {error}")
            continue
        documents += reading.documents
        faults += reading.faults
    if not documents and len(faults) == len(workbook.worksheets):
        raise UnreadableFile(faults[0])
    return Reading(documents, faults)


def _documents(rows: list[Row], document_id: str, row_prefix: str = "") -> Reading:
    header, first = _header(rows)
    documents: list[Document] = []
    faults: list[str] = []
    body = [row for row in rows[first:] if row.fault or any(str(cell or "").strip() for cell in row.cells)]
    for number, row in enumerate(body, start=1):
        try:
            documents.append(_document(header, row, f"{document_id}#{row_prefix}{number}"))
        except UnreadableFile as error:
            faults.append(f"{row_prefix}{number}행: {error}")
    return Reading(documents, faults)


def _header(rows: list[Row]) -> tuple[list[str], int]:
    """The column names and the index of the first row below them."""
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        names = [str(cell or "").strip() for cell in row.cells]
        if {"title", "text"} <= {field_of(name) for name in names}:
            return names, index + 1
    seen = ", ".join(str(cell) for cell in rows[0].cells if cell)[:80] if rows else "없음"
    raise UnreadableFile(
        f"'{FIELDS['title'][1]}' 열과 '{FIELDS['text'][0]}' 열이 있는 머리글 행이 없습니다(찾은 열: {seen}). "
        "첫 줄에 열 이름을 적어 다시 가져오세요."
    )


def _document(header: list[str], row: Row, document_id: str) -> Document:
    if row.fault:
        raise UnreadableFile(row.fault)
    if any(str(cell or "").strip() for cell in row.cells[len(header) :]):
        raise UnreadableFile(f"칸이 {len(header)}개보다 많습니다. 쉼표가 든 칸은 큰따옴표로 감싸 주세요")
    known = fields(dict(zip(header, row.cells, strict=False)))
    for name, label in (("title", "질문"), ("text", "답변")):
        if not known.get(name):
            raise UnreadableFile(f"{label} 칸이 비어 있습니다")
    return Document(**{"kind": Kind.FAQ, **known, "id": document_id})
