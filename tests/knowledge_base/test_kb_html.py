"""Web pages: what a reader sees of them, and nothing else."""

from datetime import date

import pytest

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.formats import read_bytes
from knowledge_base.readers.html import read_page

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html><head><title>공지 | 순천시</title>
<meta name="담당부서" content="상수도과"><meta name="시행일" content="2026-12-03"><meta name="viewport" content="x">
<style>.HIDDEN {}</style><script>var a = "HIDDEN";</script></head>
<body onload="HIDDEN()"><header>HIDDEN<h1>HIDDEN</h1></header><nav><ul><li>HIDDEN</li></ul></nav>
<form><h1>단수 <b>안내</b></h1><!-- HIDDEN -->
<p>요금은 5*3 = <strong>15원</strong>이고 <del>HIDDEN</del><s>HIDDEN</s> <a href="javascript:HIDDEN">담당_부서</a>에
<img src="HIDDEN.png" alt="HIDDEN">물어보세요.</p>
<noscript>HIDDEN</noscript><template>HIDDEN</template><button>HIDDEN</button><select><option>HIDDEN</select>
<textarea>HIDDEN</textarea><iframe>HIDDEN</iframe><svg><text>HIDDEN</text><script>HIDDEN</script></svg>
<ul><li>하나</li><li>둘</li></ul><script type="application/ld+json">{"HIDDEN": 1}</script></form>
<article><header><h2>문의</h2></header><p>3114</p></article>
<aside>HIDDEN</aside><footer>HIDDEN</footer></body></html>"""


def read(text: str, name: str = "a.html") -> Document:
    [found] = read_page(text, name).documents
    return found


def test_a_page_as_a_reader_sees_it() -> None:
    found = read(PAGE)
    assert "HIDDEN" not in repr(found)
    assert found.text == "요금은 5*3 = 15원이고 담당_부서에 물어보세요.\n\n- 하나\n- 둘\n\n## 문의\n\n3114"
    assert (found.title, found.department, found.effective_from) == ("단수 안내", "상수도과", date(2026, 12, 3))
    assert found.kind is Kind.NOTICE


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ('<meta name="제목" content="하나"><title>둘</title>', "<h1>셋</h1><p>본문.</p>", "하나"),
        ("<title>둘</title>", "<h1>셋</h1><p>본문.</p>", "셋"),
        ("<title>둘</title>", "<p>본문.</p>", "둘"),
        ("", "<p>본문.</p>", "새 글"),
        ("<title>공지사항 | 가람시청</title>", "<h2>공지사항</h2><h3>단수 안내</h3><p>본문.</p>", "단수 안내"),
        ("<title>단수 안내 | 가람시청</title>", "<h3>단수 지역</h3><p>본문.</p>", "단수 안내 | 가람시청"),
    ],
)
def test_where_the_title_comes_from(head: str, body: str, title: str) -> None:
    assert read(f"<html><head>{head}</head><body>{body}</body></html>", "b/새_글.html").title == title


def rows(table: str) -> list[str]:
    text = read(f"<p>표입니다.</p><table>{table}</table>").text
    return [line for line in text.splitlines() if line.startswith("|") and "---" not in line]


def test_a_cell_over_several_rows_stands_in_each() -> None:
    table = """<tr><th>업종</th><th>사용량</th><th>요금</th></tr>
    <tr><td rowspan="2">가정용</td><td>20㎥</td><td>480원</td></tr><tr><td>30㎥</td><td>620원</td></tr>
    <tr><td>일반용</td><td rowspan="2">모두</td><td>940원</td></tr><tr><td>대중탕용</td><td>720원</td></tr>"""
    assert rows(table) == [
        "| 업종 | 사용량 | 요금 |",
        "| 가정용 | 20㎥ | 480원 |",
        "| 가정용 | 30㎥ | 620원 |",
        "| 일반용 | 모두 | 940원 |",
        "| 대중탕용 | 모두 | 720원 |",
    ]


def test_a_cell_over_rows_and_columns() -> None:
    table = """<tr><th rowspan=2>구분</th><th colspan=2>요금</th></tr><tr><th>어른</th><th>어린이</th></tr>
    <tr><td>입장</td><td colspan="2" rowspan="2">무료</td></tr><tr><td>주차</td></tr>"""
    assert rows(table) == [
        "| 구분 | 요금 어른 | 요금 어린이 |",
        "| 입장 | 무료 | 무료 |",
        "| 주차 | 무료 | 무료 |",
    ]


@pytest.mark.parametrize("span", ["0", "-1", "many", "", "1000000000", "²"])
def test_a_senseless_span_does_no_harm(span: str) -> None:
    found = rows(f'<tr><td rowspan="{span}" colspan="{span}">가</td><td>나</td></tr><tr><td>다</td></tr>')
    assert len(found) == 2
    assert len(found[0]) < 1000


def test_a_table_without_header_cells_begins_with_its_first_row() -> None:
    assert rows("<tr><td>업종</td><td>요금</td></tr><tr><td>가정용</td><td>480원</td></tr>") == [
        "| 업종 | 요금 |",
        "| 가정용 | 480원 |",
    ]


def test_a_table_that_arranges_the_page_is_no_table() -> None:
    inner = "<table><tr><th>업종</th></tr><tr><td>가정용</td></tr></table>"
    assert rows(f"<tr><td><h2>요금</h2></td><td>{inner}</td></tr>") == ["| 업종 |", "| 가정용 |"]


def test_a_table_within_a_cell_and_lines_of_one_stay_in_their_row() -> None:
    inner = "<table><tr><td>휠체어</td><td>30만원</td></tr><tr><td>보청기</td><td>5만원</td></tr></table>본인 20% 부담"
    table = f"""<tr><th>사업</th><th>내용</th></tr><tr><td>수리비</td><td>{inner}</td></tr>
    <tr><td>주민세</td><td>동 9,000원<br>면 8,000원<br>(세대마다)</td></tr>"""
    assert rows(table)[1:] == [
        "| 수리비 | 휠체어 / 30만원; 보청기 / 5만원; 본인 20% 부담 |",
        "| 주민세 | 동 9,000원, 면 8,000원 (세대마다) |",
    ]


def test_a_page_of_scripts_only_is_empty() -> None:
    with pytest.raises(UnreadableFile, match="빈 파일"):
        read("<html><script>var a = 1;</script></html>")


def test_a_page_nested_beyond_reason_is_refused_or_read() -> None:
    try:
        assert "글" in read("<html><body>" + "<div>" * 20_000 + "글").text
    except UnreadableFile as error:
        assert "깊게" in str(error)


def test_what_a_page_hides_or_strikes_out_is_left_out_and_told() -> None:
    page = """<html><head><style>.off, #x {color:red; display : none}
    @media print { p { color: black } .on { display: none } } .b {color: red}</style></head><body><h1>요금</h1>
    <p style="display:none">1원</p><p hidden>2원</p><p class="a off">3원</p><p id="x">4원</p>
    <p class="on">이용료 <span style="text-decoration: line-through">5원</span> 4,000<sup>1)</sup>원</p></html>"""
    found = read_page(page, "a.html")
    assert found.documents[0].text == "이용료 4,000¹⁾원"
    assert "숨겨진 글" in found.faults[0]


def test_column_names_over_two_rows_are_one_and_a_title_stands_above() -> None:
    page = """<table><tr><th colspan=3>체육시설</th></tr><tr><th rowspan=2>구분</th><th colspan=2>요금</th></tr>
    <tr><th>어른</th><th>어린이</th></tr><tr><td>수영장</td><td>4,000원</td><td>2,000원</td></tr>
    <tr><td colspan=3>※ 65세 이상 무료</td></tr></table>"""
    assert read_page(page, "a.html").documents[0].text.splitlines() == [
        "| 구분 | 요금 어른 | 요금 어린이 |",
        "| --- | --- | --- |",
        "| 수영장 | 4,000원 | 2,000원 |",
        "| ※ 65세 이상 무료 | | |",
    ]


def test_comments_and_struck_out_text_of_markdown_are_left_out() -> None:
    page = "# 요금\n\n이용료는 ~~3,000원~~ 4,000원입니다.<!-- 내부:\n 5,000원 -->\n\n물결~~ 표시~~\n\n<!-- 끝나지 않음"
    assert read_bytes(page.encode(), ".md", "a.md").documents[0].text == (
        "이용료는  4,000원입니다.\n\n물결~~ 표시~~\n\n<!-- 끝나지 않음"
    )


def test_what_stands_around_the_article_of_a_board_is_left_out() -> None:
    menu = "<li>HIDDEN</li>" * 200
    page = f"""<html><head><title>공지사항 | 가람시청</title></head><body><div id="skipnav">HIDDEN</div>
    <div id="header"><ul class="menu">{menu}</ul></div><div class="content"><p class="breadcrumb">HIDDEN</p>
    <h3>단수 안내</h3><div class="view"><div class="header">12월 9일</div>
    <p>이전글은 지웠습니다. 목록을 봐 주세요.</p></div>
    <ul><li><b>이전글</b> <a>HIDDEN</a></li><li>다음글 <a>HIDDEN</a></li></ul>
    <dl><dt>다음 글</dt><dd>HIDDEN</dd><dt>첨부</dt><dd>약도.pdf</dd></dl><div class="paging">HIDDEN</div>
    <a>목록</a></div>
    <div id="footer" role="contentinfo">HIDDEN 055-330-2114</div></body></html>"""
    found = read(page)
    assert "HIDDEN" not in found.text and "목록\n" not in f"{found.text}\n"
    for kept in ("12월 9일", "이전글은 지웠습니다. 목록을 봐 주세요.", "약도.pdf"):
        assert kept in found.text


def test_a_header_that_was_never_closed_does_not_take_the_page_with_it() -> None:
    assert (
        "본문입니다" in read("<body><div id='header'><h1>안내</h1><p>여기부터 본문입니다. 길게 씁니다.</p></body>").text
    )


def test_a_term_and_what_is_said_of_it_are_one_line() -> None:
    page = """<h1>개명 신고</h1><dl><dt>신고 기한</dt><dd>허가를 받은 날부터 1개월</dd>
    <dt>접수 시간 :</dt><dd>평일 09:00~18:00<br>토요일 쉼</dd><dt>접수처</dt><dd><p>시청</p></dd><dd>면사무소</dd>
    <div><dt>서류</dt><dd><ul><li>신고서</li><li>신분증</li></ul></dd></div>
    <dt>우편으로도 되나요?</dt><dd>됩니다. 등기로 보내세요.</dd></dl>"""
    assert read(page).text == (
        "- 신고 기한: 허가를 받은 날부터 1개월\n- 접수 시간: 평일 09:00~18:00, 토요일 쉼\n- 접수처: 시청, 면사무소\n\n"
        "서류\n\n- 신고서\n- 신분증\n\n우편으로도 되나요?\n\n됩니다. 등기로 보내세요."
    )


def test_lists_and_tables_within_a_definition_stay_whole() -> None:
    page = """<p>알립니다.</p><dl><dt>민원 개요</dt><dd>이름을 바꿉니다.</dd><dt>문의</dt>
    <dd><dl><dt>민원과</dt><dd>3114</dd><dt>세정과</dt><dd>3115</dd></dl></dd>
    <dt>수수료</dt><dd><table><tr><th>통</th><th>값</th></tr><tr><td>1통</td><td>500원</td></tr></table></dd></dl>"""
    assert read(page).text == (
        "알립니다.\n\n- 민원 개요: 이름을 바꿉니다.\n\n문의\n\n- 민원과: 3114\n- 세정과: 3115\n\n"
        "수수료\n\n| 통 | 값 |\n| --- | --- |\n| 1통 | 500원 |"
    )


def test_a_table_of_terms_beside_their_values_is_read_as_lines() -> None:
    page = """<h1>개명 신고</h1><table><caption>개요</caption><tbody>
    <tr><th>처리 부서</th><td>민원과</td><th>처리 기간</th><td>즉시</td></tr>
    <tr><th>수수료</th><td colspan="3">없음</td></tr></tbody></table>"""
    assert read(page).text == "개요\n\n- 처리 부서: 민원과\n- 처리 기간: 즉시\n- 수수료: 없음"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><th>봉투</th><td>900</td></tr><tr><th>스티커</th><td>없음</td></tr>", "| 봉투 | 900 |"),
        ("<tr><td>봉투</td><td>1,900</td></tr><tr><td>스티커</td><td>2,000</td></tr>", "| 봉투 | 1,900 |"),
        (
            "<tr><th>봉투</th><td>90원</td><td>70원</td></tr><tr><th>함</th><td>9원</td><td>-</td></tr>",
            "| 봉투 | 90원 | 70원 |",
        ),
    ],
)
def test_a_row_of_a_table_without_column_names_is_no_header(table: str, expected: str) -> None:
    names, first, *_ = rows(table)
    assert (names.strip("| "), first) == ("", expected)


def test_columns_of_labels_below_one_name_are_one() -> None:
    table = """<tr><th colspan="2">구분</th><th>요금</th></tr>
    <tr><td rowspan="2">정기권</td><td>낮(9~18시)</td><td>50,000원</td></tr><tr><td>밤</td><td>30,000원</td></tr>
    <tr><td colspan="2">일일권</td><td>5,000원</td></tr>"""
    assert rows(table) == [
        "| 구분 | 요금 |",
        "| 정기권, 낮(9~18시) | 50,000원 |",
        "| 정기권, 밤 | 30,000원 |",
        "| 일일권 | 5,000원 |",
    ]


def test_columns_of_amounts_below_one_name_stay_apart() -> None:
    table = '<tr><th>구분</th><th colspan="2">요금</th></tr><tr><td>어른</td><td>900</td><td>700</td></tr>'
    assert rows(table) == ["| 구분 | 요금 | 요금 |", "| 어른 | 900 | 700 |"]


def test_a_label_over_several_columns_stands_in_the_first() -> None:
    table = """<tr><th>종류</th><th>나이</th><th>평일</th><th>주말</th></tr>
    <tr><td>일반</td><td>19세</td><td colspan="2">무료</td></tr>
    <tr><td colspan="2">단체</td><td>9원</td><td>8원</td></tr>"""
    assert rows(table)[1:] == ["| 일반 | 19세 | 무료 | 무료 |", "| 단체 | | 9원 | 8원 |"]


def test_the_way_to_a_page_and_the_question_whether_it_pleases_are_left_out() -> None:
    page = """<html><head><title>단수 안내 | 알림 | 가람시청</title></head><body><main>
    <div class="way">홈 &gt; 알림 &gt; <a>단수</a></div><h2>단수 안내</h2>
    <p>주민이 만족하는 물을 위해 관을 바꿉니다.</p>
    <p>홈페이지에서 제공하는 정보를 보세요.</p></main><form><fieldset><legend>이 페이지에 만족하십니까?</legend>
    <ul><li><label>매우 만족</label></li><li>보통</li><li>매우 불만족</li></ul></fieldset></form></body></html>"""
    found = read(page)
    assert found.title == "단수 안내"
    assert found.text == "주민이 만족하는 물을 위해 관을 바꿉니다.\n\n홈페이지에서 제공하는 정보를 보세요."


@pytest.mark.parametrize(
    "way",
    [
        "<div>홈 &gt; 알림 &gt; 공고</div>",
        "<p><span>HOME</span> &gt; <a>알림</a> &gt; <b>공고</b></p>",
        "<ul><li><a>홈</a></li><li><a>알림</a></li><li>공고</li></ul>",
    ],
)
def test_the_way_to_a_page_however_it_is_made(way: str) -> None:
    body = "<p>집에서 나오는 물을 받아 두세요.</p><p>홈페이지를 보세요.</p>"
    assert read(f"<div>{way}<h2>단수</h2>{body}</div>").text == (
        "## 단수\n\n집에서 나오는 물을 받아 두세요.\n\n홈페이지를 보세요."
    )


@pytest.mark.parametrize(
    "kept",
    [
        "<dl><dt>담당부서</dt><dd>교통과 주차팀</dd><dt>전화번호</dt><dd>055-330-2114</dd><dt>최종수정일</dt>"
        "<dd>2026-02-27</dd></dl>",
        "<ul><li><b>담당부서</b> 교통과 주차팀(2층)</li><li>담당자 : 김가람</li><li>연락처 : 055-330-2114</li>"
        "<li>최종 수정일 : 2026. 2. 27. 10:33</li></ul>",
        "<p>관리부서 : 교통과 주차팀 | 전화 : 055-330-2114 | 팩스 : 055-330-2115 | 최근 업데이트 : 2026.02.27</p>",
    ],
)
def test_who_keeps_a_page_is_metadata(kept: str) -> None:
    found = read(f"<main><h1>주차</h1><p>강변 주차장은 055-330-9999에 물어보세요.</p><h3>야간 무료</h3>{kept}</main>")
    assert found.text == "강변 주차장은 055-330-9999에 물어보세요.\n\n### 야간 무료"
    assert (found.department, found.phone) == ("교통과 주차팀", "055-330-2114")
    assert found.as_of == date(2026, 2, 27)


def test_a_department_of_what_the_page_is_about_stays() -> None:
    page = "<h1>개명</h1><dl><dt>담당부서</dt><dd>민원과</dd><dt>처리기간</dt><dd>즉시</dd></dl>"
    assert "담당부서: 민원과" in read(page).text


def test_links_that_share_a_page_or_lead_down_it_are_left_out() -> None:
    page = """<main><h1>여권</h1><div><a href="#">페이스북 공유</a><a href="#">X 공유</a><a href="#">인쇄</a></div>
    <ul><li><a href="#t1">신청</a></li><li><a href="#t2">교부</a></li></ul><div id="t1"><h3>신청</h3>
    <p>사진은 <a href="/print">인쇄</a>한 것을 <a href="#t2">교부</a>할 때 냅니다.</p></div>
    <div id="t2"><ul><li><a href="#">우편</a></li><li><a href="#">방문</a></li></ul></div></main>"""
    assert read(page).text == "### 신청\n\n사진은 인쇄한 것을 교부할 때 냅니다.\n\n- 우편\n- 방문"
