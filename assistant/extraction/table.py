"""What the rows of a Markdown table say: each cell with the name of its column and the unit that the name gives."""

import re
from collections.abc import Iterator, Sequence

RULE = re.compile(r"\|[\s:|-]+")
"""The line below the header."""
_UNIT = re.compile(r"\((원|천\s?원|만\s?원|%)(?:\)|(?=[/,\s]))")
_NUMBERS = re.compile(r"\d[\d,.~∼-]*")
_HOW_MUCH = re.compile(r"단위|기준|기간|수량")
"""Names of columns that say how much of the thing a price is for."""


def cells(row: str) -> list[str]:
    """The cells of one line of a table."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def columns(before: str, heading: str = "") -> list[str]:
    """The names of the columns of a row with ``before`` above it.

    A row cut off from the top of its table has them in the ``heading`` of its passage; [] where nobody names them.
    """
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    rules = [n for n, line in enumerate(lines) if n and RULE.fullmatch(line)]
    if rules:
        return cells(lines[rules[-1] - 1])
    return heading.rpartition(" > ")[2].split(", ") if all(line.startswith("|") for line in lines) else []


def said(row: str, names: Sequence[str]) -> str:
    """A row as it can be read out.

    >>> said("| 의자 | 2,000 |", ["품목", "수수료(원)"])
    '품목 의자, 수수료 2,000원.'
    """
    return ", ".join(f"{name} {cell}".strip() for name, cell in _pairs(row, names) if cell) + "."


def key(row: str, names: Sequence[str]) -> str:
    """What a row is about: its cells before the first number, but for how much a price is for.

    >>> key("| 매트리스 | 2인용 | 1개 | 8,000 | 냉장고 |", ["품목", "규격", "단위", "수수료(원)", "비고"])
    '매트리스 2인용'
    """
    about = []
    for name, cell in _pairs(row, names):
        if _PRICE.search(cell):
            break
        if not _HOW_MUCH.search(name):
            about.append(cell)
    return " ".join(about)


_PRICE = re.compile(r"^\d[\d,.]*\s?(?:[천만]?\s?원|%)?$")


def spelled(text: str, heading: str = "") -> str:
    """``text`` with the rows of its tables as they can be read out.

    >>> spelled("| 품목 | 수수료(원) |\\n|---|---|\\n| 의자 | 2,000 |")
    '품목 의자, 수수료 2,000원.'
    """
    return "\n".join(_spelled(text, heading)) if "|" in text else text


def _spelled(text: str, heading: str) -> Iterator[str]:
    lines = text.splitlines()
    names = columns("", heading)
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        row = line.strip()
        if RULE.fullmatch(below.strip()):
            names = cells(row)
        elif not row.startswith("|"):
            yield line
        elif not RULE.fullmatch(row):
            yield said(row, names)


def _pairs(row: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each cell with the name of its column; the unit goes from the name to the numbers."""
    found = cells(row)
    for name, cell in zip(names if len(names) == len(found) else [""] * len(found), found, strict=True):
        unit = _UNIT.search(name)
        if unit is None or not _NUMBERS.fullmatch(cell):
            yield name, cell
        else:
            yield (name.replace(unit[0], "").strip() if unit[0].endswith(")") else name), f"{cell}{unit[1]}"
