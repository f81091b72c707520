"""Ruled lines on a page to the cells of tables: what a person sees as a grid, whatever drew it.

Coordinates are those of PDF: points, from the lower left corner.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

NEAR = 2.5
MAX_LINES = 3000
MAX_CELLS = 20_000


class Line(NamedTuple):
    """A ruled line: where it lies across its direction (``at``), and from where to where it goes."""

    at: float
    start: float
    end: float


class Place(NamedTuple):
    """A cell: its edges, and where in the table it begins and how many rows and columns it covers."""

    left: float
    bottom: float
    right: float
    top: float
    row: int
    column: int
    rows: int
    columns: int

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top


Grid = list[Place]


def grids(horizontal: Iterable[Line], vertical: Iterable[Line]) -> list[Grid]:
    """The cells of each table, row by row; a single box is no table.

    >>> [table] = grids([Line(20, 0, 100), Line(10, 0, 100), Line(0, 0, 100)], [Line(50, 0, 20)])
    >>> [(place.row, place.column, place.left, place.right) for place in table]
    [(0, 0, 0, 50), (0, 1, 50, 100), (1, 0, 0, 50), (1, 1, 50, 100)]
    """
    across, down = _joined(horizontal), _joined(vertical)
    if len(across) + len(down) > MAX_LINES:
        return []
    return [grid for group in _groups(across, down) if len(grid := _cells(*group)) > 1]


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Lines in one place as one line, also the two edges of a thin rectangle."""
    joined: list[Line] = []
    for same in _near(sorted(lines)):
        at = same[0].at
        for line in sorted(same, key=lambda line: line.start):
            if joined and joined[-1].at == at and line.start <= joined[-1].end + NEAR:
                joined[-1] = Line(at, joined[-1].start, max(joined[-1].end, line.end))
            else:
                joined.append(Line(at, line.start, line.end))
    return joined


def _near(lines: list[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and line.at - group[0].at > NEAR:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _groups(across: list[Line], down: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """The lines that touch one another, table by table."""
    left = set(range(len(down)))
    waiting = set(range(len(across)))
    while waiting:
        rows, columns, found = set[int](), set[int](), {waiting.pop()}
        while found:
            rows |= found
            met = {j for j in left for i in found if _touch(across[i], down[j])}
            columns |= met
            left -= met
            found = {i for i in waiting for j in met if _touch(across[i], down[j])}
            waiting -= found
        if columns and len(rows) > 1:
            yield [across[i] for i in sorted(rows)], [down[j] for j in sorted(columns)]


def _touch(row: Line, column: Line) -> bool:
    return row.start - NEAR <= column.at <= row.end + NEAR and column.start - NEAR <= row.at <= column.end + NEAR


def _cells(across: list[Line], down: list[Line]) -> Grid:
    """The cells of one table; where a line between two is missing, they are one. Open sides are closed."""
    xs = sorted({*(line.at for line in down), *_open_sides(across, down)})
    ys = sorted({line.at for line in across}, reverse=True)
    if len(xs) < 2 or (len(xs) - 1) * (len(ys) - 1) > MAX_CELLS:
        return []
    taken: set[tuple[int, int]] = set()
    grid: Grid = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            y = (ys[row] + ys[row + 1]) / 2
            columns = 1
            while column + columns < len(xs) - 1 and not _covers(down, xs[column + columns], y):
                columns += 1
            x = (xs[column] + xs[column + 1]) / 2
            rows = 1
            while row + rows < len(ys) - 1 and not _covers(across, ys[row + rows], x):
                rows += 1
            taken |= {(row + i, column + j) for i in range(rows) for j in range(columns)}
            edges = (xs[column], ys[row + rows], xs[column + columns], ys[row])
            grid.append(Place(*edges, row, column, rows, columns))
    return grid


def _open_sides(across: list[Line], down: list[Line]) -> Iterator[float]:
    """Where tables without outer lines end on the left and right."""
    start, end = min(line.start for line in across), max(line.end for line in across)
    if start < min(line.at for line in down) - 4 * NEAR:
        yield start
    if end > max(line.at for line in down) + 4 * NEAR:
        yield end


def _covers(lines: list[Line], at: float, point: float) -> bool:
    return any(abs(line.at - at) <= NEAR and line.start - NEAR <= point <= line.end + NEAR for line in lines)


def pieces(points: list[tuple[float, float]], is_drawn: bool) -> Iterator[tuple[bool, Line]]:
    """The level (True) and upright (False) lines of a path; one that is only filled must be as thin as a line.

    >>> list(pieces([(0, 0), (90, 0), (90, 1), (0, 1)], is_drawn=False))
    [(True, Line(at=0.0, start=0, end=90)), (True, Line(at=1.0, start=0, end=90))]
    """
    spread = [max(axis) - min(axis) for axis in zip(*points, strict=True)]
    if not is_drawn and spread and min(spread) > NEAR:
        return
    for (x1, y1), (x2, y2) in pairwise(points):
        if abs(y1 - y2) <= 1 and abs(x1 - x2) > 2 * NEAR:
            yield True, Line((y1 + y2) / 2, min(x1, x2), max(x1, x2))
        elif abs(x1 - x2) <= 1 and abs(y1 - y2) > 2 * NEAR:
            yield False, Line((x1 + x2) / 2, min(y1, y2), max(y1, y2))
