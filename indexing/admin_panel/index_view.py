"""The index: what is being built, what is kept, what changed between two snapshots, the golden questions."""

from collections.abc import Sequence

from indexing.admin_panel import markup
from indexing.admin_panel.job import JobStatus
from indexing.admin_panel.markup import DONE, PROBLEM, Html
from indexing.admin_panel.sentences import in_panel
from indexing.admin_panel.snapshots import Built, Kept, Pending
from indexing.golden.questions import TOP, GoldenQuestion
from indexing.snapshots.difference import Difference, Titled
from knowledge_base.errors import GoldenQuestionsLost

SHOWN_CHANGES = 200
CHANGES = {"added": "더해짐", "changed": "바뀜", "removed": "빠짐"}
ROLL_BACK_TEXT = "이전 색인으로 되돌릴까요? 상담원의 다음 질문부터 이전 색인에서 찾습니다."
FULL_TEXT = "모든 조각을 처음부터 다시 만들까요? 만드는 동안 지금 색인이 계속 쓰입니다."
HEADS = ("만든 때", "문서", "조각", "크기", "")


def pending_html(pending: Pending) -> Html:
    """What waits for the next build, for the line at the top of every page; '' when nothing does."""
    if not pending.total:
        return ""
    return (
        f'<span class="pending">색인에 없는 변경 <b>{markup.many(pending.total)}건</b></span>'
        f"{markup.button('색인 만들기', 'build', 'primary')}"
    )


def job_html(status: JobStatus[Built] | None) -> Html:
    """The running build, on every page; '' when none is running."""
    if status is None or not status.is_running:
        return ""
    stop = "<span>취소하는 중…</span>" if status.is_cancelling else markup.button("취소", "cancel-build")
    return markup.working("색인 만드는 중", status, "조각", stop)


def index_html(
    kept: Sequence[Kept],
    pending: Pending,
    build: JobStatus[Built] | None,
    difference: Difference | None,
    golden: Sequence[GoldenQuestion],
) -> Html:
    """The whole page."""
    return (
        f'<div class="columns"><div>{_build_card(pending, build, bool(kept))}{_kept_card(kept, difference)}</div>'
        f"<div>{golden_html(golden)}</div></div>"
    )


def _build_card(pending: Pending, build: JobStatus[Built] | None, is_built: bool) -> Html:
    running = build is not None and build.is_running
    waits = [
        f"{label} {markup.many(count)}"
        for label, count in (("새 문서", pending.added), ("바뀐 문서", pending.changed), ("빠진 문서", pending.removed))
        if count
    ]
    if not (waits or is_built):
        then = markup.button("파일 올리기", "tab", "primary", name="import")
        return markup.card("색인 만들기", markup.empty("색인할 문서가 없습니다. 문서를 올린 뒤 색인을 만드세요.", then))
    told = f"색인에 아직 없는 변경: {', '.join(waits)}" if waits else "색인이 문서와 같습니다."
    acts = "" if running else markup.button("색인 만들기", "build", "primary" if waits else "plain")
    if is_built and not running:
        acts += markup.button("처음부터 다시", "build", full="yes", confirm=FULL_TEXT)
    return markup.card(
        "색인 만들기",
        f"<p>{told}</p>{outcome_html(build)}"
        '<p class="hint">만드는 동안에도 상담은 지금 색인으로 계속됩니다. 브라우저를 닫아도 멈추지 않습니다.</p>'
        f'<p class="buttons">{acts}</p>',
    )


def outcome_text(build: JobStatus[Built]) -> str:
    """How a build that has ended went, and what that means for agents."""
    if build.result is None:
        return in_panel(build.problem)
    made = build.result.manifest
    if not build.result.is_new:
        return "바뀐 것이 없어 지금 색인을 그대로 씁니다."
    return (
        f"문서 {markup.many(len(made.documents))}건, 조각 {markup.many(made.chunks)}개의 색인을 "
        f"{markup.duration(build.seconds)}에 만들었습니다. 상담원의 다음 질문부터 쓰입니다."
    )


