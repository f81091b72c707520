"""Finding, reading and deciding about documents."""

import json
from collections.abc import Iterable
from dataclasses import replace

from indexing.admin_panel import snapshots
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.catalogue import Listed, Query
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.state import UNDO_TEXT, Button, Notice, Part, Session, Tab, Values
from knowledge_base.audit import AuditAction
from knowledge_base.document import Kind
from knowledge_base.storage.corrections import FIELDS, labels, shown
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
    """Set the fields that differ; ``undo`` names, between commas, those to be the file's again, or all of them.

    ``seen`` is what their sender saw in them (JSON): what somebody else has made of them since is told first.
    """
    found = desk.catalogues.now().get(values["id"])
    changes = _changes(found, values)
    if not changes and values.get("undo") != "all":
        session.notice = Notice("바뀐 값이 없습니다.")
        return
    fields = list(changes) or list(found.corrected)
    if news := _news(found, fields, values):
        given = {name: value for name, value in values.items() if name != "do"}
        anyway = Button("그래도 바꾸기", "correct", {**given, **seen(found, fields)})
        session.notice = Notice(f"그사이 바뀐 값이 있어 저장하지 않았습니다. {news}.", is_problem=True, then=anyway)
        return
    with admin.recorded(AuditAction.CORRECTED, values["id"], {"fields": fields}):
        desk.store.correct(values["id"], changes)
    told, done = ", ".join(labels(fields)), "되돌렸습니다" if values.get("undo") else "고쳤습니다"
    made = desk.catalogues.now().get(values["id"])
    undo = Button(UNDO_TEXT, "correct", {**_before(found, fields), **seen(made, fields)})
    session.notice = Notice(f"‘{found.document.title}’의 {told} 값을 {done}. {LATER_TEXT}", undo=undo)


def seen(found: Standing, fields: Iterable[str]) -> dict[str, str]:
    """What a button that sets fields sends along: whoever presses it sees these values."""
    return {"seen": json.dumps(shown(found.document, fields), ensure_ascii=False)}


def _news(found: Standing, fields: Iterable[str], values: Values) -> str:
    """What became of the fields since their sender saw them; "" when they are the same."""
    before, now = json.loads(values.get("seen", "{}")), shown(found.document, fields)
    changed = [name for name in now if name in before and str(before[name]).strip() != now[name]]
    pairs = zip(labels(changed), changed, strict=True)
    return ", ".join(f"{label} ‘{before[name] or '없음'}’ → ‘{now[name] or '없음'}’" for label, name in pairs)


def _changes(found: Standing, values: Values) -> dict[str, str | None]:
    if undo := values.get("undo", ""):
        again: dict[str, str | None] = {name: None for name in undo.split(",") if name in FIELDS}
        return again | {name: values[name] for name in FIELDS if name in values}
    now = shown(found.document, FIELDS)
    return {name: values[name] for name in FIELDS if name in values and values[name].strip() != now[name]}


def _before(found: Standing, fields: list[str]) -> dict[str, str]:
    """What makes these fields what they were: a value set by hand, or the file's own."""
    by_hand = shown(found.document, (name for name in fields if name in found.corrected))
    own = ",".join(name for name in fields if name not in found.corrected)
    values = {"id": found.document.id, **by_hand}
    return {**values, "undo": own} if own else values


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
