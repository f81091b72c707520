"""Files made to harm, and files harmed by chance: documents or one sentence come out, soon, and nothing else."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import made_files as made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_files import Node, cell, control, paragraph, table

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers import hwp, zipped
from knowledge_base.readers.formats import read_bytes
from knowledge_base.readers.isolation import Reader

FILES = Path(__file__).parent / "files"
SECONDS = 1
SENTENCE = re.compile(r"[^\n]*[가-힣][^\n]*\.")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader(seconds=SECONDS)
    yield reader
    reader.close()


def outcome(reader: Reader, data: bytes, suffix: str = "") -> str:
    """``read``, or the one sentence that says why not."""
    try:
        reading = reader.read(data, suffix, "파일" + suffix)
    except UnreadableFile as refusal:
        assert SENTENCE.fullmatch(str(refusal)), refusal
        return str(refusal)
    assert all(document.text and document.title for document in reading.documents)
    return "read"


def laughs(root: bytes, rest: bytes) -> bytes:
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9))
    return b'<!DOCTYPE %s [<!ENTITY a "aaaaaaaaaa">%s]>%s' % (root, entities, rest)


def nested_records(depth: int) -> bytes:
    return b"".join(Node(66, bytes(22)).bytes(level) for level in range(depth))


def in_a_table(depth: int) -> Node:
    inside = paragraph("글")
    for _ in range(depth):
        inside = paragraph(table(cell(0, 0, inside)))
    return inside


def diagonal(size: int) -> str:
    """A table whose every cell stands in a row and a column of its own."""
    cells = (
        f'<hp:tc><hp:cellAddr colAddr="{at}" rowAddr="{at}"/><hp:p><hp:t>x</hp:t></hp:p></hp:tc>' for at in range(size)
    )
    return f"<hp:p><hp:tbl><hp:tr>{''.join(cells)}</hp:tr></hp:tbl></hp:p>"


def aliases() -> bytes:
    rows = (b"%c: &%c [%s]\n" % (at, at, b",".join([b"*%c" % (at - 1)] * 9)) for at in range(98, 107))
    return b"---\na: &a [x]\n" + b"".join(rows) + b"---\n\ny"


def pdf(pages: bytes, *objects: bytes) -> bytes:
    catalog = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages" + pages + b">>endobj "
    return catalog + b" ".join(objects) + b" trailer<</Root 1 0 R>>"


VAST = '<hp:tc><hp:cellAddr colAddr="0" rowAddr="0"/><hp:cellSpan colSpan="99999" rowSpan="99999"/></hp:tc>'
BODY = b"<HWPML><BODY><SECTION><P><TEXT><CHAR>&%c;</CHAR></TEXT></P></SECTION></BODY></HWPML>"
HEAD = b"HWP Document File".ljust(32, b"\0") + bytes(224)
FAQ = "질문,답변".encode()
HARMFUL: dict[str, Callable[[], bytes]] = {
    "entities.hwp": lambda: laughs(b"HWPML", BODY % b"j"),
    "entities.docx": lambda: made.zipped({"word/document.xml": laughs(b"w", b"<w><body>&j;</body></w>")}),
    "a file of ours.hwp": lambda: b'<!DOCTYPE HWPML [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY % b"a",
    "deep.hwpx": lambda: made.hwpx("<hp:p>" * 100_000),
    "vast cells.hwpx": lambda: made.hwpx(f"<hp:p><hp:tbl><hp:tr>{VAST * 3}</hp:tr></hp:tbl></hp:p>"),
    "a diagonal.hwpx": lambda: made.hwpx(diagonal(3000)),
    "tables in tables.hwp": lambda: made.hwp([in_a_table(80)]),
    "deep.hwp": lambda: made.ole({"FileHeader": HEAD, "DocInfo": b"", "BodyText/Section0": nested_records(1020)}),
    "controls without records.hwp": lambda: made.hwp([Node(66, bytes(22), [Node(67, b"\x0b\0" * 100_000)])]),
    "many shapes.hwp": lambda: made.hwp([paragraph(*[(11, control(b"gso "))] * 5000)]),
    "a far cell.xlsx": lambda: made.workbook_with_cells("A1", "XFD1048576"),
    "a far row.xlsx": lambda: made.workbook_with_cells("A1", "B1048576"),
    "deep.html": lambda: b"<html><body>" + b"<div>" * 100_000 + b"x",
    "vast cells.html": lambda: b"<html><table>" + b"<tr><td rowspan=200 colspan=200>x" * 3000,
    "tables in tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 5000 + b"x",
    "comments.md": lambda: b"<!-- x -->" * 200_000,
    "one cell.csv": lambda: FAQ + b'\n"' + b"x" * 20_000_000,
    "many columns.csv": lambda: FAQ + b",x" * 3_000_000,
    "broken rows.csv": lambda: FAQ + '\n가?,"나"다'.encode() * 300_000,
    "hashes.md": lambda: b"# " + b"#" * 5_000_000 + b"x\n\ny",
    "spaces.md": lambda: b"# a" + b" " * 1_000_000 + b"b\n\ny",
    "aliases.md": aliases,
    "accents.txt": lambda: ("e" + "\u0301\u0323" * 100_000).encode(),
    "pages of itself.pdf": lambda: pdf(b"/Kids[2 0 R 2 0 R]/Count 2"),
    "many pages.pdf": lambda: pdf(b"/Kids[3 0 R]/Count 999999999", b"3 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_made_to_harm(reader: Reader, name: str) -> None:
    data = HARMFUL[name]()
    started = time.monotonic()
    outcome(reader, data, Path(name).suffix)
    assert time.monotonic() - started < SECONDS + 3
    assert outcome(reader, b"# a\n\nb", ".md") == "read"


def test_no_file_of_this_machine_gets_into_a_document(reader: Reader) -> None:
    assert outcome(reader, HARMFUL["a file of ours.hwp"](), ".hwp") != "read"


def test_a_zip_file_that_unpacks_to_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_PART_BYTES", 100_000)
    for name in ("Contents/section0.xml", "word/document.xml"):
        with pytest.raises(UnreadableFile, match="압축을 풀면 너무 큰"):
            read_bytes(made.zipped({name: " " * 10_000_000}), "", "문서")


def test_a_hangul_document_that_unpacks_to_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hwp, "MAX_UNPACKED", 100_000)
    with pytest.raises(UnreadableFile, match="압축을 풀면 너무 큰"):
        read_bytes(made.hwp([paragraph("가" * 1_000_000)]), "", "문서.hwp")


def test_a_zip_file_that_lies_about_its_sizes(reader: Reader) -> None:
    part = "<a>" + "x" * 1000 + "</a>"
    data = made.zipped({"word/document.xml": part})
    sizes = [at for at in range(len(data) - 4) if int.from_bytes(data[at : at + 4], "little") == len(part)]
    assert len(sizes) >= 2, "before the part and in the directory"
    for at in sizes:
        for lie in (b"\x10\0\0\0", b"\xf0\xff\xff\xff"):
            assert outcome(reader, data[:at] + lie + data[at + 4 :]) != "read"


REAL = {
    "hwp": made.hwp(
        [paragraph("가나다"), paragraph(table(cell(0, 0, paragraph("구분")), cell(0, 1, paragraph("요금"))))]
    ),
    "plain hwp": made.hwp([paragraph("가나다"), paragraph((17, control(b"fn  ")))], flags=0),
    "hwpx": made.hwpx("<hp:p><hp:run><hp:t>가나다</hp:t></hp:run></hp:p>"),
    "hwpml": made.hwpml("<P><TEXT><CHAR>가나다</CHAR></TEXT></P>"),
    "docx": made.docx("<w:p><w:r><w:t>가나다</w:t></w:r></w:p>"),
    "pdf": made.Pdf().line("가나다").table([["구분", "요금"], ["소형", "무료"]]).bytes(),
    "xlsx": made.workbook_with_cells("A1", "B1", "A2", "B2"),
    "xls": (FILES / "여권_FAQ.xls").read_bytes(),
}
BEGINNINGS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"%PDF-1.7\n",
    b"<html>",
    b"<HWPML>",
    b"---\n",
    b"\xff\xfe",
]
QUICKLY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICKLY
@given(
    st.sampled_from(BEGINNINGS), st.binary(max_size=600), st.sampled_from([".csv", ".md", ".html", ".hwp", ".xlsx", ""])
)
def test_any_bytes_are_documents_or_one_sentence(reader: Reader, beginning: bytes, rest: bytes, suffix: str) -> None:
    outcome(reader, beginning + rest, suffix)


@QUICKLY
@given(
    st.sampled_from(["", "질문,답변\n", "---\n", "<html>", "# ", "제목: ", "| 가 |\n|---|\n"]), st.text(max_size=300)
)
def test_any_text_is_documents_or_one_sentence(reader: Reader, beginning: str, rest: str) -> None:
    outcome(reader, (beginning + rest).encode("utf-8", "surrogatepass"), ".txt")


@QUICKLY
@given(
    st.sampled_from(sorted(REAL)),
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 7)), min_size=1, max_size=8),
)
def test_a_real_file_with_some_bits_flipped(reader: Reader, name: str, flips: list[tuple[int, int]]) -> None:
    data = bytearray(REAL[name])
    for at, bit in flips:
        data[at % len(data)] ^= 1 << bit
    outcome(reader, bytes(data))


@QUICKLY
@given(st.sampled_from(sorted(REAL)), st.floats(0, 1), st.binary(max_size=40))
def test_a_real_file_cut_off_or_with_something_put_in(reader: Reader, name: str, part: float, put: bytes) -> None:
    at = int(len(REAL[name]) * part)
    outcome(reader, REAL[name][:at] + put)
    outcome(reader, REAL[name][:at] + put + REAL[name][at:])


@QUICKLY
@given(st.data())
def test_the_records_of_a_hangul_document_may_hold_anything(reader: Reader, data: st.DataObject) -> None:
    tags = st.sampled_from([23, 24, 25, 66, 67, 71, 72, 76, 77, 88, 90, 93])
    names = st.sampled_from([b"secd", b"tbl ", b"gso ", b"fn  ", b"atno", b"tdut", b"tcps", b"head", b"%%me"])
    body = b"".join(
        Node(tag, (name[::-1] if tag == 71 else b"") + rest).bytes(level)
        for tag, name, rest, level in data.draw(
            st.lists(st.tuples(tags, names, st.binary(max_size=60), st.integers(0, 4)), max_size=12)
        )
    )
    outcome(reader, made.ole({"FileHeader": HEAD, "DocInfo": body, "BodyText/Section0": body}))
