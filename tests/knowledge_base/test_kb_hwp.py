"""HWP 5, HWPX and HWPML: the same document in three forms, and the 46 real files of the corpus."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import made_files as made
import olefile
import pytest
from made_files import cell, control, list_of, numbering, paragraph, shape, table

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.formats import read_bytes

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "hwp"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside the project")


def read(data: bytes, name: str = "문서.hwp") -> Document:
    reading = read_bytes(data, Path(name).suffix, name)
    assert reading.faults == []
    [document] = reading.documents
    return document


ORDINANCE = """순천시 주차장 조례

# 제1장 총칙

제1조(목적) 이 조례는 요금(주1)을 정한다.
(주1) 부가세 포함
① 요금은 다음과 같다.

<표 1> 요금

| 구분 | 요금 소형 | 요금 대형 |
| --- | --- | --- |
| 30분 | 500원 | 1,000원 |

② 문의는 교통과로 한다.
전화 061-749-3114
제2조(부칙) 시행한다."""


def binary() -> bytes:
    note = control(b"fn  ", children=list_of(paragraph("부가세 포함")))
    fees = table(
        cell(0, 0, paragraph("구  분"), rows=2),
        cell(0, 1, paragraph("요금"), columns=2),
        cell(1, 1, paragraph("소형")),
        cell(1, 2, paragraph("대형")),
        cell(2, 0, paragraph("30분")),
        cell(2, 1, paragraph("500원")),
        cell(2, 2, paragraph("1,000원")),
        caption=list_of(paragraph("<표 ", (18, control(b"atno", struct.pack("<IH", 4, 1))), "> 요금")),
    )
    box = control(b"gso ", bytes(8), [made.Node(76, b"", list_of(paragraph("전화 061-749-3114")))])
    section = control(b"secd", bytes(14) + struct.pack("<H", 2) + bytes(20), list_of(paragraph("바탕쪽 글")))
    running = [control(name, children=list_of(paragraph("달리는 글"))) for name in (b"head", b"foot")]
    hidden = control(b"tcmt", children=list_of(paragraph("숨은 글")))
    memo = control(b"%%me", bytes(7))
    return made.hwp(
        [
            paragraph((2, section), (16, running[0]), (16, running[1]), "순천시 주차장 조례"),
            paragraph("총칙", shape=3),
            paragraph("(목적)", (15, hidden), " 이 조례는 요금", (17, note), "을 정한다.", shape=1),
            paragraph("요금은 다음과 같다.", (3, memo), shape=2),
            paragraph(fees),
            paragraph("문의는 교통과로 한다.", (11, box), shape=2),
            paragraph("(부칙) 시행한다.", shape=1),
        ],
        [
            *(shape(), shape(2, 0, 1), shape(2, 1, 1), shape(1)),
            numbering((0, "제^1조"), (1, "^2")),
            numbering((0, "제^1장")),
        ],
    )


HWPX_HEAD = """<hh:paraPr id="1"><hh:heading type="NUMBER" idRef="1" level="0"/></hh:paraPr>
<hh:paraPr id="2"><hh:heading type="NUMBER" idRef="1" level="1"/></hh:paraPr>
<hh:paraPr id="3"><hh:heading type="OUTLINE" idRef="0" level="0"/></hh:paraPr>
<hh:numbering id="1"><hh:paraHead level="1" start="1" numFormat="DIGIT">제^1조</hh:paraHead>
<hh:paraHead level="2" start="1" numFormat="CIRCLED_DIGIT">^2</hh:paraHead></hh:numbering>
<hh:numbering id="2"><hh:paraHead level="1" start="1" numFormat="DIGIT">제^1장</hh:paraHead></hh:numbering>"""
T = "<hp:run><hp:t>{}</hp:t></hp:run>"


def _hwpx_cell(row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> str:
    place = f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/><hp:cellSpan colSpan="{columns}" rowSpan="{rows}"/>'
    return f"<hp:tc><hp:subList><hp:p>{T.format(text)}</hp:p></hp:subList>{place}</hp:tc>"


def _hwpx_control(name: str, text: str, attributes: str = "") -> str:
    inside = f"<hp:subList><hp:p>{T.format(text)}</hp:p></hp:subList>"
    return f"<hp:ctrl><hp:{name} {attributes}>{inside}</hp:{name}></hp:ctrl>"


def _hwpx_paragraph(*parts: str, shape: int = 0) -> str:
    return f'<hp:p paraPrIDRef="{shape}"><hp:run>{"".join(parts)}</hp:run></hp:p>'


def zipped() -> bytes:
    p, t = _hwpx_paragraph, "<hp:t>{}</hp:t>".format
    number = "<hp:ctrl><hp:autoNum num='1' numType='TABLE'/></hp:ctrl>"
    caption = p(t("&lt;표 "), number, t("&gt; 요금"))
    rows = (
        f"<hp:tr>{_hwpx_cell(0, 0, '구  분', rows=2)}{_hwpx_cell(0, 1, '요금', columns=2)}</hp:tr>"
        f"<hp:tr>{_hwpx_cell(1, 1, '소형')}{_hwpx_cell(1, 2, '대형')}</hp:tr>"
        f"<hp:tr>{_hwpx_cell(2, 0, '30분')}{_hwpx_cell(2, 1, '500원')}{_hwpx_cell(2, 2, '1,000원')}</hp:tr>"
    )
    fees = (
        f'<hp:tbl><hp:pos treatAsChar="1"/><hp:caption><hp:subList>{caption}</hp:subList></hp:caption>{rows}</hp:tbl>'
    )
    box = f"<hp:drawText><hp:subList>{p(t('전화 061-749-3114'))}</hp:subList></hp:drawText>"
    return made.hwpx(
        p(
            *('<hp:secPr outlineShapeIDRef="2"/>', _hwpx_control("header", "달리는 글")),
            *(_hwpx_control("footer", "달리는 글"), t("순천시 주차장 조례")),
        )
        + p(t("총칙"), shape=3)
        + p(
            *(t("(목적)"), _hwpx_control("hiddenComment", "숨은 글")),
            *(t(" 이 조례는 <hp:deleteBegin/>지워진 글<hp:deleteEnd/>요금"), _hwpx_control("footNote", "부가세 포함")),
            t("을 정한다."),
            shape=1,
        )
        + p(t("요금은 다음과 같다."), _hwpx_control("fieldBegin", "메모 글", 'type="MEMO"'), shape=2)
        + p(fees, "<hp:t/>")
        + p(t("문의는 교통과로 한다."), f"<hp:rect>{box}<hp:shapeComment>설명</hp:shapeComment></hp:rect>", shape=2)
        + p(t("(부칙) 시행한다."), shape=1),
        HWPX_HEAD,
    )


def markup() -> bytes:
    head = """<PARASHAPE Id="1" HeadingType="Number" Heading="1" Level="0"/>