def outcome_html(build: JobStatus[Built] | None) -> Html:
    """How the last build ended; '' while it runs."""
    if build is None or build.is_running:
        return ""
    if build.result is not None:
        told = f"{markup.text(outcome_text(build))} ({markup.text(build.by)})"
        return f'<p class="outcome done" role="status">{told}</p>'
    again = ""
    if isinstance(build.error, GoldenQuestionsLost):
        again = markup.button(
            "그래도 쓰기", "build", "danger", accept="yes", confirm="확인 질문을 놓친 색인을 그래도 쓸까요?"
        )
    tone = "neutral" if build.was_cancelled else "problem"
    return f'<div class="outcome {tone}" role="status"><p>{markup.text(in_panel(build.problem))}</p>{again}</div>'


def _kept_card(kept: Sequence[Kept], difference: Difference | None) -> Html:
    if not kept:
        return ""
    can_roll_back = any(snapshot.is_current for snapshot in kept[:-1])
    back = markup.button("이전 색인으로 되돌리기", "roll-back", confirm=ROLL_BACK_TEXT) if can_roll_back else ""
    table = markup.table("보관 중인 색인", HEADS, [_kept_row(kept, number) for number in range(len(kept))], "kept")
    shown = snapshots_html(difference) if difference else ""
    return markup.card("보관 중인 색인", table + shown, back)


def _kept_row(kept: Sequence[Kept], number: int) -> Html:
    snapshot = kept[number]
    made = snapshot.manifest
    acts = ""
    if number + 1 < len(kept):
        acts = markup.button("바뀐 점", "compare-snapshots", old=kept[number + 1].id, new=snapshot.id)
    if made is None:
        name = f"{markup.text(snapshot.id)} {markup.badge('손상', PROBLEM)}"
        return markup.row([name, "", "", markup.size(snapshot.size), markup.text(in_panel(snapshot.problem))])
    when = markup.moment(made.created_at)
    if snapshot.is_current:
        acts += markup.badge("쓰는 중", DONE)
    else:
        asked = f"{when}에 만든 색인을 쓸까요? 상담원의 다음 질문부터 이 색인에서 찾습니다."
        acts += markup.button("쓰기", "activate", id=snapshot.id, confirm=asked, told=f"{when} 색인 쓰기")
    return markup.row(
        [
            f'{when}<span class="id">{markup.text(snapshot.id)}</span>',
            markup.many(len(made.documents)),
            markup.many(made.chunks),
            markup.size(snapshot.size),
            f'<span class="buttons">{acts}</span>',
        ],
        current=snapshot.is_current,
    )


def snapshots_html(difference: Difference) -> Html:
    """The documents in which two snapshots differ, each to be opened."""
    groups = [(label, getattr(difference, name)) for name, label in CHANGES.items() if getattr(difference, name)]
    told = ", ".join(f"{label} {markup.many(len(titles))}" for label, titles in groups) or "바뀐 문서가 없습니다."
    lists = "".join(_titles(label, titles) for label, titles in groups)
    return (
        f'<section class="difference" id="snapshots"><h3>{markup.text(difference.old)} → {markup.text(difference.new)}'
        f"</h3><p>{told}</p>{lists}</section>"
    )


def _titles(label: str, titles: Sequence[Titled]) -> Html:
    items = "".join(
        f"<li>{markup.button(found.title, 'open', 'title', id=found.id)}"
        f"<span class=id>{markup.text(found.id)}</span></li>"
        for found in titles[:SHOWN_CHANGES]
    )
    more = markup.more(len(titles) - SHOWN_CHANGES)
    return f"<details open><summary>{label} {markup.many(len(titles))}</summary><ul>{items}{more}</ul></details>"


def golden_html(golden: Sequence[GoldenQuestion]) -> Html:
    """The questions every new index must answer."""
    items = "".join(
        f"<li><p>{markup.text(asked.question)}</p><span class=id>{markup.text(', '.join(asked.documents))}</span>"
        f"{markup.button('빼기', 'remove-golden', told=f'{asked.question} 빼기', question=asked.question)}</li>"
        for asked in golden
    )
    form = (
        f'<form class="row" data-do="add-golden" id="golden-{len(golden)}">'  # another one once a question is added
        + markup.field("질문", "question", attributes='required maxlength="200"')
        + markup.field("답이 있는 문서의 ID", "documents", attributes="required", note="")
        + '<button type="submit" class="plain">더하기</button></form>'
    )
    listed = f'<ul class="golden">{items}</ul>' if items else markup.empty("아직 확인 질문이 없습니다.")
    hint = f'<p class="hint">새 색인이 이 질문들의 문서를 {TOP}위 안에 찾지 못하면 쓰지 않습니다.</p>'
    return markup.card("확인 질문", hint + listed + form)
