"""The rows of tables, and FAQs from those whose columns name a question and an answer."""

import calendar
import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import DATES, FIELDS, field_of, fields

HEADER_SEARCH_ROWS = 10
_MONTH = re.compile(r"((?:19|20)\d\d)\s?년\s?(1[0-2]|0?[1-9])\s?월")
_FAQ_FIELDS = {"title", "text"}


class Row(NamedTuple):
    """One record of a table: its cells as a person sees them, or why it could not be read."""

    cells: list[str]
    fault: str = ""
    owners: Sequence[object] = ()  # the same object for places of one merged cell; none where no cells are merged

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(cell.strip() for cell in self.cells)


class Reading(NamedTuple):
    """The documents of one file and, in Korean, the parts of it that yielded none."""

    documents: list[Document]
    faults: list[str]


def is_faq(rows: list[Row]) -> bool:
    """Whether one of the top rows names a question and an answer column."""
    return _header(rows) is not None


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
        raise UnreadableFile(too_many_cells(len(names)))
    known = fields({name: _day(name, cell) for name, cell in zip(names, row.cells, strict=False)})
    for name, label in (("title", "질문"), ("text", "답변")):
        if not known.get(name):
            raise UnreadableFile(f"{label} 칸이 비어 있습니다")
    return Document(**{"kind": Kind.FAQ, **known, "id": document_id})


def _day(name: str, cell: str) -> str:
    """A cell, but the first day of a month from which an answer holds, and the last one of that until which it does."""
    month = _MONTH.fullmatch(cell.strip())
    if month is None or (field := field_of(name)) not in DATES:
        return cell
    year, number = map(int, month.groups())
    return str(date(year, number, calendar.monthrange(year, number)[1] if field == "effective_to" else 1))


def too_many_cells(columns: int) -> str:
    """What is wrong with a row of more cells than there are columns."""
    return f"칸이 {columns}개보다 많습니다. 쉼표가 든 칸은 큰따옴표로 감싸 주세요"
