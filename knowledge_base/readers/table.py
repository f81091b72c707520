"""FAQ tables: CSV in any Korean encoding, and XLSX. One document a row."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import FIELDS, field_of, fields

HEADER_SEARCH_ROWS = 10
DELIMITERS = (",", ";", "\t")


class Row(NamedTuple):
    """One record of a table: its cells, or why it could not be read."""

    cells: list[object]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(_filled(cell) for cell in self.cells)


class Reading(NamedTuple):
    """The documents of one file and, in Korean, the parts of it that yielded none."""

    documents: list[Document]
    faults: list[str]


def read_csv(text: str, document_id: str) -> Reading:
    """The rows of a comma, semicolon or tab separated table; raises UnreadableFile without a header."""
    return _documents(list(_csv_rows(text, _delimiter(text))), document_id)


def _delimiter(text: str) -> str:
    """The one that makes a header of one of the first rows; there may be a title above it."""
    for delimiter in DELIMITERS:
        rows = list(islice(_csv_rows(text, delimiter), HEADER_SEARCH_ROWS))
        if _header(rows) is not None:
            return delimiter
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Each record but blank ones; after a broken one (an unclosed quote, say) reading resumes at the next line."""
    lines = io.StringIO(text, newline="").readlines()
    at = 0
    while at < len(lines):
        reader = csv.reader(islice(lines, at, None), delimiter=delimiter, strict=True)
        consumed = 0
        try:
            for cells in reader:
                consumed = reader.line_num
                row = Row(list(cells))
                if not row.is_blank:
                    yield row
            return
        except csv.Error:
            at += consumed
            yield Row(
                [lines[at].strip()], "따옴표나 칸 나눔이 잘못되었거나 칸이 너무 깁니다. 큰따옴표의 짝을 확인해 주세요"
            )
            at += 1


def read_xlsx(data: bytes, document_id: str) -> Reading:
    """The rows of every sheet with an FAQ header; ids after the first such sheet read ``file.xlsx#sheet!row``."""
    sheets = _sheets(data)
    documents: list[Document] = []
    faults: list[str] = []
    headed = 0
    for title, rows in sheets:
        if _header(rows) is None:
            faults.append(f"시트 '{title}': {_no_header(rows)}")
            continue
        reading = _documents(rows, document_id, f"{title}!" if headed else "")
        headed += 1
        documents += reading.documents
        faults += reading.faults
    return Reading(documents, faults)


def _sheets(data: bytes) -> list[tuple[str, list[Row]]]:
    """The sheets that hold anything, with their rows but blank ones."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = []
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # some programs write a wrong size, which would cut rows or invent 16,384 columns
            rows = (Row(list(cells)) for cells in sheet.iter_rows(values_only=True))
            sheets.append((str(sheet.title), [row for row in rows if not row.is_blank]))
    except Exception as error:  # openpyxl lets through whatever a damaged part makes its parsers raise
        raise UnreadableFile("엑셀 파일이 손상되어 열 수 없습니다. 다시 저장해 가져오세요.") from error
    return [(title, rows) for title, rows in sheets if rows]


def _documents(rows: list[Row], document_id: str, row_prefix: str = "") -> Reading:
    header = _header(rows)
    if header is None:
        raise UnreadableFile(_no_header(rows))
    documents: list[Document] = []
    faults: list[str] = []
    for number, row in enumerate(rows[header.row + 1 :], start=1):
        try:
            documents.append(_document(header.names, row, f"{document_id}#{row_prefix}{number}"))
        except UnreadableFile as error:
            faults.append(f"{row_prefix}{number}행: {error}")
    return Reading(documents, faults)


class _Header(NamedTuple):
    names: list[str]
    row: int


def _header(rows: list[Row]) -> _Header | None:
    """The first of the top rows that names a question and an answer column."""
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        names = ["" if cell is None else str(cell) for cell in row.cells]
        if {"title", "text"} <= {field_of(name) for name in names}:
            return _Header(names, index)
    return None


def _no_header(rows: list[Row]) -> str:
    seen = ", ".join(str(cell).strip() for cell in rows[0].cells if _filled(cell))[:80] if rows else ""
    return (
        f"'{FIELDS['title'][0]}' 열과 '{FIELDS['text'][0]}' 열이 있는 머리글 행이 없습니다(찾은 열: {seen or '없음'}). "
        "첫 줄에 열 이름을 적어 다시 가져오세요."
    )


def _document(names: list[str], row: Row, document_id: str) -> Document:
    if row.fault:
        raise UnreadableFile(row.fault)
    if any(_filled(cell) for cell in row.cells[len(names) :]):
        raise UnreadableFile(f"칸이 {len(names)}개보다 많습니다. 쉼표가 든 칸은 큰따옴표로 감싸 주세요")
    known = fields(dict(zip(names, row.cells, strict=False)))
    for name, label in (("title", "질문"), ("text", "답변")):
        if not known.get(name):
            raise UnreadableFile(f"{label} 칸이 비어 있습니다")
    return Document(**{"kind": Kind.FAQ, **known, "id": document_id})


def _filled(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())
