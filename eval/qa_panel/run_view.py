"""An opened run: what it says, headline figures and charts, the comparison, and its questions to filter."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.diagnosis.faults import Fault
from eval.metrics.catalogue import HEADLINE, METRICS
from eval.qa_panel.cases import Asked, Way, page, ways
from eval.qa_panel.desk import Opened
from eval.qa_panel.runs_view import what
from eval.qa_panel.state import CaseQuery, RunPart
from eval.report.report import Figure
from eval.report.words import percent, significance
from eval.runs.comparison import Comparison, Verdict
from eval.runs.run import Plan, Run
from indexing.admin_panel import markup
from indexing.admin_panel.markup import ACCENT, DONE, NEUTRAL, PROBLEM, WARNING, Html
from indexing.admin_panel.paging import Page, pager_html

WAY_TONES = {Way.WORSE: PROBLEM, Way.BETTER: DONE, Way.OTHER: NEUTRAL}
TONES = {Verdict.WORSE: PROBLEM, Verdict.BETTER: DONE, Verdict.UNDECIDED: NEUTRAL}


def run_html(
    opened: Opened,
    others: Sequence[Plan | Run],
    questions: Sequence[Asked],
    part: RunPart,
    query: CaseQuery,
    chosen: str,
) -> Html:
    """The whole page; ``chosen`` is the id of the question beside it."""
    head = _head(opened, others) + _parts(questions, part)
    if part is RunPart.QUESTIONS:
        listed = cases_html(page(questions, query), query, chosen)
        return f'{head}<section class="list">{_filters(opened, questions, query)}{listed}</section>'
    against = comparison_html(opened.comparison, questions) if opened.comparison else ""
    return head + _said(opened) + against + _charts(opened)


def _parts(questions: Sequence[Asked], part: RunPart) -> Html:
    wrong = sum(each.fault is not None for each in questions)
    counted = f"{RunPart.QUESTIONS.label} {markup.many(len(questions))} · 틀림 {markup.many(wrong)}"
    tabs = markup.tabs("part", RunPart.labels() | {RunPart.QUESTIONS.value: counted}, part)
    return f'<nav class="buttons run-parts" aria-label="평가 내용">{tabs}</nav>'


def _head(opened: Opened, others: Sequence[Plan | Run]) -> Html:
    run = opened.record.run
    options = {"": "비교하지 않음"} | {
        each.id: f"{markup.moment(each.created)} {Path(each.dataset).name} · {what(each)}"
        for each in others
        if isinstance(each, Run) and each.id != run.id and each.kind.value in _comparable(run)
    }
    baseline = opened.comparison.baseline.run.id if opened.comparison else ""
    against = f"?baseline={baseline}" if baseline else ""
    return (
        f'<header class="opened">{markup.button("← 목록", "close-run")}'
        f"<div><h2>{markup.text(Path(run.dataset).name)}</h2>"
        f'<span class="id">{markup.moment(run.created)} · {what(run)} · 질문 {markup.many(run.counts["n_total"])}개'
        f" · {markup.duration(run.seconds)} · 색인 {markup.text(run.snapshot or '없음')}</span></div>"
        '<form class="filters baseline" data-do="baseline">'
        f"{markup.choice('비교할 평가', 'id', options, baseline)}</form>"
        f'<nav class="buttons" aria-label="내려받기">{_download(run, "html", against, "보고서(HTML)")}'
        f"{_download(run, 'xlsx', against, '엑셀(XLSX)')}</nav></header>"
    )


def _download(run: Run, ending: str, against: str, label: str) -> Html:
    return f'<a class="download" href="runs/{markup.text(run.id)}/report.{ending}{against}" download>{label}</a>'


def _comparable(run: Run) -> tuple[str, ...]:
    """Runs of question files are compared with each other, those of calls too, replays with recordings and replays."""
    return (run.kind.value,) if run.kind.is_labelled else ("replay", "recorded")


def _said(opened: Opened) -> Html:
    told = opened.report.warning
    warning = f'<p role="alert">{markup.badge("주의", WARNING)} {markup.text(told)}</p>' if told else ""
    sentences = "".join(f"<p>{markup.text(sentence)}</p>" for sentence in opened.report.sentences)
    figures = "".join(map(figure_html, opened.report.figures))
    return f'<section class="card said">{warning}{sentences}<div class="figures">{figures}</div></section>'


def figure_html(figure: Figure) -> Html:
    """One headline number."""
    change = f'<p class="change">{markup.text(figure.change)}</p>' if figure.change else ""
    return (
        f'<div class="figure {figure.tone}" title="{markup.text(figure.meaning)}"><h3>{markup.text(figure.label)}</h3>'
        f'<p class="value">{markup.text(figure.value)}</p><p class="hint">{markup.text(figure.interval)}</p>'
        f"{change}</div>"
    )


def comparison_html(comparison: Comparison, questions: Sequence[Asked]) -> Html:
    """The headline scores of both runs with what may be said of them, and how many questions changed."""
    rows = [
        markup.row(
            [
                markup.text(METRICS[name].label),
                percent(difference.paired.before),
                percent(difference.paired.after),
                f"{markup.badge(difference.verdict.value, TONES[difference.verdict])} "
                f'<span class="id">{markup.text(significance(difference))}</span>',
            ]
        )
        for name in HEADLINE
        if (difference := comparison.differences.get(name))
    ]
    found = ways(questions)
    moved = " ".join(markup.button(f"{way} {count}", "cases", "quiet", shown=way.value) for way, count in found.items())
    same = len(comparison.changes) - sum(found.values())
    said = f"같은 질문 {markup.many(len(comparison.changes))}개 가운데 {markup.many(same)}개는 그대로입니다."
    return markup.card(
        "앞선 평가와 견줌",
        f'<p>{said}</p><p class="buttons">{moved}</p>'
        + (markup.table("지표", ("지표", "앞", "지금", "판정"), rows, "compared") if rows else ""),
    )


def _charts(opened: Opened) -> Html:
    drawn = (
        ("지표와 95% 신뢰구간", opened.report.score_chart),
        ("틀린 이유", opened.report.fault_chart),
        ("정답 문서의 순위", opened.report.rank_chart),
        ("기다린 시간", opened.report.latency_chart),
    )
    charts = "".join(
        f'<figure class="chart"><figcaption>{title}</figcaption>{chart}</figure>' for title, chart in drawn if chart
    )
    return f'<section class="charts" aria-label="그래프">{charts}</section>'


def _filters(opened: Opened, questions: Iterable[Asked], query: CaseQuery) -> Html:
    shown = shown_options(questions, has_baseline=opened.comparison is not None)
    categories = sorted({case.question.category for case in opened.cases if case.question.category})
    return (
        '<form class="filters questions" data-do="cases" role="search">'
        + markup.field("찾기", "text", query.text, "search", attributes='placeholder="질문이나 번호" id="search"')
        + markup.choice("보기", "shown", shown, query.shown)
        + markup.choice("분야", "category", {"": "모든 분야", **{name: name for name in categories}}, query.category)
        + '<button type="submit" class="primary">찾기</button></form>'
    )


def shown_options(questions: Iterable[Asked], *, has_baseline: bool) -> Mapping[str, str]:
    """What may be chosen, with how many questions that is."""
    listed = list(questions)
    faults = [each.fault for each in listed if each.fault]
    options = {"faults": f"틀린 질문 {len(faults)}", "all": f"모든 질문 {len(listed)}"}
    options |= {fault.value: f"　{fault} {faults.count(fault)}" for fault in Fault if fault in faults}
    if has_baseline:
        found = ways(listed)
        options["changed"] = f"바뀐 질문 {sum(found.values())}"
        options |= {way.value: f"　{way} {count}" for way, count in found.items()}
    return options


def cases_html(found: Page[Asked], query: CaseQuery, chosen: str) -> Html:
    """The questions of one page."""
    if not found.total:
        nothing = {CaseQuery(): "틀린 질문이 없습니다.", CaseQuery("changed"): "앞선 평가와 달라진 질문이 없습니다."}
        told = nothing.get(query, "조건에 드는 질문이 없습니다. 조건을 줄여 보세요.")
        then = markup.button("모든 질문 보기", "cases", shown="all")
        return markup.empty(told, then)
    rows = (_case_row(each, chosen) for each in found.rows)
    return markup.table("질문", ("결과", "질문", "분야", "정답 순위", "답변"), rows, "cases") + pager_html(
        found, f"모두 {markup.many(found.total)}건", "case-page"
    )


def _case_row(each: Asked, chosen: str) -> Html:
    question, result = each.case.question, each.case.result
    fault = markup.badge(each.fault.value, WARNING) if each.fault else markup.badge("맞음", DONE)
    way = f" {markup.badge(each.way.value, WAY_TONES[each.way])}" if each.way else ""
    status = result.answer.status.label if result.answer and result.answer.status else "–"
    return markup.row(
        [
            f"{fault}{way}",
            markup.button(question.question, "case", "title", id=question.id)
            + f'<span class="id">{markup.text(question.id)}</span>',
            markup.text(question.category),
            f"{result.rank}위" if result.rank else "–",
            markup.badge(status, ACCENT if status != "–" else NEUTRAL),
        ],
        current=question.id == chosen,
        do="case",
        id=question.id,
    )
