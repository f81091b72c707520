"""Spreadsheets: XLSX, XLS, XLSB and ODS, as a person sees them."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers import number_format
from knowledge_base.readers.plain_table import is_plain, read_plain
from knowledge_base.readers.sheet_marks import Marks, Style, read_marks
from knowledge_base.readers.table import Reading, Row, faqs, is_faq, no_header
from knowledge_base.readers.zipped import Archive

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_DAMAGED = "엑셀 파일이 손상되어 열 수 없습니다. 다시 저장해 가져오세요."
_HIDDEN = "숨긴 {what} 읽지 않았습니다. 상담에 쓸 내용이면 숨기기를 취소해 다시 가져오세요"
_UNCALCULATED = "수식의 값이 저장되지 않은 칸({places})을 읽지 못했습니다. 엑셀에서 열어 저장한 뒤 다시 가져오세요"
_NAMED_PLACES = 3


def read_workbook(data: bytes, document_id: str) -> Reading:
    """FAQs from every sheet that has their header, else one notice of the sheets that are tables or text.

    The ids of FAQs after the first such sheet read ``file.xlsx#sheet!row``. Faults tell what is left out as hidden.
    """
    sheets, faults = _sheets(data)
    filled = {title: [row for row in rows if not row.is_blank] for title, rows in sheets.items()}
    if not any(map(is_faq, filled.values())):
        plain = {title: rows for title, rows in sheets.items() if is_plain(filled[title])}
        if plain:
            return Reading(read_plain(plain, document_id).documents, faults)
    found = Reading([], faults)
    is_first = True
    for title, rows in filled.items():
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


def _sheets(data: bytes) -> tuple[dict[str, list[Row]], list[str]]:
    """The visible rows of the visible sheets that hold anything, and what is left out of them."""
    import python_calamine as calamine

    with _opened(data) as workbook:
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ is calamine.SheetTypeEnum.WorkSheet]
        hidden = [sheet.name for sheet in sheets if sheet.visible is not calamine.SheetVisibleEnum.Visible]
        kept = {sheet.name: workbook.get_sheet_by_name(sheet.name) for sheet in sheets if sheet.name not in hidden}
        marks = _marks(data)
        rows = {name: _rows(sheet, marks.get(name, Marks())) for name, sheet in kept.items()}
    faults = [f"시트 '{name}': {_HIDDEN.format(what='시트라')}" for name in hidden]
    faults += (f"시트 '{name}': {fault}" for name in rows for fault in _left_out(marks.get(name, Marks())))
    return {name: found for name, found in rows.items() if not all(row.is_blank for row in found)}, faults


def _marks(data: bytes) -> Mapping[str, Marks]:
    """The marks of each sheet of an XLSX file; none for those of another format."""
    from lxml.etree import XMLSyntaxError

    if not data.startswith(b"PK"):
        return {}
    archive = Archive(data)
    try:
        return read_marks(archive) if "xl/workbook.xml" in archive.names else {}
    except XMLSyntaxError as error:
        raise UnreadableFile(_DAMAGED) from error


def _left_out(marks: Marks) -> Iterator[str]:
    what = [name for name, hidden in (("행", marks.hidden_rows), ("열", marks.hidden_columns)) if hidden]
    if what:
        yield _HIDDEN.format(what="과 ".join(what) + "은")
    if marks.uncalculated:
        more = " 등" if len(marks.uncalculated) > _NAMED_PLACES else ""
        yield _UNCALCULATED.format(places=", ".join(marks.uncalculated[:_NAMED_PLACES]) + more)


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
        raise UnreadableFile(_DAMAGED) from error


def _rows(sheet: "CalamineSheet", marks: Marks) -> list[Row]:
    """The visible rows; a merged cell stands in each place that it covers, but not all across its row."""
    first = sheet.start[1] if sheet.start else 0  # rows are told from the top, columns from the first that is used
    cells = [
        [_text(value, (at, column), marks) for column, value in enumerate(row, first)]
        for at, row in enumerate(sheet.iter_rows())
    ]
    merged: dict[tuple[int, int], object] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(cells) or left < first:
            continue
        start, owner = left - first, object()
        text = cells[top][start]
        for at, row in enumerate(cells[top : bottom + 1], top):
            is_whole = not any(row[:start] + row[right + 1 - first :])
            end = start if is_whole else right - first
            row[start : end + 1] = [text] * len(row[start : end + 1])
            merged |= dict.fromkeys(((at, column) for column in range(start, end + 1)), owner)
    columns = [column for column in range(sheet.width) if column + first not in marks.hidden_columns]
    return [
        Row([row[column] for column in columns], owners=_owners(merged, at, columns))
        for at, row in enumerate(cells)
        if at not in marks.hidden_rows
    ]


def _owners(merged: Mapping[tuple[int, int], object], row: int, columns: list[int]) -> list[object]:
    return [merged.get((row, column)) or object() for column in columns] if merged else []


def _text(value: object, place: tuple[int, int], marks: Marks) -> str:
    return marks.texts[place] if place in marks.texts else _shown(value, marks.styles.get(place))


def _shown(value: object, style: Style | None = None) -> str:
    """A cell as a person sees it: 3114 and not 3114.0, a day without its midnight, nothing that is struck out.

    >>> [_shown(value) for value in (3114.0, 0.5, datetime(2026, 7, 1), time(9, 0), "여권", True)]
    ['3114', '0.5', '2026-07-01', '09:00', '여권', 'TRUE']
    >>> _shown(1200.0, Style('#,##0"원"')), _shown("350원", Style(is_struck=True))
    ('1,200원', '')
    >>> _shown(date(2026, 12, 1), Style("yyyy-mm"))
    '2026년 12월'
    """
    if style is not None and style.is_struck:
        return ""
    if isinstance(value, date) and style is not None and number_format.shows_a_month(style.code):
        return f"{value.year}년 {value.month}월"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number_format.shown(value, style.code if style else "")
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)
