"""Figures in a Markdown page that come from what was measured, not from anyone's fingers.

A page holds ``<!-- made:NAME -->`` and ``<!-- /made -->``; what stands between them is written anew from the figures of
that name, so that a check can tell when it is out of date.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.load.comparison import STAGE_LABELS
from eval.metrics.catalogue import METRICS, RANKINGS, Part
from eval.report.waits import WAITS
from eval.runs.run import Run, RunKind
from knowledge_base.errors import EvaluationError

_MARKED = re.compile(r"(<!-- made:(?P<name>[\w.-]+) -->\n).*?(<!-- /made -->)", re.DOTALL)


def updated(page: str, parts: Mapping[str, str]) -> str:
    """The page with every marked part as it is in ``parts``; raises EvaluationError for a part that is not there."""

    def written(marked: re.Match[str]) -> str:
        if marked["name"] not in parts:
            known = ", ".join(parts) or "없음"
            raise EvaluationError(f"'{marked['name']}'의 수치가 없습니다. 있는 수치: {known}.")
        return f"{marked[1]}{parts[marked['name']]}{marked[3]}"

    return _MARKED.sub(written, page)


def table(run: Run) -> str:
    """The scores of a run with their intervals, its latencies and what it was measured on, as Markdown."""
    metrics: dict[str, Any] = run.metrics
    if run.kind is RunKind.CALLS:
        return _page(run, _calls(metrics), "")
    if run.kind is RunKind.LOAD:
        return _page(run, _load(metrics), f" · 상담원 {run.settings['agents']}명")
    rows = [_score(METRICS[name].label, metrics, name) for name in RANKINGS]
    waits = {"검색": metrics["latency_ms"].get("total")}
    if answers := metrics.get("answers"):
        names = [name for name, each in METRICS.items() if each.part is Part.ANSWERS and name in answers["ci95"]]
        rows += [_score(METRICS[name].label, answers, name) for name in names]
        rows += [
            _abstention(name, answers)
            for name, each in METRICS.items()
            if each.part is Part.ABSTENTION and name in answers["ci95"]
        ]
        stages = answers["latency_ms"]
        waits = {label: stages.get(stage) for stage, label in WAITS.items()}
    rows += [_wait(label, points) for label, points in waits.items() if points]
    return _page(run, rows, "")


def _page(run: Run, rows: Iterable[str], told: str) -> str:
    heads = ("", "| 지표 | 값 | 95% 신뢰구간 |", "|---|---|---|")
    return "\n".join([_heading(run) + told, *heads, *rows]) + "\n"


def _calls(metrics: dict[str, Any]) -> Iterator[str]:
    names = {"noticed": "call_noticed", "hit": "call_hit", "hit_follow_up": "call_follow_up", "hit_first": "call_first"}
    for name, metric in names.items():
        if found := metrics[name]:
            bounds = {metric: (found["low"], found["high"])}
            yield _score(METRICS[metric].label, {metric: found["mean"], "ci95": bounds}, metric)
    low, high = metrics["needless_per_10_ci95"]
    yield f"| 시민의 말 10마디에 필요 없는 제안 | {metrics['needless_per_10']:.2f} | {low:.2f} – {high:.2f} |"
    if metrics["wait_ms"]:
        yield _wait("질문이 끝나고 근거까지", metrics["wait_ms"])


def _load(metrics: dict[str, Any]) -> Iterator[str]:
    for stage, points in metrics["latency_ms"].items():
        low, high = metrics["ci95"].get(stage, (None, None))
        bounds = "" if low is None else f"p95 {low:,.0f} – {high:,.0f} ms"
        yield _wait(STAGE_LABELS[stage], points).removesuffix("|").rstrip() + f" {bounds} |"
    yield f"| 빠지거나 잘못 간 이벤트와 오류 | {sum(metrics['faults'].values())} | |"
    if server := metrics["server"]:
        yield f"| 서버 CPU | {server['cores']:.2f} 코어 | |"
        if grown := server["growth_mb_per_1000_calls"]:
            bounds = f"{grown['low']:+.1f} – {grown['high']:+.1f}"
            yield f"| 통화 1,000건마다 메모리 | {grown['mean']:+.1f} MB | {bounds} |"


def _heading(run: Run) -> str:
    day = datetime.fromisoformat(run.created).date()
    counts, machine = run.counts, run.machine
    unanswerable = f", 답이 없는 질문 {counts['n_unanswerable']:,}개" if counts["n_unanswerable"] else ""
    llm = f", LLM {run.models['llm']}" if "llm" in run.models else ""
    return (
        f"{Path(run.dataset).name} {counts['n_total']:,}개{unanswerable}(실패 {counts['n_failed']}) · {day} · "
        f"{machine.get('cpu') or machine['platform']} {machine['cpus']}코어{llm} · {run.seconds / 60:.1f}분"
    )


def _score(label: str, metrics: Mapping[str, Any], name: str) -> str:
    low, high = metrics["ci95"].get(name, (None, None))
    value = metrics[name]
    if value is None:
        return f"| {label} | – | – |"
    return f"| {label} | {_short(value)} | {_short(low)} – {_short(high)} |"


def _abstention(name: str, answers: Mapping[str, Any]) -> str:
    flat = {**answers, name: answers["abstention"][name.removeprefix("abstention_")]}
    return _score(METRICS[name].label, flat, name)


def _wait(label: str, points: Mapping[str, float]) -> str:
    return f"| {label} p50 / p95 | {points['p50']:,.1f} / {points['p95']:,.1f} ms | |"


def _short(value: float) -> str:
    """
    >>> _short(0.9341), _short(1.0)
    ('.934', '1.000')
    """
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"
