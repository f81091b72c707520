"""Spreadsheets that are no FAQ, as a person sees them: formats, hidden parts, merged column names, several tables."""

import io
from collections.abc import Sequence
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from knowledge_base.readers import number_format
from knowledge_base.readers.delimited import read_csv
from knowledge_base.readers.formats import read_bytes
from knowledge_base.readers.table import Reading


def sheet(rows: Sequence[Sequence[object]]) -> Worksheet:
    found = Workbook().active
    assert isinstance(found, Worksheet)
    for row in rows:
        found.append(list(row))
    return found


def reading(of: Worksheet) -> Reading:
    out = io.BytesIO()
    assert of.parent is not None
    of.parent.save(out)
    return read_bytes(out.getvalue(), ".xlsx", "요금.xlsx")


def text(of: Worksheet) -> str:
    found = reading(of)
    assert found.faults == []
    return found.documents[0].text


def test_numbers_are_those_the_cells_show() -> None:
    fees = sheet([["구분", "요금", "감면", "전화", "시행일"], ["소형", 1200, 0.5, 617493114, date(2026, 7, 1)]])
    for place, code in zip("BCDE", ('#,##0"원"', "0%", "000-000-0000", 'yyyy"년" m"월"'), strict=True):
        fees[f"{place}2"].number_format = code
    assert text(fees).splitlines()[2] == "| 소형 | 1,200원 | 50% | 061-749-3114 | 2026년 7월 |"


def test_a_month_is_not_told_as_its_first_day() -> None:
    """Excel stores 2026년 12월 as the first of December."""
    fees = sheet([["사업", "시작"], *([name, date(2026, 12, 1)] for name in "가나다라")])
    for row, code in enumerate(('yyyy"년" m"월"', "mmm-yy", "yyyy-mm", "yyyy-mm-dd"), start=2):
        fees[f"B{row}"].number_format = code
    assert [line.split(" | ")[1] for line in text(fees).splitlines()[2:]] == [*["2026년 12월 |"] * 3, "2026-12-01 |"]


def test_an_answer_holds_from_the_first_of_the_month_to_the_last() -> None:
    faq = sheet([["질문", "답변", "시행일", "만료일"], ["얼마예요?", "3,000원", date(2026, 2, 1), date(2026, 2, 1)]])
    faq["C2"].number_format = faq["D2"].number_format = "yyyy-mm"
    [document] = reading(faq).documents
    assert (document.effective_from, document.effective_to) == (date(2026, 2, 1), date(2026, 2, 28))


def test_an_answer_is_the_amount_its_cell_shows() -> None:
    faq = sheet([["질문", "답변"], ["견인료는 얼마인가요?", 40000]])
    faq["B2"].number_format = '#,##0"원"'
    assert reading(faq).documents[0].text == "40,000원"


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (1250000, '_-"₩"* #,##0_-;-"₩"* #,##0_-;_-"₩"* "-"_-;_-@_-', "₩1,250,000"),
        (0, '_-"₩"* #,##0_-;-"₩"* #,##0_-;_-"₩"* "-"_-;_-@_-', "₩-"),
        (-1200, "#,##0_);[Red]\\(#,##0\\)", "(1,200)"),
        (-1200, "#,##0;[빨강]-#,##0", "-1,200"),
        (0, '#,##0;-#,##0;"무료"', "무료"),
        (7, '"제"0"호"', "제7호"),
        (12, "[$-412]0000", "0012"),
        (12, "[$₩-412]#,##0", "₩12"),
        (1234567, '#,##0,"천원"', "1,235천원"),
        (3.50, "0.##", "3.5"),
        (3, "0.00", "3.00"),
        (-0.001, "0.0", "0.0"),
        (1200, '[>=1000]#,##0"천";0', "1200"),
        (1.5, "0.00E+00", "1.5"),
        (0.1 + 0.2, "General", "0.3"),
    ],
)
def test_number_formats(number: float, code: str, shown: str) -> None:
    assert number_format.shown(number, code) == shown


def test_what_is_hidden_is_left_out_and_told() -> None:
    fees = sheet([["구분", "원가", "요금"], ["소형", 100, 500], ["중형", 200, 600], ["대형", 300, 1000]])
    fees.title = "요금"
    fees.column_dimensions["B"].hidden = True
    fees.row_dimensions[3].hidden = True
    assert fees.parent is not None
    for title, state in (("내부", "hidden"), ("더 내부", "veryHidden")):
        inside = fees.parent.create_sheet(title)
        inside.append(["구분", "단가"])
        inside.append(["소형", 99999])
        inside.sheet_state = state
    found = reading(fees)
    assert found.documents[0].text == "| 구분 | 요금 |\n| --- | --- |\n| 소형 | 500 |\n| 대형 | 1000 |"
    assert [fault.split(": ")[0] for fault in found.faults] == ["시트 '내부'", "시트 '더 내부'", "시트 '요금'"]
    assert "숨긴 행과 열은 읽지 않았습니다" in found.faults[2]


