"""The engine within this process: BM25 over a snapshot's postings and cosines in FAISS."""

import sqlite3
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.embedding.embedder import Vectors
from indexing.lexical.postings import Postings
from indexing.snapshots import manifest, quantised
from indexing.snapshots.chunks import Layout
from indexing.snapshots.engine import (
    OFFICIAL_WEIGHT,
    Candidates,
    Numbers,
    Scope,
    Scores,
    Validity,
    Wanted,
    covariance,
    deviation,
)
from indexing.stage_clock import StageClock
from knowledge_base.errors import BrokenSnapshot


class Neighbours(NamedTuple):
    """The chunks nearest to each of n others and their cosines, shape (n, limit); -1 stands for none."""

    numbers: Numbers
    cosines: Vectors


class Arrays:
    """The postings and vectors in the folder of a snapshot, read whole; raises BrokenSnapshot when they cannot be."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        import faiss

        try:
            self._vectors = faiss.read_index(str(folder / manifest.VECTORS))
            self.postings = Postings.read(folder / manifest.TERMS)
        except (RuntimeError, ValueError, KeyError, OSError, sqlite3.Error) as error:
            raise BrokenSnapshot(f"색인 '{folder.name}'을(를) 열 수 없습니다({error}).") from error
        self._layout = layout
        self._valid = lru_cache(maxsize=8)(lambda scope: scope.documents(layout)[layout.documents])  # the same all day
        self._quantised = quantised.quantised(self._vectors, self.all_vectors())

    def __len__(self) -> int:
        return len(self._layout.rows)

    def counts(self) -> tuple[int, int]:
        """How many chunks the postings are of, and how many vectors there are."""
        return len(self.postings.lengths), self._vectors.ntotal

    def candidates(self, wanted: Wanted, scope: Scope, limit: int, clock: StageClock) -> Candidates:
        valid = self._valid(scope)
        with clock.stage("bm25"):
            every = self._bm25(wanted)
            lexical = best(np.where(valid, every, 0), limit)
        with clock.stage("dense"):
            numbers = np.union1d(lexical, self.nearest(wanted.meaning, valid, limit))
            return Candidates(numbers, every[numbers], self.cosines(wanted.meaning, numbers))

    def scores(self, wanted: Wanted, numbers: Numbers) -> Candidates:
        numbers = np.sort(numbers)
        return Candidates(numbers, self._bm25(wanted)[numbers], self.cosines(wanted.meaning, numbers))

    def _bm25(self, wanted: Wanted) -> Scores:
        every: Scores = self.postings.scores(wanted.terms)
        if wanted.official:
            every += np.float32(OFFICIAL_WEIGHT) * self.postings.scores(wanted.official)
        return every

    def nearest(self, query: Vectors, valid: Validity, limit: int) -> Numbers:
        """The ``limit`` valid chunks nearest to ``query`` by cosine, best first; fewer when fewer are valid.

        Of many chunks one in a hundred may be missed for one that is as near but for rounding.
        """
        import faiss

        faiss.omp_set_num_threads(1)  # one question is one thread's work; the others would spin, in the model's way
        parameters = None
        if not valid.all():  # FAISS' type stubs know only the C++ signatures
            selector = faiss.IDSelectorBitmap(np.packbits(valid, bitorder="little"))  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        searched = self._quantised or self._vectors
        enough = int(limit * quantised.SPARE) if self._quantised else limit
        _, numbers = searched.search(query[None, :], min(enough, len(self)), params=parameters)
        found: Numbers = numbers[0][numbers[0] >= 0]
        if self._quantised:
            found = found[np.argsort(-self.cosines(query, found), kind="stable")[:limit]]
        return found

    def neighbours(self, numbers: Numbers, among: Validity, limit: int) -> Neighbours:
        """The ``limit`` chunks nearest to each of ``numbers`` among those marked, itself left out, best first."""
        import faiss

        selector = faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        cosines, found = self._vectors.search(self.vectors(numbers), min(limit + 1, len(self)), params=parameters)
        found[found == numbers[:, None]] = -1
        return Neighbours(found, cosines)

    def vectors(self, numbers: Numbers) -> Vectors:
        """The vectors of these chunks, shape (len(numbers), dimension)."""
        vectors: Vectors = self._vectors.reconstruct_batch(numbers)
        return vectors

    def all_vectors(self) -> Vectors:
        """Those of every chunk, shape (chunks, dimension); not a copy, and not to be written to."""
        import faiss

        shape = (len(self), self._vectors.d)
        start = self._vectors.get_xb()  # type: ignore[attr-defined]
        vectors: Vectors = faiss.rev_swig_ptr(start, shape[0] * shape[1]).reshape(shape)
        return vectors

    def cosines(self, query: Vectors, numbers: Numbers) -> Scores:
        """The cosine of ``query`` with each of the chunks, shape (len(numbers),)."""
        cosines: Scores = self.vectors(numbers) @ query
        return cosines

    def spread(self, query: Vectors) -> float:
        return deviation(query, self._covariance)

    @cached_property
    def _covariance(self) -> Vectors:
        """Computed once, 0.2 s for 40,000 chunks."""
        return covariance(self.all_vectors())


def best(scores: Scores, limit: int) -> Numbers:
    """The places of the highest scores above 0, best first; the earlier place where two are the same.

    >>> best(np.float32([0, 2, 3, 2]), 2).tolist()
    [2, 1]
    """
    least = np.partition(scores, -limit)[-limit] if len(scores) > limit else 0
    found = np.flatnonzero((scores >= least) & (scores > 0))  # only those that may be among the best are sorted
    return found[np.argsort(-scores[found], kind="stable")[:limit]]
