"""What an XLSX file says about its cells besides their values: what is hidden, struck out, or shown in a format.

The library that reads the values tells none of this.
"""

import io
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from knowledge_base.readers import number_format
from knowledge_base.readers.markup import local_name, parsed
from knowledge_base.readers.zipped import Archive

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_COLUMNS = 16_384
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Style(NamedTuple):
    """How a cell is shown: the format code of its number, and whether it is struck out as no longer valid."""

    code: str = ""
    is_struck: bool = False


@dataclass(slots=True)
class Marks:
    """The marks of one sheet by row and column, from 0.

    ``texts`` are those of cells that are struck out in part, ``uncalculated`` formulas whose value was not saved.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styles: dict[tuple[int, int], Style] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[str] = field(default_factory=list)


def read_marks(archive: Archive) -> dict[str, Marks]:
    """The marks of each worksheet by its name. Raises lxml's XMLSyntaxError for a part that is broken."""
    reader = _Reader(
        {
            str(number): style
            for number, style in enumerate(_styles(parsed(archive.read("xl/styles.xml", missing=b"<none/>"))))
            if style != Style()
        },
        _partly_struck(archive.read("xl/sharedStrings.xml", missing=b"")),
    )
    book = parsed(archive.read("xl/workbook.xml"))
    related = parsed(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): posixpath.join("/xl", relation.get("Target", ""))[1:] for relation in related}
    names = {sheet.get("name", ""): targets.get(sheet.get(_RELATED), "") for sheet in book.iter("{*}sheet")}
    return {name: reader.marks(archive.read(part)) for name, part in names.items() if part in archive.names}


class _Reader(NamedTuple):
    """The styles of a workbook by number, and those of its shared texts that are struck out in part, without that."""

    styles: dict[str, Style]
    texts: dict[str, str]

    def marks(self, data: bytes) -> Marks:
        """The marks in the part of one sheet."""
        from lxml import etree

        marks = Marks()
        if not (self.styles or self.texts or any(mark in data for mark in (b"hidden=", b"<f", b"strike"))):
            return marks  # most exports of large tables
        at = -1
        for _, element in etree.iterparse(
            io.BytesIO(data), tag=("{*}col", "{*}row"), resolve_entities=False, no_network=True, huge_tree=False
        ):
            is_hidden = element.get("hidden") in ("1", "true")
            if local_name(element) == "row":
                at = _number(element.get("r"), at + 2) - 1
                self._mark(marks, at, element)
                if is_hidden:
                    marks.hidden_rows.add(at)
            elif is_hidden:
                last = min(_number(element.get("max")), MAX_COLUMNS)
                marks.hidden_columns |= set(range(_number(element.get("min"), 1) - 1, last))
            element.clear()
        return marks

    def _mark(self, marks: Marks, row: int, cells: "_Element") -> None:
        for number, cell in enumerate(cells):
            style = self.styles.get(cell.get("s", "0"))
            text = self._rest(cell)
            is_uncalculated = _is_uncalculated(cell)
            if style is None and text is None and not is_uncalculated:
                continue
            name = cell.get("r", "")
            place = row, _column(name) if name else number
            if style is not None:
                marks.styles[place] = style
            if text is not None:
                marks.texts[place] = text
            if is_uncalculated:
                marks.uncalculated.append(name)

    def _rest(self, cell: "_Element") -> str | None:
        """The text of a cell that is struck out in part; None for another cell."""
        kind = cell.get("t")
        if kind == "s" and self.texts:
            return self.texts.get(cell.findtext("{*}v") or "")
        inline = cell.find("{*}is") if kind == "inlineStr" else None
        return _unstruck(inline) if inline is not None and _is_partly_struck(inline) else None


def _partly_struck(data: bytes) -> dict[str, str]:
    """What is left of each shared text that is struck out in part, by its number."""
    if b"strike" not in data:
        return {}
    texts = enumerate(parsed(data).iterchildren("{*}si"))
    return {str(number): _unstruck(text) for number, text in texts if _is_partly_struck(text)}


def _is_partly_struck(text: "_Element") -> bool:
    return text.find("{*}r/{*}rPr/{*}strike") is not None


def _unstruck(text: "_Element") -> str:
    """The runs of a text but those struck out."""
    runs = text.iterchildren("{*}r")
    return "".join(run.findtext("{*}t") or "" for run in runs if not any(map(_is_struck, run.iterchildren("{*}rPr"))))


def _is_struck(font: "_Element") -> bool:
    return any(mark.get("val") not in ("0", "false") for mark in font.iterchildren("{*}strike"))


def _styles(root: "_Element") -> Iterator[Style]:
    """The style of each number that cells refer to."""
    codes = dict(number_format.BUILT_IN)
    codes |= {_number(own.get("numFmtId")): own.get("formatCode", "") for own in root.iter("{*}numFmt")}
    fonts = [font for fonts in root.iterchildren("{*}fonts") for font in fonts]
    struck = [_is_struck(font) for font in fonts]
    for formats in root.iterchildren("{*}cellXfs"):
        for own in formats:
            font = _number(own.get("fontId"))
            yield Style(codes.get(_number(own.get("numFmtId")), ""), font < len(struck) and struck[font])


def _is_uncalculated(cell: "_Element") -> bool:
    """Whether a cell has a formula but no value: Excel computes it when it opens the file, we do not."""
    if not len(cell) or not cell[0].tag.endswith("}f"):
        return False
    value = cell.find("{*}v")
    return value is None or (not value.text and cell.get("t") != "str")  # a text may be an empty one


def _column(place: str) -> int:
    """The column of a place, from 0.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    column = 0
    for letter in place.rstrip("0123456789"):
        column = column * 26 + ord(letter.upper()) - 64
    return column - 1


def _number(value: str | None, default: int = 0) -> int:
    return int(value) if value and len(value) < 10 and value.isdecimal() else default
