"""Facts have one form whatever their spelling."""

import pytest

from knowledge_base.facts import FactKind, facts, is_borne_out, same
from knowledge_base.numerals import value


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
    ],
)
def test_different_facts_are_not_the_same(one: str, other: str) -> None:
    assert not same(facts(one)[0], facts(other)[0])


def test_evidence_may_be_more_exact_but_not_less() -> None:
    assert same(facts("7월 1일")[0], facts("2026년 7월 1일")[0])
    assert not same(facts("2026년 7월 1일")[0], facts("7월 1일")[0])


def test_a_table_cell_takes_the_unit_of_its_header() -> None:
    assert is_borne_out(facts("8,000원")[0], facts("| 매트리스 | 8,000 |"))


@pytest.mark.parametrize("text", ["", "여권과로 오세요.", "정부이십사", "일반 시민", "이용 안내", "천안", "만족"])
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
