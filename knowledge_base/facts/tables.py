"""The numbers of Markdown tables with their units, wherever those stand.

In a caption above the table (단위: 천원) or the heading of the passage that is cut from it, in the name of a column
(요금(천원)), or in the row itself.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from knowledge_base.facts.numerals import value
from knowledge_base.facts.units import UNIT

RULE = re.compile(r"\|[\s:|-]+")
"""The line below the header."""
CAPTION = re.compile(
    r"[(\[<〔【]\s*(?:(?P<basis>[^()\[\]<>〔〕【】|\n]{1,20}?)[\s,·]+(?=(?:금액\s*)?단위\s{0,3}[:：]))?"
    r"(?:금액\s*)?단위\s{0,3}[:：]?\s{0,3}(?P<inside>[^()\[\]<>〔〕【】|\n]{1,30})[)\]>〕】]"
    r"|(?:^|(?<=[\s※*]))단위\s{0,3}[:：]\s{0,3}(?P<line>[^\n|]{1,30}?)\s*$"
    r"|\(\s*(?P<alone>(?:[천만]|백만)?원(?:\s?/\s?[^\s,()|]{1,8})?)\s*(?:,[^()|\n]{1,20})?\)\s*$",
    re.MULTILINE,
)
"""What says the unit of a table, and on what basis its numbers are: (1일, 단위: 원), or (원/㎥, 월 기준) at the end."""
_BASIS = re.compile(
    rf"(?P<per>월|연|년|(?:\d+\s?)?(?:{UNIT})(?:\s\d+\s?(?:{UNIT}))?)\s?(?:당|기준|마다)?", re.IGNORECASE
)
_SCALED = r"(?:천|만|백만|천만|억)\s?(?:명|인|건|㎡|톤|달러|가구)"
_MONEY = r"(?:천만|백만|십만|천|만|억)?\s?원"
_NAME = rf"(?P<unit>{_MONEY}|{_SCALED}|{UNIT})(?:\s?/\s?(?P<per>[^\s,()\[\]]{{1,8}}))?"
_BRACKET = re.compile(rf"[(\[]\s*(?:단위\s*[:：]?\s*)?{_NAME}(?:[)\]]|(?=[,\s]))", re.IGNORECASE)
_LISTED = re.compile(rf"(?:^|(?<=[\s,·])){_NAME}(?=[\s,·]|$)", re.IGNORECASE)
_OF_ROW = re.compile(rf"{_MONEY}|{_SCALED}|%")
_ONE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?<![\d.,:×~∼A-Za-z가-힣-])(?:(?<![가-힣]\()|(?=\d+,\d{{3}})){_ONE}(?:\s?[~∼-]\s?{_ONE})?"
    r"(?=\s*(?:[,/·~∼-][\d\s,./·~∼-]*+)?(?:$|[()]|이[상하]|미만|초과|(?<=[,/·~∼])|(?<=[,/·~∼]\s)))"
)
"""A number with no unit of its own, none behind those it is listed with (09~12시, 60·70대), and no age or size in the
brackets behind a word: 어른(19~64)."""
_CELL = re.compile(r"(?<=\|)[^|\n]*(?=\|)|(?<=\|)[^|\n]*[^|\s][^|\n]*$", re.MULTILINE)
HOW_MUCH = re.compile(r"단위|기준|기간|수량")
"""Names of columns that say how much of the thing a price is for."""
_NO_UNIT = re.compile(rf"{HOW_MUCH.pattern}|번호|연번|순번|연도|비고|근거|^(?:\S+\s?)?시간$")
"""Names of columns whose bare numbers are not what the caption says."""
_NO_PRICE = re.compile(
    rf"{_NO_UNIT.pattern}|인원|정원|좌석|면적|규격|용량|[율률]$|[횟회대면건권매개층점호]수$"
    r"|^(?:[가-힣]+\s?)?(?:구분|종류|대상|연령|나이|사용량|거리)$|^(?:구간|등급|급지)$"
)
"""Names of columns whose bare numbers are no money either."""
_PRICED = re.compile(r"[료금비액세값]|가격")
"""Names of columns that hold prices, whose unit in brackets may be what the price is for."""
_CHARGE = re.compile(
    r"(?:(?:요|벌|상|장학|지원|장려|보증|축하|보조|보상|환급|부담|분담|적립|가산)금|[금세]액|가격|단가|비용|수당|값|[가-힣]료|"
    r"(?:회|참가|재료|운영|교육|배송|이용|치료|진료|검사|급식|사업|인건)비)(?:\s?[(\[]|표?$)"
)
"""What names prices, in won where nothing gives a unit."""
_HOLDS = {"%": re.compile("[율률]|비중"), "명": re.compile("인원|정원|[가-힣]수$")}
"""Names of columns that hold what is counted so, where a caption gives several units."""
_EACH = {"월": "월", "년": "연", "연": "연", "일": "1일", "인": "1인당"}
"""How a price for each of these is told, where others are with 당."""
_FOR = re.compile(r"(?:^|[\s(])(?:월(?=\s|정|$)|연(?=\s|$)|\d+\s?(?:분|시간|일|회|박|주|개월|년))")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_IN_FULL = re.compile("(천|십만|백만)(.+)")
"""Units that nobody says: 30 of 천원 are 30,000원, but 30 of 만원 are 30만원."""


class Unit(NamedTuple):
    """What a number counts, and for how much: 천원 and 월 of (단위: 천원/월)."""

    name: str
    per: str = ""

    @property
    def is_money(self) -> bool:
        """Whether it is one of money."""
        return self.name.endswith("원")

    def after_numbers(self, cell: str) -> str:
        """``cell`` with the unit after its numbers."""
        return _NUMBER.sub(lambda number: self.written(number[0]), cell)

    def written(self, number: str) -> str:
        """``number`` with the unit.

        >>> Unit("천원", "월").written("30~50"), Unit("원", "개").written("5,000"), Unit("만원").written("3")
        ('월 30,000~50,000원', '개당 5,000원', '3만원')
        """
        each = f"{_EACH.get(self.per, f'{self.per}당')} " if self.per else ""
        scaled = _IN_FULL.fullmatch(self.name)
        if scaled is None or (scale := value(scaled[1])) is None:
            return f"{each}{number}{self.name}"
        return f"{each}{_FIGURE.sub(lambda figure: _times(figure[0], scale), number)}{scaled[2]}"


class Columns(NamedTuple):
    """The names of the columns of a table, the units that its caption gives (both may be empty), and whether it is
    headed as one of prices."""

    names: Sequence[str]
    units: tuple[Unit, ...] = ()
    are_charges: bool = False


class Row(NamedTuple):
    """A line of a table below its header, and where it starts."""

    start: int
    line: str
    columns: Columns


class Cell(NamedTuple):
    """A cell below the name of its column, which has no unit where the numbers of the cell have it."""

    name: str
    text: str


def cells(row: str) -> list[str]:
    """The cells of one line of a table."""
    return [cell.strip() for cell in _CELL.findall(row)] or [""]


def caption(text: str) -> str:
    """The last caption of a unit in ``text``, '' where there is none."""
    return next((match[0].strip() for match in reversed([*CAPTION.finditer(text)])), "")


def columns(before: str, heading: str = "") -> Columns:
    """The columns of a row with ``before`` above it.

    A row cut off from the top of its table has their names in the ``heading`` of its passage; nowhere named, none.

    >>> columns("(단위: 천원)\\n| 시설 | 주간 |\\n|---|---|")
    Columns(names=['시설', '주간'], units=(Unit(name='천원', per=''),), are_charges=False)
    """
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    rules = [n for n, line in enumerate(lines) if n and RULE.fullmatch(line)]
    if not rules:
        is_cut = all(line.startswith("|") for line in lines)
        title, _, names = heading.rpartition(" > ")
        return Columns(names.split(", "), _units(heading), _is_of_charges(title)) if is_cut else Columns([])
    top = rules[-1] - 1
    above = next((n for n in range(top, 0, -1) if lines[n - 1].startswith("|")), 0)
    units = _units("\n".join(lines[above:top])) or _units(_of_others(heading) if above else heading)
    return Columns(cells(lines[top]), units, _is_of_charges(heading))


def rows(text: str, heading: str = "") -> Iterator[Row]:
    """The rows of the tables in ``text``, without headers and rules."""
    lines = text.splitlines(keepends=True)
    known: Columns | None = None
    above = position = 0
    for n, line in enumerate(lines):
        start, position = position, position + len(line)
        if not line.lstrip().startswith("|"):
            if known:
                above, known, heading = start, None, _of_others(heading)
        elif n + 1 < len(lines) and RULE.fullmatch(lines[n + 1].strip()):
            known = columns(text[above:position] + lines[n + 1], heading)
        elif not RULE.fullmatch(line.strip()):
            known = known or columns(text[above:start], heading)
            yield Row(start, line, known)


def units(text: str) -> dict[int, Unit]:
    """The units of the numbers in the tables of ``text``, by where a number starts."""
    return {
        row.start + cell.start() + number.start(): unit
        for row in rows(text)
        for cell, (_, _, unit) in zip(_CELL.finditer(row.line), _named(cells(row.line), row.columns), strict=False)
        if unit
        for number in _NUMBER.finditer(cell[0])
    }


def written(text: str, heading: str = "") -> str:
    """``text`` with the units of its tables in their cells, rows cut off from their header below it again.

    >>> written("| 수영장 | 30 |", "요금 > (단위: 천원) > 시설, 평일").splitlines()
    ['| 시설 | 평일 |', '| --- | --- |', '| 수영장 | 30,000원 |']
    """
    found = list(rows(text, heading))
    told: list[str] = []
    end = 0
    for row in found:
        told += (text[end : row.start], _written(row))
        end = row.start + len(row.line)
    names = found[0].columns.names if found and not text[: found[0].start].strip() else []
    top = [names, ["---"] * len(names)] if found and len(names) == len(cells(found[0].line)) else []
    return "".join((*(f"| {' | '.join(line)} |\n" for line in top), *told, text[end:]))


def _written(row: Row) -> str:
    told = iter(named_cells(row.line, row.columns))
    return _CELL.sub(lambda cell: cell[0].replace(cell[0].strip(), next(told).text, 1), row.line)


def named_cells(row: str, columns: Columns) -> Iterator[Cell]:
    """The cells of a row, numbers with the unit that their column, the row or the caption gives."""
    found = cells(row)
    for text, (name, plain, unit) in zip(found, _named(found, columns), strict=True):
        told = unit.after_numbers(text) if unit else text
        yield Cell(name if told == text else plain, told)


def _named(found: Sequence[str], columns: Columns) -> Iterator[tuple[str, str, Unit | None]]:
    """The name of each cell of a row, that without a unit, and the unit."""
    of_row = _of_row(found)
    given = (of_row,) if of_row else columns.units
    is_all_prices = _GROUPED.fullmatch(found[0]) and all(map(_NUMBER.fullmatch, found))  # 1인, 2인, …: no label
    for place, name in enumerate(columns.names if len(columns.names) == len(found) else [""] * len(found)):
        own = _BRACKET.search(name)
        if own and (own["unit"].endswith("원") or not _PRICED.search(name)):
            yield name, name.replace(own[0], "").strip() if own[0][-1] in ")]" else name, _unit(own)
        else:
            unit = _given(name, given) or _assumed(found[place], name, columns)
            yield name, name, unit if place or is_all_prices else None


def _is_of_charges(heading: str) -> bool:
    return _CHARGE.search(heading.rpartition(" > ")[2]) is not None


def _assumed(cell: str, name: str, columns: Columns) -> Unit | None:
    """Won, for thousands in a column or table of prices to which nothing gives a unit."""
    is_charge = _CHARGE.search(name) or (columns.are_charges and not _NO_PRICE.search(name))
    return Unit("원") if is_charge and not columns.units and _GROUPED.fullmatch(cell) else None


def _times(figure: str, scale: Decimal) -> str:
    return f"{(Decimal(figure.replace(',', '')) * scale).normalize():,f}"


def _unit(match: re.Match[str]) -> Unit:
    return Unit(match["unit"].replace(" ", ""), match["per"] or "")


def _units(text: str) -> tuple[Unit, ...]:
    """The units of the last caption in ``text``."""
    match = CAPTION.search(caption(text))
    if match is None:
        return ()
    basis = _BASIS.fullmatch(match["basis"] or "")
    found = map(_unit, _LISTED.finditer(match["inside"] or match["line"] or match["alone"]))
    return tuple(unit._replace(per=unit.per or basis["per"]) if basis and unit.is_money else unit for unit in found)


def _of_others(heading: str) -> str:
    """A heading without the caption of the table that the passage begins in."""
    return " > ".join(title for title in heading.split(" > ") if not CAPTION.fullmatch(title))


def _of_row(found: Sequence[str]) -> Unit | None:
    """The unit in the first cell (수영장(천원)), or alone in another one."""
    own = _BRACKET.search(found[0])
    named = [own["unit"]] if own else []
    return next((Unit(name.replace(" ", "")) for name in (*named, *found[1:]) if _OF_ROW.fullmatch(name)), None)


def _given(name: str, units: Sequence[Unit]) -> Unit | None:
    """Which of the units of its table a column has; what a price is for, its name may say itself: 1일 이용료."""
    if len(units) == 1:
        excluded = _NO_PRICE.search(name) if units[0].is_money else _NO_UNIT.search(name) or _PRICED.search(name)
        return None if excluded else units[0]._replace(per="" if _FOR.search(name) else units[0].per)
    return next((unit for unit in units if _HOLDS.get(unit.name, _PRICED).search(name)), None)
