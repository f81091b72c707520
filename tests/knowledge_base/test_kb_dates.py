"""Days and periods in running Korean text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.validity.dates import Period, first_day, latest, period

MARCH = Period(date(2026, 3, 2), date(2026, 3, 20))


@pytest.mark.parametrize(
    "text",
    [
        *("2026. 3. 2.", "2026.3.2", "2026-03-02", "2026/3/2", "2026년 3월 2일", "2026년3월2일", " 2026. 03. 02.(월)"),
        *("'26. 3. 2.", "’26.3.2.", "２０２６．３．２．", "2026. 3. 2. 09:00"),
    ],
)
def test_a_day_in_any_spelling(text: str) -> None:
    assert first_day(text) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "text", ["", "3. 2.", "26. 3. 2.", "2026. 13. 2.", "2026. 2. 30.", "061-749-0301", "2026년 3월"]
)
def test_no_day(text: str) -> None:
    assert first_day(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026. 3. 2. ~ 2026. 3. 20.",
        "2026. 3. 2. ~ 3. 20.",
        "2026. 3. 2. ~ 20.",
        "2026.3.2.(월)~3.20.(금)",
        "2026. 3. 2.(월) 09:00 ~ 3. 20.(금) 18:00까지",
        "2026년 3월 2일(월)부터 3월 20일(금)까지",
        "2026년 3월 2일(월) 오전 9시부터 20일(금) 오후 6시까지",
        "2026-03-02 ∼ 2026-03-20",
        "２０２６. ３. ２. ～ ３. ２０.",
        "'26. 3. 2. – '26. 3. 20.",
        "2026. 3. 2.（월） ～ 3. 20.（금）",
        "2026년 3월 2일에서 20일까지",
    ],
)
def test_a_period_in_any_spelling(text: str) -> None:
    assert period(text) == MARCH


@pytest.mark.parametrize("text", ["2026. 3. 20.까지", "~ 2026. 3. 20.", "2026년 3월 20일(금) 18:00까지"])
def test_only_an_end(text: str) -> None:
    assert period(text) == Period(None, date(2026, 3, 20))


@pytest.mark.parametrize(
    "text",
    [
        *("2026. 3. 2.", "3. 2. ~ 3. 20.", "2026. 3. 2. 09:00 ~ 18:00", "2026. 3. 2. ~ 예산 소진 시까지"),
        *("2026. 3. 20. ~ 2026. 3. 2.", "2026. 3. 2. ~ 2. 30.", "상시"),
    ],
)
def test_no_period(text: str) -> None:
    assert period(text) is None


def test_a_period_over_new_year() -> None:
    assert period("2026. 12. 15. ~ 1. 8.") == Period(date(2026, 12, 15), date(2027, 1, 8))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("발표 2026. 4. 15.", date(2026, 4, 15)),
        ("발표는 4월 15일입니다", date(2026, 4, 15)),
        ("발표 4. 15.", date(2026, 4, 15)),
        ("2026년 4월에 발표합니다", date(2026, 4, 30)),
        ("4월 중 발표합니다", date(2026, 4, 30)),
        ("2027년 사업", date(2027, 12, 31)),
        ("2026년 사업, 2월 27일에 알림", MARCH.last),
        ("1월 15일에 지급합니다", date(2026, 1, 15)),
        ("11월 3일", date(2026, 11, 3)),
    ],
)
def test_the_latest_day_a_text_may_mean(text: str, day: date) -> None:
    assert latest(text, MARCH) == max(day, MARCH.last)


@pytest.mark.parametrize(
    ("text", "floor", "day"),
    [
        ("1월분부터 지급", Period(date(2026, 11, 16), date(2026, 12, 11)), date(2027, 1, 31)),
        ("1. 31. 발표", Period(date(2026, 11, 16), date(2026, 12, 11)), date(2027, 1, 31)),
        ("2월 중 발표", Period(date(2027, 11, 16), date(2027, 12, 11)), date(2028, 2, 29)),
        ("2월 29일 발표", Period(date(2028, 11, 16), date(2028, 12, 11)), date(2029, 2, 28)),
        ("'26. 12. 1. ~ '27. 2. 28.", Period(date(2026, 12, 1), date(2027, 2, 28)), date(2027, 2, 28)),
        ("근무 7. 1. ~ 12. 18.\n2. 모집", Period(date(2026, 6, 1), date(2026, 6, 5)), date(2026, 12, 18)),
        ("2026. 12. 1. ~ 2027. 2. 28.", Period(date(2026, 12, 1), date(2027, 2, 28)), date(2027, 2, 28)),
        ("2026년 11월 1일 ~ 2027년 2월 28일", Period(date(2026, 11, 1), date(2027, 2, 28)), date(2027, 2, 28)),
    ],
)
def test_a_day_or_month_long_past_is_next_years(text: str, floor: Period, day: date) -> None:
    assert latest(text, floor) == day


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_period_is_read_back(one: date, other: date) -> None:
    first, last = sorted((one, other))
    for form in ("{0.year}. {0.month}. {0.day}.", "{0.year}년 {0.month}월 {0.day}일", "{0}"):
        assert period(f"{form.format(first)} ~ {form.format(last)}") == Period(first, last)


@given(st.text(alphabet="0123456789년월일.~-() 까지부터", max_size=40))
def test_any_text_gives_a_period_in_order_or_none(text: str) -> None:
    found = period(text)
    assert found is None or found.first is None or found.first <= found.last
