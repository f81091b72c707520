"""Runs as a person reads them in a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Column, Table

from assistant.events import Status
from eval.metrics.catalogue import HEADLINE, METRICS, RANKINGS, Part
from eval.recorded.replay import directions
from eval.runs.comparison import Comparison, Verdict
from eval.runs.run import Plan, Run
from eval.runs.silent_llm import ANSWERED, warning
from eval.runs.token_cost import LABELS, cost

_COLOURS = {Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.UNDECIDED: ""}


def show(run: Run, folder: Path) -> None:
    """Print a run in Korean on the standard output."""
    metrics: dict[str, Any] = run.metrics
    counts = run.counts
    parts: list[RenderableType] = [
        f"평가 {run.id}  (자료 {run.dataset}, 스냅숏 {run.snapshot or '없음'})",
        f"질문 {counts['n_total']}개 · 실패 {counts['n_failed']}개 · 답할 수 없는 질문 {counts['n_unanswerable']}개 "
        f"· {run.seconds / 60:.1f}분",
        _scores("검색 정확도", metrics, RANKINGS),
        _latency("검색 시간(ms)", metrics["latency_ms"]),
    ]
    if "answers" in metrics:
        parts += [*_answers(metrics["answers"]), _latency("답변 시간(ms)", metrics["answers"]["latency_ms"])]
        parts += [f"주의: {said}"] if (said := warning(metrics["answers"].get(ANSWERED))) else []
    parts.append(f"기록: {folder}\n보고서: onnuri eval report {run.id}")
    _print(*parts)


def listed(runs: Iterable[Plan | Run]) -> None:
    """Print one line a run; one that was stopped has no scores."""
    table = Table(Column("평가", no_wrap=True), "때", "무엇", "자료", "수", "핵심", "상태")
    for plan in runs:
        run = plan if isinstance(plan, Run) else None
        scores: dict[str, Any] = run.metrics if run else {}
        table.add_row(
            plan.id,
            f"{datetime.fromisoformat(plan.created).astimezone():%m-%d %H:%M}",
            plan.kind.label,
            Path(plan.dataset).name,
            str(run.counts["n_total"]) if run else "-",
            _telling(scores),
            "끝남" if run else "멈춤",
        )
    _print(table)


def _telling(scores: dict[str, Any]) -> str:
    """The one figure that says most of a run."""
    if "server" in scores:
        points = scores["latency_ms"].get("question_evidence")
        return f"근거 p95 {points['p95']:,.0f}ms" if points else "-"
    if "needless" in scores:
        return f"3위 안 {scores['hit']['mean']:.3f}" if scores["hit"] else "-"
    return f"recall@5 {_score(scores.get('recall@5'))}" if scores else "-"


def compared(comparison: Comparison) -> None:
    """Print every score of both runs, the headline ones first."""
    table = Table("지표", "앞", "뒤", "차이", "95% 신뢰구간", "p(보정)", "판정")
    ordered = [*HEADLINE, *(name for name in METRICS if name not in HEADLINE)]
    for difference in (comparison.differences[name] for name in ordered if name in comparison.differences):
        pair = difference.paired
        table.add_row(
            METRICS[difference.name].label,
            _score(pair.before),
            _score(pair.after),
            f"{pair.difference:+.3f}",
            f"{pair.low:+.3f} – {pair.high:+.3f}",
            f"{difference.p:.3f}",
            difference.verdict.value,
            style=_COLOURS[difference.verdict],
        )
    ids = f"{comparison.baseline.run.id} → {comparison.current.run.id}"
    _print(f"{ids}: 같은 질문 {len(comparison.changes)}개", table, *_beside(comparison))


def _beside(comparison: Comparison) -> Iterator[str]:
    """What is no score of a question: needless proposals, and tokens."""
    if pair := comparison.needless:
        yield (
            f"통화마다 필요 없는 제안 {pair.before:.2f}개 → {pair.after:.2f}개"
            f"({pair.low:+.2f} – {pair.high:+.2f}, p={pair.p:.3f}, 통화 {pair.n}건)"
        )
    before, after = cost(comparison.baseline.results), cost(comparison.current.results)
    if before and after:
        for name, label in LABELS.items():
            means = [getattr(each.total, name) / each.answers for each in (before, after)]
            yield f"답변 하나의 LLM 토큰, {label}: {means[0]:,.0f} → {means[1]:,.0f}"


def replayed(comparison: Comparison, page: Path) -> None:
    """Print how the answers to recorded questions changed, with the first questions of each kind of change."""
    found = directions(comparison.changes)
    table = Table("달라진 것", "질문", "예")
    for direction, changes in found.items():
        examples = "\n".join(each.question.question for each in changes[:3])
        table.add_row(direction.value, str(len(changes)), examples)
    ids = f"{comparison.baseline.run.snapshot} → {comparison.current.run.snapshot}"
    _print(f"상담 기록의 질문 {len(comparison.changes)}개를 다시 물었습니다({ids}).", table, f"나란히 보기: {page}")


def _scores(title: str, metrics: dict[str, Any], names: Sequence[str]) -> Table:
    table = Table("지표", "점수", "95% 신뢰구간", title=title, title_justify="left")
    for name in names:
        low, high = metrics["ci95"].get(name, (None, None))
        label = METRICS[name].label if METRICS[name].part is Part.ANSWERS else name
        table.add_row(label, _score(metrics[name]), "-" if low is None else f"{_score(low)} – {_score(high)}")
    return table


def _latency(title: str, stages: dict[str, dict[str, float]]) -> Table:
    table = Table("단계", "p50", "p95", "p99", title=title, title_justify="left")
    for stage, points in stages.items():
        table.add_row(stage, *(f"{points[name]:,.1f}" for name in ("p50", "p95", "p99")))
    return table


def _answers(answers: dict[str, Any]) -> list[RenderableType]:
    table = Table("항목", "값", title="답변", title_justify="left")
    for status, count in answers["status"].items():
        table.add_row(Status(status).label, f"{count}개")
    table.add_row("실패", f"{answers['n_failed']}개")
    for name, value in answers["abstention"].items():
        table.add_row(_ABSTENTION[name], _score(value))
    if spent := answers["tokens"]:
        told = f"읽음 {spent['prompt']:,}(이미 알던 것 {spent.get('cached', 0):,}), 씀 {spent['completion']:,}"
        table.add_row("LLM 토큰", f"{told}, 답변 {spent['answers']:,}개")
    if answers["judge_unread"]:
        table.add_row("읽을 수 없는 심사", f"{answers['judge_unread']}개")
    names = [name for name, each in METRICS.items() if each.part is Part.ANSWERS and name in answers["ci95"]]
    return [table, _scores("답변 정확도", answers, names)]


_ABSTENTION = {
    "precision": METRICS["abstention_precision"].label,
    "recall": METRICS["abstention_recall"].label,
    "false_alarm": METRICS["false_alarm"].label,
    "auroc": "확신도 AUROC",
}


def _print(*parts: RenderableType) -> None:
    Console().print(Group(*parts), markup=False, highlight=False)


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
