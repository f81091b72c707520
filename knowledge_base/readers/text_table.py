"""Tables within plain text, their columns parted by tabs or wide blanks, as Markdown."""

import re
from collections.abc import Iterator

from knowledge_base.readers.rows import LONGEST_NAME, table_lines

LEAST_ROWS = 3
_GAP = re.compile(r" *\t *| {2,}|\u3000+")
_FIGURE = re.compile(r"[△-]?\d\S{0,12}(?:\s?\([^()]*\))?|-|무료|면제|없음|")
_NAME = re.compile(r"(?:\d+(?!원)[가-힣A-Za-z㎡]|[^\d.])(?:.*[^.:：?!])?")
_FIRST_NAME = re.compile("구분|종류|종별|시설|시설명|품목|품명|항목|대상|업종|용량|규격|기종|지역|등급|구간")
"""What the first of two columns is called; lines of any other term and value are no table."""


def with_tables(text: str) -> str:
    r"""The text with what is a table beyond doubt written as one: names above lines of as many cells, with figures in a
    column.

    >>> print(with_tables("사용료\n구분\t낮\t밤\n강당\t900\t990\n회의실\t300\t-\n문의: 총무과"))
    사용료
    <BLANKLINE>
    | 구분 | 낮 | 밤 |
    | --- | --- | --- |
    | 강당 | 900 | 990 |
    | 회의실 | 300 | - |
    <BLANKLINE>
    문의: 총무과
    """
    return "\n".join(_lines(text.split("\n"))) if _GAP.search(text) else text


def _lines(lines: list[str]) -> Iterator[str]:
    block: list[str] = []
    for line in lines:
        if block and len(_cells(line)) != len(_cells(block[0])):
            yield from _table(block)
            block = []
        block.append(line)
    yield from _table(block)


def _cells(line: str) -> list[str]:
    is_marked = line.lstrip().startswith(("|", "#", ">"))
    return [] if is_marked else [cell.strip() for cell in _GAP.split(line.strip(" \r"))]


def _table(block: list[str]) -> list[str]:
    rows = [_cells(line) for line in block]
    return ["", *table_lines(rows), ""] if _is_table(rows) else block


def _is_table(rows: list[list[str]]) -> bool:
    names, *below = rows
    if len(names) < 2 or len(rows) < LEAST_ROWS or not all(map(_is_name, names)):
        return False
    _, *columns = zip(*below, strict=True)
    has_figures = any(any(column) and all(map(_FIGURE.fullmatch, column)) for column in columns)
    return has_figures and (len(names) > 2 or _FIRST_NAME.fullmatch(names[0].replace(" ", "")) is not None)


def _is_name(cell: str) -> bool:
    return len(cell) <= LONGEST_NAME and _NAME.fullmatch(cell) is not None
