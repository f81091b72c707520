"""Knowledge gaps: looking through them, answering them with an FAQ, or deciding not to."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.gaps import GapQuery, Order, Period, Shown
from indexing.admin_panel.state import UNDO_TEXT, Button, Notice, Session, Tab, Values
from indexing.gaps import Remedy
from knowledge_base.audit import AuditAction
from knowledge_base.errors import IndexingError, NoSnapshot
from knowledge_base.imports.written import faq, write, written_id

SHELF = "knowledge-gaps"
NEAREST = 8
LATER_TEXT = "색인을 만들면 상담원에게 나옵니다."
BUILD_TEXT = "지금 색인 만들기"
TAKEN_BACK = "지식 공백에서 만든 FAQ를 되돌림"


def filtered(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """List what meets the conditions given; without any, what is left to do."""
    session.tab = Tab.GAPS
    session.gaps = GapQuery(
        period=Period(values.get("period", Period.ALL)),
        shown=Shown(values.get("shown", Shown.OPEN)),
        order=Order(values.get("order", Order.COUNT)),
    )


def paged(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Turn to a page of the same list."""
    session.gaps = replace(session.gaps, page=int(values["number"]))


def opened(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Put a gap beside the list, with the documents nearest to it: is one to be mended, or is one missing?"""
    gap = desk.listing.find(values["id"])
    session.clear_side()
    session.gap, session.near = gap.id, ()
    with suppress(NoSnapshot):  # before the first build nothing is near
        session.near = desk.searcher().search(gap.question, k=NEAREST).hits


def write_faq(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Show the form in which the answer is written."""
    session.gap, session.is_writing = desk.listing.find(values["id"]).id, True


def stop_writing(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Close the form; the gap itself is shown again."""
    session.is_writing = False


def save(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Keep the FAQ, as a new version when the gap has one, and close the gap with it.

    ``version`` is the one its writer began from: what somebody else has written since is told first.
    """
    gap = desk.listing.find(values["id"])
    if left := sorted(mask for mask in gap.masks if mask in f"{values['title']}{values['text']}"):
        raise IndexingError(f"가려진 {', '.join(left)} 자리가 남아 있습니다. 알맞은 말로 바꾸거나 지워 주세요.")
    before = desk.written(gap)
    version = before.version if before else ""
    if values.get("version", version) != version:
        given = {name: value for name, value in values.items() if name != "do"}
        anyway = Button("그래도 저장", "save-faq", {**given, "version": version})
        there = f"지금 답변은 ‘{before.document.text}’입니다." if before else "지금은 답변이 없습니다."
        session.notice = Notice(f"그사이 이 FAQ가 바뀌어 저장하지 않았습니다. {there}", is_problem=True, then=anyway)
        return
    document = faq(before.document.id if before else written_id(SHELF, gap.question), values, date.today())
    with admin.recorded(AuditAction.WRITTEN, document.id, {"question": document.title}):
        write(desk.store, document)
        decision = desk.gaps.decide(gap, Remedy.WRITTEN, document.id, admin.name)
    session.is_writing = False
    session.notice = Notice(
        f"‘{document.title}’ FAQ를 저장했습니다. {LATER_TEXT}",
        then=Button(BUILD_TEXT, "build", {}),
        undo=Button(UNDO_TEXT, "take-back-faq", {"id": document.id, "decision": decision, "version": version}),
    )


def take_back(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Undo the saving of an FAQ: out of service at once, or the version before again."""
    name, version = values["id"], values["version"]
    if version:
        with admin.recorded(AuditAction.RESTORED, name, {"version": version}):
            desk.store.restore(name, version)
            desk.gaps.reopen(values["decision"])
        session.notice = Notice("저장한 FAQ를 이전 답변으로 되돌렸습니다.")
        return
    with admin.recorded(AuditAction.WITHDRAWN, name, {"reason": TAKEN_BACK}):
        desk.store.withdraw(name, TAKEN_BACK)
        desk.gaps.reopen(values["decision"])
    session.notice = Notice("저장한 FAQ를 내렸습니다. 질문 묶음이 다시 열립니다.")


def dismiss(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Decide that a gap gets no answer; it comes back when it is asked again."""
    gap, reason = desk.listing.find(values["id"]), values["reason"].strip()
    if not reason:
        raise IndexingError("답하지 않는 이유가 비어 있습니다. 나중에 볼 사람을 위해 한마디 적어 주세요.")
    with admin.recorded(AuditAction.GAP_DISMISSED, gap.question, {"reason": reason}):
        decision = desk.gaps.decide(gap, Remedy.DISMISSED, reason, admin.name)
    undo = Button(UNDO_TEXT, "reopen", {"id": gap.id, "decision": decision})
    session.notice = Notice(f"‘{gap.question}’에는 답하지 않기로 했습니다. 다시 물으면 목록에 돌아옵니다.", undo=undo)


def reopen(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Take such a decision back."""
    gap = desk.listing.find(values["id"])
    with admin.recorded(AuditAction.GAP_REOPENED, gap.question):
        desk.gaps.reopen(values["decision"])
    session.notice = Notice(f"‘{gap.question}’ 질문을 다시 열었습니다.")
