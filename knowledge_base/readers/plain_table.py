"""Tables of anything but questions and answers as one notice: fees, opening hours, lists of places."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby, takewhile

from knowledge_base.metadata import FIELDS, alias
from knowledge_base.readers.flow import plain
from knowledge_base.readers.prose import document
from knowledge_base.readers.rows import header_depth, table_lines, told_once, with_one_header
from knowledge_base.readers.table import HEADER_SEARCH_ROWS, Reading, Row, too_many_cells

_ANYWHERE = {"제목", "문의", "title", "내용", "text", "q", "a"}
_HALVES = {*FIELDS["title"], *FIELDS["text"]} - _ANYWHERE
_AMOUNT = re.compile(r"[₩△-]?\d[\d,.]*\s*(?:천|만|백만)?(?:원|%|명|개|회|건|시간|개월)?|무료|면제")
_NOTE = re.compile(r"[※*]|주\s*\d*\)")


def is_plain(rows: list[Row]) -> bool:
    """Whether rows are a table of anything else, or text: two rows or more, and no column named like half of an FAQ."""
    named = {alias(cell) for row in rows[:HEADER_SEARCH_ROWS] for cell in row.cells}
    return len(rows) > 1 and not named & _HALVES and not named >= {"q", "a"}


def is_plain_table(rows: list[Row]) -> bool:
    """Whether more than a third of the rows, besides, have two cells or more."""
    return is_plain(rows) and sum(_filled(row) > 1 for row in rows) > max(1, len(rows) // 3)


def read_plain(sheets: Mapping[str, list[Row]], document_id: str) -> Reading:
    """Tables under the names of their sheets as one notice; a title above the columns is its title.

    A row with more cells than there are columns (a comma that parts an amount) is a fault, and is left out.
    """
    lines: list[str] = []
    found: list[str] = []
    for name, rows in sheets.items():
        lines += ["", f"## {name}", ""] if len(sheets) > 1 else []
        faults = dict(_faults(rows))
        found += (f"{number}행: {fault}" for number, fault in faults.items())
        for table in _tables([row for number, row in enumerate(rows, 1) if number not in faults]):
            lines += ["", *_table(table)]
    return Reading([document({}, "\n".join(lines), document_id)], found)


def _faults(rows: list[Row]) -> Iterator[tuple[int, str]]:
    """What is wrong with which rows, by number from 1; the names of columns are those above the first amount."""
    head = list(takewhile(lambda row: not row.fault and not _has_amount(row), rows[:HEADER_SEARCH_ROWS]))
    width = max((len(row.cells) for row in head), default=0)
    for number, row in enumerate(rows, 1):
        if row.fault or (width > 1 and any(map(str.strip, row.cells[width:]))):
            yield number, row.fault or too_many_cells(width)


def _tables(rows: list[Row]) -> list[list[Row]]:
    """The tables of a sheet, parted where blank rows stand above column names."""
    tables: list[list[Row]] = []
    names: Row | None = None
    for is_blank, block in groupby(rows, key=lambda row: row.is_blank):
        if is_blank:
            continue
        inside = list(block)
        if not tables or _begins_table(inside, names):
            tables.append([])
            names = next((row for row in inside if _filled(row) > 1), None)
        tables[-1] += inside
    return tables


def _begins_table(block: list[Row], names: Row | None) -> bool:
    """Whether what follows blank rows has column names of its own, and does not go on below those above."""
    wide = [row for row in block if _filled(row) > 1][:2]
    if names is None or not wide:
        return True
    if _has_amount(wide[0]):
        return False
    return any(map(_has_amount, wide[1:])) or wide[0].cells[:1] == names.cells[:1]


def _has_amount(row: Row) -> bool:
    return any(_AMOUNT.fullmatch(cell.strip()) for cell in row.cells)


def _table(rows: list[Row]) -> Iterator[str]:
    """The lines above the column names, the table without its empty columns, and the notes below it."""
    titles, table, notes = _parts(rows)
    for title in titles:
        yield from (_title(title), "")
    width = max((len(row.cells) for row in table), default=0)
    cells = [[plain(cell).replace("\n", " ") for cell in row.cells] + [""] * (width - len(row.cells)) for row in table]
    if any(row.owners for row in table):
        owners = [row.owners for row in table]
        depth = header_depth(owners)
        cells = told_once(with_one_header(cells, depth), owners[depth - 1 :])
    filled = [column for column in zip(*cells, strict=True) if any(column)]
    yield from table_lines([list(row) for row in zip(*filled, strict=True)])
    yield ""
    yield from map(_title, notes)


def _parts(rows: list[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """Titles above the column names, the rows of the table, and notes (※) below them."""
    titles = list(takewhile(lambda row: _filled(row) == 1, rows))
    table = rows[len(titles) :]
    notes = list(takewhile(lambda row: _filled(row) == 1 and _NOTE.match(_title(row)), reversed(table)))[::-1]
    return titles, table[: len(table) - len(notes)], notes


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _title(row: Row) -> str:
    """The text of a row with one."""
    return plain(next(filter(None, map(str.strip, row.cells)))).replace("\n", " ")
