"""Of a notice, the line is told whose label asks what the question asks; real morphemes, no vectors."""

from collections.abc import Iterator

import pytest

from assistant.extraction.answer_type import gives, wanted
from assistant.extraction.extract import Asked, asked_in, extract, told
from assistant.extraction.passage import Role, parts
from assistant.extraction.size import sizes
from indexing.lexical.tokens import Analyzer
from knowledge_base.passages import sentences

CLASS = """솔빛시 공고 제2026-77호
어린이 목공교실을 다음과 같이 운영합니다.
2026년 11월 3일
솔빛시장
1. 운영기간: 2027. 1. 4. ~ 1. 29.
2. 접수기간: 2026. 12. 7. ~ 12. 11.
3. 대상: 초등학교 4~6학년
4. 정원: 20명
5. 장소: 목재체험장 2층
6. 재료비: 15,000원
7. 준비물: 앞치마, 장갑
8. 추첨 결과 발표: 2026. 12. 16.
9. 접수방법: 통합예약 누리집
10. 문의: 산림과 061-000-1234"""
TAX = """○ 과세기준일 : 2026. 7. 1.
○ 세액 : 11,000원
○ 납부기간 : 2026. 8. 16. ~ 8. 31.
○ 납부방법 : 위택스, 가상계좌"""
BAGS = """2027년 1월 1일부터 종량제봉투 가격이 오릅니다.

| 용량 | 현행(원) | 인상(원) |
| --- | --- | --- |
| 10L | 250 | 310 |
| 20L | 500 | 620 |

이미 구입한 종량제봉투는 추가 비용 없이 사용할 수 있습니다."""
GRANT = """| 구분 | 내용 |
| --- | --- |
| 지원대상 | 19~39세 청년 |
| 신청기간 | 2026. 3. 2. ~ 11. 30. |
| 지급시기 | 신청한 다음 달 15일 |
| 문의 | 청년과 061-000-4321 |"""


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Analyzer]:
    yield Analyzer()


def shown(text: str, question: str, analyzer: Analyzer) -> list[str]:
    return [told(text, span) for span in extract(text, asked_in(question, analyzer), {}).spans]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("목공교실 언제 신청해요?", "접수기간: 2026. 12. 7. ~ 12. 11."),
        ("목공교실 결과 언제 나와요?", "추첨 결과 발표: 2026. 12. 16."),
        ("목공교실 누가 들을 수 있어요?", "대상: 초등학교 4~6학년."),
        ("목공교실 몇 명 뽑아요?", "정원: 20명."),
        ("목공교실 어디서 하나요?", "장소: 목재체험장 2층."),
        ("목공교실 얼마예요?", "재료비: 15,000원."),
        ("목공교실 뭐 챙겨 가야 돼요?", "준비물: 앞치마, 장갑."),
        ("목공교실 접수 어떻게 해요?", "접수방법: 통합예약 누리집."),
    ],
)
def test_the_line_for_what_is_asked_is_told_below_what_opens_the_notice(
    question: str, line: str, analyzer: Analyzer
) -> None:
    assert shown(CLASS, question, analyzer)[:2] == ["어린이 목공교실을 다음과 같이 운영합니다.", line]


def test_who_gives_notice_and_when_is_no_answer(analyzer: Analyzer) -> None:
    lines = shown(CLASS, "목공교실 공고 언제 났어요?", analyzer)
    assert not {"2026년 11월 3일.", "솔빛시장."} & set(lines)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("주민세 언제까지 내요?", "납부기간 : 2026. 8. 16. ~ 8. 31."),
        ("주민세 어떻게 내요?", "납부방법 : 위택스, 가상계좌."),
        ("주민세 얼마 내요?", "세액 : 11,000원."),
    ],
)
def test_what_is_done_is_what_notices_call_it(question: str, line: str, analyzer: Analyzer) -> None:
    """Though the line on the day of assessment is nearer in meaning."""
    near = {sentences.spans(TAX)[0]: 0.05}
    asked = asked_in(question, analyzer)
    assert told(TAX, extract(TAX, asked, near).spans[0]) == line


