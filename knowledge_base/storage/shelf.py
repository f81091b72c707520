"""Writing documents: what a file says now takes the place of what it said, row by row, within a transaction."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from knowledge_base.document import Document
from knowledge_base.record import from_record, to_record
from knowledge_base.storage import identity
from knowledge_base.storage.corrections import Correction, corrected
from knowledge_base.storage.identity import Known
from knowledge_base.validity.succession import Imported, chain

Row = dict[str, Any]


class Changes(NamedTuple):
    """How many documents an import added, changed, left alone and removed."""

    added: int
    changed: int
    unchanged: int
    removed: int

    def plus(self, other: "Changes") -> "Changes":
        """The sum of both, number by number."""
        return Changes(*map(sum, zip(self, other, strict=True)))


NOTHING = Changes(0, 0, 0, 0)


class Placing(NamedTuple):
    """What came of one file; ``is_news`` when anything to be served differs, if only a row's number."""

    changes: Changes
    is_news: bool


def put(database: Database, root: str, file: str, documents: Sequence[Document], now: str) -> Placing:
    """Make ``documents`` the ones of ``file``."""
    old: dict[str, Row] = {row["key"]: row for row in database.query(_OF_FILE, [file])}
    keys = _keys(database, file, list(old.values()), documents)
    new = {keys[document.id]: document for document in documents}
    written = {
        key: document for key, document in new.items() if key not in old or old[key]["file_version"] != document.version
    }
    moved = {key: document.id for key, document in new.items() if key not in written and old[key]["id"] != document.id}
    gone = [row for key, row in old.items() if key not in new]
    take_off(database, [*(row["key"] for row in gone), *(key for key in written if key in old)])
    _renumber(database, moved)
    database.conn.execute("update documents set root = ? where file = ? and root <> ?", [root, file, root])
    stand(database, [Newest(key, root, file, document, document.version) for key, document in written.items()], now)
    free = {row["id"] for row in gone}
    replaced = sum(key not in old and document.id in free for key, document in written.items())
    added = sum(key not in old for key in written) - replaced
    changes = Changes(added, len(written) - added, len(new) - len(written), len(gone) - replaced)
    return Placing(changes, bool(written or moved or gone))


_OF_FILE = "select id, key, version, file_version, title, text from documents where file = ?"
# the last version of rows the file had once: '$' follows '#'
_VANISHED = """
    select document as key, version, json_extract(content, '$.id') as id, json_extract(content, '$.title') as title,
        json_extract(content, '$.text') as text
    from versions where document >= ? || '#' and document < ? || '$'
    and rowid in (select max(rowid) from versions where document >= ? || '#' and document < ? || '$' group by document)
    and document not in (select key from documents where file = ?)
"""


def _keys(database: Database, file: str, old: list[Row], documents: Sequence[Document]) -> dict[str, str]:
    if all(document.id == file for document in documents):
        return {file: file}
    rows = [*old, *database.query(_VANISHED, [file] * 5)]
    known = [
        Known(row["key"], row["id"], row.get("file_version", row["version"]), row["title"], row["text"]) for row in rows
    ]
    return identity.keys(known, documents)


def _renumber(database: Database, moved: dict[str, str]) -> None:
    """Two steps, for a row may move to where another one still stands."""
    aside = [(f"\x00{key}", key) for key in moved]
    database.conn.executemany("update documents set id = ? where key = ?", aside)
    database.conn.executemany("update documents set id = ? where key = ?", [(new, key) for key, new in moved.items()])


class Newest(NamedTuple):
    """The version of a document that stands from now on; ``file_version`` is what its file itself says."""

    key: str
    root: str
    file: str
    document: Document
    file_version: str


def stand(database: Database, newest: Sequence[Newest], now: str) -> None:
    """Make these the newest versions of their keys."""
    documents: list[Row] = []
    versions: list[Row] = []
    for new in newest:
        record = to_record(new.document)
        this = {"version": new.document.version, "imported_at": now}
        place = {"root": new.root, "file": new.file, "key": new.key, "file_version": new.file_version}
        documents.append({**record, **place, **this})
        versions.append({"document": new.key, "content": json.dumps(record, ensure_ascii=False), **this})
    database.table("documents").insert_all(documents, pk="id", replace=True)
    database.table("versions").insert_all(versions, pk=("document", "version"), replace=True)
    for new in newest:
        settle(database, new.key)


def settle(database: Database, key: str) -> None:
    """Work out which earlier versions stay in force beside the newest, from all that was imported."""
    database.conn.execute("delete from earlier where key = ?", [key])
    history = list(database.query("select * from versions where document = ? order by rowid", [key]))
    if len(history) < 2:
        return
    order = [row["version"] for row in history]
    given = [(order.index(found.since) if found.since in order else 0, found) for found in corrections(database, key)]
    imported = [
        Imported(
            row["version"],
            corrected(from_record(json.loads(row["content"])), [found for since, found in given if since <= number]),
            day_of(row["imported_at"]),
        )
        for number, row in enumerate(history)
    ]
    early = [(old.version, to_record(old.document)) for old in chain(imported)[:-1]]
    rows = [(key, version, record["effective_from"], record["effective_to"]) for version, record in early]
    database.conn.executemany("insert into earlier values (?, ?, ?, ?)", rows)


def corrections(database: Database, key: str) -> list[Correction]:
    """Every correction of a document, also those that do not hold at present."""
    rows = database.query("select field, value, base, since from corrections where key = ?", [key])
    return [Correction(**row) for row in rows]


def take_off(database: Database, keys: Iterable[str]) -> None:
    """Have documents served no more; their versions and what was decided about them stay on record."""
    for key in keys:
        database.conn.execute("delete from documents where key = ?", [key])
        database.conn.execute("delete from earlier where key = ?", [key])


def take_off_others(database: Database, root: str, kept: set[str]) -> int:
    """Take off what ``root`` held in files other than ``kept``; returns how many documents."""
    rows = database.query("select key, file from documents where root = ?", [root])
    gone = [row["key"] for row in rows if row["file"] not in kept]
    take_off(database, gone)
    files = [row["file"] for row in database.query("select file from files where root = ?", [root])]
    database.conn.executemany("delete from files where file = ?", [(file,) for file in files if file not in kept])
    return len(gone)


def day_of(moment: str) -> date:
    """The day, here, of a moment as stored (UTC, ISO 8601)."""
    return datetime.fromisoformat(moment).astimezone().date()
