"""HWPX and HWPML: two XML dialects of one model, told apart by letter case and a few attributes."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.flow import Box, Cell, Inline, Note, Omitted, Paragraph, Table
from knowledge_base.readers.markup import local_name, parsed
from knowledge_base.readers.numbering import Counter, Figures, Level, Numbering
from knowledge_base.readers.zipped import Archive

if TYPE_CHECKING:
    from lxml.etree import _Element

_OMITTED = {
    "header": Omitted.RUNNING,
    "footer": Omitted.RUNNING,
    "masterpage": Omitted.RUNNING,
    "hiddencomment": Omitted.COMMENT,
    "memo": Omitted.COMMENT,
    "memogroup": Omitted.COMMENT,
}
_DRAWINGS = {
    *("pic", "picture", "rect", "rectangle", "ellipse", "arc", "polygon", "curve", "line", "connectline"),
    *("container", "ole", "chart", "video", "textart"),
}
_CHARACTERS = {"tab": "\t", "linebreak": "\n", "nbspace": " ", "fwspace": " ", "hyphen": "-", "hypen": "-"}
_PICTURE_TEXT = ("shapecomment", "secpr", "secdef", "parameters", "parameterset", "linesegarray", "metatag")


def read_hwpx(archive: Archive) -> list[Paragraph]:
    """The paragraphs of all sections. Raises UnreadableFile for an encrypted document."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml", missing=b""):
        raise UnreadableFile(
            "암호가 걸린 한글 문서라 내용을 읽을 수 없습니다. 한글에서 문서 암호를 풀고 다시 저장해 가져오세요."
        )
    sections = archive.numbered("Contents/section", ".xml")
    if not sections:
        raise UnreadableFile("본문이 들어 있지 않은 한글 문서입니다. 한글에서 다시 저장해 가져오세요.")
    reader = _Reader(parsed(archive.read("Contents/header.xml", missing=b"<head/>")))
    return [paragraph for name in sections for paragraph in reader.section(parsed(archive.read(name)))]


def read_hwpml(data: bytes) -> list[Paragraph]:
    """The paragraphs of all sections."""
    root = parsed(data)
    reader = _Reader(root)
    return [paragraph for section in root.iter("SECTION") for paragraph in reader.section(section)]


