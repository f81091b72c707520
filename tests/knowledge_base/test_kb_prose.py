"""Markdown, plain text, and what heads them."""

import time
import unicodedata
from datetime import date

import pytest

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.prose import read_text

FRONT_MATTER = """---
제목: 단수 안내
종류: 공지
담당부서: 상수도과
전화: 061-749-3114
시행일: 2026-12-03
만료일: 2026-12-04
분야: [수도, 안전]
조회수: 12
---

# 단수 안내

밤에 물이 나오지 않습니다.
"""


@pytest.mark.parametrize(
    "text",
    [
        FRONT_MATTER,
        FRONT_MATTER.replace("\n", "\r\n"),
        "\ufeff\n" + FRONT_MATTER,
        unicodedata.normalize("NFD", FRONT_MATTER),
        FRONT_MATTER.replace("\n# 단수 안내\n", ""),
    ],
)
def test_front_matter(text: str) -> None:
    assert read_text(text, "notices/단수.md") == Document(
        id="notices/단수.md",
        kind=Kind.NOTICE,
        title="단수 안내",
        text="밤에 물이 나오지 않습니다.",
        category="수도, 안전",
        department="상수도과",
        phone="061-749-3114",
        effective_from=date(2026, 12, 3),
        effective_to=date(2026, 12, 4),
    )


def test_front_matter_values_are_read_as_written() -> None:
    found = read_text("---\n제목: 2026\n전화: 0312\n비고: yes\n출처:\n---\n본문입니다.", "a.md")
    assert (found.title, found.phone, found.note, found.source) == ("2026", "0312", "yes", "")


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("제목: [열린", "머리말"),
        ("제목: 가\n  종류: : 공지", "머리말"),
        ("제목: '가", "머리말"),
        ("[" * 5000, "머리말"),
        ("시행일: 2026-02-30", "달력에 없는 날짜"),
        ("종류: 메모", "FAQ, 규정, 공지"),
        ("시행일: 2026-07-01\n만료일: 2026-06-01", "앞섭니다"),
    ],
)
def test_wrong_front_matter_is_refused_with_a_sentence(block: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_text(f"---\n{block}\n---\n\n본문입니다.", "a.md")


@pytest.mark.parametrize(
    "text", ["---\n제목: 가\n---\n", "---\n제목: 가\n---\n\n \n", "\u200b", "제목: 가\n종류: 공지"]
)
def test_an_empty_body_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="빈 파일"):
        read_text(text, "a.md")


@pytest.mark.parametrize("text", ["---\n\n첫 문단입니다.\n\n---\n\n둘째 문단입니다.", "---\n\n첫 문단입니다."])
def test_a_rule_on_top_is_no_front_matter(text: str) -> None:
    assert "첫 문단입니다." in read_text(text, "a.md").text


def test_front_matter_never_closed_still_names_its_fields() -> None:
    found = read_text("---\n제목: 단수 안내\n전화: 3114\n\n본문입니다.", "a.md")
    assert (found.title, found.phone, found.text) == ("단수 안내", "3114", "본문입니다.")


def test_the_text_may_stand_in_the_head() -> None:
    assert read_text("제목: 단수\n내용: 물이 안 나옵니다.", "a.txt").text == "물이 안 나옵니다."
    assert read_text("---\n제목: 단수\n내용: 하나입니다.\n---\n둘입니다.", "a.md").text == "하나입니다.\n\n둘입니다."


def test_key_lines() -> None:
    found = read_text("제목： 한파 쉼터\n시행일: 2026. 11. 15.\n전화 : 3114\n\n누구나 쓸 수 있습니다.", "a.txt")
    assert (found.title, found.effective_from, found.phone) == ("한파 쉼터", date(2026, 11, 15), "3114")
    assert found.text == "누구나 쓸 수 있습니다."


def test_lines_that_name_no_field_belong_to_the_text() -> None:
    text = "일시: 7월 1일\n장소: 시청\n\n오세요."
    assert "장소: 시청" in read_text(text, "a.txt").text


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (
            "희귀질환자 의료비 지원\n\n희귀질환에 등록한 사람이 신청합니다.",
            "희귀질환자 의료비 지원",
            "희귀질환에 등록한 사람이 신청합니다.",
        ),
        ("# 자동차세 #\n\n두 번 냅니다.", "자동차세", "두 번 냅니다."),
        ("#  자동차세 2# ##\n\n두 번 냅니다.", "자동차세 2#", "두 번 냅니다."),
        ("두 번 냅니다.\n\n6월과 12월입니다.", "세금 안내", "두 번 냅니다.\n\n6월과 12월입니다."),
        ("한 줄뿐인 글", "세금 안내", "한 줄뿐인 글"),
        ("## 대상\n\n누구나.", "세금 안내", "## 대상\n\n누구나."),
        ("- 대상: 누구나\n- 기간: 12월", "세금 안내", "- 대상: 누구나\n- 기간: 12월"),
        ("1. 대상\n누구나", "세금 안내", "1. 대상\n누구나"),
        ("| 가 | 나 |\n|---|---|\n| 1 | 2 |", "세금 안내", "| 가 | 나 |\n|---|---|\n| 1 | 2 |"),
        ("가" * 101 + "\n나", "세금 안내", "가" * 101 + "\n나"),
    ],
)
def test_the_title_is_the_first_line_or_the_file_name(text: str, title: str, body: str) -> None:
    found = read_text(text, "tax/세금_안내.md")
    assert (found.title, found.text) == (title, body)


