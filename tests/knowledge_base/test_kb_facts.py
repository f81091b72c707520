"""Facts have one form whatever their spelling."""

import pytest

from knowledge_base.facts.finding import FactKind, facts, is_borne_out, same
from knowledge_base.facts.numerals import value


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("30000", "30000"),
        ("30,000", "30000"),
        ("3만", "30000"),
        ("3만 5천", "35000"),
        ("3만5000", "35000"),
        ("1억 2천만", "120000000"),
        ("삼만", "30000"),
        ("삼만 오천", "35000"),
        ("십이만", "120000"),
        ("이백오십", "250"),
        ("천", "1000"),
        ("만", "10000"),
        ("1.5만", "15000"),
        ("0.5", "0.5"),
        ("스무", "20"),
        ("세", "3"),
    ],
)
def test_numbers_have_one_value(spelling: str, expected: str) -> None:
    assert f"{value(spelling):f}" == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3만원", "30,000원"),
        ("삼만 원", "30,000 원"),
        ("3만 5천원", "35,000원"),
        ("2주 안", "14일 이내"),
        ("1년", "12개월"),
        ("한 달", "1개월"),
        ("1시간", "60분"),
        ("오후 6시", "18:00"),
        ("오후 6시 30분", "18:30"),
        ("오후 6시 반", "18:30"),
        ("낮 12시", "12:00"),
        ("30%", "30퍼센트"),
        ("30프로", "30 %"),
        ("2026년 7월 1일", "2026-07-01"),
        ("2026. 7. 1.", "2026-07-01"),
        ("061-749-3114", "061) 749-3114"),
        ("https://www.gov.kr/", "gov.kr"),
        ("제12조", "제 12 조"),
        ("두 번", "2회"),
        ("세 명", "3명"),
        ("열일곱 살", "17세"),
        ("예순다섯 살", "65세"),
        ("사흘", "3일"),
        ("열닷새", "15일"),
        ("보름", "15일"),
        ("일주일", "7일"),
        ("반년", "6개월"),
        ("이 년", "24개월"),
        ("두 해", "2년"),
        ("석 달", "3개월"),
        ("넷째 달", "4개월"),
        ("삼십 일", "30일"),
        ("칠 퍼센트", "7%"),
        ("절반", "50%"),
        ("반값", "50퍼센트"),
        ("100분의 50", "50%"),
        ("1.5배", "150%"),
        ("두 배", "200%"),
        ("사백 원", "400원"),
        ("만 삼백이십 원", "10,320원"),
        ("오후 여섯 시", "18:00"),
        ("정오", "12시"),
        ("자정", "밤 12시"),
        ("다섯 시", "오후 5시"),
        ("1,000㎡", "1,000제곱미터"),
        ("2,000cc", "2,000시시"),
        ("1헥타르", "10,000㎡"),
        ("3.5cm", "35mm"),
        ("10L", "10리터"),
        ("한 필지", "1필지"),
        ("두 번째", "2차"),
        ("1년 차", "1차"),
        ("둘째", "2차"),
        ("일오칠칠에 일이삼사", "1577-1234"),
        ("공육일 칠사구 삼일일사", "061-749-3114"),
        ("1577에 1000번", "1577-1000"),
        ("02–777–5217", "02-777-5217"),
        ("일이구번", "129번"),
        ("일 점 오 프로", "1.5%"),
        ("십일월", "11월"),
        ("팔월 열엿새", "8월 16일"),
        ("십이월 초하루", "12월 1일"),
        ("백일 세제곱", "101㎥"),
        ("이십 초", "20초"),
        ("만 달러", "10,000달러"),
        ("서른 날", "30일"),
        ("92년 6월 1일", "1992년 6월 1일"),
        ("이천이십삼 년", "2023년"),
        ("Ⅰ유형", "1유형"),
        ("낮 9시", "09:00"),
        ("농지법 32조 1항 7호", "제32조제1항제7호"),
    ],
)
def test_spellings_of_one_fact_are_the_same(one: str, other: str) -> None:
    (first,), (second,) = facts(one), facts(other)
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3만원", "3천원"),
        ("14일", "15일"),
        ("오전 6시", "오후 6시"),
        ("7월 1일", "7월 11일"),
        ("2025년 7월 1일", "2026년 7월 1일"),
        ("30%", "30개"),
        ("061-749-3114", "061-749-3115"),
        ("제12조", "제12조의2"),
        ("3세", "3명"),
        ("90cm", "90mm"),
        ("5헥타르", "0.5헥타르"),
        ("한 달", "30일"),
        ("오전 6시", "18:00"),
        ("2인용", "2명"),
        ("85㎡", "85평"),
        ("1.5배", "15배"),
    ],
)
def test_different_facts_are_not_the_same(one: str, other: str) -> None:
    assert not same(facts(one)[0], facts(other)[0])


def test_evidence_may_be_more_exact_but_not_less() -> None:
    assert same(facts("7월 1일")[0], facts("2026년 7월 1일")[0])
    assert not same(facts("2026년 7월 1일")[0], facts("7월 1일")[0])


def test_a_table_cell_takes_the_unit_of_its_header() -> None:
    assert is_borne_out(facts("8,000원")[0], facts("| 매트리스 | 8,000 |"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "만일 그렇다면",
        "사원증",
        "이사하신 날",
        "여권과로 오세요.",
        "정부이십사",
        "일반 시민",
        "이용 안내",
        "천안",
        "만족",
        "등록해 두시면",
        "한시로 늘렸습니다",
        "한쪽 잇몸",
        "무주택 세대의 구성원",
        "청년에 한해",
        "일하기로 한 시간",
        "다음 달로 이월됩니다",
        "일일이 확인",
    ],
)
def test_words_are_not_numbers(text: str) -> None:
    assert facts(text) == []


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert [(fact.kind, fact.value) for fact in facts("4만~60만 원")] == [
        (FactKind.MONEY, "40000"),
        (FactKind.MONEY, "600000"),
    ]


def test_spans_point_at_the_text() -> None:
    text = "수수료는 5만 2천원이고 061-749-3114로 전화하세요."
    assert [text[slice(*fact.span)].strip() for fact in facts(text)] == ["5만 2천원", "061-749-3114"]


def test_what_goes_on_leaves_out_what_was_said() -> None:
    assert [fact.value for fact in facts("6월 16일부터 30일까지")] == ["*-6-16", "*-6-30"]
    assert [fact.value for fact in facts("오후 1시부터 5시까지")] == ["780", "1020"]
    assert [fact.value for fact in facts("02-410-1298이나 1299번")] == ["024101298", "024101299"]


def test_an_article_may_be_cited_without_its_paragraph() -> None:
    assert same(facts("제9조")[0], facts("제9조제3항")[0])
    assert not same(facts("제9조제3항")[0], facts("제9조")[0])


def test_a_short_number_with_beon_is_a_phone_not_a_count() -> None:
    assert facts("1355번")[0].kind is FactKind.NUMBER
    assert facts("3번")[0].unit == "회"


def test_both_ends_of_years_of_service_are_facts() -> None:
    assert [fact.value for fact in facts("3~4년 차는 사이버교육")] == ["3", "4"]


def test_a_clock_before_a_word_that_begins_alike() -> None:
    assert [fact.value for fact in facts("오후 1시 시작, 오후 5시 시간")] == ["780", "1020"]
    assert facts("두 시간")[0].kind is FactKind.QUANTITY
