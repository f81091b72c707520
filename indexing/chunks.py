"""chunks.db, the written half of a snapshot: documents, chunks, and FTS5 over the terms of the chunks.

Written once by a build, then only read.
"""

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from queue import LifoQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from indexing.fusion import Scores
from indexing.tokens import Token, plain, search_terms
from knowledge_base.document import Chunk, Document
from knowledge_base.record import from_record, to_record

# A term stays whole whatever it is made of (061-749-3114, 3.5, km²): only spaces part terms.
FTS_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
CONNECTIONS = 8  # questions that read at once; more wait their turn
NEVER_STARTED, NEVER_ENDS = date.min.toordinal(), date.max.toordinal()


class Entry(NamedTuple):
    """A chunk on its way into the index, with the document it belongs to."""

    document: Document
    chunk: Chunk

    @property
    def titles(self) -> str:
        return "\n".join(filter(None, (self.document.title, self.chunk.heading)))

    @property
    def text(self) -> str:
        """What is embedded: titles, then the chunk."""
        return f"{self.titles}\n{self.chunk.text}"


class Tokens(NamedTuple):
    """The tokens of a chunk's titles and of its text."""

    titles: list[Token]
    body: list[Token]


class Passage(NamedTuple):
    """A stored chunk with its document, its terms, and its titles and text in plain characters.

    ``spans`` are where in the text the first ``len(spans)`` of ``body_terms`` stand, shape (n, 2); the rest
    are compounds of these. Title and heading are parted by a NUL, which nothing can be read across.
    """

    document: Document
    chunk: Chunk
    title_terms: frozenset[str]
    body_terms: tuple[str, ...]
    spans: NDArray[np.uint16]
    plain_titles: str
    plain_text: str


def write(path: Path, entries: Sequence[Entry], tokens: Iterable[Tokens]) -> None:
    """Write chunks.db; a chunk's ``n`` is its place in ``entries`` and in vectors.faiss."""
    documents = list({entry.document.id: entry.document for entry in entries}.values())
    numbers = {document.id: n for n, document in enumerate(documents)}
    with closing(Database(path, execute_plugins=False)) as database:
        # a build that dies starts anew, and what is published has been synced: no journal, no waiting
        database.conn.execute("pragma journal_mode = off")
        database.conn.execute("pragma synchronous = off")
        database.table("documents").insert_all(
            ({"n": n, **to_record(document)} for n, document in enumerate(documents)), pk="n"
        )
        chunks = database.table("chunks")
        chunks.insert_all(
            (
                {"n": n, "document": numbers[entry.document.id], **_row(entry.chunk, found)}
                for n, (entry, found) in enumerate(zip(entries, tokens, strict=True))
            ),
            pk="n",
        )
        chunks.enable_fts(["title", "body"], tokenize=FTS_TOKENIZER)
        database.conn.execute("create virtual table vocabulary using fts5vocab(chunks_fts, 'row')")
        database.conn.commit()


def _row(chunk: Chunk, tokens: Tokens) -> dict[str, str | int | bytes]:
    spans = np.array([(token.start, token.end) for token in tokens.body], dtype=np.uint16)  # chunks are short
    return {
        "number": chunk.number,
        "heading": chunk.heading,
        "text": chunk.text,
        "start": chunk.start,
        "title": " ".join(search_terms(tokens.titles)),
        "body": " ".join(search_terms(tokens.body)),
        "spans": spans.tobytes(),
    }


class ChunkReader:
    """A chunks.db opened for reading, by any number of threads; goes on when the file is deleted.

    Its connections are opened at once, because a pruned snapshot may still be answering a question.
    """

    def __init__(self, path: Path) -> None:
        address = f"{path.resolve().as_uri()}?immutable=1"
        opened = [sqlite3.connect(address, uri=True, check_same_thread=False) for _ in range(CONNECTIONS)]
        weakref.finalize(self, _close, opened)
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()  # the one used last is warm
        for connection in opened:
            self._idle.put(connection)
        self._passage = lru_cache(maxsize=4096)(self._read_passage)
        self._frequency = lru_cache(maxsize=65536)(self._read_frequency)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._connection() as connection:
            return connection.execute(sql, values).fetchall()

    def counts(self) -> tuple[int, int]:
        """How many chunks there are, and how many of them the full-text index holds."""
        ((chunks, indexed),) = self._rows("select (select count(*) from chunks), count(*) from chunks_fts_docsize")
        return chunks, indexed

    def validity(self) -> NDArray[np.int32]:
        """The first and last day (ordinals, inclusive) of each chunk's document, shape (chunks, 2)."""
        rows = self._rows(
            "select effective_from, effective_to from chunks join documents on documents.n = chunks.document "
            "order by chunks.n"
        )
        days = [(_ordinal(starts, NEVER_STARTED), _ordinal(ends, NEVER_ENDS)) for starts, ends in rows]
        return np.array(days, dtype=np.int32).reshape(-1, 2)

    def bm25(self, terms: Sequence[str], chunks: int) -> Scores:
        """Each chunk's score for ``terms`` (FTS5's BM25, k1 = 1.2, b = .75), shape (chunks,); 0 without any of them."""
        scores: Scores = np.zeros(chunks, dtype=np.float32)
        if terms:
            match = " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))
            rows = self._rows("select rowid, -rank from chunks_fts where chunks_fts match ?", match)
            found = np.array(rows, dtype=np.float64).reshape(-1, 2)
            scores[found[:, 0].astype(np.int64)] = found[:, 1]
        return scores

    def passage(self, number: int) -> Passage:
        """One chunk with what is known of it."""
        return self._passage(number)

    def _read_passage(self, number: int) -> Passage:
        with self._connection() as connection:
            cursor = connection.execute(
                "select documents.*, chunks.* from chunks "
                "join documents on documents.n = chunks.document where chunks.n = ?",
                [number],
            )
            names = [column[0] for column in cursor.description]
            row = cursor.fetchone()
        split = names.index("n", 1)
        document = from_record(dict(zip(names[:split], row[:split], strict=True)))
        stored = dict(zip(names[split:], row[split:], strict=True))
        chunk = Chunk(document=document.id, **{name: stored[name] for name in ("number", "heading", "text", "start")})
        return Passage(
            document,
            chunk,
            frozenset(stored["title"].split()),
            tuple(stored["body"].split()),
            np.frombuffer(stored["spans"], dtype=np.uint16).reshape(-1, 2),
            plain(f"{document.title}\0{chunk.heading}"),
            plain(chunk.text),
        )

    def frequency(self, term: str) -> int:
        """In how many chunks a term occurs."""
        return self._frequency(term)

    def _read_frequency(self, term: str) -> int:
        rows = self._rows("select doc from vocabulary where term = ?", term)
        return int(rows[0][0]) if rows else 0


def _close(connections: Sequence[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _ordinal(day: str | None, unbounded: int) -> int:
    return date.fromisoformat(day).toordinal() if day else unbounded
