"""The first sheet of an XLSX of unknown origin, read in a process of its own.

A sheet of 100 kB can ask for gigabytes (a cell in the last column of each of its rows): what would fill the memory
or goes on and on ends that process, and not the server.
"""

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from knowledge_base.errors import EvaluationError

MOST_COLUMNS = 64
"""What lies further right is none of a question's."""
MEMORY_BYTES = 1024**3
SECONDS = 20
LARGEST_ANSWER = 64 * 1024**2
_DAMAGED = 3
_ROOT = Path(__file__).parent.parent
_ENVIRONMENT = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT)}
"""What reads files of strangers needs no secrets."""

Cell = str | int | float | None


def read_sheet(content: bytes, place: str) -> list[list[Cell]]:
    """Its rows to the last that holds anything, dates in ISO 8601; raises EvaluationError naming ``place``."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, env=_ENVIRONMENT)
    except subprocess.TimeoutExpired as error:
        raise _too_much(place) from error
    if done.returncode == _DAMAGED:
        raise EvaluationError(f"{place}: 엑셀 파일이 손상되어 열 수 없습니다. 다시 저장해 실행하세요.")
    if done.returncode:
        raise _too_much(place)
    cells: list[list[Cell]] = json.loads(done.stdout)
    return cells


def _too_much(place: str) -> EvaluationError:
    return EvaluationError(f"{place}: 읽기에 너무 큰 엑셀 파일입니다. 질문만 새 파일로 저장해 다시 실행하세요.")


def _cells(content: bytes) -> list[list[Cell]]:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()  # some programs write a wrong size
    rows = [_filled(row) for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _filled(row: Sequence[object]) -> list[Cell]:
    """To the last cell that holds anything."""
    last = max((place for place, cell in enumerate(row, 1) if cell is not None), default=0)
    return [_plain(cell) for cell in row[:last]]


def _plain(cell: object) -> Cell:
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell if cell is None or isinstance(cell, str | int | float) else str(cell)


def main() -> None:
    """The process: a file comes in, its cells go out as JSON; a failure is an exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer = json.dumps(_cells(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(1)
    except Exception:  # openpyxl lets through whatever a damaged part makes its parsers raise
        sys.exit(_DAMAGED)
    if len(answer) > LARGEST_ANSWER:
        sys.exit(1)
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
