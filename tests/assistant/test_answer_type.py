"""What sort of fact a question asks for, and what gives it."""

import pytest

from assistant.extraction.answer_type import gives, wanted

FINE = "훈련을 받지 않으면 300만 원 이하의 벌금을 냅니다."


@pytest.mark.parametrize(
    ("question", "text", "is_given"),
    [
        ("훈련 받으면 보상비 얼마 줘요?", FINE, False),  # a fine is nobody's pay
        ("훈련 받으면 보상비 얼마 줘요?", f"{FINE} 보상비로 8만 원을 드립니다.", True),
        ("훈련 안 받으면 얼마 내요?", FINE, True),
        ("벌금이 얼마예요?", FINE, True),
        ("재발급은 얼마예요?", "재발급을 받지 않고 쓰던 것을 쓰시면 됩니다.", False),
        ("얼마 지원돼요?", "어린이집에 다니면 지원을 받을 수 없습니다.", False),
        ("발급은 얼마예요?", "수수료는 따로 없습니다.", True),
        ("발급은 얼마예요?", "처음 발급은 수수료를 받지 않습니다.", True),
        ("유산은 얼마나 받을 수 있나요?", "배우자는 절반, 곧 2분의 1을 받습니다.", True),
        ("유산은 얼마나 받을 수 있나요?", "유산은 가족이 나눕니다.", False),
        ("처리하는 데 얼마나 걸려요?", "14일 걸립니다.", True),
        ("주차요금은 얼마예요?", "주차요금을 내지 아니하고 나간 차에는 그 4배의 가산금을 부과한다.", False),
        ("당일에 취소하면 얼마 돌려받나요?", "납부금액의 80%를 돌려드립니다.", True),
        ("수강료는요?", "| 과정 | 수강료(원) |\n|---|---|\n| 중급 | 120,000 |", True),
        ("수강료는요?", "| 과정 | 정원(명) |\n|---|---|\n| 중급 | 20 |", False),
        ("한 달 최대 이용 시간은 얼마예요?", "시간제 보육료는 4,000원입니다.", False),
        ("한 달 최대 이용 시간은 얼마예요?", "한 달에 80시간까지 이용합니다.", True),
        ("입주 기간은 최대 얼마인가요?", "관리비는 월 3만 원입니다.", False),
        ("주차 1시간 얼마예요?", "한 시간에 1,200원입니다.", True),  # an hour has a price
        ("대출 금리는 얼마인가요?", "연 1.8%입니다.", True),
        ("대출 금리는 얼마인가요?", "최대 200만 원을 빌려 드립니다.", False),
        ("피아노 조율 얼마예요?", "조율은 6만 원입니다.", True),
        ("정원은 얼마인가요?", "수강료는 2만 원입니다.", False),
        ("접종은 언제부터예요?", "생후 6개월부터 13세까지 무료입니다.", False),  # an age
        ("접종은 언제부터예요?", "생후 6개월이 지나면 9월 21일부터 맞습니다.", True),
        ("교육은 몇 시간 받아요?", "신규는 6시간입니다.", True),  # no time of day
        ("교육은 몇 시까지 받아요?", "신규는 6시간입니다.", False),
        ("며칟날 들어와요?", "매달 25일에 들어옵니다.", True),
        ("얼마나 살아야 받나요?", "3개월 넘게 사신 분께 드립니다.", True),
        ("얼마나 살아야 받나요?", "시민에게 20만 원을 드립니다.", False),
        ("시니어클럽 전번", "시니어클럽은 2층입니다.", False),
        ("몇 번으로 전화해요?", "신청서는 팩스(031-550-5119)로 보내세요.", False),
        ("몇 번으로 전화해요?", "팩스 031-550-5119, 전화 031-550-5110", True),
        ("신청은 언제부터예요?", "신청은 누리집에서 한다. <신설 2022.5.10.>", False),  # the day of an amendment
        ("소화전 앞에 세우면 얼마 물어요?", "소화전 앞은 과태료가 8만 원입니다.", True),
        ("신호등에서 찍혔는데 얼마예요?", "과태료는 7만 원입니다.", True),
        ("대여는 얼마예요?", "| 기종 | 임대료 |\n|---|---|\n| 관리기 | 10,000 |", True),
        ("보유는 얼마예요?", "| 기종 | 보유 |\n|---|---|\n| 관리기 | 10,000 |", False),
    ],
)
def test_a_text_gives_the_sort_of_fact_or_does_not(question: str, text: str, *, is_given: bool) -> None:
    assert gives(text, wanted(question)) is is_given


@pytest.mark.parametrize(("heading", "is_given"), [("반려견 > 과태료", True), ("반려견 > 등록비", False)])
def test_that_amounts_are_fines_may_stand_in_the_heading_alone(heading: str, *, is_given: bool) -> None:
    text = "| 위반 | 1차 | 2차 |\n|---|---|---|\n| 목줄을 하지 않음 | 20만원 | 30만원 |"
    assert gives(text, wanted("목줄 안 하면 과태료 얼마예요?"), heading) is is_given
