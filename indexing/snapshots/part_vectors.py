"""What the titles of each chunk and its sentences mean, each for itself.

The vector of a chunk is about everything in it, that of its best sentence about what is asked: together they find more
than either (docs/decisions/008).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing.embedding.embedder import Vectors
from indexing.snapshots.engine import Numbers, Scores
from indexing.snapshots.ragged import Ragged

Halves = NDArray[np.uint16]
"""The upper halves of float32 numbers (bfloat16, which NumPy has not): a cosine is off by .0004 at most, and they are
made whole three times as fast as float16."""


class Nearest(NamedTuple):
    """The cosine of a question with the nearest part of each chunk, be it the titles or a sentence, and with its
    nearest sentence, both of shape (chunks,); and with each sentence of each chunk."""

    part: Scores
    sentence: Scores
    sentences: Sequence[Scores]


class PartVectors(Ragged):
    """The vectors of length 1, in halves: for each chunk that of its titles, then of its sentences."""

    rows: Halves

    @classmethod
    def of(cls, vectors: Vectors, counts: Sequence[int]) -> PartVectors:
        """Those of chunks with so many vectors each."""
        return cls(_halves(vectors), np.cumsum([0, *counts], dtype=np.int64))

    def nearest(self, query: Vectors, numbers: Numbers) -> Nearest:
        """How near ``query`` comes to parts of these chunks."""
        if not len(numbers):
            return Nearest(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32), ())
        asked = self.taken(numbers)
        cosines: Scores = _whole(asked.rows) @ query
        titles = asked.starts[:-1]
        part = np.maximum.reduceat(cosines, titles)
        cosines[titles] = -1
        sentences = [cosines[start + 1 : end] for start, end in pairwise(asked.starts.tolist())]
        return Nearest(part, np.maximum.reduceat(cosines, titles), sentences)


def _halves(vectors: Vectors) -> Halves:
    """Rounded to the nearest.

    >>> _whole(_halves(np.float32([[1, -0.1]]))).tolist()
    [[1.0, -0.10009765625]]
    """
    bits = np.ascontiguousarray(vectors, dtype=np.float32).view(np.uint32)
    return ((bits + 0x8000) >> 16).astype(np.uint16)


def _whole(halves: Halves) -> Vectors:
    bits: NDArray[np.uint32] = np.left_shift(halves, 16, dtype=np.uint32)
    return bits.view(np.float32)
