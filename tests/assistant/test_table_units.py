"""A number in a table is never told nor borne out in another unit, however the file was made and cut into passages."""

import io
import time
from collections.abc import Callable

import made_files as made
import openpyxl
import pytest

from assistant.extraction.extract import told
from assistant.grounding import Evidence, GroundingChecker
from assistant.grounding.evidence import Span
from indexing.lexical.tokens import Analyzer
from knowledge_base.document import Chunk, Document
from knowledge_base.facts.finding import facts
from knowledge_base.passages.chunking import chunk
from knowledge_base.readers.formats import read_bytes
from knowledge_base.readers.rows import table_lines

TITLE, CAPTION = "체육시설 사용료", "(단위: 천원)"
NAMES = ["시설", "평일", "주말"]
ROWS = [[f"제{n}체육관 다목적실 전관 사용", str(n), f"1,{n:03}"] for n in range(30, 70)]


def _md() -> bytes:
    return "\n".join((f"# {TITLE}", "", CAPTION, "", *table_lines([NAMES, *ROWS]))).encode()


def _html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (NAMES, *ROWS))
    return f"<title>{TITLE}</title><h1>{TITLE}</h1><p align=right>{CAPTION}</p><table>{rows}</table>".encode()


def _xlsx(title: str = TITLE, caption: str = CAPTION) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in filter(any, ([title], [caption], NAMES, *ROWS)):
        sheet.append([int(cell.replace(",", "")) if cell[0].isdecimal() else cell for cell in row])
    for row in sheet.iter_rows():
        for cell in row:
            cell.number_format = "#,##0"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _docx() -> bytes:
    def paragraph(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in (NAMES, *ROWS)
    )
    return made.docx(f"{paragraph(TITLE)}{paragraph(CAPTION)}<w:tbl>{rows}</w:tbl>")


def _hwpx() -> bytes:
    def paragraph(inside: str) -> str:
        return f"<hp:p><hp:run>{inside}</hp:run></hp:p>"

    def cell(row: int, column: int, text: str, width: int = 1) -> str:
        place = f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/><hp:cellSpan colSpan="{width}" rowSpan="1"/>'
        return f"<hp:tc>{place}<hp:subList>{paragraph(f'<hp:t>{text}</hp:t>')}</hp:subList></hp:tc>"

    rows = "".join(
        f"<hp:tr>{''.join(cell(n, column, text) for column, text in enumerate(row))}</hp:tr>"
        for n, row in enumerate((NAMES, *ROWS), start=1)
    )
    top = f"<hp:tr>{cell(0, 0, CAPTION, 3)}</hp:tr>"
    return made.hwpx(f"{paragraph(f'<hp:t>{TITLE}</hp:t>')}{paragraph(f'<hp:tbl>{top}{rows}</hp:tbl>')}")


def _read(data: bytes, suffix: str) -> Document:
    [document] = read_bytes(data, suffix, f"문서{suffix}").documents
    return document


def _rows(piece: Chunk) -> list[Span]:
    starts = [n for n in range(len(piece.text)) if piece.text.startswith("| 제", n)]
    return [(start, start + len(piece.text[start:].split("\n")[0])) for start in starts]


@pytest.mark.parametrize(
    ("suffix", "make"),
    [
        (".md", _md), (".html", _html), (".xlsx", _xlsx), (".docx", _docx), (".hwpx", _hwpx),
        (".xlsx", lambda: _xlsx(f"{TITLE} {CAPTION}", "")),
    ],
)  # fmt: skip
def test_every_passage_of_a_long_table_knows_its_unit(
    suffix: str, make: Callable[[], bytes], analyzer: Analyzer
) -> None:
    check = GroundingChecker(analyzer).check
    document = _read(make(), suffix)
    pieces = chunk(document)
    assert len(pieces) > 3
    seen = []
    for piece in pieces:
        evidence = Evidence(f"{document.title}\n{piece.heading}", piece.text)
        for span in _rows(piece):
            seen.append(name := f"제{len(seen) + 30}체육관 다목적실 전관 사용")
            amount = len(seen) + 29
            assert told(piece.text, span, piece.heading) == (
                f"시설 {name}, 평일 {amount},000원, 주말 1,{amount:03},000원."
            )
            for said in (f"{amount},000원", f"{amount}원", f"{amount}0,000원"):
                is_right = said == f"{amount},000원"
                assert check(f"{name} 사용료는 평일 {said}입니다.", evidence).check.supported is is_right, said
    assert len(seen) == len(ROWS)


_TABLE = "{caption}\n\n| 구분 | {name} | 비고 |\n|---|---|---|\n| {thing} | {cell} | 별표 3 |\n| 그 밖의 것 | 7 | |\n"


