"""Office files made byte by byte for the readers' tests: HWP 5, HWPX, HWPML, DOCX, PDF."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from reportlab.lib import colors
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

SECTOR = 512
END, FREE, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# HWP 5


class Node:
    """A record of an HWP stream with those it holds."""

    def __init__(self, tag: int, data: bytes = b"", children: Iterable["Node"] = ()) -> None:
        self.tag, self.data, self.children = tag, data, list(children)

    def bytes(self, level: int = 0) -> bytes:
        size = len(self.data)
        head = struct.pack("<I", self.tag | level << 10 | min(size, 0xFFF) << 20)
        own = head + (struct.pack("<I", size) if size >= 0xFFF else b"") + self.data
        return own + b"".join(child.bytes(level + 1) for child in self.children)


def wide(code: int, name: bytes) -> bytes:
    """The character that stands for a control."""
    return struct.pack("<H", code) + name[::-1] + bytes(8) + struct.pack("<H", code)


def control(name: bytes, data: bytes = b"", children: Iterable[Node] = ()) -> Node:
    return Node(71, name[::-1] + data, children)


def paragraph(*parts: str | tuple[int, Node], shape: int = 0) -> Node:
    """Text, and controls as (character code, record)."""
    text = b"".join(
        part.encode("utf-16-le") if isinstance(part, str) else wide(part[0], part[1].data[3::-1]) for part in parts
    )
    controls = [part[1] for part in parts if not isinstance(part, str)]
    header = struct.pack("<IIH", 0, 0, shape) + bytes(12)
    return Node(66, header, [Node(67, text + b"\r\0"), *controls])


def cell(row: int, column: int, *paragraphs: Node, rows: int = 1, columns: int = 1) -> list[Node]:
    return [
        Node(72, struct.pack("<HIHHHHH", len(paragraphs), 0, 0, column, row, columns, rows) + bytes(16)),
        *paragraphs,
    ]


def table(*cells: list[Node], caption: Iterable[Node] = ()) -> tuple[int, Node]:
    inside = [*caption, Node(77, bytes(22)), *(node for nodes in cells for node in nodes)]
    return 11, control(b"tbl ", struct.pack("<I", 1), inside)


def list_of(*paragraphs: Node) -> list[Node]:
    return [Node(72, bytes(8)), *paragraphs]


def shape(kind: int = 0, depth: int = 0, numbering: int = 0) -> Node:
    """A paragraph shape: 1 outline, 2 numbered, 3 bulleted."""
    return Node(25, struct.pack("<I", kind << 23 | depth << 25) + bytes(26) + struct.pack("<H", numbering))


def numbering(*levels: tuple[int, str]) -> Node:
    """Levels as (code of the figures, template)."""
    full = [*levels, *[(0, "")] * (7 - len(levels))]
    heads = (struct.pack("<I", code << 5) + bytes(8) + _string(template) for code, template in full)
    return Node(23, b"".join(heads) + struct.pack("<H7I", 0, *[1] * 7))


def _string(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def hwp(paragraphs: Iterable[Node], info: Iterable[Node] = (), flags: int = 1, sections: int = 1) -> bytes:
    """An HWP 5 file; ``flags`` are the properties of its header (1: compressed)."""
    body = b"".join(node.bytes() for node in paragraphs)
    about = b"".join(node.bytes() for node in info)
    streams = {"FileHeader": b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000500, flags) + bytes(216)}
    streams["DocInfo"] = _packed(about, flags)
    return ole({**streams, **{f"BodyText/Section{number}": _packed(body, flags) for number in range(sections)}})


def _packed(data: bytes, flags: int) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush() if flags & 1 else data


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file; streams are padded with zeros to 4,096 bytes, so that none needs the small sectors."""
    folders = sorted({name.split("/")[0] for name in streams if "/" in name})
    names = ["Root Entry", *folders, *streams]
    sectors: list[bytes] = []
    chain: list[int] = []
    starts: dict[str, int] = {}
    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")
        padded += bytes(-len(padded) % SECTOR)
        starts[name] = len(sectors)
        count = len(padded) // SECTOR
        sectors += [padded[at : at + SECTOR] for at in range(0, len(padded), SECTOR)]
        chain += [*range(starts[name] + 1, starts[name] + count), END]
    entries = [_entry(name, index, names, streams, starts) for index, name in enumerate(names)]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    first_directory = len(sectors)
    sectors += [directory[at : at + SECTOR] for at in range(0, len(directory), SECTOR)]
    chain += [*range(first_directory + 1, len(sectors)), END]
    tables = -(-(len(sectors) + 2) // 127)
    first_table = len(sectors)
    chain += [0xFFFFFFFD] * tables
    allocation = struct.pack(f"<{len(chain)}I", *chain)
    allocation = allocation.ljust(tables * SECTOR, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, tables, first_directory, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(first_table, first_table + tables), *[FREE] * (109 - tables))
    return header + b"".join(sectors) + allocation


def _entry(name: str, index: int, names: list[str], streams: Mapping[str, bytes], starts: Mapping[str, int]) -> bytes:
    """A directory entry; the entries of a folder hang on one another as a list."""
    inside = [other for other in names[1:] if _folder(other) == (name if index else "")]
    siblings = [other for other in names[1:] if _folder(other) == _folder(name)] if index else []
    after = siblings[siblings.index(name) + 1 :] if index else []
    is_stream = name in streams
    raw = name.rsplit("/", 1)[-1].encode("utf-16-le")
    kind = 2 if is_stream else 1 if index else 5
    links = (
        NONE,
        names.index(after[0]) if after else NONE,
        NONE if is_stream or not inside else names.index(inside[0]),
    )
    size = max(len(streams[name]), 4096) if is_stream else 0
    start = starts[name] if is_stream else END if not index else 0
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, *links)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


