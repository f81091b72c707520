"""What each token of a chunk means where it stands, to be met by the tokens of a question.

Late interaction (Khattab and Zaharia 2020, ColBERT) with an encoder that nobody trained for it, so the tokens of the
question are weighed (docs/decisions/008). Of a chunk's tokens those that mean nearly the same are kept as one (token
pooling; Clavié, Chaffin and Adams 2024): a third as many find as much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexing.embedding.embedder import Vectors
from indexing.snapshots.engine import Numbers, Scores
from indexing.snapshots.ragged import Ragged

Codes = NDArray[np.int8]
"""The vectors of tokens in eight bits a number, shape (tokens, dimension)."""

ALIKE = 0.9
"""The cosine above which two tokens are kept as one."""
_SCALE = 256
"""No number of a token's vector was above .3 in 190,000 tokens; what is above .5 is cut."""


def codes(tokens: Vectors) -> Codes:
    """What is kept of the tokens of a chunk.

    >>> near, far = [0.6, 0.8], [0.8, -0.6]
    >>> codes(np.float32([near, far, near])).shape
    (2, 2)
    >>> codes(np.empty((0, 2), np.float32)).tolist()  # nothing in it that the model reads: near nothing
    [[0, 0]]
    """
    if not len(tokens):
        return np.zeros((1, tokens.shape[1]), np.int8)
    return np.rint(_distinct(tokens) * _SCALE).clip(-127, 127).astype(np.int8)


class TokenVectors(Ragged):
    """The tokens of each chunk, at least one."""

    rows: Codes

    @classmethod
    def of(cls, chunks: Sequence[Codes], dimension: int) -> TokenVectors:
        """Those of chunks with these tokens."""
        rows = np.concatenate([np.empty((0, dimension), np.int8), *chunks])
        return cls(rows, np.cumsum([0, *map(len, chunks)], dtype=np.int64))

    def closeness(self, query: Vectors, numbers: Numbers) -> Scores:
        """How near each of n ≥ 1 chunks comes to the m tokens of a question, (m, dimension); shape (n,).

        Each takes its nearest token of a chunk, and weighs by how far the best chunk then stands above poor ones.
        """
        starts, ends = self.starts[numbers], self.starts[numbers + 1]
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        # made float32 while they are gathered: half of the time it takes one after the other
        tokens = np.concatenate([self.rows[start:end] for start, end in spans], dtype=np.float32, casting="unsafe")
        wanted = np.zeros((query.shape[1], -(-len(query) // 4) * 4), np.float32)  # 15 columns take BLAS as long as 30
        wanted[:, : len(query)] = query.T / _SCALE
        return weighed(np.maximum.reduceat(tokens @ wanted, np.cumsum(ends - starts) - (ends - starts), axis=0))


def weighed(nearest: Vectors) -> Scores:
    """The weighted mean over the tokens of a question, of shape (n, m), for each of n chunks.

    >>> weighed(np.float32([[0.75, 0.5], [0.75, 0.25], [0.75, 0.25]])).tolist()  # the first token tells nothing
    [0.5, 0.25, 0.25]
    """
    eighth = len(nearest) // 8
    poor = np.partition(nearest, eighth, axis=0)[eighth]
    weights = nearest.max(axis=0) - poor
    found: Scores = nearest @ (weights / max(float(weights.sum()), 1e-6))
    return found


def _distinct(tokens: Vectors) -> Vectors:
    """Those that are alike joined to their mean, of length 1, in the order of the first of each."""
    alike = tokens @ tokens.T > ALIKE
    left = np.ones(len(tokens), dtype=np.bool_)
    means = []
    for first in range(len(tokens)):
        if left[first]:
            group = alike[first] & left
            group[first] = True
            left &= ~group
            means.append(tokens[group].mean(axis=0))
    joined: Vectors = np.stack(means)
    joined /= np.linalg.norm(joined, axis=1, keepdims=True)
    return joined
