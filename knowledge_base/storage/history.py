"""The versions of one document and what changed between them."""

import difflib
import json
from typing import NamedTuple

from sqlite_utils import Database

from knowledge_base.document import Document
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.record import from_record, to_record


class Version(NamedTuple):
    """What a file once said: the hash, when it was last imported (UTC, ISO 8601), and whether it is the newest."""

    version: str
    imported_at: str
    document: Document
    is_newest: bool


class FieldChange(NamedTuple):
    """A field other than the text; empty where it had no value."""

    old: str
    new: str


class Difference(NamedTuple):
    """What changed from one version to another: fields by name, and the text as lines of a unified diff."""

    old: str
    new: str
    fields: dict[str, FieldChange]
    lines: list[str]


def versions(database: Database, document_id: str) -> list[Version]:
    """Oldest first; those of a removed document are found by the id it last had."""
    rows = database.query("select key, version from documents where id = ?", [document_id])
    current = next(rows, {"key": document_id, "version": None})
    query = "select version, imported_at, content from versions where document = ? order by rowid"
    return [
        Version(
            row["version"],
            row["imported_at"],
            from_record({**json.loads(row["content"]), "id": document_id}),
            row["version"] == current["version"],
        )
        for row in database.query(query, [current["key"]])
    ]


def named(known: list[Version], beginning: str) -> Version:
    """The version whose hash begins so; raises KnowledgeBaseError when there is none, or more than one."""
    found = [version for version in known if version.version.startswith(beginning)]
    if not beginning or len(found) != 1:
        listed = ", ".join(version.version for version in known)
        raise KnowledgeBaseError(f"판 '{beginning}'을(를) 하나로 정할 수 없습니다. {listed} 가운데서 고르세요.")
    return found[0]


def difference(known: list[Version], old: str, new: str) -> Difference:
    """From ``old`` to ``new``, both named by the beginning of their hash."""
    before, after = named(known, old), named(known, new)
    was, is_now = to_record(before.document), to_record(after.document)
    fields = {
        name: FieldChange(was[name] or "", is_now[name] or "")
        for name in was
        if name != "text" and was[name] != is_now[name]
    }
    lines = difflib.unified_diff(
        before.document.text.splitlines(),
        after.document.text.splitlines(),
        before.version,
        after.version,
        n=1,
        lineterm="",
    )
    return Difference(before.version, after.version, fields, list(lines))