class _Reader:
    """One document: its paragraph shapes and numberings, and the numbers given so far."""

    def __init__(self, head: "_Element") -> None:
        self._shapes: dict[str, tuple[str, str, int]] = {}
        self._numberings: dict[str, Numbering] = {}
        for element in head.iter():
            match local_name(element):
                case "parapr":
                    for heading in _named(element, "heading"):
                        kind, key = heading.get("type", ""), heading.get("idRef", "")
                        self._shapes[element.get("id", "")] = (kind.upper(), key, _number(heading.get("level")))
                case "parashape":
                    kind, key = element.get("HeadingType", ""), element.get("Heading", "")
                    self._shapes[element.get("Id", "")] = (kind.upper(), key, _number(element.get("Level")))
                case "numbering" if element.get("id") or element.get("Id"):
                    self._numberings[element.get("id") or element.get("Id") or ""] = _numbering(element)
        self._outline = ""
        self._is_deleted = False
        self._counter = Counter()

    def section(self, root: "_Element") -> list[Paragraph]:
        return [self._paragraph(child) for child in root if local_name(child) == "p"]

    def _paragraph(self, element: "_Element") -> Paragraph:
        for section in element.iter("{*}secPr", "SECDEF"):
            self._outline = section.get("outlineShapeIDRef") or section.get("OutlineShape") or ""
        label, heading = self._label(element.get("paraPrIDRef") or element.get("ParaShape") or "")
        content = [part for child in element for part in self._inline(child)]
        return Paragraph(content, label, heading)

    def _label(self, shape: str) -> tuple[str, int]:
        """The number or bullet of a paragraph, and its outline level from 1 (0: none)."""
        kind, key, depth = self._shapes.get(shape, ("", "", 0))
        if kind == "BULLET":
            return "-", 0
        if kind not in ("OUTLINE", "NUMBER"):
            return "", 0
        if kind == "OUTLINE":
            key = self._outline
        return self._counter.label(key, self._numberings.get(key, ()), depth), depth + 1 if kind == "OUTLINE" else 0

    def _inline(self, element: "_Element") -> Iterator[Inline]:
        name = local_name(element)
        if name in _OMITTED:
            yield _OMITTED[name]
        elif name in ("t", "char"):
            yield from self._text(element)
        elif name in ("tbl", "table"):
            yield self._table(element)
        elif name in ("footnote", "endnote"):
            yield Note(self._within(element))
        elif name in _DRAWINGS:
            yield Omitted.DRAWING
            yield (element.get("text") or element.get("Text") or "").replace("␍␊", " ")
            yield Box(self._within(element))
        elif name == "p":
            yield Box([self._paragraph(element)])
        elif name == "fieldbegin" and (element.get("type") or element.get("Type") or "").upper() == "MEMO":
            yield Omitted.COMMENT
        elif name not in _PICTURE_TEXT:
            yield from _own_text(element, name)
            for child in element:
                yield from self._inline(child)

    def _text(self, element: "_Element") -> Iterator[str]:
        """The characters of a run but those deleted under change tracking."""
        for name, following in [("", element.text), *((local_name(child), child.tail) for child in element)]:
            if name in ("deletebegin", "deleteend"):
                self._is_deleted = name == "deletebegin"
            if not self._is_deleted:
                yield _CHARACTERS.get(name, "") + (following or "")

    def _within(self, element: "_Element") -> list[Paragraph]:
        """The paragraphs anywhere in an element, in order."""
        found: list[Paragraph] = []
        for child in element:
            found += [self._paragraph(child)] if local_name(child) == "p" else self._within(child)
        return found

    def _table(self, element: "_Element") -> Table:
        places = (at.get("treatAsChar") or at.get("TreatAsChar") or "" for at in element.iter("{*}pos", "POSITION"))
        table = Table([], floats=next(places, "") in ("0", "false"))
        for caption in _named(element, "caption"):
            table.caption.extend(self._within(caption))
        for row in _named(element, "tr", "row"):
            for cell in _named(row, "tc", "cell"):
                at = {key.lower(): value for part in (cell, *cell) for key, value in part.attrib.items()}
                row_at, column, rows, columns = (
                    _number(at.get(name)) for name in ("rowaddr", "coladdr", "rowspan", "colspan")
                )
                table.cells.append(Cell(row_at, column, rows, columns, self._within(cell)))
        return table


def _own_text(element: "_Element", name: str) -> Iterator[str]:
    """The text of elements that keep it outside runs."""
    if name == "script":  # of an equation
        yield element.text or ""
    elif name == "compose":  # characters written over one another
        yield element.get("composeText") or ""
    elif name == "maintext":
        yield element.text or ""
    elif name == "subtext":  # the gloss above a word
        yield f"({element.text or ''})"
    elif name == "autonum":
        kind = element.get("numType") or element.get("NumberType") or ""
        if kind.upper() in ("PICTURE", "FIGURE", "TABLE", "EQUATION"):
            yield element.get("num") or element.get("Number") or ""


def _numbering(element: "_Element") -> Numbering:
    levels: list[Level] = []
    for head in _named(element, "parahead"):
        figures = Figures.named(head.get("numFormat") or head.get("NumFormat") or "")
        levels.append(Level(head.text or "", figures, _number(head.get("start") or head.get("Start") or "1")))
    return tuple(levels)


def _named(element: "_Element", *names: str) -> "Iterable[_Element]":
    return (child for child in element if local_name(child) in names)


def _number(value: str | None) -> int:
    return int(value) if value and len(value) < 10 and value.isdecimal() else 0