# HWPX, HWPML, DOCX: the tests write the XML of the body


def hwpx(body: str, head: str = "", **parts: str) -> bytes:
    names = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head"'
    return zipped(
        {
            "mimetype": "application/hwp+zip",
            "Contents/header.xml": f"<hh:head {names}>{head}</hh:head>",
            "Contents/section0.xml": f"<hs:sec xmlns:hs='s' {names}>{body}</hs:sec>",
            **parts,
        }
    )


def hwpml(body: str, head: str = "") -> bytes:
    text = f"<HWPML><HEAD>{head}</HEAD><BODY><SECTION>{body}</SECTION></BODY></HWPML>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def docx(body: str, styles: str = "", numbering: str = "", footnotes: str = "") -> bytes:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="m" xmlns:v="v"'
    return zipped(
        {
            "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {names}>{styles}</w:styles>",
            "word/numbering.xml": f"<w:numbering {names}>{numbering}</w:numbering>",
            "word/footnotes.xml": f"<w:footnotes {names}>{footnotes}</w:footnotes>",
            "word/header1.xml": f"<w:hdr {names}><w:p><w:r><w:t>머리글</w:t></w:r></w:p></w:hdr>",
        }
    )


def workbook_with_cells(*places: str) -> bytes:
    """An XLSX file with a letter in each of some cells of one sheet."""
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def related(kind: str, target: str) -> str:
        relation = f'<Relationship Id="r1" Type="{relations}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{relation}</Relationships>'

    rows = "".join(
        f'<row r="{re.sub("[A-Z]", "", place)}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row>'
        for place in places
    )
    sheets = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{sheet}" xmlns:r="{relations}">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheet}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


# PDF


class Pdf:
    """Pages drawn from the top: lines, ruled tables, pictures."""

    FONT = "HYSMyeongJo-Medium"

    def __init__(self, **options: object) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(self.FONT))
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, **options)
        self.y = 760.0

    def line(self, text: str, size: int = 11, x: float = 72, gap: float = 6) -> "Pdf":
        self.canvas.setFont(self.FONT, size)
        self.canvas.drawString(x, self.y, text)
        self.y -= size + gap
        return self

    def at(self, y: float, text: str) -> "Pdf":
        self.canvas.setFont(self.FONT, 9)
        self.canvas.drawCentredString(297, y, text)
        return self

    def table(self, rows: list[list[str]], *style: tuple[object, ...]) -> "Pdf":
        styles = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), self.FONT, 10), *style]
        drawn = Table(rows, style=TableStyle(styles))
        _, height = drawn.wrapOn(self.canvas, 400, 400)
        drawn.drawOn(self.canvas, 72, self.y - height)
        self.y -= height + 24
        return self

    def picture(self) -> "Pdf":
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        self.canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "gray")), 72, 400, 400, 300)
        return self

    def page(self) -> "Pdf":
        self.canvas.showPage()
        self.y = 760.0
        return self

    def bytes(self) -> bytes:
        self.canvas.save()
        return self._out.getvalue()
