"""Retrieval with a fake search: what counts, what fails, what is timed."""

from collections.abc import Callable
from datetime import date

import pytest

from eval.dataset import Question
from eval.retrieval import WARM_UP, Searches, retrieve, summary
from indexing.hit import SearchResult

Ask = Callable[..., Question]


def test_a_document_counts_once_however_many_chunks_were_found(ask: Ask, searcher: Callable[..., Searches]) -> None:
    (outcome,) = retrieve([ask("요금?", "감면")], searcher({"요금?": ["요금", "요금", "요금", "감면"]}))
    assert outcome.ranked == ("요금", "감면")
    assert outcome.rank == 2
    assert outcome.snapshot == "s1"


def test_a_failed_question_stays_in_the_denominator_as_a_miss(ask: Ask, searcher: Callable[..., Searches]) -> None:
    outcomes = retrieve([ask("요금?", "요금"), ask("???", "요금")], searcher({"요금?": ["요금"]}))
    assert [each.error for each in outcomes] == [None, "'???'에는 찾을 말이 없습니다."]
    metrics = summary(outcomes)
    assert {name: metrics[name] for name in ("recall@1", "recall@10", "mrr@10", "ndcg@10")} == {
        "recall@1": 0.5,
        "recall@10": 0.5,
        "mrr@10": 0.5,
        "ndcg@10": 0.5,
    }


def test_unanswerable_questions_are_searched_but_not_scored(ask: Ask, searcher: Callable[..., Searches]) -> None:
    questions = [ask("요금?", "요금"), ask("날씨?")]
    outcomes = retrieve(questions, searcher({"요금?": ["요금"], "날씨?": ["요금"]}))
    assert [each.rank for each in outcomes] == [1, None]
    assert summary(outcomes)["recall@1"] == 1.0


def test_scores_are_none_when_no_question_is_answerable(ask: Ask, searcher: Callable[..., Searches]) -> None:
    metrics = summary(retrieve([ask("날씨?")], searcher({"날씨?": ["요금"]})))
    assert metrics["recall@1"] is None
    assert metrics["ci95"] == {}


def test_every_score_has_an_interval_and_every_stage_its_percentiles(
    ask: Ask, searcher: Callable[..., Searches]
) -> None:
    metrics = summary(retrieve([ask("요금?", "요금")], searcher({"요금?": ["요금"]})))
    ci95, latency = metrics["ci95"], metrics["latency_ms"]
    assert isinstance(ci95, dict)
    assert isinstance(latency, dict)
    assert set(ci95) == {"recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10"}
    assert ci95["recall@1"] == [1.0, 1.0]
    assert set(latency) == {"bm25", "dense", "total"}
    assert latency["bm25"] == {"p50": 1.0, "p95": 1.0, "p99": 1.0}
    assert latency["total"]["p50"] > 0


def test_more_chunks_are_asked_for_until_ten_documents_are_seen(ask: Ask, searcher: Callable[..., Searches]) -> None:
    long = ["긴 문서"] * 60 + [f"문서{number}" for number in range(9)]
    fake = searcher({"긴?": long, "짧은?": ["요금"]})
    deep, short = retrieve([ask("긴?", "문서8"), ask("짧은?", "요금")], fake)
    assert deep.rank == 10
    assert len(short.ranked) == 1
    asked = fake.asked  # type: ignore[attr-defined]
    assert asked == [(WARM_UP, 50), ("긴?", 50), ("긴?", 200), ("짧은?", 50)]


def test_a_bug_keeps_its_traceback(ask: Ask) -> None:
    class Broken:
        def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        retrieve([ask("요금?", "요금")], Broken())
