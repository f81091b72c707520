"""Word documents (DOCX): the paragraphs of the body as the flow of a document."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.flow import Box, Cell, Inline, Note, Omitted, Paragraph, Table, superscript
from knowledge_base.readers.markup import local_name, parsed
from knowledge_base.readers.numbering import Counter, Figures, Level, Numbering
from knowledge_base.readers.zipped import Archive

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "nobreakhyphen": "-", "ptab": "\t"}
_DELETED = ("del", "movefrom", "instrtext", "deltext", "rpr", "ppr", "sectpr", "tblpr", "fallback")
_DRAWINGS = ("drawing", "pict", "object")
_FIGURES = {
    "upperRoman": Figures.ROMAN_CAPITAL,
    "lowerRoman": Figures.ROMAN_SMALL,
    "upperLetter": Figures.LATIN_CAPITAL,
    "lowerLetter": Figures.LATIN_SMALL,
    "ganada": Figures.HANGUL_SYLLABLE,
    "chosung": Figures.HANGUL_JAMO,
    "decimalEnclosedCircle": Figures.CIRCLED_DIGIT,
    "decimalEnclosedCircleChinese": Figures.CIRCLED_DIGIT,
    "koreanDigital": Figures.HANGUL_PHONETIC,
    "koreanCounting": Figures.HANGUL_PHONETIC,
    "ideographDigital": Figures.IDEOGRAPH,
    "taiwaneseCounting": Figures.IDEOGRAPH,
}
_NOT_OUTLINED = 9


def read_docx(archive: Archive) -> list[Paragraph]:
    """The paragraphs of the body, headers and footers left out. Raises UnreadableFile without a body."""
    reader = _Reader(archive)
    body = parsed(archive.read("word/document.xml")).find(f"{_W}body")
    if body is None:
        raise UnreadableFile("본문이 들어 있지 않은 워드 문서입니다. 워드에서 다시 저장해 가져오세요.")
    return reader.paragraphs(body)


class _Reader:
    """One document: its styles, numberings and notes, and the numbers given so far."""

    def __init__(self, archive: Archive) -> None:
        empty = b"<none/>"
        styles = parsed(archive.read("word/styles.xml", empty))
        self._styles = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
        numbering = parsed(archive.read("word/numbering.xml", empty))
        self._numberings = dict(_numberings(numbering))
        self._notes = {
            (kind, note.get(f"{_W}id")): note
            for kind in ("footnote", "endnote")
            for note in parsed(archive.read(f"word/{kind}s.xml", empty)).iter(f"{_W}{kind}")
        }
        self._counter = Counter()

    def paragraphs(self, element: "_Element") -> list[Paragraph]:
        """The paragraphs and tables of a body, a cell, a note or a text box, in order."""
        found: list[Paragraph] = []
        for child in element:
            name = local_name(child)
            if name == "p":
                found.append(self._paragraph(child))
            elif name == "tbl":
                found.append(Paragraph([self._table(child)]))
            elif name not in _DELETED:
                found += self.paragraphs(child)
        return found

    def _paragraph(self, element: "_Element") -> Paragraph:
        if _is_deleted(element):
            return Paragraph([])
        label, heading = self._label(element)
        return Paragraph([part for child in element for part in self._inline(child)], label, heading)

    def _label(self, element: "_Element") -> tuple[str, int]:
        """The number or bullet of a paragraph, and its outline level from 1 (0: none)."""
        properties = list(self._properties(element))
        outline = _first(properties, "outlineLvl")
        heading = _number(outline, _NOT_OUTLINED) + 1
        reference, depth = _first(properties, "numPr/{0}numId"), _first(properties, "numPr/{0}ilvl")
        key, numbering = self._numberings.get(reference, ("", ()))
        label = ""
        if numbering:
            level = min(_number(depth, 0), len(numbering) - 1)
            is_bullet = not numbering[level].template
            label = "-" if is_bullet else self._counter.label(key, numbering, level)
        return label, heading if heading <= _NOT_OUTLINED else 0

    def _properties(self, element: "_Element") -> "Iterator[_Element]":
        """The paragraph's own properties, then those of its style and of the styles that is based on."""
        own = element.find(f"{_W}pPr")
        if own is not None:
            yield own
        name = _value(own, "pStyle")
        for _ in range(20):  # a style may be based on itself
            style = self._styles.get(name)
            if style is None:
                return
            properties = style.find(f"{_W}pPr")
            if properties is not None:
                yield properties
            name = _value(style, "basedOn")

    def _inline(self, element: "_Element") -> Iterator[Inline]:
        name = local_name(element)
        if name in _DELETED or (name == "r" and _is_unseen(element)):
            return
        if name == "t":
            yield element.text or ""
        elif name == "sym":
            yield _sign(element.get(f"{_W}char", ""))
        elif name == "r" and _value(element, "rPr/{0}vertAlign") == "superscript":
            for part in (part for child in element for part in self._inline(child)):
                yield superscript(part) if isinstance(part, str) else part
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name in ("footnotereference", "endnotereference"):
            note = self._notes.get((name.removesuffix("reference"), element.get(f"{_W}id")))
            if note is not None:
                yield Note(self.paragraphs(note))
        elif name == "txbxcontent":
            yield Box(self.paragraphs(element))
        else:
            if name in _DRAWINGS:
                yield Omitted.DRAWING
            for child in element:
                yield from self._inline(child)

    def _table(self, element: "_Element") -> Table:
        """Cells with the rows below that continue them taken into their span."""
        cells: list[Cell] = []
        open_cells: dict[int, int] = {}  # column → index of the cell that a row below may continue
        for row, line in enumerate(_rows(element)):
            column = _number(_value(line, "trPr/{0}gridBefore"), 0)
            for cell in line.iterchildren(f"{_W}tc"):
                width = max(_number(_value(cell, "tcPr/{0}gridSpan"), 1), 1)
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is not None and merge.get(f"{_W}val") != "restart" and column in open_cells:
                    above = cells[open_cells[column]]
                    cells[open_cells[column]] = above._replace(rows=row - above.row + 1)
                else:
                    open_cells[column] = len(cells)
                    cells.append(Cell(row, column, 1, width, self.paragraphs(cell)))
                column += width
        return Table(cells)