def test_a_formula_without_its_value_is_told() -> None:
    found = reading(sheet([["구분", "기본", "합계"], ["소형", 500, "=B2*2"], ["대형", 900, "=B3*2"]]))
    assert "칸(C2, C3)을 읽지 못했습니다" in found.faults[0]


def test_struck_out_amounts_are_left_out() -> None:
    rich = CellRichText(TextBlock(InlineFont(strike=True), "350원"), TextBlock(InlineFont(b=True), " 400원"))
    fees = sheet([["구분", "수수료", "예전"], ["등본", rich, "300원"], ["초본", "400원", "300원"]])
    fees["C2"].font = Font(strike=True)
    assert text(fees).splitlines()[2:] == ["| 등본 | 400원 |  |", "| 초본 | 400원 | 300원 |"]


def test_column_names_over_two_rows_are_one() -> None:
    fees = sheet([["사용료"], ["시설", "요금", None, "비고"], [None, "어른", "어린이"], ["수영장", 4000, 2000, "1회"]])
    for merged in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        fees.merge_cells(merged)
    assert text(fees) == (
        "| 시설 | 요금 어른 | 요금 어린이 | 비고 |\n| --- | --- | --- | --- |\n| 수영장 | 4000 | 2000 | 1회 |"
    )


def test_a_table_may_begin_right_of_an_empty_column() -> None:
    fees = sheet([[None, "시설", "요금", None], [None, None, "어른", "어린이"], [None, "수영장", 4000, 2000]])
    fees["C3"].number_format = fees["D3"].number_format = '#,##0"원"'
    fees.merge_cells("B1:B2")
    fees.merge_cells("C1:D1")
    assert text(fees) == ("| 시설 | 요금 어른 | 요금 어린이 |\n| --- | --- | --- |\n| 수영장 | 4,000원 | 2,000원 |")


def test_tables_below_one_another_keep_their_column_names() -> None:
    pool: list[list[object]] = [["수영장"], ["구분", "요금"], ["어른", 4000], []]
    gym: list[list[object]] = [["헬스장"], ["구분", "월", "보증금"], ["어른", 50000, 10000], ["※ 65세 이상 무료"]]
    assert text(sheet(pool + gym)) == (
        "| 구분 | 요금 |\n| --- | --- |\n| 어른 | 4000 |\n\n"
        "헬스장\n\n| 구분 | 월 | 보증금 |\n| --- | --- | --- |\n| 어른 | 50000 | 10000 |\n\n※ 65세 이상 무료"
    )


def test_a_blank_row_within_a_table_does_not_end_it() -> None:
    rows: list[list[object]] = [["구분", "요금"], ["어른", 4000], [], ["청소년", 3000], [], ["야간"], ["어른", 2000]]
    assert text(sheet(rows)).splitlines()[2:] == [
        "| 어른 | 4000 |",
        "| 청소년 | 3000 |",
        "| 야간 |  |",
        "| 어른 | 2000 |",
    ]


def test_a_sheet_of_text_is_read() -> None:
    found = reading(sheet([["무더위쉼터 안내"], ["7월부터 8월까지 엽니다."], [], ["문의: 061-749-3114"]]))
    assert found.documents[0].title == "무더위쉼터 안내"
    assert found.documents[0].text == "7월부터 8월까지 엽니다.\n\n문의: 061-749-3114"


def test_a_list_with_a_column_of_whom_to_call_is_no_half_faq() -> None:
    events = sheet([["행사명", "일시", "문의"], ["음악회", "12월 10일", "330-4012"], ["연극", "12월 18일", "330-4466"]])
    assert "| 음악회 | 12월 10일 | 330-4012 |" in text(events)


def test_a_table_with_a_column_of_contents_is_no_half_faq() -> None:
    [document] = read_csv("구분,내용,수수료\n등본,발급,400원\n초본,발급,400원\n", "수수료.csv").documents
    assert document.text.splitlines()[2] == "| 등본 | 발급 | 400원 |"


@pytest.mark.parametrize(
    ("broken", "reason"), [("어린이,2,000원", "칸이 2개보다 많습니다"), ('어린이,"2천원', "큰따옴표의 짝")]
)
def test_a_comma_that_parts_an_amount_is_a_fault_of_its_row(broken: str, reason: str) -> None:
    found = read_csv(f'구분,요금\n어른,"4,000원"\n{broken}\n청소년,"3,000원"\n', "요금.csv")
    assert found.documents[0].text.splitlines()[2:] == ["| 어른 | 4,000원 |", "| 청소년 | 3,000원 |"]
    assert found.faults[0].startswith("3행: ")
    assert reason in found.faults[0]


def test_two_tables_in_a_csv_file() -> None:
    pool = "순천시 요금,,\n(단위: 원),,\n구분,어른,어린이\n수영장,4000,2000\n"
    [document] = read_csv(f"{pool},,\n헬스장,,\n구분,월,보증금\n어른,50000,10000\n", "요금.csv").documents
    assert document.title == "순천시 요금"
    assert "헬스장\n\n| 구분 | 월 | 보증금 |" in document.text
