"""How well and how fast the right documents are found, without any LLM."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from time import perf_counter
from typing import Protocol

from eval.dataset import Question
from eval.metrics.confidence import interval
from eval.metrics.latency import by_stage
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg
from eval.metrics.ranking import distinct, first_right
from eval.metrics.recall import recall
from eval.progress import shown
from indexing.hit import SearchResult
from knowledge_base.errors import OnnuriError

DEPTH = 10
"""How many distinct documents the metrics look at."""
CHUNKS = (50, 200, 800)
"""How many chunks are asked for; the next number only while the chunks found are of fewer documents."""
WARM_UP = "민원 안내"
"""Asked once before the clock starts: a console in service has its models loaded."""


class Searches(Protocol):
    """Anything that finds chunks for a question."""

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
        """The best ``k`` chunks valid on the day (today by default)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What one question found: distinct documents best first, the rank of the right one.

    ``timings`` are milliseconds a stage; ``total`` is measured around the call. ``error`` is the
    sentence with which the search failed, so that nothing was found; it is None when the search did not fail.
    """

    question: Question
    ranked: tuple[str, ...]
    rank: int | None
    snapshot: str
    timings: dict[str, float]
    error: str | None


def retrieve(questions: Sequence[Question], searcher: Searches) -> list[Retrieved]:
    """Search for each question, one at a time so that latency is honest, after one search to warm up.

    An OnnuriError is kept with its question; any other exception is a bug and propagates.
    """
    with suppress(OnnuriError):
        searcher.search(WARM_UP, k=CHUNKS[0])
    return [_retrieved(question, searcher) for question in shown(questions, "검색 평가")]


def _retrieved(question: Question, searcher: Searches) -> Retrieved:
    start = perf_counter()
    try:
        result = searcher.search(question.question, k=CHUNKS[0])
        total = (perf_counter() - start) * 1000
        ranked = _deep_enough(result, question, searcher)
    except OnnuriError as error:
        total = (perf_counter() - start) * 1000
        return Retrieved(
            question=question, ranked=(), rank=None, snapshot="", timings={"total": total}, error=str(error)
        )
    return Retrieved(
        question=question,
        ranked=ranked,
        rank=first_right(ranked, question.documents) if question.answerable else None,
        snapshot=result.snapshot,
        timings={**result.timings, "total": total},
        error=None,
    )


def _deep_enough(result: SearchResult, question: Question, searcher: Searches) -> tuple[str, ...]:
    """The documents found; long documents fill many chunks, so more are asked for, outside the clock."""
    for asked, next_k in pairwise(CHUNKS):
        if len(_documents(result)) >= DEPTH or len(result.hits) < asked:
            break
        result = searcher.search(question.question, k=next_k)
    return _documents(result)


def _documents(result: SearchResult) -> tuple[str, ...]:
    return distinct(hit.document.id for hit in result.hits)


def scores(outcomes: Sequence[Retrieved]) -> dict[str, list[float]]:
    """Each metric's score of each answerable question, failed ones included (as misses)."""
    rows = [(each.ranked, each.question.documents) for each in outcomes if each.question.answerable]
    by_metric = {f"recall@{k}": [recall(*row, k=k) for row in rows] for k in (1, 3, 5, 10)}
    by_metric["mrr@10"] = [reciprocal_rank(*row, k=10) for row in rows]
    by_metric["ndcg@10"] = [ndcg(*row, k=10) for row in rows]
    return by_metric


def summary(outcomes: Sequence[Retrieved]) -> dict[str, object]:
    """The metrics by name, their ``ci95`` and ``latency_ms`` a stage.

    Metrics are means over the answerable questions, None when there are none. Latency is over the searches
    that succeeded, unanswerable questions included.
    """
    by_metric = scores(outcomes)
    means = {name: sum(each) / len(each) if each else None for name, each in by_metric.items()}
    ci95 = {name: list(interval(each)) for name, each in by_metric.items() if each}
    return {
        **means,
        "ci95": ci95,
        "latency_ms": by_stage(each.timings for each in outcomes if each.error is None),
    }
