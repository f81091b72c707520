"""Question files as tables: CSV in any Korean encoding, and the first sheet of an XLSX.

The first row names the columns, in Korean or English; several documents in one cell are parted by a line
break or a semicolon. The rows come out as the JSON objects of a JSON lines file would.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge_base.errors import EvaluationError, UnreadableFile
from knowledge_base.readers import isolation
from knowledge_base.text import decode

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("번호", "id"),
    "question": ("질문", "question"),
    "answer": ("답변", "정답", "answer"),
    "documents": ("정답문서", "문서", "documents"),
    "answerable": ("답변가능", "answerable"),
    "category": ("분야", "분류", "category"),
    "on": ("날짜", "기준일", "on"),
    "passages": ("근거문장", "passages"),
}
LISTS = ("documents", "passages")
MOST_COLUMNS = 64
"""A question has none further right in a sheet."""
YES = frozenset({"예", "o", "y", "yes", "true", "1", "참"})
NO = frozenset({"아니오", "아니요", "x", "n", "no", "false", "0", "거짓"})
_NAME_OF = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
_BETWEEN = re.compile(r"\s*[\n;]\s*")


class TableRow(NamedTuple):
    """A row below the header by its number in the table (the header is 1)."""

    number: int
    values: dict[str, object]


def csv_rows(content: bytes, place: str) -> Iterator[TableRow]:
    """The questions of a comma, semicolon or tab separated table; raises EvaluationError naming ``place``."""
    try:
        text = decode(content)
    except UnreadableFile as error:
        raise EvaluationError(f"{place}: {error}") from error
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        yield from _rows(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), place)
    except csv.Error as error:
        raise EvaluationError(f"{place}: 표를 읽을 수 없습니다. 큰따옴표의 짝을 확인하세요.") from error


def xlsx_rows(content: bytes, place: str) -> Iterator[TableRow]:
    """The questions of the first sheet; raises EvaluationError naming ``place``."""
    try:
        cells = isolation.first_sheet(content, MOST_COLUMNS)
    except UnreadableFile as error:
        raise EvaluationError(f"{place}: {error}") from error
    yield from _rows(cells, place)


def _rows(cells: Sequence[Sequence[str]], place: str) -> Iterator[TableRow]:
    names = [_NAME_OF.get("".join(_plain(cell).lower().split())) for cell in cells[0]] if cells else []
    missing = {"question", "documents"} - set(names)
    if missing:
        wanted = ", ".join(f"'{COLUMNS[name][0]}'" for name in sorted(missing))
        raise EvaluationError(f"{place}: 첫 줄에 {wanted} 열이 없습니다. 첫 줄에 열 이름을 적으세요.")
    for number, row in enumerate(cells[1:], start=2):
        named = {name: cell for name, cell in zip(names, row, strict=False) if name}
        if any(map(_plain, named.values())):
            yield TableRow(number, _question(named, number, f"{place} {number}행"))


def _question(cells: dict[str, str], number: int, place: str) -> dict[str, object]:
    row: dict[str, object] = {name: _plain(cells.get(name, "")) for name in COLUMNS}
    row |= {name: [part for part in _BETWEEN.split(str(row[name])) if part] for name in LISTS}
    row["id"] = row["id"] or str(number)
    row["answerable"] = _answerable(str(row["answerable"]), bool(row["documents"]), place)
    return row


def _answerable(text: str, has_documents: bool, place: str) -> bool:
    """What the cell says; an empty one says yes when there are right documents."""
    if not text:
        return has_documents
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise EvaluationError(
        f"{place}: '{COLUMNS['answerable'][0]}'의 '{text}'을(를) 모릅니다. 예 또는 아니오로 적으세요."
    )


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()
