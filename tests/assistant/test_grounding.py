"""A sentence stands only if its evidence says so about the same thing."""

import pytest

from assistant.grounding import Evidence, GroundingChecker, without_citations
from indexing.lexical.tokens import Analyzer

MATTRESS = Evidence(
    "침대 매트리스 버리는 수수료는 얼마인가요?",
    "침대 매트리스 대형폐기물 수수료는 1인용 5,000원, 2인용 8,000원입니다. "
    "침대 틀은 따로 1인용 4,000원, 2인용 6,000원입니다.",
)
PARKING = Evidence(
    "불법주정차 과태료는 얼마인가요?",
    "승용차는 4만 원, 승합차는 5만 원입니다. 어린이 보호구역에서는 승용차 12만 원, 승합차 13만 원입니다.",
)
MOVE_IN = Evidence(
    "전입신고는 언제까지 해야 하나요?",
    "전입신고는 새 주소지로 옮긴 날부터 14일 이내에 하셔야 합니다. "
    "기한을 넘기면 5만 원 이하의 과태료가 부과될 수 있습니다. "
    "문의는 민원과 061-749-3114로 하시면 됩니다.",
)
BULKY = Evidence(
    "대형폐기물 수수료",
    "| 품목 | 수수료(원) |\n| --- | --- |\n| 장롱 | 8,000 |\n| 소파 | 6,000 |",
)


REFUND = Evidence(
    "대형폐기물 수수료 환불",
    "배출일 전날까지 신고를 취소하면 수수료를 돌려준다. 수거가 끝난 뒤에는 수수료를 돌려주지 않는다. "
    "토요일에는 수거하지만 일요일에는 수거하지 않는다.",
)


@pytest.fixture(scope="module")
def checker(analyzer: Analyzer) -> GroundingChecker:
    return GroundingChecker(analyzer)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("매트리스 수수료는 2인용 8,000원입니다.", MATTRESS),
        ("매트리스는 1인용 5천 원, 2인용 8천 원입니다.", MATTRESS),
        ("침대 틀은 2인용 6,000원입니다.", MATTRESS),
        ("승용차 불법주정차 과태료는 4만 원입니다.", PARKING),
        ("어린이 보호구역 불법주정차 과태료는 승용차 120,000원입니다.", PARKING),
        ("전입신고는 옮긴 날부터 2주 이내에 하셔야 합니다.", MOVE_IN),
        ("전입신고 기한을 넘기면 과태료 50,000원 이하가 부과될 수 있습니다.", MOVE_IN),
        ("전입신고 문의는 민원과 061-749-3114로 하시면 됩니다.", MOVE_IN),
        ("장롱 대형폐기물 수수료는 8,000원입니다.", BULKY),
        ("수거가 끝난 뒤에는 수수료를 돌려드리지 않습니다.", REFUND),
        ("배출일 전날까지 신고를 취소하시면 수수료를 돌려드립니다.", REFUND),
        ("대형폐기물은 토요일에는 수거합니다.", REFUND),
    ],
)
def test_what_the_evidence_says_stands(checker: GroundingChecker, sentence: str, evidence: Evidence) -> None:
    check = checker.check(sentence, evidence).check
    assert check.supported, check.reasons


@pytest.mark.parametrize(
    ("sentence", "evidence", "reason"),
    [
        ("여권 재발급 수수료는 8,000원입니다.", MATTRESS, "다른 것에 관한"),
        ("매트리스 수수료는 9,000원입니다.", MATTRESS, "'9,000원'이(가) 근거에 없습니다"),
        ("매트리스 대형폐기물 수수료는 8,000원입니다.", MATTRESS, "조건(2인용)"),
        ("불법주정차 과태료는 12만 원입니다.", PARKING, "조건"),
        ("전입신고는 30일 이내에 하셔야 합니다.", MOVE_IN, "'30일'"),
        ("전입신고 문의는 061-749-3115로 하시면 됩니다.", MOVE_IN, "061-749-3115"),
        ("전입신고는 2026년 12월 31일까지입니다.", MOVE_IN, "2026년 12월 31일"),
        ("전입신고는 https://example.go.kr 에서 하세요.", MOVE_IN, "example.go.kr"),
        ("인감증명서는 본인만 신청할 수 있습니다.", MOVE_IN, "근거에 없는 내용"),
        ("수거가 끝난 뒤에는 수수료를 돌려줍니다.", REFUND, "반대로"),
        ("배출일 전날까지 신고를 취소하면 수수료를 돌려주지 않습니다.", REFUND, "반대로"),
        ("일요일에는 수거합니다.", REFUND, "반대로"),
    ],
)
def test_what_it_does_not_say_falls(checker: GroundingChecker, sentence: str, evidence: Evidence, reason: str) -> None:
    check = checker.check(sentence, evidence).check
    assert not check.supported
    assert any(reason in said for said in check.reasons), check.reasons


def test_true_but_about_something_else_than_the_question_falls(checker: GroundingChecker) -> None:
    sentence = "침대 틀은 2인용 6,000원입니다."
    assert checker.check(sentence, MATTRESS, "침대 틀 2인용 얼마예요?").check.supported
    assert not checker.check(sentence, MATTRESS, "여권 재발급은 얼마예요?").check.supported


def test_the_span_is_the_sentence_that_bears_it_out(checker: GroundingChecker) -> None:
    start, end = checker.check("전입신고는 14일 이내에 하세요.", MOVE_IN).span
    assert MOVE_IN.text[start:end] == "전입신고는 새 주소지로 옮긴 날부터 14일 이내에 하셔야 합니다."


@pytest.mark.parametrize(
    "marker", ["[1]", "[번호]", " [3]", "[1][2]", "[1, 2]", "[1-2]", " (근거 1)", "[근거 1]", "【2】"]
)
def test_markers_of_the_model_are_removed(marker: str) -> None:
    assert without_citations(f"수수료는 5만원입니다{marker}.") == "수수료는 5만원입니다."
