"""Tables of web pages: cells that span rows and columns, and column names over several rows."""

import copy
import re
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING

from knowledge_base.readers.rows import MAX_HEADER, header_depth, is_nameless, joined, label_columns, told_once
from knowledge_base.text import one_line

if TYPE_CHECKING:
    from bs4 import Tag

MAX_SPAN = 200
_AMOUNT_END = re.compile(r"\d[\d,.]*\s?[가-힣%㎡]{1,4}\)?\s*$")


def fill_spans(table: "Tag") -> None:
    """Repeat a cell in every row and column it spans, so that each row can be read on its own.

    Column names over several rows become one row, and are empty where rows alone have names. What begins a row stands
    in it once, however wide, and above the table where it is its whole first row.
    """
    rows = table("tr")
    if not rows:
        return
    for line_break in table("br"):
        before, after = (find(string=True) or "" for find in (line_break.find_previous, line_break.find_next))
        is_listed = _AMOUNT_END.search(before) and not after.lstrip().startswith("(")
        line_break.replace_with(", " if is_listed else " ")
    grid: list[list[Tag]] = []
    carried: dict[int, tuple[Tag, int]] = {}
    for row in rows:
        cells, carried = _filled(deque(_cells(row)), carried)
        grid.append(cells)
    for row, cells in zip(rows, grid, strict=True):
        row.clear()
        row.extend([*map(copy.copy, cells)])
    titles = len(list(takewhile(_is_whole, grid))) % len(grid)  # a table of nothing else has none
    for row in rows[:titles]:
        _move_above(row, table)
    names = titles + _join_names(rows[titles:], grid[titles:])
    _tell_once([rows[titles], *rows[names:]], [grid[titles], *grid[names:]])
    _join_labels([rows[titles], *rows[names:]])
    if all(map(_is_named, grid[titles:])) or is_nameless(_texts(rows[titles])):
        _name_nothing(rows[titles])


def flatten(table: "Tag") -> None:
    """Make text of a table within a cell: cells parted by slashes and rows by semicolons, as in office documents."""
    rows = [" / ".join(filter(None, _texts(row))) for row in table("tr")]
    text = "; ".join(filter(None, rows))
    table.replace_with(f" {text}; " if table.next_sibling else f" {text}")


def _is_named(cells: "list[Tag]") -> bool:
    """Whether a row has a name of its own, as where columns have none."""
    return len(cells) > 1 and cells[0].name == "th" and cells[1].name == "td"


def _name_nothing(first: "Tag") -> None:
    """Stand a row of empty names above the first row, which would be taken for that of the names."""
    names = copy.copy(first)
    for cell in _cells(names):
        cell.clear()
    first.insert_before(names)


def _is_whole(cells: "list[Tag]") -> bool:
    """Whether one cell spans the whole row."""
    return len(cells) > 1 and len(set(map(id, cells))) == 1


def _move_above(row: "Tag", table: "Tag") -> None:
    title = _cells(row)[0]
    title.name = "p"
    table.insert_before(title.extract())
    row.decompose()


def _join_names(rows: "list[Tag]", grid: "list[list[Tag]]") -> int:
    """요금 above 어른 is 요금 어른; over how many rows the names stood."""
    top = grid[: MAX_HEADER + 1]
    depth = header_depth(top) if len(set(map(len, top))) == 1 and top[0] else 1
    for column, names in enumerate(zip(*grid[:depth], strict=True) if depth > 1 else ()):
        name = _cells(rows[0])[column]
        for own in {id(own): own for own in names if own is not names[0]}.values():
            name.append(" ")
            name.extend(copy.copy(own).contents[:])
    for row in rows[1:depth]:
        row.decompose()
    return depth


def _tell_once(rows: "list[Tag]", grid: "list[list[Tag]]") -> None:
    """Leave what begins a row in its first place alone."""
    for row, kept in zip(rows, told_once(list(map(_texts, rows)), grid), strict=True):
        for cell, text in zip(_cells(row), kept, strict=True):
            if not text:
                cell.clear()


def _join_labels(rows: "list[Tag]") -> None:
    """Columns of labels that share a name become one."""
    grid = [_cells(row) for row in rows]
    texts = list(map(_texts, rows))
    for columns in label_columns(texts) if len(set(map(len, texts))) == 1 else ():
        for cells, row in zip(grid, texts, strict=True):
            first, *others = cells[columns.start : columns.stop]
            first.string = joined(row[columns.start : columns.stop], ", ")
            for other in others:
                other.decompose()


def _cells(row: "Tag") -> "list[Tag]":
    return list(row(("td", "th"), recursive=False))


def _texts(row: "Tag") -> list[str]:
    return [one_line(cell.get_text(" ")) for cell in _cells(row)]


def _filled(
    waiting: "deque[Tag]", carried: "dict[int, tuple[Tag, int]]"
) -> "tuple[list[Tag], dict[int, tuple[Tag, int]]]":
    """One row's cells with those ``carried`` from above (column → cell, rows left), and what to carry on."""
    cells: list[Tag] = []
    below: dict[int, tuple[Tag, int]] = {}
    while waiting or len(cells) in carried:
        if len(cells) in carried:
            cell, left = carried[len(cells)]
            width = 1
        else:
            cell = waiting.popleft()
            left, width = _span(cell, "rowspan"), _span(cell, "colspan")
        for _ in range(width):
            if left > 1:
                below[len(cells)] = (cell, left - 1)
            cells.append(cell)
    return cells, below


def _span(cell: "Tag", attribute: str) -> int:
    """The rows or columns a cell spans, 1 unless a sane number is given; the attribute is taken off."""
    value = str(cell.attrs.pop(attribute, "1")).strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() else 1
