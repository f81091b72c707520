"""Files that were sent, into the knowledge base."""

import json
from collections.abc import Sequence

from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.state import FileResult, Notice, Session, Tab, Values
from knowledge_base.audit import AuditAction
from knowledge_base.document import Kind

AT_ONCE_S = 0.5
"""How long the answer waits for the files to be read; what takes longer is told when it has ended."""


def import_files(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Start to import the files of the JSON list ``names``; ``refused`` are those that were not taken."""
    kind = Kind(chosen) if (chosen := values.get("kind")) else None
    names, refused = sent(values)
    session.notice = None
    session.batches.append(desk.imports.start(names, kind, admin, refused))
    session.batches[-1].ended.wait(AT_ONCE_S)
    hears_import(session)


def hears_import(session: Session) -> bool:
    """Whether the files that this tab sent are all read since this was asked last; that becomes the notice.

    The first one is shown beside their list, but not in place of what the reader has opened elsewhere meanwhile.
    """
    if not session.batches or not all(batch.ended.is_set() for batch in session.batches):
        return False
    results = [result for batch in session.batches for result in batch.results]
    left = sum(len(batch.left) for batch in session.batches)
    session.batches.clear()
    session.notice = _told(results, left)
    read = [result.name for result in results if result.changes]
    if read and session.tab is Tab.IMPORT and not session.document:
        session.clear_side()
        session.preview = read[0]
    return True


def sent(values: Values) -> tuple[list[str], list[FileResult]]:
    """The files to import and those not taken; raises ValueError for anything else than lists of these."""
    names, refused = json.loads(values["names"]), json.loads(values["refused"])
    if not (isinstance(names, list) and isinstance(refused, list) and all(isinstance(each, dict) for each in refused)):
        raise ValueError("names and refused must be lists")
    return list(map(str, names)), [FileResult(name=str(each["name"]), problem=str(each["problem"])) for each in refused]


def _told(done: Sequence[FileResult], left: int) -> Notice | None:
    if not done and not left:
        return None
    found = [result.changes for result in done if result.changes]
    in_part = sum(bool(result.faults) for result in done)
    news = sum(changes.added + changes.changed + changes.removed for changes in found)
    failed = len(done) - len(found)
    told = f"파일 {len(found)}개를 가져왔습니다." if found else "가져온 파일이 없습니다."
    told += f" 그 가운데 {in_part}개는 일부만 가져왔습니다." if in_part else ""
    told += f" {failed}개는 가져오지 못했습니다." if failed else ""
    told += f" 취소하여 {left}개가 남았습니다. 가져오기 화면에서 이어서 가져오거나 지울 수 있습니다." if left else ""
    told += " 색인을 만들면 검색에 반영됩니다." if news else " 바뀐 문서가 없습니다." if found else ""
    return Notice(told, is_problem=failed + in_part > 0)


def cancel(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Cancel the running import, no matter who started it: what was read stays."""
    desk.imports.cancel()


def discard(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    """Delete those of the files ``names`` that were never read; what an earlier one of the name gave stays."""
    names, _ = sent(values)
    left = sorted(set(names) & set(desk.imports.unread()))
    with admin.recorded(AuditAction.REMOVED, desk.uploads.folder.name, {"files": left}):
        for name in left:
            desk.uploads.remove(name)
    session.notice = Notice(f"가져오지 않은 파일 {len(left)}개를 지웠습니다.")


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
