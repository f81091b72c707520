"""How far a document stands out among those found: an answer has one home, a question without an answer has none.

A home is a document, or a stretch of a long one: a guide of hundreds of chunks is near to every question on its topic.
Near misses of a question that nothing answers are about equally near; the right document is nearer than its rivals by
more than cosines usually differ. So the unit is the spread of the question's cosines over the whole index, which makes
the shares comparable from one embedding model to the next.
"""

import math

import numpy as np

from indexing.snapshots.engine import Numbers, Scores

TEMPERATURE = 0.75
"""In deviations of the cosine; from .5 to 1 all do as well on the welfare services."""
TYPICAL_SPREAD = 0.0135
"""multilingual-e5-small's, which a small index is thought to have as far as it has too few chunks to tell."""
ENOUGH_CHUNKS = 50
LONGEST_HOME = 10
"""Chunks, some 4,000 characters; with 6 it is the same, with 20 more is answered from guides that only come near."""


def homes(documents: Numbers, places: Numbers) -> Numbers:
    """A number for the home of each of n ascending chunks, by its document's number and its place in it, shape (n,).

    >>> homes(np.array([7, 7, 7, 9]), np.array([0, 9, 10, 0])).tolist()
    [0, 0, 1, 2]
    """
    stretches = places // LONGEST_HOME
    names = documents * (stretches.max(initial=0) + 1) + stretches
    return np.cumsum(np.diff(names, prepend=names[:1]) != 0)


def shares(homes: Numbers, cosines: Scores, spread: float) -> Scores:
    """The share of each chunk's home in what all homes found weigh, shape (n,), 0 to 1.

    A home weighs e to the power of its best cosine, in units of ``TEMPERATURE`` times ``spread`` (above 0).

    >>> shares(np.array([0, 0, 1]), np.float32([0.9, 0.8, 0.9]), 0.01).round(2).tolist()
    [0.5, 0.5, 0.5]
    """
    if not len(homes):
        return np.zeros(0, dtype=np.float32)
    best = _best(homes, cosines)
    weights = np.exp((best - best.max()) / (TEMPERATURE * spread))
    return np.asarray((weights / weights.sum())[homes], dtype=np.float32)


def nearest(homes: Numbers, cosines: Scores) -> Scores:
    """The best cosine of each chunk's home, shape (n,).

    >>> nearest(np.array([0, 0, 1]), np.float32([0.75, 0.5, 0.25])).tolist()
    [0.75, 0.75, 0.25]
    """
    return _best(homes, cosines)[homes]


def leads(homes: Numbers, closeness: Scores) -> Scores:
    """How much nearer each of n ≥ 1 chunks comes than the best of another home, shape (n,); 0 at most with no other.

    >>> leads(np.array([0, 0, 2]), np.float32([0.75, 0.5, 0.25])).tolist()
    [0.5, 0.25, -0.5]
    """
    best = _best(homes, closeness)
    first = int(best.argmax())
    others = closeness[homes != first]
    second = others.max() if len(others) else best[first]
    rivals = np.where(homes == first, second, best[first])
    return np.asarray(closeness - rivals, dtype=np.float32)


def _best(homes: Numbers, cosines: Scores) -> Scores:
    """The best cosine of each home from 0 on; of one without chunks minus infinity."""
    best = np.full(homes.max(initial=-1) + 1, -np.inf, dtype=np.float32)
    np.maximum.at(best, homes, cosines)
    return best


def expected_spread(deviation: float, chunks: int) -> float:
    """The deviation of a question's cosines over an index of so many chunks, drawn to the typical one where few."""
    variance = chunks * deviation**2 + ENOUGH_CHUNKS * TYPICAL_SPREAD**2
    return math.sqrt(variance / (chunks + ENOUGH_CHUNKS))
