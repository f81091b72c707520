"""Tables: an FAQ in each row where the columns name a question and an answer, else one notice of all the rows."""

import csv
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import FIELDS, field_of, fields
from knowledge_base.readers.flow import plain, table_lines
from knowledge_base.readers.prose import document

HEADER_SEARCH_ROWS = 10
DELIMITERS = (",", ";", "\t")
_FAQ_FIELDS = {"title", "text"}


class Row(NamedTuple):
    """One record of a table: its cells as a person sees them, or why it could not be read."""

    cells: list[str]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(cell.strip() for cell in self.cells)


class Reading(NamedTuple):
    """The documents of one file and, in Korean, the parts of it that yielded none."""

    documents: list[Document]
    faults: list[str]


def read_csv(text: str, document_id: str) -> Reading:
    """The rows of a comma, semicolon or tab separated table. Raises UnreadableFile where they make no document."""
    rows = list(_csv_rows(text, _delimiter(text)))
    if is_plain_table(rows):
        return Reading([plain_document({"": rows}, document_id)], [])
    return faqs(rows, document_id)


def holds_faqs(beginning: str) -> bool:
    """Whether a text that begins so is a table of questions and answers."""
    return any(is_faq(_first_rows(beginning, delimiter)) for delimiter in DELIMITERS)


def _delimiter(text: str) -> str:
    """The one that makes a header of one of the first rows; there may be a title above it."""
    for delimiter in DELIMITERS:
        if is_faq(_first_rows(text, delimiter)):
            return delimiter
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _first_rows(text: str, delimiter: str) -> list[Row]:
    return list(islice(_csv_rows(text, delimiter), HEADER_SEARCH_ROWS))


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Each record but blank ones; after a broken one (an unclosed quote, say) reading resumes at the next line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        left = (f"{lines[index]}\n" for index in range(at, len(lines)))
        reader = csv.reader(left, delimiter=delimiter, strict=True)
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


def is_faq(rows: list[Row]) -> bool:
    """Whether one of the top rows names a question and an answer column."""
    return _header(rows) is not None


def is_plain_table(rows: list[Row]) -> bool:
    """Whether rows are a table of anything else: two columns or more, and none named like half of an FAQ."""
    named = {field_of(cell) for row in rows[:HEADER_SEARCH_ROWS] for cell in row.cells}
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    return not named & _FAQ_FIELDS and sum(count > 1 for count in filled) > max(1, len(rows) // 2)


def plain_document(sheets: Mapping[str, list[Row]], document_id: str) -> Document:
    """Tables under the names of their sheets as one notice; a title above the columns is its title."""
    lines: list[str] = []
    for name, rows in sheets.items():
        cells = [[plain(cell).replace("\n", " ") for cell in row.cells] for row in rows]
        lines += ["", f"## {name}", ""] if len(sheets) > 1 else []
        while len(cells) > 1 and sum(map(bool, cells[0])) == 1:
            lines += [*filter(None, cells.pop(0)), ""]
        width = max(map(len, cells))
        lines += table_lines([[*row, *[""] * (width - len(row))] for row in cells])
    return document({}, "\n".join(lines), document_id)


def faqs(rows: list[Row], document_id: str, row_prefix: str = "") -> Reading:
    """An FAQ from each row below the header. Raises UnreadableFile where there is no header."""
    header = _header(rows)
    if header is None:
        raise UnreadableFile(no_header(rows))
    documents: list[Document] = []
    faults: list[str] = []
    for number, row in enumerate(rows[header.row + 1 :], start=1):
        try:
            documents.append(_faq(header.names, row, f"{document_id}#{row_prefix}{number}"))
        except UnreadableFile as error:
            faults.append(f"{row_prefix}{number}행: {error}")
    return Reading(documents, faults)


class _Header(NamedTuple):
    names: list[str]
    row: int


def _header(rows: list[Row]) -> _Header | None:
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        if {field_of(name) for name in row.cells} >= _FAQ_FIELDS:
            return _Header(row.cells, index)
    return None


def no_header(rows: list[Row]) -> str:
    """Why rows make no FAQs, with the columns that were found."""
    seen = ", ".join(cell.strip() for cell in rows[0].cells if cell.strip())[:80] if rows else ""
    return (
        f"'{FIELDS['title'][0]}' 열과 '{FIELDS['text'][0]}' 열이 있는 머리글 행이 없습니다(찾은 열: {seen or '없음'}). "
        "첫 줄에 열 이름을 적어 다시 가져오세요."
    )


def _faq(names: list[str], row: Row, document_id: str) -> Document:
    if row.fault:
        raise UnreadableFile(row.fault)
    if any(cell.strip() for cell in row.cells[len(names) :]):
        raise UnreadableFile(f"칸이 {len(names)}개보다 많습니다. 쉼표가 든 칸은 큰따옴표로 감싸 주세요")
    known = fields(dict(zip(names, row.cells, strict=False)))
    for name, label in (("title", "질문"), ("text", "답변")):
        if not known.get(name):
            raise UnreadableFile(f"{label} 칸이 비어 있습니다")
    return Document(**{"kind": Kind.FAQ, **known, "id": document_id})