<PARASHAPE Id="2" HeadingType="Number" Heading="1" Level="1"/>
<PARASHAPE Id="3" HeadingType="Outline" Heading="0" Level="0"/>
<NUMBERING Id="1" Start="1"><PARAHEAD Level="1" Start="1" NumFormat="Digit">제^1조</PARAHEAD>
<PARAHEAD Level="2" Start="1" NumFormat="CircledDigit">^2</PARAHEAD></NUMBERING>
<NUMBERING Id="2" Start="1"><PARAHEAD Level="1" Start="1" NumFormat="Digit">제^1장</PARAHEAD></NUMBERING>"""

    def p(*parts: str, shape: int = 0) -> str:
        return f'<P ParaShape="{shape}"><TEXT>{"".join(parts)}</TEXT></P>'

    def text(value: str) -> str:
        return f"<CHAR>{value}</CHAR>"

    def inside(name: str, value: str) -> str:
        return f"<{name}><PARALIST>{p(text(value))}</PARALIST></{name}>"

    def td(row: int, column: int, value: str, rows: int = 1, columns: int = 1) -> str:
        place = f'RowAddr="{row}" ColAddr="{column}" RowSpan="{rows}" ColSpan="{columns}"'
        return f"<CELL {place}><PARALIST>{p(text(value))}</PARALIST></CELL>"

    number = '<AUTONUM Number="1" NumberType="Table"/>'
    fees = (
        f"<CAPTION><PARALIST>{p(text('&lt;표 '), number, text('&gt; 요금'))}</PARALIST></CAPTION>"
        f"<ROW>{td(0, 0, '구  분', rows=2)}{td(0, 1, '요금', columns=2)}</ROW>"
        f"<ROW>{td(1, 1, '소형')}{td(1, 2, '대형')}</ROW>"
        f"<ROW>{td(2, 0, '30분')}{td(2, 1, '500원')}{td(2, 2, '1,000원')}</ROW>"
    )
    return made.hwpml(
        p(
            f'<SECDEF OutlineShape="2">{inside("MASTERPAGE", "바탕쪽 글")}</SECDEF>',
            *(inside("HEADER", "달리는 글"), inside("FOOTER", "달리는 글"), text("순천시 주차장 조례")),
        )
        + p(text("총칙"), shape=3)
        + p(
            *(text("(목적)"), inside("HIDDENCOMMENT", "숨은 글"), text(" 이 조례는 요금")),
            *(inside("FOOTNOTE", "부가세 포함"), text("을 정한다.")),
            shape=1,
        )
        + p(text("요금은 다음과 같다."), shape=2)
        + p(f'<TABLE><SHAPEOBJECT><POSITION TreatAsChar="true"/></SHAPEOBJECT>{fees}</TABLE>')
        + p(
            text("문의는 교통과로 한다."),
            f"<RECTANGLE><DRAWINGOBJECT>{inside('DRAWTEXT', '전화 061-749-3114')}</DRAWINGOBJECT></RECTANGLE>",
            shape=2,
        )
        + p(text("(부칙) 시행한다."), shape=1),
        head,
    )


@pytest.mark.parametrize("form", [binary, zipped, markup])
@pytest.mark.parametrize("name", ["조례.hwp", "조례.hwpx", "조례.txt", "조례"])
def test_the_same_document_in_every_form_by_any_name(form: Callable[[], bytes], name: str) -> None:
    document = read(form(), name)
    assert f"{document.title}\n\n{document.text}" == ORDINANCE
    assert document.kind is Kind.REGULATION


def test_numbers_that_skip_depths_go_on_where_they_were() -> None:
    levels = numbering((0, "^1."), (0, "^1.^2."), (0, "^1.^2.^3."), (0, "^1.^2.^3.^4."))
    shapes = [shape(2, depth, 1) for depth in range(4)]
    text = read(made.hwp([paragraph("가", shape=depth) for depth in (0, 3, 3, 2, 3, 0)], [*shapes, levels])).text
    assert re.findall(r"[\d.]+", text) == ["1.", "1.1.1.1.", "1.1.1.2.", "1.1.2.", "1.1.2.1.", "2."]


def test_a_bullet_and_an_empty_numbered_paragraph() -> None:
    info = [shape(3, 0, 1), shape(2, 0, 1), numbering((0, "^1."))]
    assert (
        read(made.hwp([paragraph("가", shape=0), paragraph("", shape=1), paragraph("나", shape=1)], info)).text
        == "- 가\n\n2. 나"
    )


def test_a_frame_around_text_is_no_table() -> None:
    frame = table(
        *(cell(0, 0, paragraph(""), rows=2), cell(0, 1, paragraph("순  서")), cell(1, 1, paragraph(""))),
        cell(2, 0, paragraph("1. 과업 안내"), paragraph("2. 계약"), columns=2),
    )
    assert (
        read(made.hwp([paragraph("안내문입니다."), paragraph(frame)])).text
        == "안내문입니다.\n\n순서\n\n1. 과업 안내\n2. 계약"
    )


def test_columns_that_only_draw_lines_are_one() -> None:
    drawn = table(
        *(cell(0, 0, paragraph("구분")), cell(0, 1, paragraph("요금"), columns=3)),
        *(cell(1, 0, paragraph("소형")), cell(1, 1, paragraph("500|원"), columns=3)),
        cell(2, 0, paragraph("※ 부가세 포함"), columns=4),
    )
    text = read(made.hwp([paragraph("안내문입니다."), paragraph(drawn)])).text
    assert text == "안내문입니다.\n\n| 구분 | 요금 |\n| --- | --- |\n| 소형 | 500｜원 |\n\n※ 부가세 포함"


def test_a_table_in_a_cell_stays_in_its_row() -> None:
    inner = table(*(cell(0, column, paragraph(text)) for column, text in enumerate(("가", "나"))))
    outer = table(
        cell(0, 0, paragraph("구분")),
        cell(0, 1, paragraph("내용")),
        cell(1, 0, paragraph("코드")),
        cell(1, 1, paragraph(inner)),
    )
    assert "| 코드 | 가 / 나 |" in read(made.hwp([paragraph(outer)])).text


def test_text_before_a_floating_table_is_read_before_it() -> None:
    row = f"<hp:tr>{_hwpx_cell(0, 0, '가')}{_hwpx_cell(0, 1, '나')}</hp:tr>"
    body = _hwpx_paragraph(f'<hp:tbl><hp:pos treatAsChar="0"/>{row}</hp:tbl>', "<hp:t>□ 상세입니다.</hp:t>")
    assert read(made.hwpx(body)).text.startswith("□ 상세입니다.\n\n| 가 | 나 |")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (made.hwp([paragraph("")]), "글이 없는 빈 한글 문서"),
        (made.hwp([paragraph((11, control(b"gso ", bytes(8))))]), "그림이나 도형만"),
        (
            made.hwp([paragraph((15, control(b"tcmt", children=list_of(paragraph("숨은 글")))))]),
            "숨은 설명이나 메모에만",
        ),
        (made.hwp([paragraph((16, control(b"head", children=list_of(paragraph("글")))))]), "머리말·꼬리말에만"),
        (made.hwp([paragraph(table(cell(0, 0, paragraph("")), cell(0, 1, paragraph(""))))]), "빈 칸뿐인 표만"),
        (made.hwp([paragraph("글")], flags=3), "암호가 걸린 한글 문서"),
        (made.hwp([paragraph("글")], flags=5), "배포용으로 잠긴 한글 문서"),
        (made.hwp([paragraph("글")], flags=0x11), "DRM으로 보호된 한글 문서"),
        (made.hwp([paragraph("글")], sections=0), "글이 없는 빈 한글 문서"),
        (made.hwpx("<hp:p/>"), "글이 없는 빈 한글 문서"),
        (made.hwpx("<hp:p><hp:run><hp:pic/></hp:run></hp:p>"), "그림이나 도형만"),
        (made.hwpx("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "암호가 걸린 한글 문서"),
        (made.zipped({"mimetype": "application/hwp+zip"}), "본문이 들어 있지 않은"),
        (b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + bytes(99), "한글 97 이전"),
        (b"\x9b DRMONE  This Document is encrypted" + bytes(99), "DRM으로 잠긴 파일"),
    ],
)
def test_why_there_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as refusal:
        read_bytes(data, ".hwp", "문서.hwp")
    assert re.fullmatch(r"[^.]+다\. .+[요다]\.", str(refusal.value)), "one sentence, and what to do next"


@pytest.mark.parametrize("part", ["stream", "record"])
def test_a_document_cut_off_is_damaged_and_not_a_shorter_one(part: str) -> None:
    data = paragraph("가" * 3000).bytes() + paragraph("나").bytes()
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(data if part == "stream" else data[:4000]) + packed.flush()
    head = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000500, 1)
    cut = body[:-4] if part == "stream" else body
    file = made.ole({"FileHeader": head, "DocInfo": b"\x03\0", "BodyText/Section0": cut.ljust(8192, b"\xff")})
    with pytest.raises((UnreadableFile, zlib.error)):
        read(file)


# The corpus. What each of its files holds was looked up in its raw records and XML.
BLANK, SHAPES, EMPTY_TABLE, COMMENT, RUNNING = (
    "글이 없는 빈",
    "그림이나 도형만",
    "빈 칸뿐인 표만",
    "숨은 설명",
    "머리말·꼬리말에만",
)
HOLDS = {
    "sample_hwp__basic__blank.hwp": BLANK,
    "sample_hwp__basic__etc.hwp": "가나다",
    "sample_hwp__basic__글상자-압축.hwp": "그림 1\n\nABC\n123\nABC",
    "sample_hwp__basic__다각형.hwp": SHAPES,
    "sample_hwp__basic__머리글꼬리글.hwp": "## 가. 2233",
    "sample_hwp__basic__바탕쪽.hwp": RUNNING,
    "sample_hwp__basic__새번호지정.hwp": BLANK,
    "sample_hwp__basic__선-사각형-타원.hwp": SHAPES,
    "sample_hwp__basic__숨은설명.hwp": COMMENT,
    "sample_hwp__basic__책갈피.hwp": BLANK,
    "sample_hwp__basic__페이지숨김.hwp": "ABC",
    "sample_hwp__basic__필드-누름틀.hwp": "누름틀은 여러줄 문자열1\n여러줄 문자열2\n여러줄 문자열3 이다",
    "sample_hwp__basic__필드.hwp": "박성균",
    "sample_hwp__changing-image.hwp": SHAPES,
    "sample_hwp__changing-paragraph-text.hwp": "안녕하세요.\n이것은 샘플입니다.",
    "sample_hwp__distribution.hwp": "배포용으로 잠긴",
    "sample_hwp__extracting_ParaHead.hwp": "vi. 6\n\n1. 1\n2. 2",
    "sample_hwp__finding-all-field.hwp": "우리집 또 다른 유력한",
    "sample_hwp__getting_clickhere_text.hwp": "AA테스트 누름틀ABCD 1234567\n\n테이블안",
    "sample_hwp__inserting_image_cell.hwp": EMPTY_TABLE,
    "sample_hwp__making_caption.hwp": SHAPES,
    "sample_hwp__removing-row.hwp": EMPTY_TABLE,
    "sample_hwp__setting-celltext-by-field.hwp": EMPTY_TABLE,
    "sample_hwp__source.hwp": "이것은 원본 HWP 파일의 내용입니다.\n\n| ABC | 123 |",
    "testFile__error__20230728__test.hwpx": "| 음악축제 2부 | 19:20 ~ 20:40 | 국내 최정상급 가수 3팀 |",
    "testFile__error__20230809__test.hwpx": "발",
    "testFile__error__20230818__test.hwpx": "| 소관기관 | 국토교통부 |",
    "testFile__error__20231219__test1.hwpx": "이것은 누름틀 입니다.",
    "testFile__error__20240416__presentation오류.hwpx": BLANK,
    "testFile__error__20240626__no_manifest.hwpx": "제3장제1절의 제목 “재산분”을 “사업소분”으로 한다.",
    "testFile__reader_writer__PageSize_Margin.hwpx": BLANK,
    "testFile__reader_writer__SimpleArc.hwpx": "aaa bbb",
    "testFile__reader_writer__SimpleCompose.hwpx": "12 AO",
    "testFile__reader_writer__SimpleConnectLine.hwpx": SHAPES,
    "testFile__reader_writer__SimpleContainer.hwpx": SHAPES,
    "testFile__reader_writer__SimpleDutmal.hwpx": "테스트_본말(테스트_닷말)",
    "testFile__reader_writer__SimpleEllipse.hwpx": SHAPES,
    "testFile__reader_writer__SimpleLine.hwpx": SHAPES,
    "testFile__reader_writer__SimplePolygon.hwpx": SHAPES,
    "testFile__reader_writer__SimpleRectangle.hwpx": "ABC\n\n그림 1",
    "testFile__reader_writer__SimpleTable.hwpx": "| 1 | 1 | 2 |\n| --- | --- | --- |\n| 1 | 1 | 3 |\n| 5 | 4 | 4 |",
    "testFile__reader_writer__SimpleTextArt.hwpx": "hwpx 라이브러리 테스트 입니다. neolord",
    "testFile__reader_writer__sample1.hwpx": "우리는 수학 이다.더",
    "testFile__tool__textextractor__ParaHead.hwpx": "4.1.1.2. 번호-4-1-1-2\n4.1.2. 번호-4-1-2\n4.1.2.1. 번호-4-1-2-1",
    "testFile__tool__textextractor__RectInRect.hwpx": "안에 텍스트입니다.\n사각형 안에 사각형의 텍스트입니다.",
    "testFile__tool__textextractor__Table.hwpx": "| 이름 | 국어 | 영어 | 수학 |\n| --- | --- | --- | --- |\n| 개똥이 |",
}  # fmt: skip


@needs_corpus
def test_every_file_of_the_corpus_is_looked_up() -> None:
    assert {file.name for file in CORPUS.iterdir()} == HOLDS.keys()


@needs_corpus
@pytest.mark.parametrize("name", sorted(HOLDS))
def test_a_file_of_the_corpus_yields_its_text_or_the_reason_for_none(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    try:
        document = read(data, name)
    except UnreadableFile as refusal:
        assert HOLDS[name] in str(refusal)
    else:
        assert HOLDS[name] in f"{document.title}\n\n{document.text}"


@needs_corpus
@pytest.mark.parametrize("name", sorted(HOLDS.keys() - {"sample_hwp__distribution.hwp"}))
def test_no_word_of_the_body_is_lost(name: str) -> None:
    """The words in the raw records and XML, told without the reader, are all in the text; there are none without."""
    data = (CORPUS / name).read_bytes()
    words = _binary_words(data) if name.endswith(".hwp") else _xml_words(data)
    try:
        document = read(data, name)
    except UnreadableFile:
        assert set(words) == set()
    else:
        written = re.sub(r"\W", "", document.title + document.text)
        assert {word for word in words if word not in written} == set()


def _binary_words(data: bytes) -> Iterator[str]:
    """Words of the paragraphs that stand on the top level of a section, which no header or comment does."""
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        packed = file.openstream("BodyText/Section0").read()
        is_packed = file.openstream("FileHeader").read()[36] & 1
    body = zlib.decompress(packed, -15) if is_packed else packed
    at = 0
    while at < len(body):
        header = struct.unpack_from("<I", body, at)[0]
        size = header >> 20
        at += 4
        if size == 0xFFF:
            size = struct.unpack_from("<I", body, at)[0]
            at += 4
        if header & 0x3FF == 67 and header >> 10 & 0x3FF == 1:
            text = body[at : at + size].decode("utf-16-le", "replace")
            yield from re.findall(
                r"[가-힣A-Za-z0-9]{2,}", re.sub(r"[\x01-\x08\x0b\x0c\x0e-\x17].{6}[\x01-\x17]", " ", text, flags=re.S)
            )
        at += size


def _xml_words(data: bytes) -> Iterator[str]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        if re.fullmatch(r"Contents/section\d+\.xml", name):
            xml = archive.read(name).decode()
            xml = re.sub(r"<hp:(header|footer|hiddenComment)\b.*?</hp:\1>", "", xml, flags=re.S)
            for text in re.findall(r"<hp:t(?:\s[^>]*)?>(.*?)</hp:t>", xml, flags=re.S):
                plain = re.sub(r"&\w+;", " ", re.sub(r"<[^>]+>", " ", text))
                yield from re.findall(r"[가-힣A-Za-z0-9]{2,}", plain)
