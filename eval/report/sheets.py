"""XLSX files to filter and sort: text from outside stays text."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from knowledge_base.errors import EvaluationError

if TYPE_CHECKING:
    from openpyxl import Workbook

Cells = Sequence[object]

WIDTHS = {
    "질문": 60,
    "정답": 50,
    "답변": 70,
    "정답 문서": 40,
    "찾은 문서": 60,
    "지표": 28,
    "뜻": 60,
    "값": 80,
    "들은 말": 50,
    "알아들은 질문": 50,
    "문서": 40,
    "무엇": 34,
    "어디서": 60,
}


class Sheet(NamedTuple):
    """A table with a line of heads."""

    title: str
    heads: Cells
    rows: Iterable[Cells]


def save(sheets: Iterable[Sheet], path: Path) -> None:
    """Write a workbook; raises EvaluationError when it cannot."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        _add(workbook, sheet)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        workbook.save(path)
    except OSError as error:
        raise EvaluationError(
            f"엑셀 파일 {path}을(를) 쓸 수 없습니다({error.strerror}). 다른 파일을 지정하세요."
        ) from error


def _add(workbook: "Workbook", sheet: Sheet) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    drawn = workbook.create_sheet(sheet.title)
    for number, row in enumerate((sheet.heads, *sheet.rows), start=1):
        for column, value in enumerate(row, start=1):
            cell = drawn.cell(number, column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"  # a question that begins with = must not become a formula
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.value = value
            if number == 1:
                cell.font = Font(bold=True)
    for column, name in enumerate(sheet.heads, start=1):
        drawn.column_dimensions[get_column_letter(column)].width = WIDTHS.get(str(name), 14)
    drawn.freeze_panes = "A2"
    drawn.auto_filter.ref = drawn.dimensions
