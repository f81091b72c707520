"""PDF: reading order, tables, what every page repeats, and why there is no text."""

from pathlib import Path

import pytest
from made_files import Pdf
from reportlab.lib import colors
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.formats import read_bytes
from knowledge_base.readers.table import Reading

FILES = Path(__file__).parent / "files"


def read(data: bytes) -> Reading:
    return read_bytes(data, ".pdf", "안내.pdf")


def text(pdf: Pdf) -> str:
    reading = read(pdf.bytes())
    assert reading.faults == []
    return f"{reading.documents[0].title}\n{reading.documents[0].text}"


def test_a_page_printed_by_a_browser() -> None:
    [document] = read((FILES / "주차장_안내.pdf").read_bytes()).documents
    assert document.title == "순천시 공영주차장 운영 안내"
    assert document.text.startswith(
        "순천시 공고 제2026-101호\n\n## 1. 이용 요금\n\n"
        "공영주차장의 이용 요금은 최초 삼십 분 오백 원이며, 이후 십 분마다 이백 원을 더하여 받습니다. 하루 최대 요금은 "
        "팔천 원이고, 국가유공자와 장애인은 절반을 감면합니다. 감면을 받으려면 신분증을 보여 주셔야 합니다.\n\n"
        "| 구분 | 요금 소형 | 요금 대형 |\n| --- | --- | --- |\n| 최초 30분 | 500원 | 1,000원 |\n"
    )
    assert document.text.endswith("## 3. 부칙\n\n이 안내는 2026년 1월 1일부터 시행한다.")


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    pdf = Pdf()
    for number in range(1, 5):
        pdf.at(800, "순천시 자치법규집").at(40, f"- {number} -").at(55, f"2026년 판 {number}쪽")
        pdf.line(f"제{number}조(요금) 요금은 {number},000원으로 한다.").page()
    expected = "\n".join(f"제{number}조(요금) 요금은 {number},000원으로 한다." for number in range(1, 5))
    assert text(pdf).split("\n", 1)[1] == expected


def test_what_stands_once_in_a_margin_is_kept() -> None:
    pdf = Pdf().at(800, "첫 쪽의 알림입니다.").line("본문입니다.").at(40, "담당 061-749-3114")
    assert text(pdf).split("\n", 1)[1] == "첫 쪽의 알림입니다.\n\n본문입니다.\n\n담당 061-749-3114"


def test_a_sentence_over_lines_and_pages_is_one() -> None:
    pdf = Pdf().line("주차장 안내", 20)
    pdf.line("공영주차장의 이용 요금은 최초 삼십 분에 오백 원이고 그 뒤에는 십 분마다")
    pdf.line("이백 원을 더하며 하루에 받는 요금은 가장 많은 때에 팔천 원으로 정하여")
    pdf.page().line("모든 시민에게 같이 적용합니다.")
    assert text(pdf) == (
        "주차장 안내\n공영주차장의 이용 요금은 최초 삼십 분에 오백 원이고 그 뒤에는 십 분마다 이백 원을 더하며 "
        "하루에 받는 요금은 가장 많은 때에 팔천 원으로 정하여 모든 시민에게 같이 적용합니다."
    )


def test_words_cut_at_a_line_end_where_the_document_writes_its_spaces() -> None:
    pdf = Pdf().line("주차장 안내", 20)
    pdf.line("공영주차장의 이용 요금은 최초 삼십 분에 오백 원이고 그 뒤에는 십 분마")
    pdf.line("다 이백 원을 더하며 하루에 받는 요금은 가장 많을 때 팔천 원으로 정하여 ")
    pdf.line("모든 시민에게 같이 적용합니다.")
    assert "십 분마다 이백 원을 더하며 하루에 받는 요금은 가장 많을 때 팔천 원으로 정하여 모든 시민" in text(pdf)


def test_words_cut_where_every_line_is_full() -> None:
    said = (
        "공영주차장의 이용 요금은 최초 삼십 분에 오백 원이고 그 뒤에는 십 분마다 이백 원을 더하며 하루에 받는 요금은 "
        "가장 많을 때 팔천 원으로 정하여 모든 시민에게 같이 적용하고 두 시간을 넘지 않는 차에는 받지 않는 것으로 한다."
    )
    pdf = Pdf().line("주차장 안내", 20)
    paragraph = Paragraph(said, ParagraphStyle("", fontName=pdf.FONT, fontSize=11, leading=17, wordWrap="CJK"))
    paragraph.wrapOn(pdf.canvas, 300, 300)
    paragraph.drawOn(pdf.canvas, 72, 600)
    assert text(pdf) == f"주차장 안내\n{said}"


