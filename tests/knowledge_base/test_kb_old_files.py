"""knowledge.db files of earlier releases keep working."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.document import Document, Kind
from knowledge_base.record import to_record
from knowledge_base.storage.store import Changes, KnowledgeStore

ROWS = [
    Document(id="a.csv#1", kind=Kind.FAQ, title="여권?", text="5만원.", effective_from=date(2026, 1, 1)),
    Document(id="a.csv#2", kind=Kind.FAQ, title="등본?", text="400원."),
]
FIRST_SCHEMA = """
    create table documents (id text primary key, kind text, title text, text text, category text, department text,
        phone text, source text, note text, effective_from text, effective_to text, as_of text, root text, file text,
        version text, imported_at text);
    create table versions (document text, version text, content text, imported_at text,
        primary key (document, version));
    create table imports (id integer primary key, at text, root text, added integer, changed integer,
        unchanged integer, removed integer);
    create table embeddings (model text, text_hash blob, vector blob, primary key (model, text_hash));
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file as release 0.1.0 wrote it."""
    path = tmp_path / "knowledge.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FIRST_SCHEMA)
        for row in ROWS:
            record = {name: value for name, value in to_record(row).items() if name != "supersedes"}
            at = (row.version, "2026-11-01T00:00:00+00:00")
            values = [*record.values(), "/a", "a.csv", *at]
            database.execute(f"insert into documents values ({', '.join('?' * len(values))})", values)
            content = json.dumps(record, ensure_ascii=False)
            database.execute("insert into versions values (?, ?, ?, ?)", [row.id, at[0], content, at[1]])
        database.execute("insert into embeddings values ('e5', x'00', x'01')")
        database.commit()
    return path


def test_its_documents_are_served_and_versions_kept(path: Path) -> None:
    store = KnowledgeStore(path)
    assert [document for document, _ in store.documents()] == ROWS
    assert [found.version for found in store.versions("a.csv#1")] == [ROWS[0].version]
    assert KnowledgeStore(path).ids() == {"a.csv#1", "a.csv#2"}
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("select count(*) from embeddings").fetchone() == (1,)


def test_an_import_finds_its_documents_unchanged(path: Path) -> None:
    assert KnowledgeStore(path).replace_files("/a", {"a.csv": ROWS}, kept=()) == Changes(0, 0, 2, 0)


def test_everything_new_works_on_it(path: Path) -> None:
    store = KnowledgeStore(path)
    store.correct("a.csv#1", {"phone": "3114"})
    store.withdraw("a.csv#2", "확인 중")
    assert [document.phone for document, _ in store.documents()] == ["3114"]


def test_two_that_open_it_at_once_do_not_get_in_each_others_way(path: Path) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(KnowledgeStore(path).ids()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 8
