"""The rows of a table, whatever file it is from: one row of column names, labels in one place, and the whole as
Markdown."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise, takewhile

MAX_HEADER = 3
LONGEST_NAME = 20  # characters of a column's name, or of the term that stands beside a value
_AMOUNT = re.compile(r"[₩△-]?\d[\d,.]*\s?(?:[천만억]|백만)?\s?[원%]?|무료|면제")
_NUMBER = re.compile(r"[\d,.]+|-")
_PRICE = re.compile(r"₩?\d{1,3}(?:,\d{3})+\s?원?|₩?\d+\s?[천만]?\s?원")
_COLUMN = re.compile(r"구\s?분|항\s?목|분\s?류|종\s?류|내\s?용|금\s?액|요\s?금|비\s?고|[권차]종|단\s?위")
_TERM = re.compile(
    r"(?:민원|사무|사업|행사)명|(?:[가-힣]{1,4}\s?)?(?:부서|기관|기간|기한|일시|시간|장소|방법|절차|서류|자격|요건|수수료|대상|근거|법령)"
    r"|접수처?|문의처?|전화(?:번호)?|연락처|유의\s?사항"
)
"""What a matter is described by, each with its value beside it."""


def header_depth(grid: Sequence[Sequence[object]]) -> int:
    """How many rows the column names take: more than one where a name spans columns, and one beside it those rows."""
    top = grid[0]
    depths = [_run(column) for column in zip(*grid[: MAX_HEADER + 1], strict=True)]
    times = Counter(map(id, top))
    spanning = {at for at, cell in enumerate(top) if times[id(cell)] > 1}
    depth = max((depths[at] for at in range(len(top)) if at not in spanning), default=1)
    is_header = spanning and depth <= MAX_HEADER and depth < len(grid) and all(depths[at] < depth for at in spanning)
    return depth if is_header else 1


def _run(cells: Sequence[object]) -> int:
    """How many of the first cells are one and the same."""
    return len(list(takewhile(lambda cell: cell is cells[0], cells)))


def with_one_header(rows: list[list[str]], depth: int) -> list[list[str]]:
    """Column names over several rows as one row: 요금 above 소형 is 요금 소형."""
    return [[joined(column) for column in zip(*rows[:depth], strict=True)], *rows[depth:]]


def told_once(rows: list[list[str]], owners: Sequence[Sequence[object]]) -> list[list[str]]:
    """The rows below a header with what their first cell says in one place, however many it spans: ``owners`` has an
    object for each cell.

    >>> told_once([["구분", "구분"], ["소계", "소계"], ["소계", "소계"]], [[1, 1], [2, 2], [3, 4]])
    [['구분', '구분'], ['소계', ''], ['소계', '소계']]
    """
    return [*rows[:1], *map(_once, rows[1:], owners[1:])]


def _once(row: list[str], owners: Sequence[object]) -> list[str]:
    if not row or _AMOUNT.fullmatch(row[0]):
        return row
    return [row[0], *("" if owner is owners[0] else text for text, owner in zip(row[1:], owners[1:], strict=True))]


def is_nameless(first: Sequence[str]) -> bool:
    """Whether the first row of a table is a label and its prices, and no names of columns.

    >>> is_nameless(["번호판", "6,600"]), is_nameless(["구분", "요금"]), is_nameless(["금액", "1,000원", "5,000원"])
    (True, False, False)
    """
    label, *others = first
    return any(map(_PRICE.fullmatch, others)) and not (_AMOUNT.fullmatch(label) or _COLUMN.fullmatch(label))


def terms(rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The terms and values of a table that has them beside each other and no names of columns; none of any other.

    >>> terms([["처리부서", "민원과", "전화", "055-330-2114"], ["수수료", "없음", "없음", "없음"]])
    [('처리부서', '민원과'), ('전화', '055-330-2114'), ('수수료', '없음')]
    >>> terms([["구분", "내용"], ["처리기간", "즉시"], ["수수료", "없음"]])
    []
    """
    cells = [[text for text, _ in groupby(row)] for row in rows]
    if len(cells) < 2 or any(len(row) % 2 for row in cells):
        return []
    pairs = [pair for row in cells for pair in zip(row[::2], row[1::2], strict=True)]
    label, *first = cells[0]
    is_headed = _COLUMN.fullmatch(label) or any(_COLUMN.fullmatch(text) or _TERM.fullmatch(text) for text in first[::2])
    if is_headed or any(not 0 < len(term) <= LONGEST_NAME or _NUMBER.fullmatch(value) for term, value in pairs):
        return []
    known = sum(_TERM.fullmatch(term) is not None for term, _ in pairs)
    is_said = len(pairs) == len(cells) and len(first[0]) > LONGEST_NAME  # too long for the name of a column
    is_priced = any(_AMOUNT.fullmatch(value) for _, value in pairs)
    return pairs if known >= max(2, len(pairs) / 2) or (is_said and not is_priced) else []


def label_columns(rows: Sequence[Sequence[str]]) -> list[range]:
    """The columns side by side that share one name and hold labels within labels: 월 정기권 | 주간 below 구분.

    >>> label_columns([["구분", "구분", "값", "값"], ["월권", "주간", "500", "700"], ["월권", "야간", "300", "500"]])
    [range(0, 2)]
    """
    at = 0
    found: list[range] = []
    for name, same in groupby(rows[0] if rows else ()):
        columns = range(at, at := at + len(list(same)))
        if name and len(columns) > 1 and _are_nested([row[columns.start : columns.stop] for row in rows[1:]]):
            found.append(columns)
    return found


def _are_nested(labels: Sequence[Sequence[str]]) -> bool:
    """Whether no cell is an amount, and one stands over several others or alone in its row."""
    is_over = any(above[0] and above[0] == below[0] for above, below in pairwise(labels))
    is_alone = any(row[0] and set(row[1:]) <= {row[0], ""} for row in labels)
    return (is_over or is_alone) and not any(_AMOUNT.fullmatch(cell) for row in labels for cell in row)


def _with_joined_labels(rows: list[list[str]]) -> list[list[str]]:
    for columns in reversed(label_columns(rows)):
        first, end = columns.start, columns.stop
        rows = [[*row[:first], joined(row[first:end], ", "), *row[end:]] for row in rows]
    return rows


def joined(texts: Iterable[str], by: str = " ") -> str:
    """Some texts as one, without what the one before says."""
    return by.join(text for text, _ in groupby(filter(None, texts)))


def table_lines(rows: list[list[str]]) -> list[str]:
    """Rows of equal length as a Markdown table, the first as its header where it is one; empty rows are left out, and
    columns of labels that share a name are one.

    >>> table_lines([["구분", "구분", "요금"], ["", "", ""], ["어른", "주간", "2,000원"], ["군인", "군인", "무료"]])
    ['| 구분 | 요금 |', '| --- | --- |', '| 어른, 주간 | 2,000원 |', '| 군인 | 무료 |']
    """
    rows = [row for row in rows if any(row)]
    if found := terms(rows):
        return [f"- {term}: {value}" for term, value in found]
    rows = _with_joined_labels(rows)
    if rows and is_nameless(rows[0]):
        rows = [[""] * len(rows[0]), *rows]
    lines = [f"| {' | '.join(cell.replace('|', '｜') for cell in row)} |" for row in rows]
    return [*lines[:1], "|" + " --- |" * len(rows[0]), *lines[1:]] if lines else []
