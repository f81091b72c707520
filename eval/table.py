"""A run as a person reads it in a terminal."""

from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table

from assistant.events import Status
from eval.run import Run

METRICS = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")
_SHARES = {
    "precision": "확인 필요 정밀도",
    "recall": "확인 필요 재현율",
    "false_alarm": "잘못된 확인 필요",
}


def show(run: Run, folder: Path) -> None:
    """Print the run in Korean on the standard output."""
    metrics: dict[str, Any] = run.metrics
    counts = run.counts
    parts: list[RenderableType] = [
        f"평가 {run.id}  (자료 {run.dataset}, 스냅숏 {run.snapshot or '없음'})",
        f"질문 {counts['n_total']}개 · 실패 {counts['n_failed']}개 · 답할 수 없는 질문 {counts['n_unanswerable']}개",
        _scores(metrics),
        _latency("검색 시간(ms)", metrics["latency_ms"]),
    ]
    if "answers" in metrics:
        parts += [_answers(metrics["answers"]), _latency("답변 시간(ms)", metrics["answers"]["latency_ms"])]
    Console().print(Group(*parts, f"기록: {folder}"), markup=False, highlight=False)


def _scores(metrics: dict[str, Any]) -> Table:
    table = Table("지표", "점수", "95% 신뢰구간", title="검색 정확도", title_justify="left")
    for name in METRICS:
        low, high = metrics["ci95"].get(name, (None, None))
        table.add_row(name, _score(metrics[name]), "-" if low is None else f"{_score(low)} – {_score(high)}")
    return table


def _latency(title: str, stages: dict[str, dict[str, float]]) -> Table:
    table = Table("단계", "p50", "p95", "p99", title=title, title_justify="left")
    for stage, points in stages.items():
        table.add_row(stage, *(f"{points[name]:,.1f}" for name in ("p50", "p95", "p99")))
    return table


def _answers(answers: dict[str, Any]) -> Table:
    table = Table("항목", "값", title="답변", title_justify="left")
    for status, count in answers["status"].items():
        table.add_row(Status(status).label, f"{count}개")
    table.add_row("실패", f"{answers['n_failed']}개")
    for name, label in _SHARES.items():
        table.add_row(label, _score(answers["abstention"][name]))
    table.add_row("핵심 숫자 재현율", _score(answers["number_recall"]))
    return table


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
