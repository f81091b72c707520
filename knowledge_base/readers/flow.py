"""The running text of an office document, whatever its file format: paragraphs, tables, notes and text boxes in
the order a person reads them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from typing import NamedTuple

from knowledge_base.readers.rows import header_depth, table_lines, told_once, with_one_header

MAX_HEADING = 60
MAX_CELLS = 200_000
_LETTER_SPACED = re.compile(r"[가-힣](?: +[가-힣]){1,9}")
_SYMBOL_FONT = re.compile("[\uf000-\uf0ff]")  # signs of Wingdings and Symbol: bullets and boxes
_RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
_RULE = re.compile(r"\|(?: --- \|)+")
_CONTINUED = re.compile(
    r"(?P<above>^\|[^|\n]*(?P<names>\|[^|\n]+\|.+)\n(?P<rule>\|(?: --- \|)+)\n(?:\|.*\n)+\n+(?:[^|#\n].{0,40}\n+){0,2})"
    r"\|(?:  \|)+(?=\n(?P=rule)\n)",
    re.MULTILINE,
)
"""A table without names of its own that goes on below one of as many columns: 구경별 요금 by the same years."""
_SENTENCE_ENDS = (".", "다", ":", ",")


class Omitted(Enum):
    """What stands in a document but is no part of its text."""

    DRAWING = "그림이나 도형"
    RUNNING = "머리말·꼬리말"
    COMMENT = "숨은 설명이나 메모"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``label`` is its automatic number or bullet; ``heading`` its outline level from 1, 0 for body text."""

    content: "list[Inline]"
    label: str = ""
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A text box, or the caption of a picture: read after the paragraph that holds it."""

    paragraphs: list[Paragraph]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote: marked where it stands, read below the paragraph."""

    paragraphs: list[Paragraph]


class Cell(NamedTuple):
    """A cell of a table: where it begins (from 0) and how many rows and columns it covers."""

    row: int
    column: int
    rows: int
    columns: int
    paragraphs: list[Paragraph]


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its cells; the caption is read before it, and the paragraph's text before one that floats."""

    cells: list[Cell]
    caption: list[Paragraph] = field(default_factory=list)
    floats: bool = False


Inline = str | Table | Box | Note | Omitted


def markdown(paragraphs: Iterable[Paragraph]) -> str:
    """The text: a line a paragraph, tables of Markdown, footnotes below the paragraph that refers to them."""
    notes = _Notes()
    text = "\n".join(line for paragraph in paragraphs for line in _lines(paragraph, notes)).strip()
    return _CONTINUED.sub(r"\g<above>|  \g<names>", text)


def omitted(paragraphs: Iterable[Paragraph]) -> set[Omitted]:
    """What else the paragraphs hold, for telling why there is no text."""
    found: set[Omitted] = set()
    for paragraph in paragraphs:
        for part in paragraph.content:
            if isinstance(part, Omitted):
                found.add(part)
            elif isinstance(part, Box | Note):
                found |= omitted(part.paragraphs)
            elif isinstance(part, Table):
                found |= omitted([*part.caption, *(inner for cell in part.cells for inner in cell.paragraphs)])
    return found


def has_table(paragraphs: Iterable[Paragraph]) -> bool:
    """Whether there is a table, even an empty one."""
    return any(isinstance(part, Table) for paragraph in paragraphs for part in paragraph.content)


class _Notes:
    """The numbers of the notes of one document."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        self._last += 1
        return f"(주{self._last})"


def _lines(paragraph: Paragraph, notes: _Notes) -> Iterator[str]:
    """The lines of a paragraph; an empty one is an empty line, also when it is numbered."""
    text = label = paragraph.label + " " if paragraph.label else ""
    below: list[str] = []
    is_empty = True
    for part in paragraph.content:
        if isinstance(part, str):
            text = (text.rstrip() if text == label and part.startswith("(") else text) + part  # 제1조(목적)
        elif isinstance(part, Note):
            mark = notes.next()
            text += mark
            below.append(f"{mark} {_flat(part.paragraphs, notes)}")
        elif isinstance(part, Box):
            below += _all_lines(part.paragraphs, notes)
        elif isinstance(part, Table) and part.floats:
            below += _table(part, notes)
        elif isinstance(part, Table):
            if text != label:
                yield _line(text, paragraph)
            yield from _table(part, notes)
            text = label = ""
            is_empty = False
    if text.strip() != label.strip():
        yield _line(text, paragraph)
    elif is_empty and not below:
        yield ""
    yield from below


def _all_lines(paragraphs: Iterable[Paragraph], notes: _Notes) -> list[str]:
    return [line for paragraph in paragraphs for line in _lines(paragraph, notes)]


def _line(text: str, paragraph: Paragraph) -> str:
    """A paragraph's own text, as a heading when it is one and reads like one."""
    text = plain(text)
    if text and paragraph.heading and len(text) <= MAX_HEADING and not text.endswith(_SENTENCE_ENDS):
        return f"\n{'#' * min(paragraph.heading, 6)} {text}\n"
    return text


