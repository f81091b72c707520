"""chunks.db written by a build: anew, or as the copy of an older one in which some documents change.

Beside the chunks' terms stands SQLite's own full-text index over them, which any SQLite can ask, and which
every build checks the arrays of ``postings`` against.
"""

import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from indexing.snapshots.chunks import DOCUMENT_FIELDS, Entry, Terms
from knowledge_base.record import to_record

# A term stays whole whatever it is made of (061-749-3114, 3.5, km²): only spaces part terms.
FTS_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
_TABLES = f"""
create table documents (n integer primary key, {", ".join(f"{name} text" for name in DOCUMENT_FIELDS)});
create index documents_by_id on documents (id);
create table chunks (
    n integer primary key, document integer, number integer, heading text, text text, start integer,
    title text, body text, spans blob
);
create unique index chunks_by_document on chunks (document, number);
create virtual table chunks_fts using fts5(title, body, content=chunks, content_rowid=n, tokenize="{FTS_TOKENIZER}");
"""
_REMOVALS = (
    "insert into chunks_fts (chunks_fts, rowid, title, body)"
    " select 'delete', n, title, body from chunks where document = ?",
    "delete from chunks where document = ?",
    "delete from documents where n = ?",
)


def write(path: Path, entries: Sequence[Entry], terms: Sequence[Terms]) -> None:
    """Write a new chunks.db with these chunks and the terms of each."""
    with _written(path) as database:
        database.executescript(_TABLES)
        _add(database, entries, terms)


def write_changed(
    path: Path, older: Path, gone: Collection[str], entries: Sequence[Entry], terms: Sequence[Terms]
) -> None:
    """Write the chunks.db that ``older`` becomes without the documents ``gone`` and with new chunks.

    SQLite fills the pages that are freed and merges its full-text index bit by bit: the file stays small
    however often this is done.
    """
    shutil.copyfile(older, path)
    with _written(path) as database:
        numbers = [
            row
            for document in gone
            for row in database.execute("select n from documents where id = ?", [document]).fetchall()
        ]
        for statement in _REMOVALS:
            database.executemany(statement, numbers)
        _add(database, entries, terms)


@contextmanager
def _written(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as database:
        # a build that dies starts anew, and what is published has been synced: no journal, no waiting
        database.execute("pragma journal_mode = off")
        database.execute("pragma synchronous = off")
        yield database
        database.commit()


def _add(database: sqlite3.Connection, entries: Sequence[Entry], terms: Sequence[Terms]) -> None:
    ((row, document_row),) = database.execute(
        "select (select coalesce(max(n) + 1, 0) from chunks), (select coalesce(max(n) + 1, 0) from documents)"
    ).fetchall()
    documents = dict(zip(dict.fromkeys(entry.document for entry in entries), count(document_row), strict=False))
    database.executemany(
        f"insert into documents values (?{', ?' * len(DOCUMENT_FIELDS)})",  # noqa: S608
        ((n, *map(to_record(document).get, DOCUMENT_FIELDS)) for document, n in documents.items()),
    )
    database.executemany(
        "insert into chunks values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_row(n, documents[entry.document], entry, found) for n, entry, found in zip(count(row), entries, terms)),
    )
    database.execute(
        "insert into chunks_fts (rowid, title, body) select n, title, body from chunks where n >= ?", [row]
    )


def _row(n: int, document: int, entry: Entry, terms: Terms) -> tuple[int | str | bytes, ...]:
    chunk = entry.chunk
    return (n, document, chunk.number, chunk.heading, chunk.text, chunk.start, *terms)
