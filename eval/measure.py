"""From a question file to the record of a run: search, answer, score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from eval import answers, provenance, retrieval
from eval.answers import Answered, Suggests
from eval.dataset import Dataset
from eval.retrieval import DEPTH, Retrieved, Searches
from eval.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What was found for every question, in order; ``answered`` is None when no answers were asked for."""

    retrieved: Sequence[Retrieved]
    answered: Sequence[Answered] | None


def outcomes(dataset: Dataset, searcher: Searches, assistant: Suggests | None, call: str) -> Outcomes:
    """Search for every question and, given an assistant, then have every question answered."""
    return Outcomes(
        retrieved=retrieval.retrieve(dataset.questions, searcher),
        answered=answers.answer(dataset.questions, assistant, call) if assistant else None,
    )


def record(
    found: Outcomes,
    dataset: Dataset,
    *,
    run_id: str,
    settings: dict[str, object],
    seed: int,
    limit: int | None,
) -> Run:
    """The scores of ``found`` with all that is needed to repeat the run."""
    return Run(
        id=run_id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=provenance.commit(),
        packages=provenance.packages(),
        machine=provenance.machine(),
        dataset=str(dataset.path),
        dataset_sha256=dataset.sha256,
        snapshot=_snapshots(found),
        settings=settings,
        seed=seed,
        limit=limit,
        counts=_counts(found),
        metrics=_metrics(found),
    )


def results(found: Outcomes) -> list[dict[str, object]]:
    """One JSON object a question: what was found, at which rank the right document, how long it took.

    ``ranked`` is cut at the depth the metrics look at; ``rank`` is among all documents found.
    """
    rows: list[dict[str, object]] = [
        {
            "id": each.question.id,
            "ranked": each.ranked[:DEPTH],
            "rank": each.rank,
            "latency_ms": _rounded(each.timings),
            "error": each.error,
        }
        for each in found.retrieved
    ]
    for row, answered in zip(rows, found.answered or (), strict=False):
        row["answer"] = _answer(answered)
    return rows


def _answer(answered: Answered) -> dict[str, object]:
    return {
        "status": answered.final.status.value if answered.final else None,
        "text": answered.text,
        "latency_ms": _rounded(answered.timings),
        "error": answered.error,
    }


def _counts(found: Outcomes) -> dict[str, int]:
    failed = {each.question.id for each in found.retrieved if each.error is not None}
    failed |= {each.question.id for each in found.answered or () if each.error is not None}
    return {
        "n_total": len(found.retrieved),
        "n_failed": len(failed),
        "n_unanswerable": sum(not each.question.answerable for each in found.retrieved),
    }


def _metrics(found: Outcomes) -> dict[str, object]:
    metrics = retrieval.summary(found.retrieved)
    return metrics if found.answered is None else {**metrics, "answers": answers.summary(found.answered)}


def _snapshots(found: Outcomes) -> str:
    searched = {each.snapshot for each in found.retrieved if each.error is None}
    answered = {each.final.snapshot for each in found.answered or () if each.final}
    return ", ".join(sorted(searched | answered))


def _rounded(timings: dict[str, float]) -> dict[str, float]:
    return {stage: round(milliseconds, 3) for stage, milliseconds in timings.items()}
