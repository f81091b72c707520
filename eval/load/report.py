"""A load test as one HTML page, in the form of the other reports."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from eval.load import words
from eval.load.comparison import STAGE_LABELS, Shift, compare
from eval.load.record import LoadRecord
from eval.load.result import LoadedCall
from eval.load.summary import QUESTION_STAGES, memory, waits
from eval.load.trace import FaultKind
from eval.report import charts, page
from eval.report.report import Figure
from eval.report.words import seconds
from eval.runs.run import Run

SHOWN = 10
"""Calls shown of each kind of fault."""


class FaultyCall(NamedTuple):
    """A call on which something went wrong, and where."""

    call: LoadedCall
    detail: str


class FaultGroup(NamedTuple):
    """What went wrong in one way, how often, and the first calls."""

    kind: FaultKind
    found: int
    calls: tuple[FaultyCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What the page shows."""

    run: Run
    baseline: Run | None
    title: str
    made: str
    sentences: list[str]
    figures: list[Figure]
    wait_chart: Markup | None
    time_chart: Markup | None
    memory_chart: Markup | None
    latency: list[tuple[str, int, dict[str, float]]]
    rows: list[tuple[str, str]]
    faults: list[FaultGroup]
    shifts: list[Shift]
    provenance: list[tuple[str, str]]


def write(record: LoadRecord, baseline: LoadRecord | None, path: Path) -> None:
    """Write the page, against a baseline when there is one; raises EvaluationError when it cannot."""
    page.write(render(report(record, baseline)), path)


def render(content: LoadReport) -> str:
    """The page as HTML."""
    return page.render("load.html.j2", report=content)


def report(record: LoadRecord, baseline: LoadRecord | None) -> LoadReport:
    """What there is to show of a load test."""
    run = record.run
    return LoadReport(
        run=run,
        baseline=baseline.run if baseline else None,
        title="부하 시험 보고서",
        made=f"{datetime.now():%Y년 %-m월 %-d일}",
        sentences=words.sentences(run),
        figures=list(_figures(run)),
        wait_chart=_wait_chart(record),
        time_chart=_time_chart(record),
        memory_chart=_memory_chart(record),
        latency=words.latency_rows(run),
        rows=words.figure_rows(run),
        faults=_faults(record.calls),
        shifts=compare(baseline, record) if baseline else [],
        provenance=words.provenance(run),
    )


def _figures(run: Run) -> Iterator[Figure]:
    metrics: dict[str, Any] = run.metrics
    for stage, told in (("question_evidence", "근거"), ("question_final", "답")):
        if points := metrics["latency_ms"].get(stage):
            low, high = metrics["ci95"][stage]
            yield Figure(
                f"{told}까지 p95",
                seconds(points["p95"]),
                f"95% 신뢰구간 {seconds(low)}–{seconds(high)} · p50 {seconds(points['p50'])}",
                "질문이 끝난 말을 보낸 때부터 화면에 뜰 때까지입니다.",
            )
    failed, total = run.counts["n_failed"], run.counts["n_total"]
    tone = "worse" if failed else "better"
    told = f"통화 {total:,}건 가운데"
    yield Figure("문제가 있던 통화", f"{failed:,}", told, "빠지거나 잘못 간 이벤트, 오류.", tone=tone)
    busy = metrics["concurrency"]
    yield Figure("한꺼번에", f"{busy['mean']:g}건", f"많을 때 {busy['most']}건", "동시에 하던 통화의 평균.")
    if server := metrics["server"]:
        yield Figure("서버 CPU", f"{server['cores']:.2f}코어", "", "시험하는 동안 쓴 평균입니다.")
        used = server["memory_mb"]
        grown = server["growth_mb_per_1000_calls"]
        told = f"1,000건마다 {grown['low']:+,.0f} – {grown['high']:+,.0f}MB" if grown else ""
        yield Figure("메모리", f"{used['most']:,.0f}MB", told, "가장 많이 쓴 때입니다.")


def _wait_chart(record: LoadRecord) -> Markup | None:
    curves = {STAGE_LABELS[stage]: _all(record.calls, stage) for stage in QUESTION_STAGES}
    curves = {label: values for label, values in curves.items() if values}
    return charts.waits(curves) if curves else None


def _all(calls: Sequence[LoadedCall], stage: str) -> list[float]:
    return [each for call in calls for each in waits(call, stage)]


def _time_chart(record: LoadRecord) -> Markup | None:
    asked = [each for call in record.calls for each in call.questions]
    curves = {
        STAGE_LABELS["question_evidence"]: [(q.at, q.evidence_ms) for q in asked if q.evidence_ms is not None],
        STAGE_LABELS["question_final"]: [(q.at, q.final_ms) for q in asked if q.final_ms is not None],
    }
    curves = {label: points for label, points in curves.items() if points}
    return charts.over_time(curves) if curves else None


def _memory_chart(record: LoadRecord) -> Markup | None:
    if not record.samples:
        return None
    there = [each.open_calls for each in record.samples]
    return charts.usage([each.at for each in record.samples], memory(record.samples), there)


def _faults(calls: Sequence[LoadedCall]) -> list[FaultGroup]:
    found: dict[FaultKind, list[FaultyCall]] = defaultdict(list)
    for call in calls:
        for each in call.faults:
            found[each.kind].append(FaultyCall(call, each.detail))
    return [FaultGroup(kind, len(found[kind]), tuple(found[kind][:SHOWN])) for kind in FaultKind if kind in found]
