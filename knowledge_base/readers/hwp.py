"""HWP 5 files (OLE): the records of their sections as the flow of a document.

Field offsets are those of the specification Hancom publishes (한글 문서 파일 형식 5.0).
"""

import io
import struct
import zlib
from collections import deque
from dataclasses import dataclass, field
from itertools import count, takewhile

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.flow import Box, Cell, Inline, Note, Omitted, Paragraph, Table
from knowledge_base.readers.numbering import Counter, Figures, Level, Numbering

MAX_UNPACKED = 256 * 1024 * 1024
_NUMBERING, _SHAPE = 23, 25
_PARAGRAPH, _TEXT, _CONTROL, _LIST, _TABLE, _EQUATION, _TEXT_ART = 66, 67, 71, 72, 77, 88, 90
_COMPRESSED, _PASSWORD, _DISTRIBUTED, _PROTECTED = 0x1, 0x2, 0x4, 0x10 | 0x400
_OUTLINE, _NUMBERED, _BULLETED = 1, 2, 3
_WITH_CONTROL = {1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23}  # characters that stand for a control record
_WIDE = _WITH_CONTROL | {4, 5, 6, 7, 8, 9, 19, 20}  # characters eight units long
_NARROW = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
_OMITTED = {b"head": Omitted.RUNNING, b"foot": Omitted.RUNNING, b"tcmt": Omitted.COMMENT, b"%%me": Omitted.COMMENT}
_COUNTED = (3, 4, 5)  # automatic numbers of pictures, tables and equations; the others are of pages and notes


@dataclass(slots=True)
class Record:
    """A record and those it holds."""

    tag: int
    data: bytes
    children: "list[Record]" = field(default_factory=list)

    def number(self, at: int, size: str = "H") -> int:
        """The unsigned number at a byte offset; 0 beyond the end, for the shorter records of older versions."""
        end = at + struct.calcsize(f"<{size}")
        return int(struct.unpack_from(f"<{size}", self.data, at)[0]) if end <= len(self.data) else 0

    def string(self, at: int) -> str:
        """The text whose length stands at a byte offset."""
        return self.data[at + 2 : at + 2 + 2 * self.number(at)].decode("utf-16-le", "replace")

    @property
    def name(self) -> bytes:
        """Which control this is: ``tbl``, ``gso``, …"""
        return self.data[3::-1].rstrip() if len(self.data) >= 4 else b""


