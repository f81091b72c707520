"""Files that were sent, into the knowledge base."""

import json
from collections.abc import Iterator

from indexing.admin_panel.desk import Admin, Desk
from indexing.admin_panel.state import FileResult, Notice, Session, Tab, Values
from knowledge_base.audit import AuditAction
from knowledge_base.document import Kind

LOOKED_EVERY_S = 0.1


def import_files(desk: Desk, session: Session, admin: Admin, values: Values) -> Iterator[None]:
    """Import the files of the JSON list ``names``, one after the other; ``refused`` are those that were not taken."""
    kind = Kind(chosen) if (chosen := values.get("kind")) else None
    names, refused = sent(values)
    session.tab, session.notice = Tab.IMPORT, None
    desk.imports.add(refused)
    done = list(refused)
    thread = desk.imports.start(names, kind, admin, done)
    while thread.is_alive():
        shown = desk.imports.now()
        yield
        while thread.is_alive() and desk.imports.now() is shown:
            thread.join(LOOKED_EVERY_S)
    session.notice = _told(done)
    read = [result.name for result in done if result.changes]
    if read:
        session.clear_side()
        session.preview = read[0]


def sent(values: Values) -> tuple[list[str], list[FileResult]]:
    """The files to import and those not taken; raises ValueError for anything else than lists of these."""
    names, refused = json.loads(values["names"]), json.loads(values["refused"])
    if not (isinstance(names, list) and isinstance(refused, list) and all(isinstance(each, dict) for each in refused)):
        raise ValueError("names and refused must be lists")
    return list(map(str, names)), [FileResult(name=str(each["name"]), problem=str(each["problem"])) for each in refused]


def _told(done: list[FileResult]) -> Notice | None:
    if not done:
        return None
    found = [result.changes for result in done if result.changes]
    news = sum(changes.added + changes.changed + changes.removed for changes in found)
    failed = len(done) - len(found)
    told = f"파일 {len(found)}개를 가져왔습니다." if found else "가져온 파일이 없습니다."
    told += f" {failed}개는 가져오지 못했습니다." if failed else ""
    told += " 색인을 만들면 검색에 반영됩니다." if news else " 바뀐 문서가 없습니다." if found else ""
    return Notice(told, is_problem=failed > 0)


def preview(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Show the chunks of a file beside the results."""
    session.clear_side()
    session.preview = values["name"]


def take_back(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Undo an import that brought new documents alone: they and the file are gone."""
    name = values["name"]
    with admin.recorded(AuditAction.REMOVED, name):
        count = desk.store.remove(name)
        desk.uploads.remove(name)
    desk.imports.forget(name)
    session.preview = ""
    session.notice = Notice(f"‘{name}’의 문서 {count}건과 파일을 뺐습니다. 상담원 화면에서 바로 빠집니다.")
