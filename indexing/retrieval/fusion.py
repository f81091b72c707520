"""Two rankings to one: the weighted sum of standardised scores (Kuzi et al. 2020 call it z-score fusion).

Reciprocal ranks throw the margins away; on the welfare services they lose .014 MRR to this sum.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing.snapshots.engine import Scores

# One weight for every collection: .3 is best on short service pages, .5 on long reports.
BM25_WEIGHT = 0.35

BM25_BESIDE_TOKENS, VECTORS_BESIDE_TOKENS, TOKENS_WEIGHT = 0.29, 0.43, 0.43
"""Where the tokens are compared as well (docs/decisions/008); the sum of the best is as large as of the one above."""


class Compared(NamedTuple):
    """The places of m of n candidates, and how near their tokens come to those of the question, both of shape (m,)."""

    places: NDArray[np.int64]
    closeness: Scores

    def among(self, candidates: int, values: Scores) -> Scores:
        """Their ``values`` (m,) among those of all n candidates, of which the others have the least."""
        every = np.full(candidates, values.min(), dtype=np.float32)
        every[self.places] = values
        return every


def fuse(bm25: Scores, dense: Scores) -> Scores:
    """The fused scores of the same n candidates, shape (n,); a ranking without spread has no say.

    >>> fuse(np.float32([3, 0]), np.float32([0.9, 0.9])).tolist()
    [0.3499999940395355, -0.3499999940395355]
    """
    return BM25_WEIGHT * standardised(bm25) + (1 - BM25_WEIGHT) * standardised(dense)


def fuse_tokens(bm25: Scores, dense: Scores, compared: Compared) -> Scores:
    """As ``fuse``, with the tokens of some candidates; the others come no nearer than the farthest of these.

    >>> some = Compared(np.array([1, 0]), np.float32([0.5, 0.25]))
    >>> fuse_tokens(np.float32([1, 1, 1]), np.float32([1, 1, 1]), some).tolist()
    [-0.4300000071525574, 0.4300000071525574, -0.4300000071525574]
    """
    tokens = compared.among(len(bm25), standardised(compared.closeness))
    vectors = VECTORS_BESIDE_TOKENS * standardised(dense)
    fused: Scores = BM25_BESIDE_TOKENS * standardised(bm25) + vectors + TOKENS_WEIGHT * tokens
    return fused


def standardised(scores: Scores) -> Scores:
    """Mean 0 and deviation 1; all 0 when every score is the same."""
    if not scores.size:
        return scores
    apart: Scores = scores - scores.sum() / scores.size
    deviation = math.sqrt(float(apart @ apart) / scores.size)  # a quarter of the time std() takes
    return apart / deviation if deviation > 1e-6 else np.zeros_like(scores)
