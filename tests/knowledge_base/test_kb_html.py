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
