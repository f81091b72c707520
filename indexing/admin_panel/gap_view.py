"""One knowledge gap beside the list: its wordings, what agents wrote, the nearest documents, and the FAQ for it."""

from collections.abc import Sequence

from indexing.admin_panel import markup
from indexing.admin_panel.gaps_view import outcomes_text, state_badge
from indexing.admin_panel.markup import Html
from indexing.gaps import Decision, Gap, GapState, Remedy
from indexing.retrieval.hit import Hit
from knowledge_base.metadata import DATES
from knowledge_base.storage import corrections
from knowledge_base.storage.standing import Standing

WORDINGS = 12
"""Wordings shown at once."""
LONGEST_ANSWER = 4000
_ANSWER = f'required maxlength="{LONGEST_ANSWER}"'
_DAY = 'placeholder="2026-01-31" inputmode="numeric"'
_DETAILS = ("category", "department", "phone", "source", "effective_from", "effective_to")


def gap_html(gap: Gap, near: Sequence[Hit], written: Standing | None) -> Html:
    """The whole of it; ``near`` are the hits for its question, ``written`` is the FAQ that closed it."""
    known = [
        ("물은 횟수", f"{markup.many(len(gap.asked))}번, 통화 {markup.many(gap.calls)}건"),
        ("어떻게 됐나", markup.text(outcomes_text(gap))),
        ("물은 때", f"{markup.moment(gap.asked[0].at)} ~ {markup.moment(gap.last)}"),
    ]
    return _article(
        gap,
        f"{markup.facts(known)}{_decided(gap, written)}{_acts(gap, written)}"
        f"{_wordings(gap)}{_draft(gap)}{_nearest(near)}{_dismissal(gap)}",
    )


def form_html(gap: Gap, written: Standing | None, departments: Sequence[str], categories: Sequence[str]) -> Html:
    """The FAQ as a form, filled with what is ``written`` already or, at first, with what agents said."""
    draft = gap.draft.text if gap.draft else ""
    title, text = (written.document.title, written.document.text) if written else (gap.question, draft)
    origin = f"초안: {gap.draft.origin.label}. 사실을 확인해 주세요." if gap.draft and not written else ""
    hidden = sorted(mask for mask in gap.masks if mask in f"{title}{text}")
    masked = f"가려진 {', '.join(hidden)} 자리는 알맞은 말로 바꿔 주세요." if hidden else ""
    lists = _options("departments", departments) + _options("categories", categories)
    given = {"id": gap.id, "version": written.version if written else ""}
    details = "".join(_detail(name, written) for name in _DETAILS)
    hints = " ".join(filter(None, (origin, masked)))
    return _article(
        gap,
        f'<form class="writing" data-typed{markup.values({"do": "save-faq", **given})}>'
        + markup.field("질문", "title", title, attributes='required maxlength="200"')
        + markup.area("답변", "text", text, 7, f'<span class="note">{hints}</span>' if hints else "", _ANSWER)
        + details
        + '<p class="hint">저장하면 다음 색인부터 상담원이 이 답변을 그대로 읽습니다. 기준일은 오늘입니다.</p>'
        f'<p class="buttons"><button type="submit" class="primary">FAQ 저장</button>'
        f"{markup.button('그만두기', 'stop-writing')}</p>{lists}</form>",
    )


def _article(gap: Gap, body: Html) -> Html:
    return markup.beside("질문 묶음", gap.question, body, marks=state_badge(gap))


def _decided(gap: Gap, written: Standing | None) -> Html:
    """What closed it, by whom and when, and what was asked since."""
    decision = gap.decision
    if decision is None:
        return ""
    again = f" 그 뒤 {markup.many(len(gap.fresh))}번 다시 물었습니다." if gap.state is GapState.AGAIN else ""
    told = f"{_what(gap, decision, written)} ({markup.text(decision.by)}, {markup.moment(decision.at)}){again}"
    tone = "done" if gap.state is GapState.CLOSED else "neutral"
    build = markup.button("지금 색인 만들기", "build", "primary") if gap.state is GapState.WAITING else ""
    return f'<div class="outcome {tone}"><p>{told}</p>{build}</div>'