def test_the_number_of_an_announcement_is_no_title() -> None:
    found = read_text("가람시 공고 제2026-811호\n기간제근로자 채용 공고\n\n1. 채용인원: 6명", "a.txt")
    assert (found.title, found.text) == ("기간제근로자 채용 공고", "가람시 공고 제2026-811호\n1. 채용인원: 6명")
    beside = read_text("가람시 공고 제2026-811호 기간제근로자 채용 공고\n1. 채용인원: 6명", "a.txt")
    assert (beside.title, beside.text) == (found.title, found.text)
    alone = read_text("가람시 공고 제2026-811호\n1. 채용인원: 6명\n2. 보수: 시급", "채용_공고.txt")
    assert alone.title == "채용 공고"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (
            "보 도 자 료\n배포일: 2025. 9. 18.(목)     담당: 보건과 055-330-2114\n\n독감 접종 시작\n- 10월부터 -",
            "독감 접종 시작",
            "배포일: 2025. 9. 18.(목)     담당: 보건과 055-330-2114\n\n독감 접종 시작\n- 10월부터 -",
        ),
        (
            "민 원 편 람                분류번호 위생-02\n민원명       : 개명 신고\n처리기간     : 즉시",
            "개명 신고",
            "민 원 편 람                분류번호 위생-02\n민원명: 개명 신고\n처리기간: 즉시",
        ),
        ("[출산장려금 안내]   ※ 2025년 출생아\n첫째 100만원", "[출산장려금 안내]", "※ 2025년 출생아\n첫째 100만원"),
        ("메모 쓰는 법\n늘 씁니다.", "메모 쓰는 법", "늘 씁니다."),
    ],
)
def test_the_sort_of_a_paper_and_a_note_beside_the_title_are_none(text: str, title: str, body: str) -> None:
    found = read_text(text, "a.txt")
    assert (found.title, found.text) == (title, body)


def test_the_head_of_a_letter_is_no_text() -> None:
    head = "보낸 사람: 김가람 <급수팀>\n받는 사람: 상담실\n보낸 날짜: 2026년 11월 25일 (수) 09:12\n제목: 동파 신고"
    found = read_text(f"{head}\n\n바꿔 드립니다.", "a.txt")
    assert (found.title, found.text, found.as_of) == ("동파 신고", "바꿔 드립니다.", date(2026, 11, 25))


def test_a_value_over_several_lines_is_one() -> None:
    text = (
        "개명 신고\n구비서류     : 1. 신고서  2. 신분증\n               3. 허가서\n수수료       : 없음\n  ※ 우편 별도"
    )
    assert read_text(text, "a.txt").text == "구비서류: 1. 신고서  2. 신분증 3. 허가서\n수수료: 없음\n  ※ 우편 별도"


@pytest.mark.parametrize("first", ["신청 기간", "# 다른 제목", "일시: 7월 1일"])
def test_a_named_title_costs_no_line_of_the_text(first: str) -> None:
    assert read_text(f"---\n제목: 단수 안내\n---\n{first}\n\n본문입니다.", "a.md").text == f"{first}\n\n본문입니다."


def test_articles_make_a_regulation() -> None:
    text = "주차장 조례\n\n제1조(목적) 이 조례는 …\n제2조(정의) 말의 뜻은 …"
    assert read_text(text, "a.txt").kind is Kind.REGULATION
    assert read_text(text.replace("제1조", "### 제1조"), "a.md").kind is Kind.REGULATION
    assert read_text("안내\n\n제1조(목적)에 따라 알립니다.", "a.txt").kind is Kind.NOTICE
    assert read_text("제목: 가\n종류: 공지\n\n" + text, "a.txt").kind is Kind.NOTICE