def test_what_may_be_used_is_told_and_not_what_becomes_dearer(analyzer: Analyzer) -> None:
    spoken = "사 놓은 종량제봉투 계속 쓸 수 있어요?"
    assert shown(BAGS, spoken, analyzer) == ["이미 구입한 종량제봉투는 추가 비용 없이 사용할 수 있습니다."]


def test_a_row_of_the_size_asked_for_comes_before_a_sentence_that_names_the_thing(analyzer: Analyzer) -> None:
    assert shown(BAGS, "20리터 봉투 얼마예요?", analyzer) == ["용량 20L, 현행 500원, 인상 620원."]


def test_a_sentence_that_names_the_size_asked_for_answers_better() -> None:
    asked = Asked(frozenset({"배관"}), None, tuple(sizes("배관 30미터 넘으면 더 내나요?")))
    text = f"배관은 신고하고 씁니다. {'긴 글 ' * 60}\n배관이 30m를 넘으면 더 냅니다."
    assert told(text, extract(text, asked, {}).spans[-1]) == "배관이 30m를 넘으면 더 냅니다."


def test_a_type_of_flat_is_its_size(analyzer: Analyzer) -> None:
    flats = "| 주택형 | 월임대료 |\n|---|---|\n| 26㎡ | 46,000원 |\n| 31㎡ | 57,500원 |"
    assert shown(flats, "31형 월세 얼마예요?", analyzer) == ["주택형 31㎡, 월임대료 57,500원."]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("응시료 언제까지 신청해요?", "구분 신청기간, 내용 2026. 3. 2. ~ 11. 30."),
        ("응시료 누가 받아요?", "구분 지원대상, 내용 19~39세 청년."),
    ],
)
def test_the_first_cell_of_a_row_is_its_label(question: str, line: str, analyzer: Analyzer) -> None:
    assert shown(GRANT, question, analyzer) == [line]


def test_how_long_a_price_is_for_asks_for_no_time(analyzer: Analyzer) -> None:
    text = "| 구분 | 사용료 |\n|---|---|\n| 평일 2시간 | 40,000원 |\n| 주말 2시간 | 60,000원 |"
    assert shown(text, "주말에 축구장 빌리면 얼마예요?", analyzer) == ["구분 주말 2시간, 사용료 60,000원."]


def test_what_was_before_is_not_what_is(analyzer: Analyzer) -> None:
    text = f"단수 일정이 바뀌었습니다. {'긴 글 ' * 60}\n○ 당초 : 12. 2. 22:00\n○ 변경 : 12. 9. 23:00\n○ 지역 : 솔빛동"
    assert shown(text, "단수 언제예요?", analyzer)[0] == "변경 : 12. 9. 23:00"


def test_a_line_with_a_label_is_no_title_though_it_gives_no_fact() -> None:
    text = "전화로 예약합니다.\n수거요일: 월·수·금\n배출장소: 집 앞"
    assert [part.role for part in parts(text)] == [Role.STATEMENT, Role.ITEM, Role.ITEM]


@pytest.mark.parametrize("question", ["폐가전 무슨 요일에 가져가요?", "재활용품 배출 요일이 어떻게 돼요?"])
def test_days_of_the_week_answer_what_day_of_the_week(question: str) -> None:
    sort = wanted(question)
    assert gives("수거요일: 월·수·금", sort)
    assert gives("목요일에 내놓습니다.", sort)
    assert gives("지역 읍·면, 수거 월.", sort)
    assert not gives("월 최대 20만원, 3일 이내입니다.", sort)
    assert not gives("2027. 1. 1.부터 바뀝니다. 배출시간: 20:00 이후", sort)


def test_the_cases_of_a_list_are_told_together(analyzer: Analyzer) -> None:
    text = "취소하면 다음과 같이 돌려드립니다.\n열흘 앞서 취소: 모두\n닷새 앞서 취소: 절반\n그 뒤 취소: 없음"
    assert len(shown(text, "닷새 앞서 취소하면 어떻게 돼요?", analyzer)) == 4
