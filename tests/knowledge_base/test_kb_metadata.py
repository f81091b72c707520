"""Names and values of metadata."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import FIELDS, field_of, fields, parse_date


def test_every_alias_names_its_field() -> None:
    assert {alias: field_of(alias) for aliases in FIELDS.values() for alias in aliases} == {
        alias: field for field, aliases in FIELDS.items() for alias in aliases
    }
    assert set(FIELDS) == set(Document.__dataclass_fields__) - {"id"}


@pytest.mark.parametrize("name", ["담당부서", " 담당 부서 ", "\ufeff담당부서", "담당부서*", "담당\n부서", "Department"])
def test_names_are_found_however_they_are_spaced(name: str) -> None:
    assert field_of(name) == "department"


@pytest.mark.parametrize("name", ["조회수", "", "번호", "질문 번호"])
def test_other_names_are_none_of_ours(name: str) -> None:
    assert field_of(name) is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-07-01",
        "2026-7-1",
        "2026. 7. 1.",
        "2026.7.1",
        "2026.07.01.",
        "2026/07/01",
        "2026년 7월 1일",
        "2026년7월1일",
        "2026. 7. 1.(수)",
        "2026년 7월 1일(수)",
        "20260701",
        "２０２６. ７. １.",
        "2026-07-01 00:00:00",
        "2026-07-01T00:00:00",
        "\u00a02026-07-01 ",
    ],
)
def test_a_day_in_any_spelling(value: str) -> None:
    assert parse_date(value) == date(2026, 7, 1)


@pytest.mark.parametrize("value", ["", "  ", "\u200b"])
def test_no_day(value: str) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize("value", ["2026-02-30", "2026. 13. 1.", "2025-02-29", "20260732", "0000-01-01"])
def test_a_day_no_calendar_has(value: str) -> None:
    with pytest.raises(UnreadableFile, match="달력에 없는 날짜"):
        parse_date(value)


@pytest.mark.parametrize("value", ["상시", "2026년 7월", "7. 1.", "26-07-01", "2026-07-01 ~ 2026-07-31", "46204", "0"])
def test_what_is_no_day_is_refused(value: str) -> None:
    with pytest.raises(UnreadableFile, match="2026-01-31처럼"):
        parse_date(value)


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}. {day.month}. {day.day}.", f"{day.year}년 {day.month}월 {day.day}일"):
        assert parse_date(text) == day


def test_korean_and_english_names_give_the_same_fields() -> None:
    korean = {
        "종류": "공지",
        "제목": "단수",
        "분야": "수도",
        "부서": "상수도과",
        "전화번호": "061-749-3114",
        "근거": "조례",
    }
    english = {
        "kind": "Notice",
        "title": "단수",
        "category": "수도",
        "department": "상수도과",
        "phone": "061-749-3114",
        "source": "조례",
    }
    assert fields(korean) == fields(english)
    assert fields(korean)["kind"] is Kind.NOTICE


def test_unknown_names_and_empty_values_are_left_out() -> None:
    assert fields({"조회수": "7", "제목": "", "시행일": "", "만료일": " ", "비고": "\u200b"}) == {}


@pytest.mark.parametrize("names", [("내용", "답변"), ("답변", "내용")])
def test_the_answer_wins_over_the_content_in_whatever_order(names: tuple[str, str]) -> None:
    values = {"내용": "여권을 잃어버렸어요", "답변": "5만원입니다."}
    assert fields({name: values[name] for name in names}) == {"text": "5만원입니다."}


def test_an_empty_preferred_column_gives_way() -> None:
    assert fields({"답변": " ", "내용": "본문"}) == {"text": "본문"}


def test_only_the_text_keeps_its_lines() -> None:
    assert fields({"질문": "여권\n 수수료", "답변": "가\n나"}) == {"title": "여권 수수료", "text": "가\n나"}


def test_one_day_may_be_both_first_and_last() -> None:
    assert fields({"시행일": "2026-07-01", "만료일": "2026. 7. 1."})["effective_to"] == date(2026, 7, 1)


def test_an_expiry_before_the_start_names_both_days() -> None:
    with pytest.raises(UnreadableFile, match=r"만료일\(2026-06-30\)이 시행일\(2026-07-01\)보다 앞섭니다"):
        fields({"시행일": "2026-07-01", "만료일": "2026-06-30"})


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(UnreadableFile, match=r"종류 '메모'.*FAQ, 규정, 공지"):
        fields({"종류": "메모"})


@pytest.mark.parametrize("name", ["FAQ", "faq", "Faq"])
def test_kinds_in_any_case(name: str) -> None:
    assert fields({"종류": name})["kind"] is Kind.FAQ
