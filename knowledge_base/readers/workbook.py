"""Spreadsheets: XLSX, XLS, XLSB and ODS."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import TYPE_CHECKING

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.table import Reading, Row, faqs, is_faq, is_plain_table, no_header, plain_document

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def read_workbook(data: bytes, document_id: str) -> Reading:
    """FAQs from every sheet that has their header, else one notice of the sheets that are tables.

    The ids of FAQs after the first such sheet read ``file.xlsx#sheet!row``.
    """
    sheets = _sheets(data)
    if not any(map(is_faq, sheets.values())):
        tables = {title: rows for title, rows in sheets.items() if is_plain_table(rows)}
        if tables:
            return Reading([plain_document(tables, document_id)], [])
    found = Reading([], [])
    is_first = True
    for title, rows in sheets.items():
        if not is_faq(rows):
            found.faults.append(f"시트 '{title}': {no_header(rows)}")
            continue
        reading = faqs(rows, document_id, "" if is_first else f"{title}!")
        is_first = False
        found.documents.extend(reading.documents)
        found.faults.extend(reading.faults)
    return found


def first_sheet(data: bytes, columns: int) -> list[list[str]]:
    """The rows of the first sheet as a person sees them, blank ones included, cut at ``columns``."""
    with _opened(data) as workbook:
        return [[_shown(cell) for cell in row[:columns]] for row in workbook.get_sheet_by_index(0).iter_rows()]


def _sheets(data: bytes) -> dict[str, list[Row]]:
    """The sheets that hold anything, with their rows but blank ones."""
    import python_calamine as calamine

    with _opened(data) as workbook:
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ is calamine.SheetTypeEnum.WorkSheet]
        sheets = {name: _rows(workbook.get_sheet_by_name(name)) for name in names}
    return {name: rows for name, rows in sheets.items() if rows}


@contextmanager
def _opened(data: bytes) -> "Iterator[CalamineWorkbook]":
    """A workbook; raises UnreadableFile for what goes wrong with it within."""
    import python_calamine as calamine

    try:
        yield calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise UnreadableFile(
            "암호가 걸린 엑셀 파일이라 내용을 읽을 수 없습니다. 암호를 풀고 저장해 다시 가져오세요."
        ) from error
    except calamine.CalamineError as error:
        raise UnreadableFile("엑셀 파일이 손상되어 열 수 없습니다. 다시 저장해 가져오세요.") from error


def _rows(sheet: "CalamineSheet") -> list[Row]:
    """The rows but blank ones; a merged cell stands in each that it covers, but not all across the sheet."""
    cells = [[_shown(value) for value in row] for row in sheet.iter_rows()]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(cells):
            continue
        last = left if right - left + 1 >= sheet.width else right
        for row in cells[top : bottom + 1]:
            row[left : last + 1] = [cells[top][left]] * len(row[left : last + 1])
    return [row for row in map(Row, cells) if not row.is_blank]


def _shown(value: object) -> str:
    """A cell as a person sees it: 3114 and not 3114.0, a day without its midnight.

    >>> [_shown(value) for value in (3114.0, 0.5, datetime(2026, 7, 1), time(9, 0), "여권")]
    ['3114', '0.5', '2026-07-01', '09:00', '여권']
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)
