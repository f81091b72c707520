"""What people decide about documents: removed, withdrawn, restored, corrected. Within a transaction."""

from collections.abc import Mapping

from sqlite_utils import Database

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.metadata import require_order
from knowledge_base.record import from_record
from knowledge_base.storage import corrections, files, history, shelf
from knowledge_base.storage.shelf import Newest, Row


def remove(database: Database, keys: list[str]) -> None:
    """Remove documents until their files are imported again, even unchanged."""
    for row in _rows(database, keys):
        files.forget(database, row["file"])
    shelf.take_off(database, keys)


def withdraw(database: Database, keys: list[str], reason: str, now: str) -> None:
    """Take out of service until restored, whatever is imported. Raises KnowledgeBaseError without a reason."""
    if not reason.strip():
        raise KnowledgeBaseError("내리는 이유가 비어 있습니다. 나중에 볼 사람을 위해 한마디 적어 주세요.")
    rows = [{"key": key, "reason": reason.strip(), "at": now} for key in keys]
    database.table("withdrawals").insert_all(rows, pk="key", replace=True)


def restore(database: Database, keys: list[str]) -> None:
    """Put back into service; raises KnowledgeBaseError when none of them was withdrawn."""
    cursor = database.conn.executemany("delete from withdrawals where key = ?", [(key,) for key in keys])
    if not cursor.rowcount:
        raise KnowledgeBaseError(
            "내린 문서가 아닙니다. 이전 판으로 되돌리려면 'onnuri kb history'로 판을 찾아 --version에 적으세요."
        )


def restore_version(database: Database, keys: list[str], version: str, now: str) -> None:
    """Make an older version of one document the newest; what its file says now is remembered as known."""
    if len(keys) > 1:
        raise KnowledgeBaseError("표의 행은 하나씩 되돌립니다. 파일 이름 대신 '파일#행' ID를 적으세요.")
    (row,) = _rows(database, keys)
    chosen = history.named(history.versions(database, row["id"]), version)
    shelf.take_off(database, keys)
    newest = Newest(row["key"], row["root"], row["file"], chosen.document, row["file_version"])
    shelf.stand(database, [newest], now)


def correct(database: Database, keys: list[str], values: Mapping[str, str | None], now: str) -> None:
    """Set, empty or (None) undo fields of each document; no fields at all undo every correction."""
    for row in _rows(database, keys):
        document = from_record(row)
        if not values:
            database.conn.execute("delete from corrections where key = ?", [row["key"]])
        for field, value in values.items():
            if value is None:
                database.conn.execute("delete from corrections where key = ? and field = ?", [row["key"], field])
            else:
                _set(database, row, field, corrections.parse(field, value), now)
        corrected = corrections.corrected(document, shelf.corrections(database, row["key"]))
        require_order(corrected.effective_from, corrected.effective_to)
        shelf.settle(database, row["key"])


def _set(database: Database, row: Row, field: str, value: str, now: str) -> None:
    if field == "supersedes" and value:
        _require_target(database, value)
    database.table("corrections").insert(
        {"key": row["key"], "field": field, "value": value, "base": corrections.base(from_record(row), field)}
        | {"since": row["version"], "at": now},
        pk=("key", "field", "base"),
        replace=True,
    )


def _require_target(database: Database, name: str) -> None:
    found = "select 1 from documents where id = :name or title = :name"
    if not database.conn.execute(found, {"name": name}).fetchone():
        raise KnowledgeBaseError(f"대체할 문서 '{name}'이(가) 없습니다. 문서 ID나 제목을 그대로 적으세요.")


def _rows(database: Database, keys: list[str]) -> list[Row]:
    found = (database.query("select * from documents where key = ?", [key]) for key in keys)
    return [row for rows in found for row in rows]
