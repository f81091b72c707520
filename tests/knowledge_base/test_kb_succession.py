"""Which version is in force when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.document import Document, Kind
from knowledge_base.validity.succession import Imported, Term, chain, in_force, successive

TODAY = date(2026, 11, 27)
NEXT_YEAR = date(2027, 1, 1)
DAYS = st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31))
ONE_DAY = timedelta(days=1)


def version(text: str, starts: date | None = None, ends: date | None = None, on: date = TODAY) -> Imported:
    document = Document(id="a.md", kind=Kind.NOTICE, title="요금", text=text, effective_from=starts, effective_to=ends)
    return Imported(document.version, document, on)


def texts(*history: Imported) -> list[str]:
    return [kept.document.text for kept in chain(history)]


def test_the_old_rule_stays_until_the_new_one_starts() -> None:
    assert texts(version("4,000원", date(2025, 1, 1)), version("5,000원", NEXT_YEAR)) == ["4,000원", "5,000원"]
    assert texts(version("4,000원"), version("5,000원", NEXT_YEAR)) == ["4,000원", "5,000원"]
    assert texts(version("4,000원"), version("4,000원", NEXT_YEAR)) == ["4,000원", "4,000원"]


def test_what_was_in_force_before_is_still_found_on_its_days() -> None:
    assert texts(version("4,000원", date(2025, 1, 1)), version("5,000원", date(2026, 3, 1))) == ["4,000원", "5,000원"]


@pytest.mark.parametrize("starts", [None, date(2025, 1, 1), date(2024, 1, 1)])
def test_without_a_later_start_the_new_one_replaces_the_old(starts: date | None) -> None:
    assert texts(version("4,000원", date(2025, 1, 1)), version("5,000원", starts)) == ["5,000원"]


def test_a_start_put_right_is_no_succession() -> None:
    assert texts(version("4,000원"), version("4,000원", date(2025, 1, 1))) == ["4,000원"]


def test_a_plan_put_off_is_replaced_and_one_followed_by_another_kept() -> None:
    now, plan = version("4,000원"), version("2027. 1. 1.부터 5,000원", NEXT_YEAR)
    put_off = version("2027. 3. 1.부터 5,000원", date(2027, 3, 1))
    assert texts(now, plan, put_off) == [now.document.text, put_off.document.text]
    followed = version("2028. 1. 1.부터 6,000원", date(2028, 1, 1))
    assert len(texts(now, plan, followed)) == 3


def test_a_plan_called_off() -> None:
    now = version("4,000원", date(2025, 1, 1))
    assert texts(now, version("5,000원", NEXT_YEAR), now) == ["4,000원"]


HISTORIES = st.lists(st.tuples(st.sampled_from("가나다"), DAYS, DAYS, st.dates(date(2026, 11, 1), date(2026, 12, 31))))


@given(HISTORIES)
def test_versions_never_overlap_and_no_gap_is_made(drawn: list[tuple[str, date | None, date | None, date]]) -> None:
    moments = sorted(on for *_, on in drawn)
    history = [
        version(text, starts, ends if not starts or not ends or ends >= starts else None, on)
        for (text, starts, ends, _), on in zip(drawn, moments, strict=True)
    ]
    kept = chain(history)
    terms = successive(
        [
            Term("a", str(n), old.document.effective_from, old.document.effective_to, (), old.on)
            for n, old in enumerate(kept)
        ]
    )
    assert len(terms) == len(kept)
    for (old, term), (_, later) in zip(
        zip(kept, terms, strict=True), list(zip(kept, terms, strict=True))[1:], strict=False
    ):
        assert later.starts is not None
        assert term.ends is not None
        assert term.starts is None or term.starts <= term.ends
        assert term.ends == min(later.starts - ONE_DAY, old.document.effective_to or date.max)
    if history:
        newest = history[-1].document
        assert (terms[-1].starts, terms[-1].ends) == (newest.effective_from, newest.effective_to)


@given(HISTORIES)
def test_what_is_in_force_today_is_never_lost_to_a_plan(
    drawn: list[tuple[str, date | None, date | None, date]],
) -> None:
    moments = sorted(on for *_, on in drawn)
    history = [version(text, starts, None, on) for (text, starts, _, _), on in zip(drawn, moments, strict=True)]
    for length in range(2, len(history) + 1):
        today = history[length - 1].on
        before = [old for old in chain(history[: length - 1]) if (old.document.effective_from or date.min) <= today]
        after = [new for new in chain(history[:length]) if (new.document.effective_from or date.min) <= today]
        assert after or not before


def term(name: str, starts: date | None = None, ends: date | None = None, *supersedes: str, on: date = TODAY) -> Term:
    return Term(name, "1", starts, ends, supersedes, on)


def left(*terms: Term) -> dict[str, tuple[date | None, date | None]]:
    return {found.id: (found.starts, found.ends) for found in in_force([[one] for one in terms])}


def test_a_document_ends_the_day_before_the_one_that_replaces_it() -> None:
    assert left(term("old"), term("new", NEXT_YEAR, None, "old")) == {
        "old": (None, date(2026, 12, 31)),
        "new": (NEXT_YEAR, None),
    }
    (old, _) = in_force([[term("old")], [term("new", NEXT_YEAR, None, "old")]])
    assert old.successor == "new"


def test_an_own_end_that_comes_sooner_stays() -> None:
    ends = date(2026, 11, 30)
    assert left(term("old", None, ends), term("new", NEXT_YEAR, None, "old"))["old"] == (None, ends)


def test_one_without_a_start_replaces_from_the_day_it_came() -> None:
    assert left(term("old"), term("new", None, None, "old"))["old"] == (None, TODAY - ONE_DAY)


def test_one_that_starts_on_the_same_day_is_gone() -> None:
    assert set(left(term("old", NEXT_YEAR), term("new", NEXT_YEAR, None, "old"))) == {"new"}


def test_news_of_the_replaced_document_stays() -> None:
    assert left(term("old", date(2028, 1, 1)), term("new", NEXT_YEAR, None, "old"))["old"] == (date(2028, 1, 1), None)


def test_two_that_replace_each_other_do_not_both_vanish() -> None:
    assert set(left(term("a", NEXT_YEAR, None, "b"), term("b", NEXT_YEAR, None, "a"))) == {"a", "b"}
    assert left(term("a", TODAY, None, "b"), term("b", NEXT_YEAR, None, "a")) == {
        "a": (TODAY, date(2026, 12, 31)),
        "b": (NEXT_YEAR, None),
    }
    assert set(left(term("a", TODAY, None, "a"))) == {"a"}
