"""PDF files with a text layer: letters to lines, ruled tables to rows, lines to paragraphs."""

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers import ruling
from knowledge_base.readers.page_turn import Turn, upright
from knowledge_base.readers.ruling import Grid, Line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_DRAWN = 20_000  # a page with more is a drawing or a map
MAX_GARBLED = 0.3
_SKIPPED = {0, 0xD, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)}
_WORD_BREAK = 2  # how PDFium marks a hyphen at the end of a line, which the word does without


@dataclass(slots=True)
class TextLine:
    """A line of text: where it stands (points, from the lower left), and whether a space ends it."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    ends_in_space: bool

    @property
    def size(self) -> float:
        """The height of its letters."""
        return self.top - self.bottom


class RuledTable(NamedTuple):
    """A table, and the lines in each of its cells."""

    grid: Grid
    lines: dict[int, list[TextLine]]


@dataclass(slots=True)
class Page:
    """What stands on a page, in the order of the text layer."""

    height: float
    parts: list[TextLine | RuledTable] = field(default_factory=list)
    has_picture: bool = False

    @property
    def is_scanned(self) -> bool:
        """Whether all there is on it is a picture."""
        return self.has_picture and not self.parts

    @property
    def lines(self) -> list[TextLine]:
        """The lines outside of tables."""
        return [part for part in self.parts if isinstance(part, TextLine)]


class _Letter(NamedTuple):
    sign: str
    left: float
    bottom: float
    right: float
    top: float


def read_pages(data: bytes) -> list[Page]:
    """The pages of a PDF. Raises UnreadableFile when it is locked, damaged, or holds no letters that can be told."""
    document = _opened(data)
    try:
        pages = [_page(document, number) for number in range(len(document))]
    finally:
        document.close()
    if not any(page.parts for page in pages):
        raise UnreadableFile(
            "글자 정보가 없는 스캔 PDF입니다. 문자 인식(OCR)을 거친 PDF나 원본 문서를 가져오세요."
            if any(page.has_picture for page in pages)
            else "글이 없는 빈 PDF입니다. 내용을 확인해 주세요."
        )
    text = "".join(line.text for page in pages for line in _all_lines(page))
    if sum("\ue000" <= sign <= "\uf8ff" or sign == "\ufffd" for sign in text) > MAX_GARBLED * len(text):
        raise UnreadableFile(
            "글꼴 정보가 없어 글자를 알아볼 수 없는 PDF입니다. 문자 인식(OCR)을 거친 PDF나 원본 문서를 가져오세요."
        )
    return pages


def _all_lines(page: Page) -> Iterator[TextLine]:
    for part in page.parts:
        yield from [part] if isinstance(part, TextLine) else chain.from_iterable(part.lines.values())


def _opened(data: bytes) -> "PdfDocument":
    import pypdfium2
    from pypdfium2 import raw

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableFile(
                "암호가 걸린 PDF라 내용을 읽을 수 없습니다. 암호를 풀고 저장해 다시 가져오세요."
            ) from error
        raise UnreadableFile("손상되어 열 수 없는 PDF입니다. 원본에서 다시 저장해 가져오세요.") from error


def _page(document: "PdfDocument", number: int) -> Page:
    from pypdfium2 import raw

    page = document[number]
    try:
        turn = upright(page)
        found = Page(turn.height)
        horizontal, vertical = list[Line](), list[Line]()
        for at in range(min(raw.FPDFPage_CountObjects(page), MAX_DRAWN)):
            drawn = raw.FPDFPage_GetObject(page, at)
            kind = raw.FPDFPageObj_GetType(drawn)
            found.has_picture |= kind == raw.FPDF_PAGEOBJ_IMAGE
            if kind == raw.FPDF_PAGEOBJ_PATH:
                for is_level, line in _ruled(drawn, turn):
                    (horizontal if is_level else vertical).append(line)
        found.parts = _parts(list(_letters(page, turn)), ruling.grids(horizontal, vertical))
        return found
    finally:
        page.close()


def _ruled(path: object, turn: Turn) -> Iterator[tuple[bool, Line]]:
    """The straight lines of a path, level (True) or upright, if it is drawn or so thin that filling draws a line."""
    from pypdfium2 import raw

    fill, stroke, matrix = ctypes.c_int(), ctypes.c_int(), raw.FS_MATRIX()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    raw.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    pieces: list[tuple[bool, Line]] = []
    for number in range(min(raw.FPDFPath_CountSegments(path), MAX_DRAWN)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            pieces += ruling.pieces(points, is_drawn=bool(stroke.value))
            points = []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(
            turn.point(
                matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f
            )
        )
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    return iter(pieces + list(ruling.pieces(points, is_drawn=bool(stroke.value))))


def _letters(page: "PdfPage", turn: Turn) -> Iterator[_Letter]:
    """The letters in the order of the text layer; a line ends with ``\\n``."""
    from pypdfium2 import raw

    text, box = page.get_textpage(), raw.FS_RECTF()
    try:
        for index in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text, index)
            if code not in _SKIPPED:
                raw.FPDFText_GetLooseCharBox(text, index, box)
                sign = "" if code == _WORD_BREAK else chr(code)
                yield _Letter(sign, *turn.box(box.left, box.bottom, box.right, box.top))
    finally:
        text.close()


def _parts(letters: list[_Letter], grids: list[Grid]) -> list[TextLine | RuledTable]:
    """Lines and tables in order, a table where the first letter in it stands."""
    parts: list[TextLine | RuledTable] = []
    running: list[_Letter] = []
    cells: dict[tuple[int, int], list[_Letter]] = defaultdict(list)
    tables: dict[int, RuledTable] = {}
    place: tuple[int, int] | None = None
    for letter in letters:
        if letter.sign.strip() and grids:  # white space goes with what it follows
            place = _place(letter, grids, place)
        if place is None:
            running.append(letter)
            continue
        if place[0] not in tables:
            parts += _lines(running)
            running = []
            parts.append(tables.setdefault(place[0], RuledTable(grids[place[0]], {})))
        cells[place].append(letter)
    for (table, cell), inside in cells.items():
        tables[table].lines[cell] = _lines(inside)
    return [*parts, *_lines(running)]


def _place(letter: _Letter, grids: list[Grid], last: tuple[int, int] | None) -> tuple[int, int] | None:
    """Which cell of which table a letter stands in; most stand where the last one did."""
    x, y = (letter.left + letter.right) / 2, (letter.bottom + letter.top) / 2
    if last is not None and grids[last[0]][last[1]].holds(x, y):
        return last
    places = ((table, cell) for table, grid in enumerate(grids) for cell, found in enumerate(grid) if found.holds(x, y))
    return next(places, None)


def _lines(letters: list[_Letter]) -> list[TextLine]:
    """Letters parted where a line ends, or the next letter stands lower."""
    lines: list[TextLine] = []
    line: list[_Letter] = []
    for letter in [*letters, _Letter("\n", 0, 0, 0, 0)]:
        visible = [seen for seen in line[-1:] if seen.sign.strip()]
        is_lower = letter.sign.strip() and visible and letter.top < (visible[0].bottom + visible[0].top) / 2
        if (letter.sign == "\n" or is_lower) and line:
            lines += _line(line)
            line = []
        if letter.sign != "\n":
            line.append(letter)
    return lines


def _line(letters: list[_Letter]) -> Iterator[TextLine]:
    seen = [letter for letter in letters if letter.sign.strip()]
    if seen:
        text = "".join(letter.sign for letter in letters)
        yield TextLine(
            text.strip(),
            min(letter.left for letter in seen),
            min(letter.bottom for letter in seen),
            max(letter.right for letter in seen),
            max(letter.top for letter in seen),
            text != text.rstrip(),
        )