def read_sections(data: bytes) -> list[Paragraph]:
    """The paragraphs of all sections. Raises UnreadableFile for a locked document."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as file:
        flags = struct.unpack_from("<I", file.openstream("FileHeader").read(40), 36)[0]
        _refuse_locked(flags)

        def records(name: str) -> list[Record]:
            packed = file.openstream(name).read()
            return tree(_unpacked(packed) if flags & _COMPRESSED else packed)

        reader = _Reader(records("DocInfo"))
        names = takewhile(file.exists, (f"BodyText/Section{number}" for number in count()))
        return [paragraph for name in names for paragraph in reader.section(records(name))]


def _refuse_locked(flags: int) -> None:
    if flags & _PASSWORD:
        raise UnreadableFile(
            "암호가 걸린 한글 문서라 내용을 읽을 수 없습니다. 한글에서 문서 암호를 풀고 다시 저장해 가져오세요."
        )
    if flags & _DISTRIBUTED:
        raise UnreadableFile(
            "배포용으로 잠긴 한글 문서라 내용을 읽을 수 없습니다. "
            "문서를 만든 부서에서 배포용이 아닌 원본을 받아 가져오세요."
        )
    if flags & _PROTECTED:
        raise UnreadableFile(
            "DRM으로 보호된 한글 문서라 내용을 읽을 수 없습니다. 보호를 푼 파일로 저장해 다시 가져오세요."
        )


def _unpacked(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-15)
    unpacked = inflater.decompress(data, MAX_UNPACKED)
    if not inflater.eof and not inflater.unconsumed_tail:
        raise _damaged()
    if inflater.unconsumed_tail:
        raise UnreadableFile("압축을 풀면 너무 큰 한글 문서입니다. 여러 파일로 나누어 가져오세요.")
    return unpacked


def _damaged() -> UnreadableFile:
    return UnreadableFile("중간이 손상된 한글 문서입니다. 한글에서 열어 확인하고 다시 저장해 가져오세요.")


def tree(data: bytes) -> list[Record]:
    """The records of a stream, each below the last one of a lower level."""
    top: list[Record] = []
    open_lists = [top]
    at = 0
    while at + 4 <= len(data):
        header = struct.unpack_from("<I", data, at)[0]
        at += 4
        level, size = header >> 10 & 0x3FF, header >> 20
        if size == 0xFFF and at + 4 <= len(data):
            size = struct.unpack_from("<I", data, at)[0]
            at += 4
        if at + size > len(data):
            raise _damaged()
        record = Record(header & 0x3FF, data[at : at + size])
        del open_lists[level + 1 :]
        open_lists[-1].append(record)
        open_lists.append(record.children)
        at += size
    return top


class _Reader:
    """One document: its paragraph shapes and numberings, and the numbers given so far."""

    def __init__(self, info: list[Record]) -> None:
        found = [record for top in info for record in (top, *top.children)]
        self._shapes = [record for record in found if record.tag == _SHAPE]
        self._numberings = [_numbering(record) for record in found if record.tag == _NUMBERING]
        self._outline = 0
        self._counter = Counter()

    def section(self, records: list[Record]) -> list[Paragraph]:
        """The paragraphs of a section; what follows them (memos, master pages) is no text."""
        return [self._paragraph(record) for record in records if record.tag == _PARAGRAPH]

    def _paragraph(self, record: Record) -> Paragraph:
        controls = deque(child for child in record.children if child.tag == _CONTROL)
        for control in controls:
            if control.name == b"secd":
                self._outline = control.number(18)
        label, heading = self._label(record)  # before the paragraphs within, which are numbered after it
        text = b"".join(child.data for child in record.children if child.tag == _TEXT)
        return Paragraph(self._content(text, controls), label, heading)

    def _label(self, record: Record) -> tuple[str, int]:
        """The number or bullet of a paragraph, and its outline level from 1 (0: none)."""
        index = record.number(8)
        if index >= len(self._shapes):
            return "", 0
        shape = self._shapes[index]
        kind, depth, head = shape.number(0, "I") >> 23 & 3, shape.number(0, "I") >> 25 & 7, shape.number(30)
        if kind == _BULLETED:
            return "-", 0
        if kind not in (_OUTLINE, _NUMBERED):
            return "", 0
        key = self._outline if kind == _OUTLINE else head
        numbering = self._numberings[key - 1] if 0 < key <= len(self._numberings) else ()
        return self._counter.label(key, numbering, depth), depth + 1 if kind == _OUTLINE else 0

    def _content(self, text: bytes, controls: deque[Record]) -> list[Inline]:
        """Characters, and in their places what the controls among them hold."""
        units = memoryview(text[: len(text) // 2 * 2]).cast("H")
        content: list[Inline] = []
        at = start = 0
        while at < len(units):
            unit = units[at]
            if unit >= 32:
                at += 1
                continue
            content.append(text[2 * start : 2 * at].decode("utf-16-le", "replace"))
            content.append(_NARROW.get(unit, ""))
            if unit in _WITH_CONTROL and controls:
                content += self._control(controls.popleft())
            at += 8 if unit in _WIDE else 1
            start = at
        content.append(text[2 * start :].decode("utf-16-le", "replace"))
        for control in controls:  # more than the text has places for
            content += self._control(control)
        return content

    def _control(self, control: Record) -> list[Inline]:
        match control.name:
            case b"secd":  # what it holds are master pages
                return [Omitted.RUNNING] if any(child.tag == _PARAGRAPH for child in control.children) else []
            case b"tbl":
                return [self._table(control)]
            case b"gso":
                return [Omitted.DRAWING, Box(self._within(control)), *_text_art(control)]
            case b"fn" | b"en":
                return [Note(self._within(control))]
            case b"eqed":
                return [child.string(4) for child in control.children if child.tag == _EQUATION]
            case b"atno":
                return [str(control.number(8))] if control.number(4, "I") & 0xF in _COUNTED else []
            case b"tcps":  # characters written over one another
                return [control.string(4)]
            case b"tdut":  # a word and the gloss above it
                word = control.string(4)
                return [word, f"({control.string(6 + 2 * len(word))})"]
            case name if name in _OMITTED:
                return [_OMITTED[name]]
        return [Box(self._within(control))]

    def _within(self, record: Record) -> list[Paragraph]:
        """The paragraphs anywhere in a control, in order."""
        found: list[Paragraph] = []
        for child in record.children:
            found += [self._paragraph(child)] if child.tag == _PARAGRAPH else self._within(child)
        return found

    def _table(self, control: Record) -> Table:
        table = Table([], floats=not control.number(4, "I") & 1)
        paragraphs = table.caption
        is_caption = True
        for child in control.children:
            if child.tag == _TABLE:
                is_caption = False
            elif child.tag == _LIST and not is_caption:
                paragraphs = []
                column, row, columns, rows = (child.number(at) for at in (8, 10, 12, 14))
                table.cells.append(Cell(row, column, rows, columns, paragraphs))
            elif child.tag == _PARAGRAPH:
                paragraphs.append(self._paragraph(child))
        return table


def _numbering(record: Record) -> Numbering:
    levels: list[Level] = []
    at = 0
    for _ in range(7):
        figures = Figures.coded(record.number(at, "I") >> 5 & 0x1F)
        template = record.string(at + 12)
        levels.append(Level(template, figures))
        at += 14 + 2 * record.number(at + 12)
    first = record.number(at)
    starts = [record.number(at + 2 + 4 * depth, "I") or first or 1 for depth in range(7)]
    return tuple(level._replace(start=start) for level, start in zip(levels, starts, strict=True))


def _text_art(record: Record) -> list[Inline]:
    """The letters of 글맵시, which a drawing may be made of."""
    own = [record.string(32)] if record.tag == _TEXT_ART else []
    return [*own, *(part for child in record.children for part in _text_art(child))]
