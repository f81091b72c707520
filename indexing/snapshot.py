"""One snapshot, opened for reading: BM25 over FTS5, dense search over FAISS, validity, passages."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexing import manifest
from indexing.chunks import ChunkReader, Passage
from indexing.embedding import Vectors
from indexing.fusion import Scores
from knowledge_base.errors import BrokenSnapshot

Numbers = NDArray[np.int64]
"""Chunk numbers within a snapshot: rows of ``chunks`` and positions in the FAISS index."""
Validity = NDArray[np.bool_]
"""Which chunks may be found, shape (chunks,)."""


class Snapshot:
    """An immutable index; safe for any number of threads, and usable after its folder was pruned.

    Opening checks every file against its checksum and raises BrokenSnapshot.
    """

    def __init__(self, folder: Path) -> None:
        import faiss

        self.manifest = manifest.verify(folder)
        try:
            self._vectors = faiss.read_index(str(folder / manifest.VECTORS))
            self._chunks = ChunkReader(folder / manifest.CHUNKS)
            days = self._chunks.validity()
            indexed = (*self._chunks.counts(), len(days), self._vectors.ntotal)
        except (RuntimeError, sqlite3.Error) as error:
            raise BrokenSnapshot(f"색인 '{folder.name}'을(를) 열 수 없습니다({error}).") from error
        if set(indexed) != {len(self)}:
            raise BrokenSnapshot(f"색인 '{folder.name}'의 조각 수가 맞지 않습니다({len(self)}개여야 하는데 {indexed}).")
        self._starts, self._ends = np.ascontiguousarray(days.T)

    def __len__(self) -> int:
        return self.manifest.chunks

    def valid_on(self, day: date) -> Validity:
        """The chunks of documents in force on ``day``."""
        valid: Validity = (self._starts <= day.toordinal()) & (day.toordinal() <= self._ends)
        return valid

    def bm25(self, terms: Sequence[str]) -> Scores:
        """Each chunk's BM25 score, shape (chunks,); 0 where none of ``terms`` occurs."""
        return self._chunks.bm25(terms, len(self))

    def nearest(self, query: Vectors, valid: Validity, limit: int) -> Numbers:
        """The ``limit`` valid chunks nearest to ``query`` by cosine, best first; fewer when fewer are valid."""
        import faiss

        parameters = None
        if not valid.all():  # FAISS' type stubs know only the C++ signatures
            selector = faiss.IDSelectorBitmap(np.packbits(valid, bitorder="little"))  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        _, numbers = self._vectors.search(query[None, :], min(limit, len(self)), params=parameters)
        found: Numbers = numbers[0][numbers[0] >= 0]
        return found

    def cosines(self, query: Vectors, numbers: Numbers) -> Scores:
        """The cosine of ``query`` with each of the chunks, shape (len(numbers),)."""
        vectors: Vectors = self._vectors.reconstruct_batch(numbers)
        cosines: Scores = vectors @ query
        return cosines

    def passage(self, number: int) -> Passage:
        """One chunk with what is known of it."""
        return self._chunks.passage(number)

    def frequency(self, term: str) -> int:
        """In how many chunks a term occurs."""
        return self._chunks.frequency(term)
