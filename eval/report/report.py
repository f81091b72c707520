"""A run as one HTML page: first what the head of a call centre asks, then what an engineer drills into.

The page fetches nothing, runs nothing, and prints on A4. Whatever comes from questions and documents is escaped.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from eval.diagnosis.advice import Advice, advice
from eval.diagnosis.cases import Case, cases
from eval.diagnosis.faults import Fault
from eval.examination.result import PlayedCall
from eval.metrics.catalogue import HEADLINE, METRICS, Metric
from eval.metrics.confidence import Estimate
from eval.metrics.needless import needless_per_10
from eval.recorded.replay import Direction, directions
from eval.report import charts, groups, page, waits, words
from eval.report.groups import Grouping
from eval.runs.comparison import Change, Comparison, Difference, Verdict
from eval.runs.run import Run, RunKind
from eval.runs.silent_llm import ANSWERED, warning
from eval.runs.store import Record
from eval.runs.summary import estimated
from eval.runs.token_cost import LABELS, TokenCost, cost

_TITLES = {
    RunKind.QUESTIONS: "평가 보고서",
    RunKind.CALLS: "통화 재생 보고서",
    RunKind.REPLAY: "상담 기록 재생 보고서",
    RunKind.RECORDED: "상담 기록 재생 보고서",
}
WORST = 6  # cases shown of each fault
CHANGED = 8  # questions shown that got worse, and better


class Figure(NamedTuple):
    """A headline number: its name, value, interval, what it says, and how it stands against the baseline."""

    label: str
    value: str
    interval: str
    meaning: str
    change: str = ""
    tone: str = ""


class Score(NamedTuple):
    """One score of the run, and its difference from the baseline's."""

    metric: Metric
    estimate: Estimate
    difference: Difference | None


