"""The scores of a whole run from the results of its questions, each with its 95 % interval."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.events import Status
from eval.examination.result import Answer, Result
from eval.metrics.auroc import auroc
from eval.metrics.catalogue import METRICS, Part
from eval.metrics.confidence import Estimate, estimates, interval_of
from eval.metrics.latency import by_stage
from eval.questions.question import Question
from eval.runs.token_cost import cost

CHUNK_PREFIX = "chunk_"


def counts(questions: Sequence[Question], results: Sequence[Result]) -> dict[str, int]:
    """How many questions there are, failed and cannot be answered."""
    return {
        "n_total": len(results),
        "n_failed": sum(each.failed for each in results),
        "n_unanswerable": sum(not each.answerable for each in questions),
    }


def estimated(results: Sequence[Result]) -> dict[str, Estimate]:
    """Every score that applies to some question, in the order of METRICS, failures included."""
    return estimates({name: [each.scores.get(name) for each in results] for name in METRICS})


def metrics(questions: Sequence[Question], results: Sequence[Result]) -> dict[str, Any]:
    """The scores as a program reads them; a retrieval score without any case is None.

    ``ci95`` holds the intervals by name; ``latency_ms`` the percentiles a stage, over the questions that did
    not fail, unanswerable ones included. ``chunks`` has the same scores by chunk, ``answers`` those of the
    answers when any were asked for.
    """
    found = estimated(results)
    sure = separation(questions, results)
    summary: dict[str, Any] = {
        **_part(found, Part.DOCUMENTS),
        "latency_ms": by_stage(each.latency_ms for each in results if each.error is None),
        "chunks": _part(found, Part.CHUNKS),
        "confidence_auroc": sure.mean if sure else None,
    }
    answers = [each.answer for each in results if each.answer]
    if not answers:
        return summary
    spent = cost(results)
    return {**summary, "answers": {**_answers(found, answers, sure), "tokens": spent.row() if spent else None}}


def separation(questions: Sequence[Question], results: Sequence[Result]) -> Estimate | None:
    """The AUROC of the confidence: answerable questions above unanswerable ones; None without either kind."""
    pairs = [
        (result.confidence, question.answerable)
        for question, result in zip(questions, results, strict=True)
        if result.confidence is not None
    ]
    confidences = np.array([confidence for confidence, _ in pairs])
    answerable = np.array([is_answerable for _, is_answerable in pairs], dtype=bool)

    def area(drawn: NDArray[np.intp]) -> float:
        which = answerable[drawn]
        value = auroc(confidences[drawn][which], confidences[drawn][~which])
        return float("nan") if value is None else value

    value = auroc(confidences[answerable], confidences[~answerable]) if pairs else None
    if value is None:
        return None
    return Estimate(value, *interval_of(area, len(pairs)), len(pairs))


def _part(found: Mapping[str, Estimate], part: Part) -> dict[str, Any]:
    names = [name for name, metric in METRICS.items() if metric.part is part]
    return {
        **{_short(name): found[name].mean if name in found else None for name in names},
        "ci95": _intervals(found, names),
    }


def _short(name: str) -> str:
    return name.removeprefix(CHUNK_PREFIX)


def _intervals(found: Mapping[str, Estimate], names: Iterable[str]) -> dict[str, list[float]]:
    return {_short(name): [found[name].low, found[name].high] for name in names if name in found}


def _answers(found: Mapping[str, Estimate], answers: Sequence[Answer], sure: Estimate | None) -> dict[str, Any]:
    statuses = Counter(each.status for each in answers)
    abstention = {name: _mean(found, name) for name, metric in METRICS.items() if metric.part is Part.ABSTENTION}
    names = [name for name, metric in METRICS.items() if metric.part is Part.ANSWERS and name in found]
    return {
        "n_failed": statuses[None],
        "status": {status.value: statuses[status] for status in Status},
        "abstention": {
            **{name.removeprefix("abstention_"): value for name, value in abstention.items()},
            "auroc": sure.mean if sure else None,
        },
        **{name: _mean(found, name) for name in ("number_recall", *names)},
        "ci95": _intervals(found, [*abstention, *names]),
        "latency_ms": by_stage(each.latency_ms for each in answers if each.error is None),
        "models": sorted({each.model for each in answers if each.status is not None}),
        "judge_unread": sum(each.judgement is not None and each.judgement.score is None for each in answers),
    }


def _mean(found: Mapping[str, Estimate], name: str) -> float | None:
    return found[name].mean if name in found else None
