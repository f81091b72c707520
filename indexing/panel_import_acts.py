"""Files that were sent, into the knowledge base."""

import json
from collections.abc import Iterator, Mapping

from indexing.panel_desk import Admin, Desk
from indexing.panel_state import FileResult, Notice, Reading, Session, Tab
from knowledge_base.audit import AuditAction
from knowledge_base.document import Kind
from knowledge_base.errors import OnnuriError
from knowledge_base.importing import import_path

REMEMBERED = 200
"""Results kept on the page of one tab."""

Values = Mapping[str, str]


def import_files(desk: Desk, session: Session, admin: Admin, values: Values) -> Iterator[None]:
    """Import the files of the JSON list ``names``, one after the other; ``refused`` are those that were not taken."""
    kind = Kind(chosen) if (chosen := values.get("kind")) else None
    names, refused = _sent(values)
    session.tab, session.notice = Tab.IMPORT, None
    for entry in refused:
        _add(session, entry)
    done = list(refused)
    for number, name in enumerate(names, start=1):
        session.importing = Reading(name, number, len(names))
        yield
        result = _imported(desk, admin, name, kind)
        _add(session, result)
        done.append(result)
    session.importing = None
    session.notice = _told(done)
    read = [result.name for result in done if result.changes]
    if read:
        session.clear_side()
        session.preview = read[0]


def _sent(values: Values) -> tuple[list[str], list[FileResult]]:
    """The files to import and those not taken; raises ValueError for anything else than lists of these."""
    names, refused = json.loads(values["names"]), json.loads(values["refused"])
    if not (isinstance(names, list) and isinstance(refused, list) and all(isinstance(each, dict) for each in refused)):
        raise ValueError("names and refused must be lists")
    return list(map(str, names)), [FileResult(name=str(each["name"]), problem=str(each["problem"])) for each in refused]


def _add(session: Session, result: FileResult) -> None:
    session.files = [*session.files, result][-REMEMBERED:]


def _imported(desk: Desk, admin: Admin, name: str, kind: Kind | None) -> FileResult:
    """What one file gives; a problem with one never stops the rest, and what gives nothing is not kept."""
    try:
        path = desk.uploads.path(name)
        with admin.recorded(AuditAction.IMPORTED, path.name, {"kind": kind or "auto"}):
            report = import_path(desk.store, path, kind)
    except OnnuriError as error:
        return FileResult(name=name, problem=str(error))
    faults = tuple(fault.reason for fault in report.faults)
    if not report.changes.added + report.changes.changed + report.changes.unchanged:
        desk.store.forget(path.name)
        desk.uploads.remove(path.name)
        problem = " ".join(faults) or "문서를 찾지 못했습니다. 파일을 확인해 다시 올려 주세요."
        return FileResult(name=path.name, problem=problem)
    return FileResult(name=path.name, changes=report.changes, faults=faults)


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
    with admin.recorded(AuditAction.WITHDRAWN, name, {"reason": "import taken back"}):
        count = desk.store.remove(name)
        desk.uploads.remove(name)
    session.files = [result for result in session.files if result.name != name]
    session.preview = ""
    session.notice = Notice(f"‘{name}’의 문서 {count}건과 파일을 뺐습니다. 상담원 화면에서 바로 빠집니다.")
