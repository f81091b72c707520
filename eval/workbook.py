"""A run as an XLSX file: a summary, every question with what it got, and the comparison, to filter and sort."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.cases import cases
from eval.comparison import Comparison
from eval.measures import MEASURES
from eval.report_words import provenance
from eval.run_store import Record
from eval.summary import estimated
from knowledge_base.errors import EvaluationError

if TYPE_CHECKING:
    from openpyxl import Workbook

Cells = Sequence[object]

_WIDTHS = {"질문": 60, "정답": 50, "답변": 70, "정답 문서": 40, "찾은 문서": 60, "지표": 28, "뜻": 60, "값": 80}


def write(record: Record, comparison: Comparison | None, path: Path) -> None:
    """Write the workbook; raises EvaluationError when it cannot."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _sheet(workbook, "요약", ("지표", "이름", "점수", "낮게는", "높게는", "질문", "뜻"), _summary(record))
    _sheet(workbook, "질문", (*_COLUMNS, *(name for name in MEASURES if _is_scored(record, name))), _questions(record))
    if comparison:
        _sheet(
            workbook, "비교", ("지표", "이름", "앞", "뒤", "차이", "p(보정)", "질문", "판정"), _differences(comparison)
        )
    _sheet(workbook, "무엇으로 쟀나", ("항목", "값"), provenance(record))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        workbook.save(path)
    except OSError as error:
        raise EvaluationError(
            f"엑셀 파일 {path}을(를) 쓸 수 없습니다({error.strerror}). 다른 파일을 지정하세요."
        ) from error


_COLUMNS = (
    "id",
    "분야",
    "질문",
    "정답",
    "정답 문서",
    "까닭",
    "순위",
    "찾은 문서",
    "답변 종류",
    "답변",
    "모두(ms)",
    "오류",
)


def _summary(record: Record) -> Iterable[Cells]:
    for name, estimate in estimated(record.results).items():
        measure = MEASURES[name]
        yield measure.label, name, estimate.mean, estimate.low, estimate.high, estimate.n, measure.meaning


def _questions(record: Record) -> Iterable[Cells]:
    scored = [name for name in MEASURES if _is_scored(record, name)]
    for question, result, fault in cases(record):
        answer = result.answer
        yield (
            question.id,
            question.category,
            question.question,
            question.answer,
            "\n".join(question.documents),
            fault.value if fault else "",
            result.rank,
            "\n".join(result.ranked),
            answer.status.label if answer and answer.status else "",
            answer.text if answer else "",
            (answer.latency_ms if answer else result.latency_ms).get("total"),
            result.error or (answer.error if answer else None),
            *(result.scores.get(name) for name in scored),
        )


def _is_scored(record: Record, name: str) -> bool:
    return any(name in each.scores for each in record.results)


def _differences(comparison: Comparison) -> Iterable[Cells]:
    for name, each in comparison.differences.items():
        pair = each.paired
        yield MEASURES[name].label, name, pair.before, pair.after, pair.difference, each.p, pair.n, each.verdict.value


def _sheet(workbook: "Workbook", title: str, header: Cells, rows: Iterable[Cells]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(title)
    for number, row in enumerate((header, *rows), start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"  # a question that begins with = must not become a formula
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.value = value
            if number == 1:
                cell.font = Font(bold=True)
    for column, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(str(name), 14)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
