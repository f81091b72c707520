"""The audit as a file: CSV for a spreadsheet; JSON lines, whose rows can be checked against their seals."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from assistant.audit.log import AuditRow
from knowledge_base.errors import AssistantError

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write(rows: Iterable[AuditRow], out: Path) -> int:
    """How many rows were written; the name's ending chooses the format. Raises AssistantError."""
    writer = _WRITERS.get(out.suffix.lower())
    if writer is None:
        raise AssistantError(f"'{out.name}'의 형식을 알 수 없습니다. 이름을 {'나 '.join(_WRITERS)}로 끝내세요.")
    try:
        return writer(rows, out)
    except OSError as error:
        raise AssistantError(f"{out}에 쓸 수 없습니다({error.strerror}). 다른 곳에 저장하세요.") from error


def _json_lines(rows: Iterable[AuditRow], out: Path) -> int:
    count = 0
    with out.open("w", encoding="utf-8") as file:
        for count, row in enumerate(rows, start=1):  # noqa: B007
            file.write(json.dumps(row._asdict(), ensure_ascii=False) + "\n")
    return count


def _csv(rows: Iterable[AuditRow], out: Path) -> int:
    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(AuditRow._fields)
        for count, row in enumerate(rows, start=1):  # noqa: B007
            table.writerow([_harmless(str(value)) for value in row])
    return count


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: whoever named a document is not trusted.

    >>> _harmless("=1+1"), _harmless("faq.csv#1")
    ("'=1+1", 'faq.csv#1')
    """
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


_WRITERS: dict[str, Callable[[Iterable[AuditRow], Path], int]] = {".csv": _csv, ".jsonl": _json_lines}
