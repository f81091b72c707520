"""Questions to be put through instead of answered: the labelled set, and what an agent is told."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import Console
from assistant.events import CautionKind, FinalEvent, Status
from assistant.routing.classifier import Route, likely_route
from assistant.routing.own_case import asks_for_own_case
from assistant.settings import LLMChoice
from indexing.retrieval.hit import Meaning
from indexing.retrieval.search import SearchService

TODAY = date(2026, 11, 27)
LABELLED = Path(__file__).parents[2] / "eval" / "data" / "routing_ko.jsonl"
FOUND = {Route.OWN_CASE: 0.75, Route.LEGAL: 0.55, Route.OUTSIDE: 0.75}  # of the reporting half
FALSE = 7  # of its 45 questions that documents may answer; all but one give way to an FAQ or sure evidence
SPOKEN = {Route.OWN_CASE: 0.9, Route.LEGAL: 0.8, Route.OUTSIDE: 0.8}
SPOKEN_FALSE = 3  # of 86


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def told(searcher: SearchService, question: str) -> Route | None:
    meaning = searcher.search(question, k=1, on=TODAY).meaning
    return Route.OWN_CASE if asks_for_own_case(question) else likely_route(question, meaning)


def test_no_question_is_twice(rows: list[dict[str, Any]]) -> None:
    assert len({row["question"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("half", "least", "most_false"), [("reporting", FOUND, FALSE), ("spoken", SPOKEN, SPOKEN_FALSE)]
)
def test_questions_that_the_weights_have_not_seen(
    sample: Console, rows: list[dict[str, Any]], half: str, least: dict[Route, float], most_false: int
) -> None:
    unseen = [(row["route"], told(sample.searcher(), row["question"])) for row in rows if row["half"] == half]
    for route, share in least.items():
        found = [found == route for wanted, found in unseen if wanted == route]
        assert sum(found) / len(found) >= share, route
    assert sum(found is not None for wanted, found in unseen if wanted is None) <= most_false


@pytest.mark.parametrize(
    "question",
    ["6인용 식탁 스티커 얼마예요", "도로에 구멍이 났어요", "마을버스 막차가 몇 시예요", "도서관 책 몇 권까지 빌려줘요"],
)
def test_what_callers_say_in_passing_is_the_city_s_business(sample: Console, question: str) -> None:
    assert told(sample.searcher(), question) is None


def test_ones_own_record_is_asked_for_in_the_last_clause() -> None:
    assert asks_for_own_case("지난달에 이사했는데 제 과태료 얼마예요")
    assert not asks_for_own_case("제가 장애인인데 주차 요금 얼마예요")
    assert not asks_for_own_case(
        "제가 예전에 맞았거든요, 몇 년 지나야 된다고 하셨죠?"
    )  # what was told is asked for again


def test_another_embedding_model_is_not_judged_by_these_weights(sample: Console) -> None:
    question = "내일 비 와요?"
    meaning = sample.searcher().search(question, k=1, on=TODAY).meaning
    assert meaning is not None
    assert likely_route(question, meaning) is Route.OUTSIDE
    assert likely_route(question, Meaning("another", meaning.vector)) is None


def final(sample: Console, question: str) -> FinalEvent:
    *_, last = sample.assistant(LLMChoice.NONE).suggest(question, on=TODAY)
    assert isinstance(last, FinalEvent)
    return last


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("저 이번 달 기초연금 얼마 나왔어요?", "본인 확인"),
        ("소송하면 이길까요?", "법률 판단"),
        ("내일 비 와요?", "시에서 맡는 일이 아닌"),
    ],
)
def test_a_routed_question_is_put_through_with_the_reason(sample: Console, question: str, why: str) -> None:
    last = final(sample, question)
    assert last.status is Status.ABSTAINED
    assert last.transfer is not None
    [caution] = last.cautions
    assert caution.kind is CautionKind.ROUTED
    assert why in caution.text


def test_a_rule_that_changes_soon_is_said(sample: Console) -> None:
    [caution] = final(sample, "하수도 요금 얼마예요?").cautions
    assert caution.kind is CautionKind.CHANGES
    assert "2027년 1월 1일부터" in caution.text
    assert caution.documents == ("notices/2026-11-24_하수도_사용료_요율_변경.html",)


def test_what_does_not_change_has_no_caution(sample: Console) -> None:
    assert final(sample, "보건증 수수료 얼마예요?").cautions == ()
