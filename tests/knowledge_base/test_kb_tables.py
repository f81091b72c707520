"""FAQ tables: CSV and XLSX."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import made_files as made
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.imports.reading import read
from knowledge_base.readers.delimited import DELIMITERS, read_csv
from knowledge_base.readers.table import Reading
from knowledge_base.readers.workbook import first_sheet

HEADER = "분야,질문,답변,시행일\n"
GOOD = "여권,여권 수수료는?,5만원입니다.,2026-07-01\n"


def ids(reading: Reading) -> list[str]:
    return [document.id for document in reading.documents]


def test_one_document_a_row() -> None:
    reading = read_csv(HEADER + GOOD, "faq/여권.csv")
    assert reading == Reading(
        [
            Document(
                id="faq/여권.csv#1",
                kind=Kind.FAQ,
                category="여권",
                title="여권 수수료는?",
                text="5만원입니다.",
                effective_from=date(2026, 7, 1),
            )
        ],
        [],
    )


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_delimiters(delimiter: str) -> None:
    text = (HEADER + GOOD).replace(",", delimiter)
    assert read_csv(text, "a.csv").documents == read_csv(HEADER + GOOD, "a.csv").documents


def test_the_delimiter_is_the_headers_not_that_of_a_title_above_it() -> None:
    text = "순천시, 자주 묻는 질문, 모음\n\n질문;답변\n얼마예요?;1,000원, 2,000원\n"
    assert read_csv(text, "a.csv").documents[0].text == "1,000원, 2,000원"


@pytest.mark.parametrize(
    ("header", "department"),
    [
        ("자주 묻는 질문,답변 내용,부서명", "민원과"),
        ("문의 내용,답변,처리부서", "민원과"),
        ("질의,회신 내용,담당 부서", "민원과"),
        ("Q,A,구분", ""),
    ],
)
def test_columns_as_other_cities_name_them(header: str, department: str) -> None:
    (faq,) = read_csv(f"{header}\n등본은 어디서 떼나요?,무인발급기에서 떼세요.,민원과\n", "a.csv").documents
    assert (faq.kind, faq.title, faq.text) == (Kind.FAQ, "등본은 어디서 떼나요?", "무인발급기에서 떼세요.")
    assert faq.department == department


def test_the_header_may_stand_below_titles_and_blank_rows() -> None:
    reading = read_csv(f"순천시 FAQ,,,\n\n,,,\n2026년 판,,,\n{HEADER}{GOOD}", "a.csv")
    assert ids(reading) == ["a.csv#1"]
    assert reading.faults == []


def test_quoted_newlines_quotes_and_delimiters() -> None:
    reading = read_csv('질문,답변\n"첫째, ""여권""?","가\r\n나, 다"\r\n둘째?,라\r\n', "a.csv")
    assert [(found.title, found.text) for found in reading.documents] == [
        ('첫째, "여권"?', "가\n나, 다"),
        ("둘째?", "라"),
    ]


def test_blank_rows_are_not_counted() -> None:
    assert ids(read_csv(f"{HEADER}{GOOD}\n,,,\n{GOOD}", "a.csv")) == ["a.csv#1", "a.csv#2"]


def test_missing_cells_at_the_end_are_empty() -> None:
    reading = read_csv(HEADER + "여권,질문?,답.\n", "a.csv")
    assert reading.documents[0].effective_from is None


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("여권,수수료는?,53,000원입니다.,2026-07-01\n", "칸이 4개보다 많습니다"),
        ('여권,수수료는?,"5만원입니다.,2026-07-01\n', "큰따옴표의 짝"),
        ('여권,수수료는?,"5만"원입니다.,2026-07-01\n', "큰따옴표의 짝"),
        ("여권,수수료는?, ,2026-07-01\n", "답변 칸이 비어"),
        ("여권,,5만원입니다.,2026-07-01\n", "질문 칸이 비어"),
        ("여권,수수료는?,5만원입니다.,2026-02-30\n", "달력에 없는 날짜"),
        ("여권,수수료는?,5만원입니다.,곧\n", "날짜 '곧'"),
    ],
)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_broken_row_is_reported_by_number_and_the_rest_is_read(broken: str, reason: str, at: int) -> None:
    rows = [GOOD, GOOD]
    rows.insert(at - 1, broken)
    reading = read_csv(HEADER + "".join(rows), "a.csv")
    assert ids(reading) == [f"a.csv#{number}" for number in (1, 2, 3) if number != at]
    assert len(reading.faults) == 1
    assert reading.faults[0].startswith(f"{at}행: ")
    assert reason in reading.faults[0]


def test_rows_after_an_unclosed_quote_keep_their_quoted_cells() -> None:
    text = HEADER + '여권,첫째?,"열린 따옴표,\n여권,둘째?,"가\n나, 다",\n'
    reading = read_csv(text, "a.csv")
    assert [(found.id, found.text) for found in reading.documents] == [("a.csv#2", "가\n나, 다")]


def test_missing_columns_are_named_with_those_found() -> None:
    with pytest.raises(
        UnreadableFile, match=r"'질문' 열과 '답변' 열이 있는 머리글 행이 없습니다\(찾은 열: 분야, 질문, 회신일\)"
    ):
        read_csv("분야,질문,회신일\n여권,얼마?,오늘\n", "a.csv")


def test_a_huge_cell_is_one_fault_or_one_document() -> None:
    huge = "가" * 1_000_000
    reading = read_csv(f"질문,답변\n하나?,{huge}\n둘?,답.\n", "a.csv")
    assert ids(reading) == ["a.csv#2"]
    assert "너무 깁니다" in reading.faults[0]
    assert len(read_csv(f"질문,답변\n하나?,{huge[:100_000]}\n", "a.csv").documents[0].text) == 100_000


def test_many_broken_rows_take_no_quadratic_time() -> None:
    started = time.process_time()
    reading = read_csv("질문,답변\n" + '가?,"나"다\n' * 20_000, "a.csv")
    assert len(reading.faults) == 20_000
    assert time.process_time() - started < 3


CELLS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).filter(lambda cell: cell.strip("\u200b "))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_the_csv_module_writes_is_read_without_fault_or_reported(rows: list[tuple[str, str]]) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows([("질문", "답변"), *rows])
    reading = read_csv(out.getvalue(), "a.csv")
    assert len(reading.documents) + len(reading.faults) == sum(any(cell.strip() for cell in row) for row in rows)
    assert all("비어 있습니다" in fault for fault in reading.faults)  # a cell of invisible characters only


Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[Sheets], Path]:
    def write(sheets: Sheets) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "faq.xlsx")
        return tmp_path / "faq.xlsx"

    return write


def test_workbook_cells_of_every_type(workbook: Callable[[Sheets], Path]) -> None:
    path = workbook(
        {
            "FAQ": [
                ["질문", "답변", "전화", "시행일", "만료일"],
                ["얼마?", 52000, 3114, datetime(2026, 7, 1), "2026. 12. 31."],
            ]
        }
    )
    assert read(path, "faq.xlsx").documents == [
        Document(
            id="faq.xlsx#1",
            kind=Kind.FAQ,
            title="얼마?",
            text="52000",
            phone="3114",
            effective_from=date(2026, 7, 1),
            effective_to=date(2026, 12, 31),
        )
    ]


def test_two_sheets_and_empty_ones(workbook: Callable[[Sheets], Path]) -> None:
    rows = [["질문", "답변"], ["가?", "나."], [None, None], ["다?", "라."]]
    path = workbook({"빈 시트": [], "여권": rows, "세금": [["2026년"], *rows], "Sheet3": [[None]]})
    reading = read(path, "faq.xlsx")
    assert ids(reading) == ["faq.xlsx#1", "faq.xlsx#2", "faq.xlsx#세금!1", "faq.xlsx#세금!2"]
    assert reading.faults == []


def test_ids_do_not_depend_on_whether_the_first_sheets_rows_are_sound(workbook: Callable[[Sheets], Path]) -> None:
    path = workbook({"여권": [["질문", "답변"], ["가?", ""]], "세금": [["질문", "답변"], ["가?", "나."], ["", "나."]]})
    reading = read(path, "faq.xlsx")
    assert ids(reading) == ["faq.xlsx#세금!1"]
    assert reading.faults == ["1행: 답변 칸이 비어 있습니다", "세금!2행: 질문 칸이 비어 있습니다"]


def test_a_sheet_without_header_is_reported_and_the_others_read(workbook: Callable[[Sheets], Path]) -> None:
    reading = read(workbook({"표지": [["순천시"]], "FAQ": [["질문", "답변"], ["가?", "나."]]}), "faq.xlsx")
    assert ids(reading) == ["faq.xlsx#1"]
    assert len(reading.faults) == 1
    assert "시트 '표지'" in reading.faults[0]


def test_a_wrong_sheet_size_cuts_no_rows(workbook: Callable[[Sheets], Path], tmp_path: Path) -> None:
    path = workbook({"FAQ": [["질문", "답변"], ["가?", "나."]]})
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(wrong, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ref="A1:B2"', b'ref="A1"'))
    assert ids(read(wrong, "wrong.xlsx")) == ["wrong.xlsx#1"]


@pytest.mark.parametrize("sheets", [{"빈": []}, {"FAQ": [["질문", "답변"]]}, {"표지": [["순천시"]]}])
def test_a_workbook_without_rows_is_refused(workbook: Callable[[Sheets], Path], sheets: Sheets) -> None:
    with pytest.raises(UnreadableFile, match="읽을 수 있는 행이 없습니다"):
        read(workbook(sheets), "faq.xlsx")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_damaged_workbook_is_refused(workbook: Callable[[Sheets], Path], part: float) -> None:
    path = workbook({"FAQ": [["질문", "답변"], ["가?", "나."]]})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(UnreadableFile, match="손상"):
        read(path, "faq.xlsx")


def test_damage_anywhere_in_a_workbook_is_refused_or_harmless(workbook: Callable[[Sheets], Path]) -> None:
    path = workbook({"FAQ": [["질문", "답변"], ["가?", "나."]]})
    data = path.read_bytes()
    for at in range(10, len(data), 97):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            assert read(path, "faq.xlsx").documents
        except UnreadableFile as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_broken_part_is_refused(
    workbook: Callable[[Sheets], Path], tmp_path: Path, part: str
) -> None:
    path = workbook({"FAQ": [["질문", "답변"], ["가?", "나."]]})
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<worksheet><row" if name == part else source.read(name))
    with pytest.raises(UnreadableFile):
        read(broken, "broken.xlsx")


def test_a_workbook_whose_list_of_parts_is_broken_is_read_all_the_same(
    workbook: Callable[[Sheets], Path], tmp_path: Path
) -> None:
    path = workbook({"FAQ": [["질문", "답변"], ["가?", "나."]]})
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<Types" if name == "[Content_Types].xml" else source.read(name))
    assert ids(read(broken, "broken.xlsx")) == ["broken.xlsx#1"]


def test_an_old_workbook_with_a_category_over_two_rows() -> None:
    path = Path(__file__).parent / "files" / "여권_FAQ.xls"
    assert [(found.category, found.title, found.text) for found in read(path, "여권_FAQ.xls").documents] == [
        ("여권", "수수료는?", "5만원입니다."),
        ("여권", "기간은?", "4일입니다."),
    ]


def test_a_workbook_of_other_tables_is_one_notice(workbook: Callable[[Sheets], Path]) -> None:
    fees = [["주차 요금표 (2026. 1. 1. 기준)"], ["구분", "요금"], ["소형", 500], ["대형", 1000]]
    path = workbook({"표지": [["순천시"]], "요금": fees, "주차장": [["이름", "면수"], ["역전", 120]]})
    [document] = read(path, "주차.xlsx").documents
    assert (document.id, document.kind, document.title) == ("주차.xlsx", Kind.NOTICE, "주차")
    assert document.text == (
        "## 요금\n\n주차 요금표 (2026. 1. 1. 기준)\n\n"
        "| 구분 | 요금 |\n| --- | --- |\n| 소형 | 500 |\n| 대형 | 1000 |\n\n"
        "## 주차장\n\n| 이름 | 면수 |\n| --- | --- |\n| 역전 | 120 |"
    )


def test_a_csv_of_another_table_is_one_notice() -> None:
    [document] = read_csv('구분,요금\n소형,500원\n대형,"1,000원"\n', "요금.csv").documents
    assert (document.title, document.kind) == ("요금", Kind.NOTICE)
    assert document.text == "| 구분 | 요금 |\n| --- | --- |\n| 소형 | 500원 |\n| 대형 | 1,000원 |"


@pytest.mark.parametrize(
    "text", ["분야,질문\n여권,얼마?\n", "이름,답변\n여권,얼마\n", "그냥 글입니다.\n\n둘째 줄, 셋째 줄\n넷째\n"]
)
def test_half_an_faq_and_text_are_no_other_table(text: str) -> None:
    with pytest.raises(UnreadableFile, match="머리글 행이 없습니다"):
        read_csv(text, "a.csv")


def test_rows_of_the_first_sheet_keep_their_numbers() -> None:
    sheet = made.workbook_with_cells("B2", "C4")
    assert first_sheet(sheet, columns=9) == [["", ""], ["x", ""], ["", ""], ["", "x"]]
    assert first_sheet(sheet, columns=1) == [[""], ["x"], [""], [""]]
    assert first_sheet(made.workbook_with_cells(), columns=9) == []