def test_a_line_that_ends_within_a_sentence_goes_on_however_short() -> None:
    pdf = Pdf().line("부담금 안내", 20).line("여기는 오수를 처리하는 비용을 누가 얼마나 나누어 내는지 알려 드립니다.")
    pdf.line("오수를 새로 내보내는 건축물은").line("부담금을 냅니다.").line("문의").line("하수과")
    assert text(pdf).split("\n")[-3:] == ["오수를 새로 내보내는 건축물은 부담금을 냅니다.", "문의", "하수과"]


def test_list_items_stand_on_their_own_lines() -> None:
    items = [
        "① 국가유공자가 운전하는 자동차로서 증명서를 제시한 경우",
        "② 장애인이 탄 자동차",
        "1. 경차",
        "가. 저공해차",
        "※ 중복 감면은 없습니다.",
    ]
    pdf = Pdf().line("감면 안내입니다.")
    for item in items:
        pdf.line(item)
    assert text(pdf).splitlines()[2:] == items


def test_merged_cells_and_tables_open_at_the_sides() -> None:
    rows = [["구분", "요금", ""], ["", "소형", "대형"], ["30분", "500원", "1,000원"]]
    pdf = Pdf().line("요금표입니다.").table(rows, ("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0))).line("끝입니다.")
    grid = "| 구분 | 요금 소형 | 요금 대형 |\n| --- | --- | --- |\n| 30분 | 500원 | 1,000원 |"
    assert text(pdf).split("\n", 1)[1] == f"요금표입니다.\n\n{grid}\n\n끝입니다."
    open_sided = Pdf().line("요금표입니다.")
    open_sided.table(
        [["구분", "요금"], ["30분", "500원"]],
        ("LINEBEFORE", (0, 0), (0, -1), 2, colors.white),
        ("BOX", (0, 0), (-1, -1), 0.5, None),
    )
    assert "| 구분 | 요금 |\n| --- | --- |\n| 30분 | 500원 |" in text(open_sided)


def test_scanned_pages_are_named() -> None:
    reading = read(Pdf().line("본문입니다.").page().picture().page().line("이어집니다.").page().picture().bytes())
    assert reading.documents[0].text == "본문입니다.\n이어집니다."
    assert reading.faults == ["2, 4쪽은 글자 정보가 없는 스캔 쪽이라 읽지 못했습니다."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (Pdf().picture().bytes(), "스캔 PDF"),
        (Pdf().page().bytes(), "빈 PDF"),
        (Pdf(encrypt=StandardEncryption("비밀")).line("글").bytes(), "암호가 걸린 PDF"),
        (b"%PDF-1.7\n1 0 obj\n", "손상되어 열 수 없는 PDF"),
        (Pdf().line("\ue001\ue002\ue003").bytes(), "알아볼 수 없는 PDF|빈 PDF"),
    ],
)
def test_why_there_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(data)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("is_shown_upright", [True, False])
def test_a_table_keeps_its_rows_on_a_page_that_lies_on_its_side(degrees: int, is_shown_upright: bool) -> None:
    pdf = Pdf(pagesize=(842, 842))
    if is_shown_upright:
        pdf.canvas.setPageRotation(degrees)
    pdf.canvas.translate(421, 421)
    pdf.canvas.rotate(degrees)
    pdf.canvas.translate(-421, -421)
    pdf.line("주차 요금을 알려 드립니다.").table([["구분", "30분"], ["소형", "500원"], ["대형", "1,000원"]])
    reading = read(pdf.line("문의는 교통과로 해 주시기 바랍니다.").bytes())
    assert reading.documents[0].text == (
        "주차 요금을 알려 드립니다.\n\n| 구분 | 30분 |\n| --- | --- |\n| 소형 | 500원 |\n| 대형 | 1,000원 |\n\n"
        "문의는 교통과로 해 주시기 바랍니다."
    )