@pytest.mark.parametrize(
    ("caption", "name", "thing", "cell", "right", "wrong"),
    [
        ("(단위: 천원)", "평일", "수영장", "30", "30,000원", ("30원", "300,000원", "30만 원")),
        ("(단위 : 백만원)", "예산액", "수영장", "1.5", "150만 원", ("1.5원", "15만 원")),
        ("[단위: 만원/월]", "지원액", "다자녀", "30", "월 30만 원", ("30원", "월 3만 원", "연 30만 원")),
        ("(단위: 만원)", "지원액", "다자녀", "3~5", "3만 원에서 5만 원", ("3원", "3만 원에서 50만 원")),
        ("※ 단위: 억원", "지원 한도", "제조업", "12", "12억 원", ("12원", "12만 원")),
        ("(단위: 천명)", "이용 인원", "수영장", "30", "3만 명", ("30명", "30만 명")),
        ("(단위: 명)", "모집", "수영장", "30", "30명", ("30원", "30만 명")),
        ("(단위: %)", "감면", "다자녀", "30", "30%", ("30원", "3%")),
        ("(단위: 명, 천원)", "사용료", "수영장", "30", "30,000원", ("30원", "30명")),
        ("(단위: 원, 부가세 포함)", "사용료", "수영장", "3,000", "3,000원", ("3,000명", "30,000원")),
        ("", "사용료(천원)", "수영장", "30", "30,000원", ("30원", "300,000원")),
        ("", "사용료(단위: 천원)", "수영장", "30", "30,000원", ("30원", "300,000원")),
        ("", "평일", "수영장(천원)", "30", "30,000원", ("30원", "300,000원")),
        ("(단위: 원)", "사용료", "수영장", "3,000(청소년 2,000)", "3,000원", ("30,000원",)),
    ],
)
def test_a_cell_bears_out_its_number_in_its_unit_alone(
    analyzer: Analyzer, caption: str, name: str, thing: str, cell: str, right: str, wrong: tuple[str, ...]
) -> None:
    check = GroundingChecker(analyzer).check
    evidence = Evidence("안내", _TABLE.format(caption=caption, name=name, thing=thing, cell=cell))
    said = f"{thing.partition('(')[0]} {name.partition('(')[0]}은 {{}}입니다."
    for amount in (right, *wrong):
        assert check(said.format(amount), evidence).check.supported is (amount == right), amount


@pytest.mark.parametrize(
    ("name", "cell", "said"),
    [
        ("수수료(원/개)", "5,000", "수수료 개당 5,000원"),
        ("임대료(원/월)", "30,000", "임대료 월 30,000원"),
        ("사용료(천원/1회)", "30", "사용료 1회당 30,000원"),
        ("수수료(원, 부가세 별도)", "5,000", "수수료(원, 부가세 별도) 5,000원"),
        ("지원액(만원)", "3~5", "지원액 3~5만원"),
        ("요금(원)", "무료(단, 재발급 5,000)", "요금 무료(단, 재발급 5,000원)"),
    ],
)
def test_a_price_is_read_out_with_what_it_is_for(name: str, cell: str, said: str) -> None:
    row = f"| 의자 | {cell} |"
    text = f"| 품목 | {name} |\n|---|---|\n{row}"
    assert told(text, (text.index(row), len(text))) == f"품목 의자, {said}."


def test_what_a_price_is_for_stays_in_its_name_below_a_caption() -> None:
    row = "| 천막 | 30,000 |"
    text = f"(단위: 원)\n\n| 비품 | 임대료(일) |\n|---|---|\n{row}"
    assert told(text, (text.index(row), len(text))) == "비품 천막, 임대료(일) 30,000원."


@pytest.mark.parametrize("text", ["|", "|\n|", "| 가 |\n|---|\n|\n||", "|가|\n|-|\n|1|\n\n|"])
def test_a_broken_table_is_read_all_the_same(text: str, analyzer: Analyzer) -> None:
    check = GroundingChecker(analyzer).check("수영장은 30,000원입니다.", Evidence("안내 > (단위: 천원)", text))
    assert not check.check.supported
    assert all(fact.span[1] <= len(text) for fact in facts(text))


def test_a_long_table_is_read_in_good_time() -> None:
    text = "(단위: 천원)\n\n| 시설 | 평일 |\n|---|---|\n" + "| 수영장 | 30 |\n" * 3_000 + "가\n| 나 | 7 |\n" * 3_000
    started = time.process_time()
    assert [fact.value for fact in facts(text)[::3_000]] == ["30000", "7"]
    assert time.process_time() - started < 2
