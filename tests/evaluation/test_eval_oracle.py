"""Our metrics against ranx on random rankings."""

import random

import pytest

from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg
from eval.metrics.recall import recall

KS = (1, 3, 5, 10)


@pytest.fixture(autouse=True)
def without_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs ranx as plain Python: a few hundred questions do not repay a minute of numba compiling."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")


def _rankings(n: int) -> dict[str, list[str]]:
    """``n`` questions, 1 to 15 of 20 documents each, at random."""
    draw = random.Random(7)
    names = [f"문서{number}" for number in range(20)]
    return {f"q{number}": draw.sample(names, draw.randint(1, 15)) for number in range(n)}


def _right(n: int, most: int) -> dict[str, list[str]]:
    draw = random.Random(8)
    names = [f"문서{number}" for number in range(20)]
    return {f"q{number}": draw.sample(names, draw.randint(1, most)) for number in range(n)}


def _oracle(rankings: dict[str, list[str]], right: dict[str, list[str]], metric: str) -> dict[str, float]:
    from ranx import Qrels, Run, evaluate  # type: ignore[import-untyped]

    qrels = Qrels({question: dict.fromkeys(documents, 1) for question, documents in right.items()})
    run = Run(
        {
            question: {document: 1 / rank for rank, document in enumerate(ranked, start=1)}
            for question, ranked in rankings.items()
        }
    )
    evaluate(qrels, run, metric, make_comparable=True)
    return {question: float(score) for question, score in run.scores[metric].items()}


def test_with_one_right_document_every_metric_is_that_of_ranx() -> None:
    rankings, right = _rankings(200), _right(200, most=1)
    for k in KS:
        ours = {question: recall(ranked, right[question], k) for question, ranked in rankings.items()}
        assert ours == pytest.approx(_oracle(rankings, right, f"recall@{k}"))
        assert ours == pytest.approx(_oracle(rankings, right, f"hit_rate@{k}"))
    for name, metric in (("mrr@10", reciprocal_rank), ("ndcg@10", ndcg)):
        ours = {question: metric(ranked, right[question], k=10) for question, ranked in rankings.items()}
        assert ours == pytest.approx(_oracle(rankings, right, name))


def test_with_alternatives_recall_is_the_hit_rate_and_mrr_that_of_ranx() -> None:
    rankings, right = _rankings(200), _right(200, most=5)
    for k in KS:
        ours = {question: recall(ranked, right[question], k) for question, ranked in rankings.items()}
        assert ours == pytest.approx(_oracle(rankings, right, f"hit_rate@{k}"))
    ours = {question: reciprocal_rank(ranked, right[question], k=10) for question, ranked in rankings.items()}
    assert ours == pytest.approx(_oracle(rankings, right, "mrr@10"))


def test_with_alternatives_ndcg_is_the_best_that_ranx_gives_to_one_of_them() -> None:
    rankings, right = _rankings(200), _right(200, most=3)
    alone = [
        _oracle(rankings, {question: [each[place % len(each)]] for question, each in right.items()}, "ndcg@10")
        for place in range(3)
    ]
    best = {question: max(scores[question] for scores in alone) for question in rankings}
    ours = {question: ndcg(ranked, right[question], k=10) for question, ranked in rankings.items()}
    assert ours == pytest.approx(best)
