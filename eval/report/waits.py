"""How long the questions took, as a report shows it."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from eval.examination.result import Milliseconds
from eval.metrics.latency import by_stage
from eval.report import charts
from eval.runs.run import Run, RunKind
from eval.runs.store import Record

STAGES = {
    "search": "검색",
    "tokenise": "형태소 분석",
    "embed": "임베딩",
    "bm25": "낱말 검색",
    "dense": "의미 검색",
    "parts": "문장 비교",
    "fuse": "합치기",
    "highlight": "강조",
    "first_evidence": "근거가 뜨기까지",
    "first_token": "첫 문장까지",
    "total": "모두",
}
"""The stages that search and assistant time, as people read them."""
WAITS = {
    "first_evidence": STAGES["first_evidence"],
    "first_token": STAGES["first_token"],
    "total": "답이 끝나기까지",
}
"""What an agent waits for."""


def headline(run: Run) -> dict[str, dict[str, float]]:
    """The percentiles of what an agent waits for, by its Korean name."""
    metrics: dict[str, Any] = run.metrics
    stages = metrics.get("answers", {}).get("latency_ms") or {"first_evidence": metrics["latency_ms"].get("total")}
    return {label: stages[stage] for stage, label in WAITS.items() if stages.get(stage)}


def table(record: Record) -> dict[str, dict[str, float]]:
    """The percentiles of every stage of search and answer, by its Korean name."""
    sorts = (("검색", _search(record)), ("답변", _answers(record)))
    return {
        f"{sort}: {STAGES.get(stage, stage)}": points
        for sort, timings in sorts
        for stage, points in by_stage(timings).items()
    }


def chart(record: Record) -> Markup | None:
    """The distribution of what an agent waits for; None when nothing was timed."""
    answers = _answers(record)
    curves = {label: [each[stage] for each in answers if stage in each] for stage, label in WAITS.items()}
    curves = {label: values for label, values in curves.items() if values}
    if not curves:
        label = "질문이 끝나고 근거까지" if record.run.kind is RunKind.CALLS else "검색"
        curves = {label: [each["total"] for each in _search(record) if "total" in each]}
    return charts.waits(curves) if all(curves.values()) else None


def _search(record: Record) -> Sequence[Milliseconds]:
    return [each.latency_ms for each in record.results if each.error is None]


def _answers(record: Record) -> Sequence[Milliseconds]:
    return [each.answer.latency_ms for each in record.results if each.answer and each.answer.error is None]
