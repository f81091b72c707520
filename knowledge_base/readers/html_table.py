"""Tables of web pages: cells that span rows and columns, and column names over several rows."""

import copy
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING

from knowledge_base.readers.flow import MAX_HEADER, header_depth

if TYPE_CHECKING:
    from bs4 import Tag

MAX_SPAN = 200


def fill_spans(table: "Tag") -> None:
    """Repeat a cell in every row and column it spans, so that each row can be read on its own.

    Column names over several rows become one row. What spans a whole row stands in it once, and above the table where
    it is its first.
    """
    rows = table("tr")
    grid: list[list[Tag]] = []
    carried: dict[int, tuple[Tag, int]] = {}
    for row in rows:
        cells, carried = _filled(deque(row(("td", "th"), recursive=False)), carried)
        grid.append(cells)
    for row, cells in zip(rows, grid, strict=True):
        row.clear()
        row.extend([*map(copy.copy, cells)])
        for cell in row(("td", "th"), recursive=False)[1:] if _is_whole(cells) else ():
            cell.clear()
    titles = len(list(takewhile(_is_whole, grid)))
    if titles < len(rows):
        for row in rows[:titles]:
            _move_above(row, table)
    _join_names(rows[titles:], grid[titles:])


def _is_whole(cells: "list[Tag]") -> bool:
    """Whether one cell spans the whole row."""
    return len(cells) > 1 and len(set(map(id, cells))) == 1


def _move_above(row: "Tag", table: "Tag") -> None:
    title = row(("td", "th"), recursive=False)[0]
    title.name = "p"
    table.insert_before(title.extract())
    row.decompose()


def _join_names(rows: "list[Tag]", grid: "list[list[Tag]]") -> None:
    """요금 above 어른 is 요금 어른."""
    top = grid[: MAX_HEADER + 1]
    depth = header_depth(top) if len(set(map(len, top))) == 1 and top[0] else 1
    for column, names in enumerate(zip(*grid[:depth], strict=True) if depth > 1 else ()):
        name = rows[0](("td", "th"), recursive=False)[column]
        for own in {id(own): own for own in names if own is not names[0]}.values():
            name.append(" ")
            name.extend(copy.copy(own).contents[:])
    for row in rows[1:depth]:
        row.decompose()


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