def _rows(table: "_Element") -> "Iterator[_Element]":
    """The rows of a table itself, and not of those in its cells."""
    for child in table:
        if local_name(child) == "tr":
            if not _is_on(child.find(f"{_W}trPr/{_W}hidden")):
                yield child
        elif local_name(child) in ("sdt", "sdtcontent", "customxml"):
            yield from _rows(child)


def _is_deleted(paragraph: "_Element") -> bool:
    """Whether a paragraph is deleted as a whole under change tracking, so that it takes no number."""
    mark = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del")
    return mark is not None and all(
        any(local_name(above) in _DELETED for above in text.iterancestors()) for text in paragraph.iter(f"{_W}t")
    )


def _sign(code: str) -> str:
    """A sign of a symbol font, by its number in hexadecimal."""
    return chr(int(code, 16)) if re.fullmatch("[0-9a-fA-F]{4}", code) else ""


def _is_unseen(run: "_Element") -> bool:
    """Whether a run is hidden, or struck out as no longer valid."""
    properties = run.find(f"{_W}rPr")
    marks = ("vanish", "strike", "dstrike")
    return properties is not None and any(_is_on(properties.find(f"{_W}{mark}")) for mark in marks)


def _is_on(toggle: "_Element | None") -> bool:
    return toggle is not None and toggle.get(f"{_W}val", "true") not in ("0", "false", "off")


def _numberings(root: "_Element") -> "Iterator[tuple[str, tuple[str, Numbering]]]":
    """What paragraphs refer to: a list that goes on counting wherever its levels are used, unless it starts anew."""
    abstract = {
        element.get(f"{_W}abstractNumId", ""): tuple(_level(level) for level in element.iterchildren(f"{_W}lvl"))
        for element in root.iterchildren(f"{_W}abstractNum")
    }
    for element in root.iterchildren(f"{_W}num"):
        name, key = element.get(f"{_W}numId", ""), _value(element, "abstractNumId")
        levels = list(abstract.get(key, ()))
        for override in element.iterchildren(f"{_W}lvlOverride"):
            depth, start = _number(override.get(f"{_W}ilvl", ""), 0), _value(override, "startOverride")
            if start and depth < len(levels):
                key = f"{key}/{name}"
                levels[depth] = levels[depth]._replace(start=_number(start, 1))
        yield name, (key, tuple(levels))


def _level(element: "_Element") -> Level:
    """A bullet has an empty template, a level without any mark one of a space."""
    figures = _value(element, "numFmt")
    template = {"bullet": "", "none": " "}.get(figures, _value(element, "lvlText").replace("%", "^"))
    return Level(template, _FIGURES.get(figures, Figures.DIGIT), _number(_value(element, "start"), 1))


def _first(properties: "list[_Element]", path: str) -> str:
    return next(filter(None, (_value(element, path) for element in properties)), "")


def _value(element: "_Element | None", path: str) -> str:
    """The ``w:val`` of the element at ``path`` (steps after the first begin with ``{0}``), or nothing."""
    found = None if element is None else element.find(_W + path.format(_W))
    return "" if found is None else found.get(f"{_W}val", "")


def _number(value: str, default: int) -> int:
    return int(value) if len(value) < 10 and value.isdecimal() else default
