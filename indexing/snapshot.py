"""One snapshot, opened for reading: BM25 over FTS5, dense search over FAISS, validity, passages."""

import sqlite3
import threading
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing import manifest
from indexing.embedding import Vectors
from indexing.fusion import Scores
from knowledge_base.document import Chunk, Document
from knowledge_base.errors import BrokenSnapshot
from knowledge_base.record import from_record

Numbers = NDArray[np.int64]
"""Chunk numbers within a snapshot: rows of ``chunks`` and positions in the FAISS index."""

NEVER_STARTED, NEVER_ENDS = date.min.toordinal(), date.max.toordinal()


class Ranking(NamedTuple):
    """Chunk numbers and their scores, best first, both of shape (n,)."""

    numbers: Numbers
    scores: Scores


class Passage(NamedTuple):
    """A stored chunk with its document, its terms, and the spans of the body's morphemes.

    ``compact`` is its titles and text in lower case without spaces.
    """

    document: Document
    chunk: Chunk
    title_terms: frozenset[str]
    body_terms: tuple[str, ...]
    compact: str
    offsets: NDArray[np.uint16]


class Snapshot:
    """An immutable index; safe for any number of threads (each gets its own SQLite connection).

    Opening checks every file against its checksum and raises BrokenSnapshot.
    """

    def __init__(self, folder: Path) -> None:
        import faiss

        self.manifest = manifest.verify(folder)
        self._path = folder / manifest.CHUNKS
        self._local = threading.local()
        try:
            self._vectors = faiss.read_index(str(folder / manifest.VECTORS))
            self._starts, self._ends = self._read_validity()
            self._passage = lru_cache(maxsize=4096)(self._read_passage)
            self._frequency = lru_cache(maxsize=65536)(self._read_frequency)
        except (RuntimeError, sqlite3.Error) as error:
            raise BrokenSnapshot(f"색인 '{folder.name}'을(를) 열 수 없습니다({error}).") from error

    def __len__(self) -> int:
        return self.manifest.chunks

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?immutable=1", uri=True)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _read_validity(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        rows = self._connection.execute(
            "select effective_from, effective_to from chunks join documents on documents.n = chunks.document "
            "order by chunks.n"
        )
        bounds = [(_ordinal(starts, NEVER_STARTED), _ordinal(ends, NEVER_ENDS)) for starts, ends in rows]
        days = np.array(bounds, dtype=np.int32).reshape(-1, 2)
        return np.ascontiguousarray(days[:, 0]), np.ascontiguousarray(days[:, 1])

    def valid_on(self, day: date) -> NDArray[np.bool_]:
        """Which chunks belong to documents in force on ``day``, shape (chunks,)."""
        return (self._starts <= day.toordinal()) & (day.toordinal() <= self._ends)

    def bm25(self, terms: Sequence[str], valid: NDArray[np.bool_], limit: int) -> Ranking:
        """The ``limit`` best valid chunks with any of ``terms`` (FTS5's BM25, k1 = 1.2, b = .75)."""
        if not terms:
            return Ranking(np.empty(0, np.int64), np.empty(0, np.float32))
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))
        # as many rows more as could be invalid, so that filtering afterwards loses none
        rows = self._connection.execute(
            "select rowid, -rank from chunks_fts where chunks_fts match ? order by rank limit ?",
            [match, limit + int(valid.size - valid.sum())],
        ).fetchall()
        found = [(number, score) for number, score in rows if valid[number]][:limit]
        numbers = np.fromiter((number for number, _ in found), np.int64, len(found))
        return Ranking(numbers, np.fromiter((score for _, score in found), np.float32, len(found)))

    def dense(self, query: Vectors, valid: NDArray[np.bool_], limit: int) -> Ranking:
        """The ``limit`` valid chunks nearest to ``query``, by cosine."""
        import faiss

        parameters = None
        if not valid.all():
            selector = faiss.IDSelectorBitmap(np.packbits(valid, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        scores, numbers = self._vectors.search(query[None, :], min(limit, len(self)), params=parameters)
        found = numbers[0] >= 0
        return Ranking(numbers[0][found], scores[0][found])

    def cosines(self, query: Vectors, numbers: Numbers) -> Scores:
        """The cosine of ``query`` with each of the chunks, shape (len(numbers),)."""
        vectors: Vectors = self._vectors.reconstruct_batch(numbers)
        cosines: Scores = vectors @ query
        return cosines

    def passage(self, number: int) -> Passage:
        """One chunk with what is known of it."""
        return self._passage(number)

    def _read_passage(self, number: int) -> Passage:
        cursor = self._connection.execute(
            "select chunks.*, documents.* from chunks join documents on documents.n = chunks.document "
            "where chunks.n = ?",
            [number],
        )
        row = cursor.fetchone()
        names = [column[0] for column in cursor.description]
        split = names.index("n", 1)  # the documents' columns begin at the second n
        stored = dict(zip(names[:split], row[:split], strict=True))
        document = from_record(dict(zip(names[split:], row[split:], strict=True)))
        chunk = Chunk(
            document=document.id,
            number=stored["number"],
            heading=stored["heading"],
            text=stored["text"],
            start=stored["start"],
        )
        offsets = np.frombuffer(stored["offsets"], dtype=np.uint16).reshape(-1, 2)
        compact = "".join(f"{document.title}{chunk.heading}{chunk.text}".lower().split())
        titles, body = frozenset(stored["title"].split(" ")), tuple(stored["body"].split(" "))
        return Passage(document, chunk, titles, body, compact, offsets)

    def frequency(self, term: str) -> int:
        """In how many chunks a term occurs."""
        return self._frequency(term)

    def _read_frequency(self, term: str) -> int:
        row = self._connection.execute("select doc from vocabulary where term = ?", [term]).fetchone()
        return int(row[0]) if row else 0


def _ordinal(day: str | None, unbounded: int) -> int:
    return date.fromisoformat(day).toordinal() if day else unbounded