def plain(text: str) -> str:
    """A line with single spaces; one whose letters were spaced out for looks is closed up.

    >>> plain("부      칙"), plain("구  분 : 여  권")
    ('부칙', '구 분 : 여 권')
    """
    text = _SYMBOL_FONT.sub("•", text)
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    return text.replace(" ", "") if _LETTER_SPACED.fullmatch(text) else text


def superscript(text: str) -> str:
    """A raised mark, kept apart from the figure that it stands behind.

    >>> superscript("1)"), superscript("2"), superscript("th")
    ('¹⁾', '²', 'th')
    """
    return text.translate(_RAISED)


def _flat(paragraphs: Iterable[Paragraph], notes: _Notes) -> str:
    """Paragraphs as one line, for a cell or a note; of a table within, cells are parted by slashes and rows by
    semicolons."""
    lines = [line for text in _all_lines(paragraphs, notes) for line in text.split("\n")]
    kept = [re.sub(r"^#+ ", "", line).strip() for line in lines if line.strip(" |") and not _RULE.fullmatch(line)]
    text = "\n".join(kept).replace(" |\n", "\n").replace("\n| ", "; ").replace("\n", " ")
    return plain(text.strip("| ").replace(" | ", " / "))


def _table(table: Table, notes: _Notes) -> Iterator[str]:
    """The caption and the table; what only frames text or runs across the whole width is read as paragraphs."""
    yield from ("", *_all_lines(table.caption, notes), "")
    grid = _grid(table)
    if all(len(_filled(row)) == 1 for row in grid):
        for cell in {id(cell): cell for row in grid for cell in _filled(row)}.values():
            yield from _all_lines(cell.paragraphs, notes)
            yield ""
        return
    texts: dict[int, str] = {}
    depth = header_depth(grid)
    rows = with_one_header([[_text(cell, texts, notes) for cell in row] for row in grid], depth)
    above, below = _full_width(rows), _full_width(rows[::-1])[::-1]
    middle = slice(len(above), len(rows) - len(below))
    for line in above:
        yield from (line, "")
    yield from table_lines(told_once(rows[middle], grid[depth - 1 :][middle]))
    yield ""
    yield from below
    yield ""


def _filled(row: "list[Cell | None]") -> list[Cell]:
    """The different cells of a row that hold anything."""
    cells = {id(cell): cell for cell in row if cell is not None and _holds_anything(cell.paragraphs)}
    return list(cells.values())


def _full_width(rows: list[list[str]]) -> list[str]:
    """The texts of the first rows that are one cell across."""
    return [row[0] for row in takewhile(lambda row: len(set(row)) == 1, rows)]


def _text(cell: Cell | None, texts: dict[int, str], notes: _Notes) -> str:
    """A cell's text, made once however many rows and columns it covers, so that its notes count once."""
    if cell is None:
        return ""
    if id(cell) not in texts:
        texts[id(cell)] = _flat(cell.paragraphs, notes)
    return texts[id(cell)]


def _grid(table: Table) -> list[list[Cell | None]]:
    """The cells by row and column, a spanning one in each it covers, without empty and repeated lines of cells.

    Word processors draw a box with any line as a finer grid; two columns that hold the same cells are one.
    """
    taken: dict[tuple[int, int], Cell] = {}
    for cell in table.cells:
        if len(taken) + cell.rows * cell.columns > MAX_CELLS:
            raise OverflowError("more cells than in any table that people read")
        for row in range(cell.row, cell.row + max(cell.rows, 1)):
            for column in range(cell.column, cell.column + max(cell.columns, 1)):
                taken.setdefault((row, column), cell)
    rows = sorted({row for row, _ in taken})
    columns = sorted({column for _, column in taken})
    if len(rows) * len(columns) > MAX_CELLS:
        raise OverflowError("more cells than in any table that people read")
    grid = [[taken.get((row, column)) for column in columns] for row in rows]
    return _transposed(_distinct(_transposed(_distinct(grid))))


def _distinct(lines: list[list[Cell | None]]) -> list[list[Cell | None]]:
    """The lines of cells that hold anything and are not the same cells as the line before."""
    kept: list[list[Cell | None]] = []
    for line in lines:
        is_repeated = bool(kept) and all(cell is above for cell, above in zip(line, kept[-1], strict=True))
        if not is_repeated and any(cell is not None and _holds_anything(cell.paragraphs) for cell in line):
            kept.append(line)
    return kept


def _transposed(lines: list[list[Cell | None]]) -> list[list[Cell | None]]:
    return [list(line) for line in zip(*lines, strict=True)]


def _holds_anything(paragraphs: list[Paragraph]) -> bool:
    return any(
        part.strip() if isinstance(part, str) else not isinstance(part, Omitted)
        for paragraph in paragraphs
        for part in (paragraph.label, *paragraph.content)
    )
