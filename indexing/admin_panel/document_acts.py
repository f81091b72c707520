"""Finding, reading and deciding about documents."""

from dataclasses import replace

from indexing.admin_panel import snapshots
from indexing.admin_panel.catalogue import Listed, Query
from indexing.admin_panel.desk import Admin, Desk
from indexing.admin_panel.state import UNDO_TEXT, Button, Notice, Part, Session, Tab, Values
from knowledge_base.audit import AuditAction
from knowledge_base.document import Kind
from knowledge_base.storage.corrections import FIELDS, labels
from knowledge_base.storage.standing import Standing

LATER_TEXT = "색인을 만들면 검색에 반영됩니다."
AT_ONCE_TEXT = "상담원 화면에서 바로 빠집니다."


def filtered(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """List what meets the conditions given; without any, everything."""
    session.tab = Tab.DOCUMENTS
    session.query = Query(
        kind=Kind(kind) if (kind := values.get("kind")) else None,
        department=values.get("department", ""),
        state=Listed(values.get("state", Listed.ANY)),
        text=values.get("text", "").strip(),
    )


def paged(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Turn to a page of the same list."""
    session.query = replace(session.query, page=int(values["number"]))


def opened(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Put a document beside the list."""
    desk.catalogues.now().get(values["id"])
    part, versions = (session.part, session.versions) if session.document == values["id"] else (Part.TEXT, None)
    session.clear_side()
    session.document, session.part, session.versions = values["id"], part, versions


def closed(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Put away what is beside the list."""
    session.clear_side()


def part(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Show another part of the document."""
    session.part, session.versions = Part(values["name"]), None


def compared(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Show what changed between two versions."""
    session.versions = desk.store.difference(values["id"], values["old"], values["new"])


def correct(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Set the fields that differ; ``undo`` names, between commas, those to be the file's again, or all of them."""
    found = desk.catalogues.now().get(values["id"])
    changes = _changes(found, values)
    if not changes and values.get("undo") != "all":
        session.notice = Notice("바뀐 값이 없습니다.")
        return
    fields = list(changes) or list(found.corrected)
    with admin.recorded(AuditAction.CORRECTED, values["id"], {"fields": fields}):
        desk.store.correct(values["id"], changes)
    told, done = ", ".join(labels(fields)), "되돌렸습니다" if values.get("undo") else "고쳤습니다"
    session.notice = Notice(
        f"‘{found.document.title}’의 {told} 값을 {done}. {LATER_TEXT}",
        undo=_undo(found, fields),
    )


def _changes(found: Standing, values: Values) -> dict[str, str | None]:
    if undo := values.get("undo", ""):
        again: dict[str, str | None] = {name: None for name in undo.split(",") if name in FIELDS}
        return again | {name: values[name] for name in FIELDS if name in values}
    return {name: values[name] for name in FIELDS if name in values and values[name].strip() != _shown(found, name)}


def _undo(found: Standing, fields: list[str]) -> Button:
    """What these fields were: a value set by hand, or the file's own."""
    by_hand = {name: _shown(found, name) for name in fields if name in found.corrected}
    own = ",".join(name for name in fields if name not in found.corrected)
    values = {"id": found.document.id, **by_hand}
    return Button(UNDO_TEXT, "correct", {**values, "undo": own} if own else values)


def _shown(found: Standing, name: str) -> str:
    return str(getattr(found.document, name) or "")


def withdraw(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Out of service at once, with a reason: a document, or with ``whole`` all that its file holds."""
    found, whole = desk.catalogues.now().get(values["id"]), values.get("whole", "")
    name = found.file if whole else values["id"]
    with admin.recorded(AuditAction.WITHDRAWN, name, {"reason": values["reason"]}):
        count = desk.store.withdraw(name, values["reason"])
    undo = Button(UNDO_TEXT, "restore", {"id": values["id"], "whole": whole})
    session.notice = Notice(f"{_told(found, count, whole)} 내렸습니다. {AT_ONCE_TEXT}", undo=undo)


def _told(found: Standing, count: int, whole: str) -> str:
    return f"‘{found.file}’의 문서 {count}건을" if whole else f"문서 ‘{found.document.title}’ 1건을"


def restore(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Back into service (with ``whole`` all that the file holds), or an older version the newest again."""
    version, whole = values.get("version"), values.get("whole", "")
    found = desk.catalogues.now().get(values["id"])
    name = found.file if whole else values["id"]
    with admin.recorded(AuditAction.RESTORED, name, {"version": version}):
        count = desk.store.restore(name, version)
    session.versions = None
    told = _told(found, count, whole)
    if version:
        undo = Button(UNDO_TEXT, "restore", {"id": name, "version": found.version})
        session.notice = Notice(f"{told} 이전 판으로 되돌렸습니다. {LATER_TEXT}", undo=undo)
        return
    undo = Button(UNDO_TEXT, "withdraw", {"id": values["id"], "reason": found.withdrawn or "", "whole": whole})
    when = "바로 다시 검색됩니다." if values["id"] in snapshots.served(desk.home) else LATER_TEXT
    session.notice = Notice(f"{told} 다시 올렸습니다. {when}", undo=undo)
