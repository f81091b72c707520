"""What the titles of each chunk and its sentences mean, each for itself.

The vector of a chunk is about everything in it, that of its best sentence about what is asked: together they find more
than either (docs/decisions/008). They stay on the disk; a question reads those of some hundred chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing.embedding import Vectors
from indexing.engine import Numbers
from indexing.fusion import Scores

Halves = NDArray[np.uint16]
"""The upper halves of float32 numbers (bfloat16, which NumPy has not): a cosine is off by .0004 at most, and they are
made whole three times as fast as float16."""


class Nearest(NamedTuple):
    """The cosine of a question with the nearest part of each chunk, be it the titles or a sentence, and with its
    nearest sentence; both of shape (chunks,)."""

    part: Scores
    sentence: Scores


class PartVectors:
    """The vectors of length 1, shape (parts, dimension), those of one chunk after another.

    Those of chunk ``n`` are ``vectors[starts[n] : starts[n + 1]]``: that of its titles, then of its sentences.
    """

    def __init__(self, vectors: Halves, starts: Numbers) -> None:
        self.vectors, self.starts = vectors, starts

    def __len__(self) -> int:
        """How many chunks there are."""
        return len(self.starts) - 1

    @classmethod
    def of(cls, vectors: Vectors, counts: Sequence[int]) -> PartVectors:
        """Those of chunks with so many vectors each."""
        return cls(_halves(vectors), np.cumsum([0, *counts], dtype=np.int64))

    @classmethod
    def read(cls, path: Path) -> PartVectors:
        """Open a file that ``write`` wrote; raises ValueError or OSError when it is none."""
        with path.open("rb") as file:
            starts = np.lib.format.read_array(file, allow_pickle=False)
            if np.lib.format.read_magic(file) != (1, 0):
                raise ValueError(path.name)
            shape, _, kind = np.lib.format.read_array_header_1_0(file)
            vectors = np.memmap(path, dtype=kind, mode="r", offset=file.tell(), shape=shape)
        return cls(vectors, starts)

    def write(self, path: Path) -> None:
        """Write both arrays to one file."""
        with path.open("wb") as file:
            np.lib.format.write_array(file, self.starts, version=(1, 0), allow_pickle=False)
            np.lib.format.write_array(file, self.vectors, version=(1, 0), allow_pickle=False)

    def nearest(self, query: Vectors, numbers: Numbers) -> Nearest:
        """How near ``query`` comes to parts of these chunks."""
        if not len(numbers):
            return Nearest(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32))
        rows, starts = self._rows(numbers)
        cosines: Scores = _whole(self.vectors[rows]) @ query
        titles = starts[:-1]
        part = np.maximum.reduceat(cosines, titles)
        cosines[titles] = -1
        return Nearest(part, np.maximum.reduceat(cosines, titles))

    def cosines(self, query: Vectors, number: int) -> Scores:
        """The cosine of ``query`` with the titles of a chunk, then with each of its sentences."""
        found: Scores = _whole(self.vectors[self.starts[number] : self.starts[number + 1]]) @ query
        return found

    def taken(self, numbers: Numbers) -> PartVectors:
        """Those of these chunks, in this order."""
        rows, starts = self._rows(numbers)
        return PartVectors(self.vectors[rows], starts)

    def joined(self, other: PartVectors) -> PartVectors:
        """These, then the others."""
        return PartVectors(
            np.concatenate([self.vectors, other.vectors]),
            np.concatenate([self.starts, self.starts[-1] + other.starts[1:]]),
        )

    def _rows(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """The places of the parts of these chunks, and where those of each start among them.

        >>> made = PartVectors(np.zeros((5, 1), np.uint16), np.array([0, 2, 3, 5]))
        >>> [places.tolist() for places in made._rows(np.array([2, 0]))]
        [[3, 4, 0, 1], [0, 2, 4]]
        """
        counts = self.starts[numbers + 1] - self.starts[numbers]
        starts = np.cumsum(np.concatenate([[0], counts]))
        rows = np.repeat(self.starts[numbers] - starts[:-1], counts) + np.arange(starts[-1])
        return rows, starts


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
