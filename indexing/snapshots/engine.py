"""What is asked of the engine that finds a snapshot's chunks: arrays in this process, or Milvus.

Fusion, ranking and everything that is shown are the same whichever it is.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexing.embedding.embedder import Vectors
from indexing.snapshots.chunks import NEVER_ENDS, NEVER_STARTED, Layout
from indexing.stage_clock import StageClock

Numbers = NDArray[np.int64]
"""Chunk numbers within a snapshot: places in its layout, the same in every engine."""
Scores = NDArray[np.float32]
"""How well chunks answer, by one measure."""
Validity = NDArray[np.bool_]
"""Which chunks may be found, shape (chunks,)."""

OFFICIAL_WEIGHT = 0.3
"""What an official word counts in BM25 that was not said, against one that was."""


class Scope(NamedTuple):
    """Which documents may be found.

    Those whose first and whose last day in force lie between two days (ordinals, inclusive), but for those at
    the places ``absent`` of the layout.
    """

    starts: tuple[int, int] = (NEVER_STARTED, NEVER_ENDS)
    ends: tuple[int, int] = (NEVER_STARTED, NEVER_ENDS)
    absent: frozenset[int] = frozenset()

    @classmethod
    def in_force(cls, day: date, absent: frozenset[int] = frozenset()) -> "Scope":
        """What is in force on ``day``."""
        return cls((NEVER_STARTED, day.toordinal()), (day.toordinal(), NEVER_ENDS), absent)

    @classmethod
    def coming(cls, after: date, until: date, absent: frozenset[int] = frozenset()) -> "Scope":
        """What comes into force after one day and not after another."""
        return cls((after.toordinal() + 1, until.toordinal()), absent=absent)

    def documents(self, layout: Layout) -> NDArray[np.bool_]:
        """Whether each document of a snapshot may be found, shape (documents,)."""
        starts, ends = layout.days.T
        may: NDArray[np.bool_] = (self.starts[0] <= starts) & (starts <= self.starts[1])
        may &= (self.ends[0] <= ends) & (ends <= self.ends[1])
        may[list(self.absent)] = False
        return may


class Wanted(NamedTuple):
    """What a question looks for: the terms said, official ones that were not, and its vector."""

    terms: Sequence[str]
    official: Sequence[str]
    meaning: Vectors


class Candidates(NamedTuple):
    """Chunks worth ranking, ascending, each with its BM25 (0 without any term) and cosine, shape (n,)."""

    numbers: Numbers
    bm25: Scores
    dense: Scores


class Engine(Protocol):
    """Finds chunks of one snapshot; for any number of threads.

    One that is not of this process raises StoreUnavailable when it does not answer, and BrokenSnapshot when
    the snapshot is no longer there.
    """

    def candidates(self, wanted: Wanted, scope: Scope, limit: int, clock: StageClock) -> Candidates:
        """The ``limit`` best chunks within ``scope`` by BM25 and those by cosine; the stages are ``bm25`` and
        ``dense``."""
        ...

    def scores(self, wanted: Wanted, numbers: Numbers) -> Candidates:
        """The same of the chunks ``numbers``, in ascending order, wherever they would rank."""
        ...

    def spread(self, query: Vectors) -> float:
        """The standard deviation of the cosine of ``query`` over all chunks, without looking at each of them."""
        ...


def covariance(vectors: Vectors) -> Vectors:
    """That of vectors, shape (dimension, dimension); all 0 without any."""
    if not len(vectors):
        return np.zeros((vectors.shape[1], vectors.shape[1]), dtype=np.float32)
    apart = vectors - vectors.mean(axis=0)
    found: Vectors = apart.T @ apart / np.float32(len(vectors))
    return found


def deviation(query: Vectors, covariance: Vectors) -> float:
    """The standard deviation of the cosine of ``query`` with vectors of this covariance."""
    return float(np.sqrt(max(0.0, float(query @ covariance @ query))))
