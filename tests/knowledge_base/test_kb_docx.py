"""Word documents: numbers as Word shows them, notes and text boxes in place, nothing that is not shown."""

from pathlib import Path

import made_files as made
import pytest

from knowledge_base.document import Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.formats import read_bytes

FILES = Path(__file__).parent / "files"
NUMBERING = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="제%1조"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="ganada"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>"""
STYLES = """<w:style w:styleId="a"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style><w:style w:styleId="c"><w:basedOn w:val="c"/></w:style>"""


def run(text: str, mark: str = "") -> str:
    return f'<w:r><w:rPr>{mark}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    return p(run(text), f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def td(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(run(text))}</w:tc>"


def text(body: str, footnotes: str = "") -> str:
    lead = p(run("첫 문단입니다."))
    data = made.docx(lead + body, STYLES, NUMBERING, footnotes)
    return read_bytes(data, ".docx", "문서.docx").documents[0].text.removeprefix("첫 문단입니다.").strip()


def test_a_document_written_by_a_library() -> None:
    [document] = read_bytes((FILES / "주차장_안내.docx").read_bytes(), ".hwp", "안내.hwp").documents
    assert document.title == "주차장 이용 안내"
    assert document.text == (
        "# 이용 요금\n\n요금은 다음과 같습니다.\n\n| 구분 | 요금 |\n| --- | --- |\n| 소형 | 500원 |\n\n"
        "# 문의\n\n1. 교통과\n2. 공단\n- 전화"
    )


def test_numbers_are_those_word_shows() -> None:
    body = [numbered("(목적) 가"), numbered("나", 1), numbered("다", 1), numbered("라", 2), numbered("마", 3)]
    body += [numbered("(정의) 바", number=2), numbered("사", 1), numbered("(시행) 아", number=3)]
    assert text("".join(body)).split("\n") == [
        *("제1조(목적) 가", "① 나", "② 다", "가. 라", "- 마", "제2조(정의) 바", "① 사", "제5조(시행) 아"),
    ]
    document = read_bytes(made.docx("".join(body), "", NUMBERING), "", "규정").documents[0]
    assert document.kind is Kind.REGULATION


def test_headings_come_from_styles_and_those_they_are_based_on() -> None:
    assert text(p(run("요금"), '<w:pStyle w:val="b"/>') + p(run("글"), '<w:pStyle w:val="c"/>')) == "## 요금\n\n글"


def test_what_is_deleted_hidden_or_struck_out_is_no_text() -> None:
    body = p(
        run("요금은 ") + f"<w:del>{run('오백')}</w:del><w:ins>{run('육백')}</w:ins>" + run("비밀", "<w:vanish/>")
        + run("천", "<w:strike/>") + run(" 원", '<w:strike w:val="0"/>') + "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    )  # fmt: skip
    assert text(body) == "요금은 육백 원"


def test_footnotes_and_text_boxes_stand_where_they_belong() -> None:
    box = f"<w:txbxContent>{p(run('글상자'))}</w:txbxContent>"
    both = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    drawn = f"<mc:AlternateContent>{both}</mc:AlternateContent>"
    body = p(run("요금") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("은 무료.") + f"<w:r>{drawn}</w:r>")
    notes = (
        f'<w:footnote w:id="0">{p(run("구분선"))}</w:footnote><w:footnote w:id="2">{p(run("부가세 포함"))}</w:footnote>'
    )
    assert text(body + p(run("끝.")), notes) == "요금(주1)은 무료.\n(주1) 부가세 포함\n글상자\n끝."


def test_cells_merged_down_and_across() -> None:
    rows = [
        td("구분", '<w:vMerge w:val="restart"/>') + td("요금", '<w:gridSpan w:val="2"/>'),
        td("", "<w:vMerge/>") + td("소형") + td("대형"),
        td("30분") + td("500원") + td("1,000원"),
    ]
    assert text(table(rows)) == ("| 구분 | 요금 소형 | 요금 대형 |\n| --- | --- | --- |\n| 30분 | 500원 | 1,000원 |")


def table(rows: list[str]) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_labels_below_one_name_are_one_and_a_wide_label_stands_once() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = [
        td("구분", wide) + td("기간") + td("요금"),
        td("월 정기권", '<w:vMerge w:val="restart"/>') + td("낮(9~18시)") + td("1개월") + td("50,000원"),
        td("", "<w:vMerge/>") + td("밤") + td("1개월") + td("30,000원"),
        td("일일권", '<w:gridSpan w:val="3"/>') + td("5,000원"),
    ]
    assert text(table(rows)).splitlines() == [
        "| 구분 | 기간 | 요금 |",
        "| --- | --- | --- |",
        "| 월 정기권, 낮(9~18시) | 1개월 | 50,000원 |",
        "| 월 정기권, 밤 | 1개월 | 30,000원 |",
        "| 일일권 |  | 5,000원 |",
    ]


def test_names_of_columns_are_no_labels_within_labels() -> None:
    rows = [td("등급", '<w:gridSpan w:val="3"/>') + td("점수"), td("회사채") + td("어음") + td("회사채") + td("5")]
    assert text(table(rows)).splitlines()[2] == "| 회사채 | 어음 | 회사채 | 5 |"


def test_labels_and_their_prices_alone_have_no_header() -> None:
    rows = [td("번호판") + td("6,600원"), td("봉인") + td("1,000원")]
    assert text(table(rows)).splitlines()[:3] == ["|  |  |", "| --- | --- |", "| 번호판 | 6,600원 |"]
    rows = [td("피아노") + td("1회") + td("50,000"), td("분장실") + td("1실 1일") + td("10,000")]
    assert text(table(rows)).splitlines()[:3] == ["|  |  |  |", "| --- | --- | --- |", "| 피아노 | 1회 | 50,000 |"]


def test_a_table_that_goes_on_below_another_has_its_names() -> None:
    first = [td("단계") + td("올해") + td("내년"), td("20㎥") + td("620원") + td("670원")]
    second = [td("15mm") + td("1,080원") + td("1,150원"), td("20mm") + td("2,400원") + td("2,600원")]
    told = text(table(first) + p(run("구경별 요금")) + table(second))
    assert "|  | 올해 | 내년 |\n| --- | --- | --- |\n| 15mm | 1,080원 | 1,150원 |" in told
    assert "|  |  |  |" in text(table(first) + p(run("가" * 50)) + table(second))


def test_terms_beside_their_values_are_lines() -> None:
    wide = '<w:gridSpan w:val="3"/>'
    rows = [
        td("민원명") + td("개명 신고", wide),
        td("처리부서") + td("민원과 가족관계팀") + td("전화") + td("055-330-2114"),
        td("처리기간") + td("즉시(보완이 있으면 3일)") + td("면허세") + td("없음"),
    ]
    assert text(table(rows)).splitlines() == [
        "- 민원명: 개명 신고",
        "- 처리부서: 민원과 가족관계팀",
        "- 전화: 055-330-2114",
        "- 처리기간: 즉시(보완이 있으면 3일)",
        "- 면허세: 없음",
    ]
    rows = [
        td("예약") + td("쓰는 날 전 달 1일 10시부터 전화로 합니다."),
        td("취소") + td("7일 전까지 됩니다."),
    ]
    assert text(table(rows)).splitlines()[1] == "- 취소: 7일 전까지 됩니다."


@pytest.mark.parametrize("head", [("구분", "내용"), ("민원명", "처리기간"), ("대상", "금액")])
def test_a_table_with_names_of_columns_stays_one(head: tuple[str, str]) -> None:
    rows = [td(head[0]) + td(head[1]), td("처리기간") + td("즉시"), td("수수료") + td("없음")]
    assert text(table(rows)).startswith(f"| {head[0]} | {head[1]} |\n| --- | --- |\n")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (made.docx(p("")), "글이 없는 빈 워드 문서"),
        (made.docx(p("<w:r><w:drawing/></w:r>")), "그림이나 도형만 있고 글이 없는 워드 문서"),
        (made.zipped({"word/document.xml": "<document/>"}), "본문이 들어 있지 않은 워드 문서"),
        (made.ole({"WordDocument": b"x"}), r"옛 형식의 워드 문서\(.doc\)"),
        (made.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "암호가 걸린 오피스 문서"),
        (made.ole({"PowerPoint Document": b"x"}), "파워포인트"),
        (made.ole({"Other": b"x"}), "글이 들어 있지 않은 형식"),
    ],
)
def test_why_there_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_bytes(data, ".docx", "문서.docx")


def test_a_paragraph_deleted_under_change_tracking_takes_no_number() -> None:
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    deleted = p("<w:del><w:r><w:delText>(수수료) 999원</w:delText></w:r></w:del>", properties)
    assert text(numbered("(목적) 가") + deleted + numbered("(정의) 나")).split() == [
        "제1조(목적)",
        "가",
        "제2조(정의)",
        "나",
    ]


def test_a_raised_mark_is_no_digit_of_the_amount() -> None:
    raised = run("1)", '<w:vertAlign w:val="superscript"/>')
    assert text(p(run("이용료 1,000") + raised + run("원"))) == "이용료 1,000¹⁾원"


def test_hidden_rows_are_left_out_and_signs_kept() -> None:
    hidden = f"<w:tr><w:trPr><w:hidden/></w:trPr>{td('내부')}{td('1원')}</w:tr>"
    rows = f"<w:tr>{td('구분')}{td('요금')}</w:tr>{hidden}<w:tr>{td('어른')}{td('-')}</w:tr>"
    sign = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert text(f"<w:tbl>{rows}</w:tbl>{p(sign + run(' 동의'))}") == (
        "| 구분 | 요금 |\n| --- | --- |\n| 어른 | - |\n\n• 동의"
    )


def test_rows_of_a_table_in_a_cell_stay_apart() -> None:
    inner = f"<w:tbl><w:tr>{td('평일')}{td('1,000원')}</w:tr><w:tr>{td('주말')}{td('1,500원')}</w:tr></w:tbl>"
    cell = f"<w:tc>{p(run('종류별'))}{inner}</w:tc>"
    rows = f"<w:tr>{td('구분')}{td('요금')}</w:tr><w:tr>{td('탁구장')}{cell}</w:tr>"
    assert text(f"<w:tbl>{rows}</w:tbl>").endswith("| 탁구장 | 종류별; 평일 / 1,000원; 주말 / 1,500원 |")