def _what(gap: Gap, decision: Decision, written: Standing | None) -> Html:
    if decision.remedy is Remedy.DISMISSED:
        return f"답하지 않기로 했습니다: {markup.text(decision.subject)}"
    title = markup.text(written.document.title if written else decision.subject)
    if gap.state is GapState.WAITING:
        return f"‘{title}’ FAQ를 썼습니다. 색인을 만들면 상담원에게 나옵니다."
    return f"‘{title}’ FAQ가 답합니다."


def _acts(gap: Gap, written: Standing | None) -> Html:
    if written:
        opens = markup.button("문서 보기", "open", "plain", id=written.document.id)
        return f'<p class="buttons acts">{opens}{markup.button("답변 고치기", "write-faq", "plain", id=gap.id)}</p>'
    return f'<p class="buttons acts">{markup.button("FAQ로 만들기", "write-faq", "primary", id=gap.id)}</p>'


def _wordings(gap: Gap) -> Html:
    variants = gap.variants
    items = "".join(
        f"<li><span>{markup.text(variant.question)}</span><b>{markup.many(variant.times)}</b></li>"
        for variant in variants[:WORDINGS]
    )
    more = markup.more(len(variants) - WORDINGS, "가지")
    return f'<section class="service"><h3>물은 말</h3><ul class="wordings">{items}{more}</ul></section>'


def _draft(gap: Gap) -> Html:
    if gap.draft is None:
        return ""
    return (
        f'<section class="service"><h3>{gap.draft.origin.label}</h3>'
        f'<div class="text">{markup.text(gap.draft.text)}</div></section>'
    )


def _nearest(hits: Sequence[Hit]) -> Html:
    """Each document once, with its best passage, nearest first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.document.id, hit)
    items = "".join(
        f'<section class="chunk"><header><span class="number">{number}</span>'
        f"{markup.button(hit.document.title, 'open', 'title', id=hit.document.id)}</header>"
        f'<div class="text">{markup.text(hit.chunk.text)}</div>'
        f"<footer>{markup.text(hit.document.department)}</footer></section>"
        for number, hit in enumerate(best.values(), start=1)
    )
    hint = '<p class="hint">여기에 답이 있으면 그 문서의 제목이나 내용을 질문에 가깝게 고치세요.</p>'
    body = hint + items if items else markup.empty("가까운 문서가 없습니다.")
    return f'<section class="service"><h3>가까운 문서</h3>{body}</section>'


def _dismissal(gap: Gap) -> Html:
    """The way to leave it unanswered, or back."""
    if gap.state is GapState.DISMISSED and gap.decision:
        again = markup.button("다시 열기", "reopen", "plain", id=gap.id, decision=gap.decision.id)
        return f'<section class="service"><p>{again}</p></section>'
    if not gap.state.is_open:
        return ""
    return (
        '<section class="service"><h3>답하지 않기</h3><p class="hint">다시 물으면 목록에 돌아옵니다.</p>'
        f'<form class="row"{markup.values({"do": "dismiss", "id": gap.id})}>'
        + markup.field("이유", "reason", attributes='required maxlength="200" placeholder="예: 시 업무가 아님"')
        + '<button type="submit" class="plain">답하지 않음</button></form></section>'
    )


def _detail(name: str, written: Standing | None) -> Html:
    (label,) = corrections.labels([name])
    value = str((getattr(written.document, name) if written else "") or "")
    lists = {"department": 'list="departments"', "category": 'list="categories"'}
    return markup.field(label, name, value, attributes=_DAY if name in DATES else lists.get(name, ""))


def _options(name: str, values: Sequence[str]) -> Html:
    return f'<datalist id="{name}">{"".join(f"<option>{markup.text(value)}</option>" for value in values)}</datalist>'
