"""Building, switching and questioning the index."""

from indexing.admin_panel import snapshots
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.sentences import in_panel
from indexing.admin_panel.state import UNDO_TEXT, Button, Notice, Session, Values
from indexing.building import activation
from indexing.snapshots import life_cycle
from indexing.snapshots.difference import difference
from knowledge_base.audit import AuditAction
from knowledge_base.errors import GoldenQuestionsLost

NEXT_TEXT = "상담원의 다음 질문부터 이 색인에서 찾습니다."


def build(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Start a build; it goes on when the browser is closed."""
    full, accept = values.get("full") == "yes", values.get("accept") == "yes"
    with admin.recorded(AuditAction.BUILT, "", {"full": full, "accept": accept}):
        desk.start_build(admin, full=full, accept=accept)
    session.notice = None


def cancel_build(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Cancel the running build, no matter who started it."""
    desk.builds.cancel()


def activate(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Serve a kept snapshot, if it passes the golden questions or ``accept`` is yes."""
    snapshot, accept, before = values["id"], values.get("accept") == "yes", snapshots.current(desk.home)
    try:
        with admin.recorded(AuditAction.ACTIVATED, snapshot, {"accept": accept}):
            activation.activate(desk.home, snapshot, desk.embedder(), desk.analyzer(), accept=accept)
    except GoldenQuestionsLost as error:
        anyway = Button("그래도 쓰기", "activate", {"id": snapshot, "accept": "yes"})
        session.notice = Notice(in_panel(str(error)), is_problem=True, then=anyway)
        return
    session.notice = Notice(f"{snapshot} 색인을 씁니다. {NEXT_TEXT}", undo=_back_to(before))


def roll_back(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Serve the newest sound snapshot before the current one; golden questions are not asked."""
    before = snapshots.current(desk.home)
    with admin.recorded(AuditAction.ROLLED_BACK, before):
        served = life_cycle.rollback(desk.home)
    session.notice = Notice(f"{served.id} 색인으로 되돌렸습니다. {NEXT_TEXT}", undo=_back_to(before))


def _back_to(snapshot: str) -> Button:
    """Without the golden questions, for it was served a moment ago."""
    return Button("원래 색인으로", "activate", {"id": snapshot, "accept": "yes"})


def compared(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Show what changed between two snapshots."""
    session.snapshots = difference(desk.home, values["old"], values["new"])


def add_golden(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Keep a golden question; ``documents`` is an id, or several between commas."""
    named = values["documents"].strip()
    documents = [named] if named in desk.store.ids() else [part.strip() for part in named.split(",") if part.strip()]
    with admin.recorded(AuditAction.CORRECTED, values["question"], {"golden": "added", "documents": documents}):
        added = desk.golden.add(values["question"], documents)
    undo = Button(UNDO_TEXT, "remove-golden", {"question": added.question})
    session.notice = Notice(f"‘{added.question}’ 확인 질문을 더했습니다. 다음 색인부터 확인합니다.", undo=undo)


def remove_golden(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Delete a golden question."""
    question = values["question"]
    documents = next((asked.documents for asked in desk.golden.list() if asked.question == question), ())
    with admin.recorded(AuditAction.CORRECTED, question, {"golden": "removed"}):
        desk.golden.remove(question)
    undo = Button(UNDO_TEXT, "add-golden", {"question": question, "documents": ", ".join(documents)})
    session.notice = Notice(f"‘{question}’ 확인 질문을 뺐습니다.", undo=undo)


def scan(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Start looking for contradictions."""
    desk.start_scan(admin)


def cancel_scan(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Cancel that search."""
    desk.scans.cancel()
