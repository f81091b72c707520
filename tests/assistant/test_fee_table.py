"""What is told of a table of fees: the rows and columns that the question's conditions pick, with their units."""

from assistant.extraction.answer_type import gives, wanted
from assistant.extraction.extract import Asked, asked_in, extract, has_no_row_for, told
from assistant.extraction.size import sizes
from indexing.lexical.tokens import Analyzer

STADIUM = """(단위: 천원)

| 시설 | 구분 | 평일 주간 | 평일 야간 | 주말 주간 | 주말 야간 |
|---|---|---|---|---|---|
| 주경기장 | 체육경기 | 120 | 180 | 160 | 240 |
| 주경기장 | 행사 | 360 | 540 | 480 | 720 |"""

PARKING = """| 급지 | 최초 30분 | 초과 10분마다 | 1일 주차권 | 월 정기권(주간) | 월 정기권(야간) |
|---|---|---|---|---|---|
| 1급지 | 1,000원 | 500원 | 12,000원 | 90,000원 | 50,000원 |
| 2급지 | 600원 | 300원 | 8,000원 | 60,000원 | 30,000원 |"""

PIPES = """| 구경(mm) | 월 요금(원) |
|---|---|
| 15 | 1,000 |
| 20 | 2,500 |
| 25 | 4,200 |"""


def asked(question: str, *things: str) -> Asked:
    return Asked(frozenset(things), wanted(question), tuple(sizes(question)))


def shown(text: str, question: str, *things: str) -> list[str]:
    asking = asked(question, *things)
    return [told(text, span, "", asking) for span in extract(text, asking, {}).spans]


def test_numbers_under_a_caption_with_the_unit_of_money_are_amounts() -> None:
    assert gives(STADIUM, wanted("주경기장 사용료 얼마예요?"))
    assert shown(STADIUM, "주경기장 평일 야간 행사 얼마예요?", "주경기장", "평일", "야간", "행사") == [
        "시설 주경기장, 구분 행사, 평일 야간 540,000원."
    ]


def test_the_unit_of_another_table_is_not_taken_for_this_one() -> None:
    text = f"{STADIUM}\n\n| 시설 | 좌석 |\n|---|---|\n| 주경기장 | 9000 |"
    assert told(text, (text.index("| 주경기장 | 9000"), len(text))) == "시설 주경기장, 좌석 9000."


def test_the_number_of_people_under_a_caption_of_money_is_no_amount() -> None:
    text = "(단위: 원)\n\n| 객실 | 정원 | 요금 |\n|---|---|---|\n| 고라니 | 6 | 85,000 |"
    assert told(text, (text.index("| 고라니"), len(text))) == "객실 고라니, 정원 6, 요금 85,000원."


def test_a_bare_number_is_of_the_size_in_the_name_of_its_column() -> None:
    assert shown(PIPES, "25mm 계량기 요금 얼마예요?", "계량기", "요금") == ["구경 25mm, 월 요금 4,200원."]
    assert has_no_row_for(PIPES, "", asked("100mm 계량기 요금 얼마예요?", "계량기", "요금"))


def test_what_a_price_is_for_is_not_its_unit() -> None:
    row = "| 비품 | 임대료(일) |\n|---|---|\n| 천막 | 30,000 |"
    assert told(row, (row.index("| 천막"), len(row))) == "비품 천막, 임대료(일) 30,000원."


def test_a_number_of_times_beside_the_price_rules_no_row_out() -> None:
    text = "| 대상 | 지원액 |\n|---|---|\n| 대학생 | 학기당 15만원(최대 8학기) |\n| 군인 | 1명당 30만원 |"
    assert shown(text, "대학생은 한 학기에 얼마예요?", "대학생", "학기") == [
        "대상 대학생, 지원액 학기당 15만원(최대 8학기)."
    ]


def test_of_the_prices_those_in_the_column_asked_for_are_told() -> None:
    assert shown(PARKING, "1급지 월 정기권 야간은 얼마예요?", "정기", "야간") == [
        "급지 1급지, 월 정기권(야간) 50,000원."
    ]
    whole = "급지 1급지, 최초 30분 1,000원, 초과 10분마다 500원, 1일 주차권 12,000원, 월 정기권(주간) 90,000원, "
    assert shown(PARKING, "1급지 얼마예요?", "급지") == [f"{whole}월 정기권(야간) 50,000원."]


def test_a_rate_for_each_unit_more_is_told_with_the_price_before_it() -> None:
    assert shown(PARKING, "2급지 최초 요금이 얼마예요?", "최초") == [
        "급지 2급지, 최초 30분 600원, 초과 10분마다 300원."
    ]


def test_a_column_for_another_size_is_not_told() -> None:
    text = "| 위반 장소 | 2시간 미만 | 2시간 이상 |\n|---|---|---|\n| 소화전 | 80,000원 | 90,000원 |"
    assert shown(text, "소화전 앞에 3시간 세웠는데 얼마예요?", "소화전") == ["위반 장소 소화전, 2시간 이상 90,000원."]


