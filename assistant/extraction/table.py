"""What the rows of a Markdown table say: each cell with the name of its column and the unit that is given for it."""

import re
from collections.abc import Collection, Iterator

from knowledge_base.facts.tables import HOW_MUCH, Columns, named_cells, rows

_PRICE = re.compile(r"^(?:\d[\d,.]*\s?%?|-|무료|면제)$|[\d천만억]\s?원(?!\s?(?:이상|이하|미만|초과))")


def said(row: str, columns: Columns, left_out: Collection[int] = ()) -> str:
    """A row as it can be read out, but for the columns at the places ``left_out``.

    >>> said("| 의자 | 2,000 |", Columns(["품목", "수수료(원)"]))
    '품목 의자, 수수료 2,000원.'
    """
    told = [each for place, each in enumerate(named_cells(row, columns)) if place not in left_out]
    return ", ".join(f"{name} {cell}".strip().removesuffix(".") for name, cell in told if cell) + "."


def key(row: str, columns: Columns) -> str:
    """What a row is about: its first cell and those before the first price, but for how much a price is for.

    >>> key("| 매트리스 | 2인용 | 1개 | 8,000 | 냉장고 |", Columns(["품목", "규격", "단위", "수수료(원)", "비고"]))
    '매트리스 2인용'
    """
    first, *others = named_cells(row, columns)
    if len(others) == 1:  # a value and what it is of
        return first[1]
    about = [first[1]]
    for name, cell in others:
        if cell != "-" and _PRICE.search(cell):
            break
        if not HOW_MUCH.search(name):
            about.append(cell)
    return " ".join(about)


def prices(row: str, columns: Columns) -> dict[int, str]:
    """The names of the columns in which a row has its prices, by their place.

    >>> prices("| 의자 | 모든 것 | 2,000 | - |", Columns(["품목", "규격", "평일", "주말"]))
    {2: '평일', 3: '주말'}
    """
    pairs = list(named_cells(row, columns))
    return {n: name for n, (name, cell) in enumerate(pairs) if n and _PRICE.search(cell)}


def spelled(text: str, heading: str = "") -> str:
    """``text`` with the rows of its tables as they can be read out.

    >>> spelled("| 품목 | 수수료(원) |\\n|---|---|\\n| 의자 | 2,000 |")
    '품목 의자, 수수료 2,000원.'
    """
    return "\n".join(_spelled(text, heading)) if "|" in text else text


def _spelled(text: str, heading: str) -> Iterator[str]:
    told = {row.start: said(row.line, row.columns) for row in rows(text, heading)}
    position = 0
    for line in text.splitlines(keepends=True):
        if position in told:
            yield told[position]
        elif not line.lstrip().startswith("|"):
            yield line.rstrip("\n")
        position += len(line)