class FaultList(NamedTuple):
    """What went wrong in one way, how often, and the first cases."""

    fault: Fault
    found: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the page shows."""

    run: Run
    baseline: Run | None
    title: str
    made: str
    warning: str | None
    sentences: list[str]
    figures: list[Figure]
    scores: list[Score]
    score_chart: Markup | None
    statuses: dict[str, int]
    rank_chart: Markup | None
    groupings: list[Grouping]
    fault_chart: Markup | None
    faults: list[FaultList]
    advice: list[Advice]
    latency: dict[str, dict[str, float]]
    latency_chart: Markup | None
    worse: list[Change]
    better: list[Change]
    directions: dict[Direction, list[Change]]
    titles: Mapping[str, str]
    calls: tuple[PlayedCall, ...]
    tokens: dict[str, TokenCost]
    provenance: list[tuple[str, str]]


def write(record: Record, comparison: Comparison | None, path: Path) -> None:
    """Write the page of a run, against a baseline when there is one; raises EvaluationError when it cannot."""
    page.write(render(report(record, comparison)), path)


def render(content: Report) -> str:
    """The page as HTML."""
    return page.render("report.html.j2", report=content, token_labels=LABELS)


def report(record: Record, comparison: Comparison | None) -> Report:
    """What there is to show of a run."""
    run = record.run
    is_labelled = run.kind.is_labelled
    found = estimated(record.results)
    all_cases = cases(record)
    faults = _faults(all_cases) if is_labelled else []
    scores = _scores(found, comparison)
    changed = comparison.changes if comparison else ()
    return Report(
        run=run,
        baseline=comparison.baseline.run if comparison else None,
        title=_TITLES[run.kind],
        made=f"{datetime.now():%Y년 %-m월 %-d일}",
        warning=warning(found[ANSWERED].mean if ANSWERED in found else None),
        sentences=words.sentences(record, found, comparison if is_labelled else None),
        figures=[*_figures(scores), *_needless(record), *_waits(run)],
        scores=scores,
        score_chart=_score_chart(scores, comparison) if is_labelled else None,
        statuses=_statuses(record),
        rank_chart=_rank_chart(record) if is_labelled else None,
        groupings=list(groups.groupings(record, all_cases)) if is_labelled else [],
        fault_chart=charts.counts({each.fault.value: each.found for each in faults}, "틀린 이유") if faults else None,
        faults=faults,
        advice=advice(all_cases, record.documents) if is_labelled else [],
        latency=waits.table(record),
        latency_chart=waits.chart(record),
        worse=_moved(changed, -1) if is_labelled else [],
        better=_moved(changed, +1) if is_labelled else [],
        directions={} if is_labelled else directions(changed),
        titles={name: each.title for name, each in record.documents.items()},
        calls=tuple(each for each in record.calls if each.unasked),
        tokens=_tokens(record, comparison),
        provenance=words.provenance(record),
    )


def _faults(all_cases: Iterable[Case]) -> list[FaultList]:
    by_fault: dict[Fault, list[Case]] = defaultdict(list)
    for case in all_cases:
        if case.fault:
            by_fault[case.fault].append(case)
    return [
        FaultList(fault, len(by_fault[fault]), tuple(by_fault[fault][:WORST])) for fault in Fault if fault in by_fault
    ]


def _scores(found: Mapping[str, Estimate], comparison: Comparison | None) -> list[Score]:
    differences = comparison.differences if comparison else {}
    return [Score(METRICS[name], estimate, differences.get(name)) for name, estimate in found.items()]


def _figures(scores: Sequence[Score]) -> list[Figure]:
    by_name = {each.metric.name: each for each in scores}
    return [_figure(by_name[name]) for name in HEADLINE if name in by_name]


def _figure(score: Score) -> Figure:
    verdict = score.difference.verdict if score.difference else Verdict.UNDECIDED
    return Figure(
        label=score.metric.label,
        value=words.percent(score.estimate.mean),
        interval=f"95% 신뢰구간 {words.interval(score.estimate)}",
        meaning=score.metric.meaning,
        change=words.significance(score.difference) if score.difference else "",
        tone={Verdict.BETTER: "better", Verdict.WORSE: "worse", Verdict.UNDECIDED: ""}[verdict],
    )


def _waits(run: Run) -> Iterator[Figure]:
    for label, points in waits.headline(run).items():
        rest = f"p95 {words.seconds(points['p95'])} · p99 {words.seconds(points['p99'])}"
        yield Figure(label, words.seconds(points["p50"]), rest, "질문 절반이 이 시간 안에 끝났습니다.")


def _needless(record: Record) -> Iterator[Figure]:
    if record.calls:
        found = needless_per_10(record.calls)
        rest = f"95% 신뢰구간 {found.low:.2f}–{found.high:.2f}"
        yield Figure("필요 없는 제안", f"{found.mean:.2f}", rest, "시민의 말 10마디에 나온 수입니다.")


def _tokens(record: Record, comparison: Comparison | None) -> dict[str, TokenCost]:
    """What the answers cost, of the baseline too where both were counted; {} when nobody counted."""
    now, before = cost(record.results), cost(comparison.baseline.results) if comparison else None
    if now is None:
        return {}
    return {**({"앞선 평가": before} if before else {}), "이 평가": now}


def _score_chart(scores: Sequence[Score], comparison: Comparison | None) -> Markup | None:
    before = estimated(comparison.baseline.results) if comparison else {}
    by_name = {each.metric.name: each for each in scores}
    rows = [
        charts.Row(by_name[name].metric.label, by_name[name].estimate, before.get(name))
        for name in HEADLINE
        if name in by_name
    ]
    return charts.scores(rows) if rows else None


def _statuses(record: Record) -> dict[str, int]:
    """How the answers came about; {} when none was asked for."""
    answers = [each.answer for each in record.results if each.answer]
    found = Counter(each.status.label if each.status else Fault.ERROR.value for each in answers)
    return dict(found.most_common())


def _rank_chart(record: Record) -> Markup | None:
    pairs = zip(record.questions, record.results, strict=True)
    found = Counter(_rank_name(result.rank) for question, result in pairs if question.answerable)
    if not found:
        return None
    names = [*(f"{rank}위" for rank in range(1, 6)), "6–10위", "11위 아래", "못 찾음"]
    return charts.counts({name: found[name] for name in names}, "정답 문서의 순위", charts.MAIN)


def _rank_name(rank: int | None) -> str:
    if rank is None:
        return "못 찾음"
    return f"{rank}위" if rank <= 5 else "6–10위" if rank <= 10 else "11위 아래"


def _moved(changes: Sequence[Change], way: int) -> list[Change]:
    """The questions that moved most in one way, by what matters most of what was scored."""
    moved = [(way * change.gain, change) for change in changes]
    ordered = sorted((each for each in moved if each[0] > 0), key=lambda each: -each[0])
    return [change for _, change in ordered[:CHANGED]]
