"""chunks.db, the written half of a snapshot: documents, chunks and their terms, opened for reading."""

import sqlite3
import weakref
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from queue import LifoQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing.lexical.tokens import Token, plain, search_terms
from knowledge_base.document import Chunk, Document
from knowledge_base.record import from_record

DOCUMENT_FIELDS = tuple(Document.__dataclass_fields__)
CONNECTIONS = 8  # questions that read at once; more wait their turn
NEVER_STARTED, NEVER_ENDS = date.min.toordinal(), date.max.toordinal()


class Entry(NamedTuple):
    """A chunk on its way into the index, with the document it belongs to."""

    document: Document
    chunk: Chunk

    @property
    def titles(self) -> str:
        return _titles(self.document.title, self.chunk.heading)

    @property
    def text(self) -> str:
        """What is embedded: titles, then the chunk. Chunks that share it share vectors and terms too."""
        return f"{self.titles}\n{self.chunk.text}"

    @property
    def parts(self) -> list[str]:
        """What is embedded beside it, each for itself: the titles (the question of an FAQ), then every sentence."""
        return [self.titles, *(self.chunk.text[start:end] for start, end in self.chunk.sentences)]


class Terms(NamedTuple):
    """The terms of a chunk's titles and of its text as they are stored, parted by spaces.

    ``spans`` (uint16, shape (n, 2)) are where in the text the first n terms of the body stand.
    """

    title: str
    body: str
    spans: bytes

    @classmethod
    def of(cls, titles: Sequence[Token], body: Sequence[Token]) -> "Terms":
        """What is stored of these tokens."""
        spans = np.array([(token.start, token.end) for token in body], dtype=np.uint16)  # chunks are short
        return cls(" ".join(search_terms(titles)), " ".join(search_terms(body)), spans.tobytes())

    @property
    def bag(self) -> list[str]:
        """Every term of titles and text, as BM25 counts them."""
        return self.title.split() + self.body.split()


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


class Layout(NamedTuple):
    """Which chunk stands where: the row of each and the place of its document in ``ids``, shape (chunks,).

    Chunks are in the order of their documents' ids, so a document in the middle that grows moves no row.
    ``days`` are the first and last day (ordinals, inclusive) each document is in force, shape (documents, 2);
    an id is there once a version.
    """

    rows: NDArray[np.int64]
    documents: NDArray[np.int64]
    ids: list[str]
    days: NDArray[np.int32]


class _Connections:
    """A database opened for reading by several threads at once; goes on when the file is deleted.

    All are opened at once, because a pruned snapshot may still be answering a question.
    """

    def __init__(self, path: Path) -> None:
        address = f"{path.resolve().as_uri()}?immutable=1"
        opened = [sqlite3.connect(address, uri=True, check_same_thread=False) for _ in range(CONNECTIONS)]
        weakref.finalize(self, _close, opened)
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()  # the one used last is warm
        for connection in opened:
            self._idle.put(connection)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        connection = self._idle.get()
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            self._idle.put(connection)


class ChunkReader:
    """A chunks.db opened for reading, by any number of threads; closed when nobody uses it any more."""

    def __init__(self, path: Path) -> None:
        # the caches know the connections alone: a reader that they knew would outlive its use
        connections = _Connections(path)
        document = lru_cache(maxsize=512)(partial(_document, connections))
        self._rows = connections.rows
        self.passage = lru_cache(maxsize=4096)(partial(_passage, connections, document))

    def counts(self) -> tuple[int, int]:
        """How many chunks there are, and how many of them the full-text index holds."""
        ((chunks, indexed),) = self._rows("select (select count(*) from chunks), count(*) from chunks_fts_docsize")
        return chunks, indexed

    def layout(self) -> Layout:
        """The order of the chunks, which is that of their documents' ids and of their own numbers."""
        documents = self._rows("select n, id, effective_from, effective_to from documents order by id, n")
        place = {n: place for place, (n, *_) in enumerate(documents)}
        chunks = self._rows(
            "select chunks.n, document from documents join chunks on document = documents.n order by id, number"
        )
        days = [(_ordinal(starts, NEVER_STARTED), _ordinal(ends, NEVER_ENDS)) for *_, starts, ends in documents]
        return Layout(
            np.array([row for row, _ in chunks], dtype=np.int64),
            np.array([place[document] for _, document in chunks], dtype=np.int64),
            [document for _, document, *_ in documents],
            np.array(days, dtype=np.int32).reshape(-1, 2),
        )

    def titles(self) -> dict[str, str]:
        """The title of each document; of its latest version where there are several."""
        return dict(self._rows("select id, title from documents order by coalesce(effective_from, ''), n"))

    def matching(self, term: str) -> list[int]:
        """The rows in which SQLite's own full-text index finds a term."""
        match = '"' + term.replace('"', '""') + '"'
        return [row for (row,) in self._rows("select rowid from chunks_fts where chunks_fts match ?", match)]

    def terms_by_text(self, document_ids: Sequence[str]) -> dict[str, Terms]:
        """The terms of every chunk of these documents, by the text with its titles."""
        query = (
            "select documents.title, heading, chunks.text, chunks.title, body, spans "
            "from documents join chunks on document = documents.n where id = ?"
        )
        return {
            f"{_titles(title, heading)}\n{text}": Terms(*terms)
            for document in document_ids
            for title, heading, text, *terms in self._rows(query, document)
        }


def _passage(connections: _Connections, document_of: Callable[[int], Document], row: int) -> Passage:
    query = "select document, number, heading, text, start, title, body, spans from chunks where n = ?"
    ((n, number, heading, text, start, title, body, spans),) = connections.rows(query, row)
    document = document_of(n)
    return Passage(
        document,
        Chunk(document=document.id, number=number, heading=heading, text=text, start=start),
        frozenset(title.split()),
        tuple(body.split()),
        np.frombuffer(spans, dtype=np.uint16).reshape(-1, 2),
        plain(f"{document.title}\0{heading}"),
        plain(text),
    )


def _document(connections: _Connections, n: int) -> Document:
    (values,) = connections.rows(f"select {', '.join(DOCUMENT_FIELDS)} from documents where n = ?", n)  # noqa: S608
    return from_record(dict(zip(DOCUMENT_FIELDS, values, strict=True)))


def _titles(title: str, heading: str) -> str:
    return "\n".join(filter(None, (title, heading)))


def _close(connections: Sequence[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _ordinal(day: str | None, unbounded: int) -> int:
    return date.fromisoformat(day).toordinal() if day else unbounded
