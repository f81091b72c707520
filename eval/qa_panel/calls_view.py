"""The suggestions of real calls: how many were judged, filters, the list."""

from collections.abc import Sequence

from assistant.events import Status
from assistant.journal import Action
from eval.qa_panel.calls import NO_OPINION, NOT_JUDGED, Call, CallQuery, Tally
from eval.qa_panel.verdicts import Verdict
from eval.report.words import percent
from indexing.admin_panel import markup
from indexing.admin_panel.markup import ACCENT, DONE, NEUTRAL, PROBLEM, WARNING, Html
from indexing.admin_panel.paging import Page, pager_html

HEADS = ("판정", "질문", "답변", "상담원 의견", "상담원", "때")
TONES = {Verdict.RIGHT: DONE, Verdict.PARTLY: WARNING, Verdict.WRONG: PROBLEM}
LABELS = {Action.ACCEPTED: "도움됨", Action.PARTLY: "일부만 맞음", Action.REJECTED: "아님"}


def calls_html(page: Page[Call], tally: Tally, query: CallQuery, agents: Sequence[str], chosen: str) -> Html:
    """The whole page; ``chosen`` is the id of the suggestion beside it."""
    return f'<section class="list">{tally_html(tally)}{_filters(query, agents)}{_rows(page, query, chosen)}</section>'


def tally_html(tally: Tally) -> Html:
    """How many of the suggestions that fit were judged, and the share that was right."""
    if not tally.judged or tally.share_right is None:
        return f'<p class="tally">제안 <b>{markup.many(tally.total)}건</b> · 아직 판정이 없습니다.</p>'
    counts = " ".join(
        markup.badge(f"{verdict.label} {count}", TONES[verdict]) for verdict, count in tally.by_verdict.items()
    )
    return (
        f'<p class="tally">제안 <b>{markup.many(tally.total)}건</b> 가운데 <b>{markup.many(tally.judged)}건</b>을 '
        f"판정했습니다. 맞음 <b>{percent(tally.share_right)}</b> {counts}</p>"
    )


def verdict_badge(verdict: Verdict | None) -> Html:
    """The verdict that counts, or that there is none."""
    return markup.badge(verdict.label, TONES[verdict]) if verdict else markup.badge("판정 전", NEUTRAL)


def opinion_html(call: Call) -> Html:
    """What the agent thought, and why."""
    reason = f'<span class="id">{markup.text(call.reason)}</span>' if call.reason else ""
    return f"{LABELS[call.opinion]}{reason}" if call.opinion else "–"


def _filters(query: CallQuery, agents: Sequence[str]) -> Html:
    statuses = {"": "모든 답변", **Status.labels()}
    opinions = {"": "모든 의견", **{each.value: label for each, label in LABELS.items()}, NO_OPINION: "의견 없음"}
    verdicts = {"": "모든 판정", NOT_JUDGED: "판정 전", **Verdict.labels()}
    return (
        '<form class="filters calls" data-do="calls" role="search">'
        + markup.field("부터", "since", str(query.since or ""), "date")
        + markup.field("까지", "until", str(query.until or ""), "date")
        + markup.choice("답변", "status", statuses, query.status)
        + markup.choice("상담원 의견", "feedback", opinions, query.feedback)
        + markup.choice("상담원", "agent", {"": "모든 상담원", **{name: name for name in agents}}, query.agent)
        + markup.choice("판정", "verdict", verdicts, query.verdict)
        + '<button type="submit" class="primary">찾기</button></form>'
    )


def _rows(page: Page[Call], query: CallQuery, chosen: str) -> Html:
    if not page.total and query == CallQuery():
        return markup.empty("아직 상담 기록이 없습니다. 상담원이 질문하면 그 제안이 여기에 쌓입니다.")
    if not page.total:
        return markup.empty("조건에 드는 제안이 없습니다. 조건을 줄여 보세요.", markup.button("조건 지우기", "calls"))
    rows = (_row(call, chosen) for call in page.rows)
    told = f"모두 {markup.many(page.total)}건"
    return markup.table("상담 기록", HEADS, rows, "calls") + pager_html(page, told, "call-page")


def _row(call: Call, chosen: str) -> Html:
    return markup.row(
        [
            verdict_badge(call.verdict),
            markup.button(call.question, "call", "title", id=call.id),
            markup.badge(call.status.label, ACCENT),
            opinion_html(call),
            markup.text(call.agent or "–"),
            markup.moment(call.at),
        ],
        current=call.id == chosen,
        do="call",
        id=call.id,
    )
