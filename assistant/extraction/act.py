"""What callers do, in their own words (내다, 뽑다), and what notices call it (납부, 모집)."""

import re
from collections.abc import Collection, Sequence

from indexing.lexical.tokens import Token

Act = tuple[str, ...]
"""The words by which notices name what is done, any of which tells it."""

_OFFICIALLY = {
    "내다": "납부 납기 제출 접수 배출",
    "받다": "지급 수령 접수",
    "나오다": "지급 발표 통보",
    "들어오다": "지급 입금",
    "뽑다": "모집 채용 선발",
    "쓰다": "사용 이용",
    "사다": "구입 구매 판매",
    "팔다": "판매 매각",
    "빌리다": "대여 대출 대관",
    "열다": "운영 개장 개관 개최 개방",
    "닫다": "운영 마감 폐장",
    "쉬다": "휴관 휴장 휴무 휴원 휴업",
    "막다": "통제 차단",
    "막히다": "통제 차단",
    "돌아가다": "우회",
    "켜다": "점등",
    "켜지다": "점등",
    "꺼지다": "소등 점등",
    "오르다": "인상 조정",
    "올리다": "인상 조정",
    "내리다": "인하 조정",
    "바뀌다": "변경 개편 조정",
    "버리다": "배출",
    "가져가다": "수거 준비물",
    "챙기다": "준비물",
    "옮기다": "이전",
    "이사": "이전",
    "늦다": "연체 지연 가산",
    "깎다": "감면 할인 감경",
    "돌려주다": "환불 반환 환급",
    "돌려받다": "환불 반환 환급",
    "배우다": "교육 강의 강좌 수강",
    "듣다": "수강 교육",
    "일": "근무 활동",
    "출근": "근무",
    "알리다": "통보 발표 공지",
    "알다": "통보 발표 공지",
    "들어가다": "입장 입주 입소",
    "맞다": "접종",
    "태어나다": "출생",
    "낳다": "출산 출생",
    "고치다": "수리",
    "타다": "탑승 승차",
    "대다": "주차",
}


_HOW = re.compile(r"어떻게(?!\s?(?:되|돼|됩|된))")


def acts(question: str, tokens: Collection[Token]) -> tuple[Act, ...]:
    """What is done in a question of these ``tokens``, as notices call it; how it is done, too."""
    how = [("방법", "절차")] if _HOW.search(question) else []
    forms = (token.form if token.names_thing else f"{token.form}다" for token in tokens)
    return (*how, *(tuple(_OFFICIALLY[form].split()) for form in forms if form in _OFFICIALLY))


def acted(done: Sequence[Act], text: str) -> float:
    """The share of the acts that ``text`` tells of; 0 when nothing is done.

    >>> acted([("납부", "납기"), ("발표",)], "납부기간")
    0.5
    """
    return sum(any(word in text for word in act) for act in done) / len(done) if done else 0.0
