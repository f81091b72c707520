"""What the rows of a Markdown table say: each cell with the name of its column and the unit that is given for it."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from knowledge_base.facts.units import UNIT

RULE = re.compile(r"\|[\s:|-]+")
"""The line below the header."""
_MONEY = r"원|(?:천|만|백만)\s?원"
_UNIT = re.compile(rf"\(({_MONEY}|{UNIT})(?:\)|(?=[/,\s]))", re.IGNORECASE)
_CAPTION = re.compile(rf"단위\s?[:：]?\s?({_MONEY}|%)")
_NUMBERS = re.compile(r"(\d[\d,.~∼-]*)(\s?(?:이상|이하|미만|초과))?")
_HOW_MUCH = re.compile(r"단위|기준|기간|수량")
"""Names of columns that say how much of the thing a price is for."""
_NO_PRICE = re.compile(rf"{_HOW_MUCH.pattern}|인원|정원|좌석|면적|규격|용량|횟수|번호|연도")
"""Names of columns whose bare numbers are no money whatever the caption says."""
_PRICED = re.compile(r"[료금비액세값]|가격")
"""Names of columns that hold prices, whose unit in brackets may be what the price is for."""
_PRICE = re.compile(r"^(?:\d[\d,.]*\s?%?|-|무료|면제)$|[\d천만억]\s?원(?!\s?(?:이상|이하|미만|초과))")


class Columns(NamedTuple):
    """The names of the columns of a table, and the unit of money that its caption gives; both may be empty."""

    names: Sequence[str]
    unit: str = ""


def cells(row: str) -> list[str]:
    """The cells of one line of a table."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def columns(before: str, heading: str = "") -> Columns:
    """The columns of a row with ``before`` above it.

    A row cut off from the top of its table has their names in the ``heading`` of its passage; nowhere named, none.

    >>> columns("(단위: 천원)\\n| 시설 | 주간 |\\n|---|---|")
    Columns(names=['시설', '주간'], unit='천원')
    """
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    rules = [n for n, line in enumerate(lines) if n and RULE.fullmatch(line)]
    if rules:
        top = rules[-1] - 1
        caption = _CAPTION.search(lines[top - 1]) if top and not lines[top - 1].startswith("|") else None
        return Columns(cells(lines[top]), caption[1] if caption else "")
    return Columns(heading.rpartition(" > ")[2].split(", ") if all(line.startswith("|") for line in lines) else [])


def said(row: str, columns: Columns, left_out: Collection[int] = ()) -> str:
    """A row as it can be read out, but for the columns at the places ``left_out``.

    >>> said("| 의자 | 2,000 |", Columns(["품목", "수수료(원)"]))
    '품목 의자, 수수료 2,000원.'
    """
    told = [each for place, each in enumerate(_pairs(row, columns)) if place not in left_out]
    return ", ".join(f"{name} {cell}".strip() for name, cell in told if cell) + "."


def key(row: str, columns: Columns) -> str:
    """What a row is about: its first cell and those before the first price, but for how much a price is for.

    >>> key("| 매트리스 | 2인용 | 1개 | 8,000 | 냉장고 |", Columns(["품목", "규격", "단위", "수수료(원)", "비고"]))
    '매트리스 2인용'
    """
    first, *others = _pairs(row, columns)
    about = [first[1]]
    for name, cell in others:
        if cell != "-" and _PRICE.search(cell):
            break
        if not _HOW_MUCH.search(name):
            about.append(cell)
    return " ".join(about)


def prices(row: str, columns: Columns) -> dict[int, str]:
    """The names of the columns in which a row has its prices, by their place.

    >>> prices("| 의자 | 모든 것 | 2,000 | - |", Columns(["품목", "규격", "평일", "주말"]))
    {2: '평일', 3: '주말'}
    """
    pairs = list(_pairs(row, columns))
    return {n: name for n, (name, cell) in enumerate(pairs) if n and _PRICE.search(cell)}


def spelled(text: str, heading: str = "") -> str:
    """``text`` with the rows of its tables as they can be read out.

    >>> spelled("| 품목 | 수수료(원) |\\n|---|---|\\n| 의자 | 2,000 |")
    '품목 의자, 수수료 2,000원.'
    """
    return "\n".join(_spelled(text, heading)) if "|" in text else text


def _spelled(text: str, heading: str) -> Iterator[str]:
    lines = text.splitlines()
    for n, line in enumerate(lines):
        row = line.strip()
        below = lines[n + 1].strip() if n + 1 < len(lines) else ""
        if not row.startswith("|"):
            yield line
        elif not RULE.fullmatch(row) and not RULE.fullmatch(below):
            yield said(row, columns("\n".join(lines[:n]), heading))


def _pairs(row: str, columns: Columns) -> Iterator[tuple[str, str]]:
    """Each cell with the name of its column; the unit goes from the name or the caption to the numbers."""
    found = cells(row)
    names = columns.names if len(columns.names) == len(found) else [""] * len(found)
    for place, (name, cell) in enumerate(zip(names, found, strict=True)):
        number = _NUMBERS.fullmatch(cell)
        unit = _UNIT.search(name)
        if number is None:
            yield name, cell
        elif unit and (re.match(_MONEY, unit[1]) or not _PRICED.search(name)):
            named = name.replace(unit[0], "").strip() if unit[0].endswith(")") else name
            yield named, f"{number[1]}{unit[1]}{number[2] or ''}"
        else:
            is_priced = place and columns.unit and not _NO_PRICE.search(name)
            yield name, f"{cell}{columns.unit}" if is_priced else cell
