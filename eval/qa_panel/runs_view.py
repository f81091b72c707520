"""The list of runs with their headline scores."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.metrics.confidence import Estimate
from eval.qa_panel.desk import Listed
from eval.qa_panel.state import Configuration
from eval.report.words import interval, percent, seconds
from eval.runs.run import Plan, Run, RunKind
from indexing.admin_panel import markup
from indexing.admin_panel.markup import ACCENT, WARNING, Html

HEADS = ("시작한 때", "질문 파일", "무엇을", "질문", "정답 문서 5위 안", "핵심 사실", "잘못된 확인 필요", "")


def runs_html(listed: Listed, running: str) -> Html:
    """The whole page; ``running`` is the id of the run under way."""
    problem = f'<p class="outcome problem">{markup.text(listed.problem)}</p>' if listed.problem else ""
    if not listed.runs:
        then = markup.button("평가 시작하기", "tab", "primary", name="measure")
        return problem + markup.card("실행 기록", markup.empty("아직 평가가 없습니다. 질문 파일로 시작하세요.", then))
    rows = [_row(run, running) for run in listed.runs]
    return f'{problem}<section class="list">{markup.table("실행 기록", HEADS, rows, "runs")}</section>'


def _row(plan: Plan | Run, running: str) -> Html:
    first = [
        f'{markup.moment(plan.created)}<span class="id">{markup.text(plan.id)}</span>',
        f"<b>{markup.text(Path(plan.dataset).name)}</b>",
        what(plan),
    ]
    if plan.kind is RunKind.LOAD:
        return _load_row(plan, first)
    if isinstance(plan, Run):
        sought = "제때 3위 안 " if plan.kind is RunKind.CALLS else ""
        scores = [_score(each, sought) for each in headline(plan)]
        counts = markup.many(plan.counts["n_total"])
        act = markup.button("열기", "open-run", told=f"{markup.moment(plan.created)} 평가 열기", id=plan.id)
        return markup.row([*first, counts, *scores, act], do="open-run", id=plan.id)
    limit = markup.many(plan.limit) if plan.limit else "모두"
    return markup.row([*first, limit, "", "", "", f'<span class="buttons">{_unfinished(plan, running)}</span>'])


def _unfinished(plan: Plan, running: str) -> Html:
    if plan.id == running:
        return markup.badge("진행 중", ACCENT)
    stopped = markup.badge("멈춤", WARNING)
    return stopped + markup.button("이어서", "resume", "plain", id=plan.id) if plan.kind.is_resumable else stopped


def _load_row(plan: Plan | Run, first: Sequence[Html]) -> Html:
    """A load test is read as a page of its own."""
    calls = markup.many(plan.counts["n_total"]) if isinstance(plan, Run) else ""
    found: dict[str, Any] = plan.metrics if isinstance(plan, Run) else {}
    points = found.get("latency_ms", {}).get("question_evidence")
    told = f"근거 p95 {seconds(points['p95'])}" if points else "–"
    act = f'<a class="download" href="runs/{markup.text(plan.id)}/report.html" download>보고서(HTML)</a>'
    return markup.row([*first, calls, told, "–", "–", act if isinstance(plan, Run) else markup.badge("멈춤", WARNING)])


def what(plan: Plan) -> str:
    """What of the assistant was measured, and on what when not on a question file."""
    if plan.kind is RunKind.LOAD:
        return f"{plan.kind.label} · 상담원 {plan.settings['agents']}명"
    label = Configuration.of(plan).label
    return label if plan.kind is RunKind.QUESTIONS else f"{plan.kind.label} · {label}"


def headline(run: Run) -> Sequence[Estimate | None]:
    """Recall at 5 (of calls: found among the first 3 in time), key facts, and wrong refusals; None if not measured."""
    metrics: dict[str, Any] = run.metrics
    answers: dict[str, Any] = metrics.get("answers", {})
    total = run.counts["n_total"]
    if hit := metrics.get("hit"):
        return Estimate(**hit), None, None
    sought = ((metrics, "recall@5"), (answers, "fact_recall"), (answers, "false_alarm"))
    return [_estimate(scores, name, total) for scores, name in sought]


def _estimate(scores: dict[str, Any], name: str, total: int) -> Estimate | None:
    bounds = scores.get("ci95", {}).get(name)
    value = scores.get(name, scores.get("abstention", {}).get(name))
    return Estimate(value, bounds[0], bounds[1], total) if bounds and value is not None else None


def _score(estimate: Estimate | None, sought: str) -> Html:
    if estimate is None:
        return "–"
    return f'<b>{percent(estimate.mean)}</b><span class="id">{sought}{interval(estimate)}</span>'