def test_the_head_of_a_compound_picks_no_column() -> None:
    text = "| 용량 | 일반용 | 재사용봉투 |\n|---|---|---|\n| 20리터 | 470원 | 500원 |"
    assert shown(text, "20리터 봉투 얼마예요?", "봉투") == ["용량 20리터, 일반용 470원, 재사용봉투 500원."]


def test_a_row_up_to_a_limit_holds_what_is_within_it() -> None:
    text = "| 늦은 기간 | 과태료 |\n|---|---|\n| 10일 이내 | 1만원 |\n| 10일 초과 30일 이내 | 5만원 |"
    assert shown(text, "5일 늦으면 과태료 얼마예요?", "과태료") == ["늦은 기간 10일 이내, 과태료 1만원."]


def test_a_sum_of_money_picks_the_bracket_it_lies_in() -> None:
    text = (
        "| 거래금액 | 상한요율 |\n|---|---|\n| 5천만원 미만 | 0.6% |\n"
        "| 5천만원 이상 2억원 미만 | 0.5% |\n| 2억원 이상 6억원 미만 | 0.4% |"
    )
    assert shown(text, "3억 원짜리 집은 요율이 몇 프로예요?", "요율") == [
        "거래금액 2억원 이상 6억원 미만, 상한요율 0.4%."
    ]


def test_a_row_of_the_size_asked_for_answers_better_than_one_without_a_size() -> None:
    text = "| 대상 | 지원액 |\n|---|---|\n| 전입 군인 | 30만원 |\n| 넷째 이상 출산 | 1,500만원 |"
    five = asked("다섯째는 장려금이 얼마예요?", "장려금")
    others = text.replace("넷째 이상 출산", "전입 학생")
    assert extract(text, five, {}).worth > extract(others, five, {}).worth


def test_an_item_under_the_word_for_fines_gives_the_fine() -> None:
    fines = "위반행위와 범칙금은 다음과 같습니다.\n- 안전띠 미착용: 승용차 3만원"
    rule = "범칙금은 5만원부터입니다.\n승용차에서는 안전띠를 꼭 매야 합니다."
    question = asked("승용차 안전띠 안 매면 범칙금 얼마예요?", "승용차", "안전띠")
    assert extract(fines, question, {}).gives
    assert extract(rule, question, {}).gives
    assert not extract(rule.partition("\n")[2], question, {}).gives


def test_what_is_paid_for_giving_up_or_being_late_may_be_a_share() -> None:
    text = "| 차량 | 요금 |\n|---|---|\n| 2인승 | 24,000원 |\n\n예약 취소 수수료는 1일 전 30%, 당일 50%입니다."
    assert shown(text, "하루 전에 취소하면 수수료 얼마예요?", "수수료", "취소", "전") == [
        "예약 취소 수수료는 1일 전 30%, 당일 50%입니다."
    ]


def test_an_empty_cell_does_not_end_what_a_row_is_about() -> None:
    rows = "| 장롱 | - | 소형 | 8,000원 |\n| 장롱 | - | 대형 | 12,000원 |"
    text = f"| 품목 | 재질 | 크기 | 수수료 |\n|---|---|---|---|\n{rows}"
    assert shown(text, "대형 장롱 얼마예요?", "대형", "장롱") == ["품목 장롱, 재질 -, 크기 대형, 수수료 12,000원."]


def test_a_ton_of_water_is_a_cubic_metre(analyzer: Analyzer) -> None:
    table = """| 업종 | 사용량(㎥) | 요금 |
|---|---|---|
| 가정용 | 1~20 | 620원 |
| 가정용 | 21 이상 | 880원 |
| 일반용 | 1~50 | 910원 |"""
    asking = asked_in("가정집 수도요금 15톤이면 얼마예요?", analyzer)  # 가정집 is 가정용
    assert [told(table, span) for span in extract(table, asking, {}).spans] == [
        "업종 가정용, 사용량 1~20㎥, 요금 620원."
    ]


def test_the_row_of_the_month_asked_about_is_told(analyzer: Analyzer) -> None:
    table = "| 신청 | 할인 |\n|---|---|\n| 1월 16일~31일 | 4.57% |\n| 3월 16일~31일 | 3.76% |\n| 6월 중 | 2.51% |"
    found = extract(table, asked_in("3월에 미리 내면 몇 프로 깎아줘요?", analyzer), {})
    assert [told(table, span) for span in found.spans] == ["신청 3월 16일~31일, 할인 3.76%."]


def test_a_row_named_by_a_compound_of_the_title_comes_before_its_neighbour(analyzer: Analyzer) -> None:
    table = "| 구분 | 요금 |\n|---|---|\n| 오토캠핑 | 25,000원 |\n| 캠핑카 | 30,000원 |"
    found = extract(table, asked_in("오토캠핑 얼마예요?", analyzer), {}, title="가람오토캠핑장")
    assert [told(table, span) for span in found.spans] == ["구분 오토캠핑, 요금 25,000원."]
