"""Retrieval with a fake search: what counts, what fails, what is timed."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from assistant.answering.assistant import Searches
from eval.examination.result import Result
from eval.examination.retrieval import retrieve
from eval.questions.question import Question
from eval.runs.summary import metrics
from indexing.retrieval.hit import SearchResult

Ask = Callable[..., Question]
Searching = Callable[..., Searches]
Examine = Callable[..., list[Result]]
RANKED = ("recall@1", "recall@10", "mrr@10", "ndcg@10")


def test_a_document_counts_once_however_many_chunks_were_found(ask: Ask, searcher: Searching) -> None:
    found = retrieve(ask("요금?", "감면"), searcher({"요금?": ["요금", "요금", "요금", "감면"]}))
    assert found.ranked == ("요금", "감면")
    assert (found.rank, found.chunk_rank) == (2, 4)
    assert found.snapshot == "s1"
    assert [each.document for each in found.evidence] == ["요금", "요금", "요금", "감면"]


def test_with_passages_only_a_chunk_that_holds_one_is_right(ask: Ask, searcher: Searching) -> None:
    search = searcher({"요금?": ["요금", "감면"]})  # whose chunks all say 본문
    assert retrieve(ask("요금?", "감면", passages=("본 문",)), search).chunk_rank == 2
    assert retrieve(ask("요금?", "감면", passages=("3만원",)), search).chunk_rank is None


def test_the_day_of_the_question_is_searched(ask: Ask, searcher: Searching) -> None:
    search = searcher({"요금?": ["요금"]})
    retrieve(ask("요금?", "요금", on=date(2026, 1, 2)), search)
    assert search.days == [date(2026, 1, 2)]  # type: ignore[attr-defined]


def test_a_failed_question_stays_in_the_denominator_as_a_miss(ask: Ask, searcher: Searching, examine: Examine) -> None:
    questions = [ask("요금?", "요금"), ask("???", "요금")]
    results = examine(questions, searcher({"요금?": ["요금"]}))
    assert [each.error for each in results] == [None, "'???'에는 찾을 말이 없습니다."]
    found = metrics(questions, results)
    assert {name: found[name] for name in RANKED} == dict.fromkeys(RANKED, 0.5)
    assert {name: found["chunks"][name] for name in RANKED} == dict.fromkeys(RANKED, 0.5)


def test_unanswerable_questions_are_searched_but_not_scored(ask: Ask, searcher: Searching, examine: Examine) -> None:
    questions = [ask("요금?", "요금"), ask("날씨?")]
    results = examine(questions, searcher({"요금?": ["요금"], "날씨?": ["요금"]}))
    assert [each.rank for each in results] == [1, None]
    assert metrics(questions, results)["recall@1"] == 1.0


def test_scores_are_none_when_no_question_is_answerable(ask: Ask, searcher: Searching, examine: Examine) -> None:
    questions = [ask("날씨?")]
    found = metrics(questions, examine(questions, searcher({"날씨?": ["요금"]})))
    assert found["recall@1"] is None
    assert found["ci95"] == {}
    assert found["confidence_auroc"] is None


def test_every_score_has_an_interval_and_every_stage_its_percentiles(
    ask: Ask, searcher: Searching, examine: Examine
) -> None:
    questions = [ask("요금?", "요금")]
    found = metrics(questions, examine(questions, searcher({"요금?": ["요금"]})))
    ci95, latency = found["ci95"], found["latency_ms"]
    assert set(ci95) == {"recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10"}
    assert ci95["recall@1"] == [1.0, 1.0]
    assert set(latency) == {"bm25", "dense", "total"}
    assert latency["bm25"] == {"p50": 1.0, "p95": 1.0, "p99": 1.0}
    assert latency["total"]["p50"] > 0


def test_more_chunks_are_asked_for_until_ten_documents_are_seen(ask: Ask, searcher: Searching) -> None:
    long = ["긴 문서"] * 60 + [f"문서{number}" for number in range(9)]
    fake = searcher({"긴?": long, "짧은?": ["요금"]})
    assert retrieve(ask("긴?", "문서8"), fake).rank == 10
    assert len(retrieve(ask("짧은?", "요금"), fake).ranked) == 1
    assert fake.asked == [("긴?", 50), ("긴?", 200), ("짧은?", 50)]  # type: ignore[attr-defined]


def test_a_bug_keeps_its_traceback(ask: Ask, examine: Examine) -> None:
    class Broken:
        def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        examine([ask("요금?", "요금")], Broken())


@pytest.mark.parametrize("sure", [(0.9, 0.2), (0.2, 0.9)])
def test_the_confidence_is_judged_by_how_it_parts_the_answerable(
    ask: Ask, result: Callable[..., Result], sure: Sequence[float]
) -> None:
    questions = [ask("요금?", "요금"), ask("감면?", "감면"), ask("날씨?")]
    confidences = (sure[0], sure[0], sure[1])
    results = [result(each.id, confidence=value) for each, value in zip(questions, confidences, strict=True)]
    assert metrics(questions, results)["confidence_auroc"] == float(sure[0] > sure[1])
