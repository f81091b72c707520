"""Figures in a Markdown page that come from what was measured, not from anyone's fingers.

A page holds ``<!-- made:NAME -->`` and ``<!-- /made -->``; what stands between them is written anew from the figures of
that name, so that a check can tell when it is out of date.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.measures import MEASURES, Part
from eval.run import Run
from knowledge_base.errors import EvaluationError

_MARKED = re.compile(r"(<!-- made:(?P<name>[\w.-]+) -->\n).*?(<!-- /made -->)", re.DOTALL)
_SHOWN = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")


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
    rows = [_score(MEASURES[name].label, metrics, name) for name in _SHOWN]
    waits = {"검색": metrics["latency_ms"].get("total")}
    if answers := metrics.get("answers"):
        names = [name for name, each in MEASURES.items() if each.part is Part.ANSWERS and name in answers["ci95"]]
        rows += [_score(MEASURES[name].label, answers, name) for name in names]
        rows += [
            _abstention(name, answers)
            for name, each in MEASURES.items()
            if each.part is Part.ABSTENTION and name in answers["ci95"]
        ]
        stages = answers["latency_ms"]
        waits = {"근거가 뜨기까지": stages.get("first_evidence"), "첫 문장까지": stages.get("first_token")}
        waits["답이 끝나기까지"] = stages.get("total")
    rows += [_wait(label, points) for label, points in waits.items() if points]
    return "\n".join([_heading(run), "", "| 지표 | 값 | 95% 신뢰구간 |", "|---|---|---|", *rows]) + "\n"


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
    return _score(MEASURES[name].label, flat, name)


def _wait(label: str, points: Mapping[str, float]) -> str:
    return f"| {label} p50 / p95 | {points['p50']:,.1f} / {points['p95']:,.1f} ms | |"


def _short(value: float) -> str:
    """
    >>> _short(0.9341), _short(1.0)
    ('.934', '1.000')
    """
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"
