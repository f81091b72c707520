"""The list of knowledge gaps: filters, rows, pages, and how far the grouping has come."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from indexing.admin_panel import markup
from indexing.admin_panel.gaps import PAGE, GapQuery, Order, Period, Shown
from indexing.admin_panel.job import JobStatus
from indexing.admin_panel.markup import ACCENT, DONE, NEUTRAL, WARNING, Html
from indexing.admin_panel.paging import page_of, pager_html
from indexing.admin_panel.sentences import in_panel
from indexing.gaps import Gap, GapState, Outcome

HEADS = ("상태", "횟수", "질문", "통화", "어떻게 됐나", "마지막")
_TONES = {
    GapState.OPEN: WARNING,
    GapState.AGAIN: WARNING,
    GapState.WAITING: ACCENT,
    GapState.CLOSED: DONE,
    GapState.DISMISSED: NEUTRAL,
}
_NOTHING = {
    Shown.OPEN: "답하지 못한 질문이 없습니다. 상담원이 답을 찾지 못하거나 ‘아님’으로 표시하면 여기에 모입니다.",
    Shown.WAITING: "색인을 기다리는 FAQ가 없습니다.",
    Shown.CLOSED: "아직 닫은 질문이 없습니다.",
    Shown.ALL: "답하지 못한 질문이 없습니다.",
}


def gaps_html(
    gaps: Sequence[Gap] | None, job: JobStatus[list[Gap]] | None, query: GapQuery, chosen: str, now: datetime
) -> Html:
    """The page; ``gaps`` is None before the first look, ``chosen`` a suggestion of the gap beside the list."""
    rows = _rows(gaps, query, chosen, now) if gaps is not None else ""
    return f'<section class="list">{_filters(query)}{_progress(job)}{rows}</section>'


def state_badge(gap: Gap) -> Html:
    """What has become of a gap, as a badge."""
    return markup.badge(gap.state.label, _TONES[gap.state])


def outcomes_text(gap: Gap) -> str:
    """What came of the questions, each outcome with its count."""
    counts = gap.outcomes
    return " · ".join(f"{outcome.label} {markup.many(counts[outcome])}" for outcome in Outcome if counts[outcome])


def _filters(query: GapQuery) -> Html:
    return (
        '<form class="filters three" data-do="gaps" role="search">'
        + markup.choice("볼 것", "shown", Shown.labels(), query.shown)
        + markup.choice("기간", "period", Period.labels(), query.period)
        + markup.choice("차례", "order", Order.labels(), query.order)
        + '<button type="submit" class="plain">보기</button></form>'
    )


def _progress(job: JobStatus[list[Gap]] | None) -> Html:
    if job is None:
        return ""
    if not job.is_running:
        return f'<p class="outcome problem">{markup.text(in_panel(job.problem))}</p>' if job.problem else ""
    progress = job.progress
    told = f" {markup.many(progress.done)} / {markup.many(progress.total)}" if progress else ""
    return f'<p class="reading" role="status" data-running>{markup.bar(progress)}비슷한 질문을 묶는 중…{told}</p>'


def _rows(gaps: Sequence[Gap], query: GapQuery, chosen: str, now: datetime) -> Html:
    found = query.of(gaps, now)
    if not found:
        everything = markup.button("모두 보기", "gaps", shown="") if gaps and query.shown is not Shown.ALL else ""
        return markup.empty(_NOTHING[query.shown], everything)
    page = page_of(found, query.page, PAGE)
    rows = (
        markup.row(_cells(gap), current=any(asked.suggestion == chosen for asked in gap.asked), do="gap", id=gap.id)
        for gap in page.rows
    )
    total = sum(len(gap.asked) for gap in found)
    told = f"질문 {markup.many(total)}번을 {markup.many(len(found))}묶음으로"
    return markup.table("지식 공백", HEADS, rows, "gaps") + pager_html(page, told, "gaps-page")


def _cells(gap: Gap) -> Iterator[Html]:
    variants = gap.variants
    yield state_badge(gap)
    yield f"<b>{markup.many(len(gap.asked))}</b>"
    others = f'<span class="id">다른 말 {len(variants) - 1}가지</span>' if len(variants) > 1 else ""
    yield markup.button(variants[0].question, "gap", "title", id=gap.id) + others
    yield markup.many(gap.calls)
    yield markup.text(outcomes_text(gap))
    yield markup.moment(gap.last)
