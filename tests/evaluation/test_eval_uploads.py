"""Question files made to harm the server that reads them: one sentence comes out, and soon."""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from eval.questions.dataset import load
from knowledge_base.errors import EvaluationError
from knowledge_base.readers import isolation
from knowledge_base.readers.isolation import Reader

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def workbook(sheet: str) -> bytes:
    """A real XLSX whose sheet is replaced."""
    sound, made = io.BytesIO(), io.BytesIO()
    Workbook().save(sound)
    with zipfile.ZipFile(sound) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in parts.namelist():
            changed.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else parts.read(name))
    return made.getvalue()


def wide() -> str:
    """A cell in the first and in the last column of every row."""
    rows = (
        f'<row r="{number}"><c r="A{number}"><v>1</v></c><c r="XFD{number}"><v>1</v></c></row>'
        for number in range(1, 20_000)
    )
    return SHEET.format("".join(rows))


HARMFUL = {
    "columns": (wide, "손상|초 안에"),  # as fast as the machine is
    "one row": (lambda: SHEET.format(f"<row>{'<c/>' * 6_000_000}</row>"), "열이 없습니다|초 안에"),
    "a far row": (lambda: SHEET.format('<row r="99999999999"><c r="A1"><v>1</v></c></row>'), "열이 없습니다"),
    "no sheet": (lambda: "x", "손상되어 열 수 없습니다"),
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    reader = Reader(seconds=2, memory=512 * 1024**2)
    monkeypatch.setattr(isolation, "_shared", reader)
    yield
    reader.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", HARMFUL)
def test_a_sheet_made_to_fill_the_memory(name: str, tmp_path: Path) -> None:
    make, told = HARMFUL[name]
    (path := tmp_path / "질문.xlsx").write_bytes(workbook(make()))
    before, started = peak(), time.monotonic()
    with pytest.raises(EvaluationError, match=told):
        load(path)
    assert time.monotonic() - started < 5
    assert peak() - before < 200 * 1024**2


def peak() -> int:
    """Bytes that this process has held at most."""
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kilobytes) * 1024


def test_rows_formatted_to_the_end_of_the_sheet_are_none(tmp_path: Path) -> None:
    """As spreadsheets leave them where somebody has coloured a column."""
    book = Workbook()
    book.active.append(["질문", "문서"])
    book.active.append(["여권 얼마예요?", "여권.md"])
    book.active.row_dimensions[200_000].height = 20
    book.save(path := tmp_path / "q.xlsx")
    assert [question.question for question in load(path).questions] == ["여권 얼마예요?"]


@pytest.mark.parametrize("line", ["[" * 200_000, '{"id": %s}' % ("1" * 5000)])
def test_a_line_too_deep_or_too_large(line: str, tmp_path: Path) -> None:
    (path := tmp_path / "질문.jsonl").write_text(line)
    with pytest.raises(EvaluationError, match="1번째 줄: 너무 깊거나 큰 값"):
        load(path)