def test_a_title_of_marks_takes_no_quadratic_time() -> None:
    started = time.process_time()
    read_text("# " + "#" * 200_000 + "x" + " " * 200_000 + "y\n\n본문입니다.", "a.md")
    assert time.process_time() - started < 1


TABLE = "| 구분 | 낮 | 밤 |\n| --- | --- | --- |\n| 강당 | 900 | 1,200 |\n| 회의실(1층) | 300 | - |"


@pytest.mark.parametrize(
    "lines",
    [
        "구분\t낮\t밤\n강당\t900\t1,200\n회의실(1층)\t300\t-",
        "구분\t낮\t밤\r\n강당\t900\t1,200\r\n회의실(1층)\t300\t-",
        "  구분          낮     밤\n  강당         900   1,200\n  회의실(1층)  300      -",
        "구분\u3000\u3000낮\u3000밤\n강당\u3000\u3000900\u30001,200\n회의실(1층)\u3000300\u3000-",
        unicodedata.normalize("NFD", "구분\t낮\t밤\n강당\t900\t1,200\n회의실(1층)\t300\t-"),
    ],
)
def test_a_table_in_plain_text(lines: str) -> None:
    found = read_text(f"사용료 안내\n\n(단위: 원)\n{lines}\n문의: 총무과", "a.txt")
    assert found.text == f"(단위: 원)\n\n{TABLE}\n\n문의: 총무과"


def test_names_that_count_and_an_empty_last_cell() -> None:
    text = "요금\n\n구 분\t1급지\t2급지\t비고\n30분\t500\t300\t\n하루\t5,000\t3,000\t심야 제외"
    assert read_text(text, "a.txt").text.splitlines()[2:] == [
        "| 30분 | 500 | 300 |  |",
        "| 하루 | 5,000 | 3,000 | 심야 제외 |",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "신청 기간  상시\n수수료  1,000원\n처리 기간  3일",
        "구분  낮\n강당  900원",
        "강당\t2시간\t900\n회의실\t2시간\t300\n연습실\t1시간\t100",
        "첫 문장입니다.  둘째 문장입니다.\n셋째 문장은 9,000원입니다.  넷째.\n다섯째 문장.  10일",
        "가.  목  적\n나.  기  간\n다.  장  소",
        "이름  부서  업무\n김하나  총무과  청사\n이두리  세정과  세금",
    ],
)
def test_other_lines_with_wide_blanks_are_no_table(lines: str) -> None:
    assert "|" not in read_text(f"안내\n\n{lines}", "a.txt").text


def test_a_long_line_of_blanks_takes_no_quadratic_time() -> None:
    started = time.process_time()
    read_text("안내\n\n" + (" " * 50_000 + "가\t" * 50_000 + "\n") * 3, "a.txt")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        "담당부서: 상수도과 급수팀\n문의: 급수팀 055-330-3400, 요금팀 055-330-3410",
        "- 처리 부서 : 상수도과 급수팀(별관 2층)\n물이 나오지 않습니다.\n☎ 055-330-3400",
        "○ 소관부서: 상수도과 급수팀 ☎ 055-330-3400\n당직실 055-330-2222",
        "ㅇ 부서: 상수도과 급수팀(별관 1층) 055-330-3400\n당직실 055-330-2222",
        "배포일: 2026. 1. 2.      담당: 상수도과 급수팀   전화 055-330-3400\n당직실 055-330-2222",
        "10. 문의 : 상수도과 급수팀 055-330-3400",
    ],
)
def test_the_department_and_its_number_stand_in_the_text(text: str) -> None:
    found = read_text(f"단수 안내\n\n알려 드립니다.\n{text}", "a.txt")
    assert (found.department, found.phone) == ("상수도과 급수팀", "055-330-3400")


@pytest.mark.parametrize(
    "text",
    [
        "담당부서: 상수도과\n급수팀 055-330-3400, 요금팀 055-330-3410",
        "담당부서: 상수도과\n담당부서: 하수도과\n055-330-3400",
        "담당부서: 건축과 1팀(동), 2팀(면)\n055-330-3400",
        "담당부서: 등록팀 또는 가까운 행정복지센터\n055-330-3400",
        "담당부서에 물어보세요: 055-330-3400",
        "담당부서: 상수도과",
    ],
)
def test_several_departments_or_numbers_are_none(text: str) -> None:
    found = read_text(f"단수 안내\n\n알려 드립니다.\n{text}", "a.txt")
    assert (found.department, found.phone) == ("", "")


def test_a_department_that_is_named_above_is_kept() -> None:
    found = read_text("제목: 단수\n담당부서: 총무과\n\n알립니다.\n담당부서: 수도과\n055-330-3400", "a.txt")
    assert (found.department, found.phone) == ("총무과", "")
