"""Vectors of which each chunk has its own number, in one file that is mapped, not loaded: a question reads those of
some hundred chunks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexing.snapshots.engine import Numbers


class Ragged:
    """Rows of numbers, shape (rows, dimension), those of one chunk after another.

    Those of chunk ``n`` are ``rows[starts[n] : starts[n + 1]]``.
    """

    def __init__(self, rows: NDArray[Any], starts: Numbers) -> None:
        self.rows, self.starts = rows, starts

    def __len__(self) -> int:
        """How many chunks there are."""
        return len(self.starts) - 1

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open a file that ``write`` wrote; raises ValueError or OSError when it is none."""
        with path.open("rb") as file:
            starts = np.lib.format.read_array(file, allow_pickle=False)
            if np.lib.format.read_magic(file) != (1, 0):
                raise ValueError(path.name)
            shape, _, kind = np.lib.format.read_array_header_1_0(file)
            rows = np.memmap(path, dtype=kind, mode="r", offset=file.tell(), shape=shape)
        return cls(rows.view(np.ndarray), starts)  # every part of a memmap is one again, which takes longer to make

    def write(self, path: Path) -> None:
        """Write both arrays to one file."""
        with path.open("wb") as file:
            np.lib.format.write_array(file, self.starts, version=(1, 0), allow_pickle=False)
            np.lib.format.write_array(file, self.rows, version=(1, 0), allow_pickle=False)

    def taken(self, numbers: Numbers) -> Self:
        """Those of these chunks, in this order.

        >>> made = Ragged(np.arange(5)[:, None], np.array([0, 2, 3, 5]))
        >>> some = made.taken(np.array([2, 0]))
        >>> some.rows.ravel().tolist(), some.starts.tolist()
        ([3, 4, 0, 1], [0, 2, 4])
        """
        counts = self.starts[numbers + 1] - self.starts[numbers]
        starts = np.cumsum(np.concatenate([[0], counts]))
        places = np.repeat(self.starts[numbers] - starts[:-1], counts) + np.arange(starts[-1])
        return type(self)(self.rows[places], starts)

    def joined(self, other: Self) -> Self:
        """These, then the others."""
        return type(self)(
            np.concatenate([self.rows, other.rows]), np.concatenate([self.starts, self.starts[-1] + other.starts[1:]])
        )
