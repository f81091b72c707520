"""95 % confidence intervals of a mean score, by the percentile bootstrap.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
"""

from collections.abc import Sequence

RESAMPLES = 2_000


def interval(scores: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the mean over resampled questions; the same for the same seed.

    It tells how far the mean would move with other questions of the same sort. Equal scores give an interval
    of no width: with few questions that says little. Raises ValueError when there is no score.

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 1.0)
    """
    import numpy as np

    if not scores:
        raise ValueError("no score to draw from")
    random = np.random.default_rng(seed)
    population = np.asarray(scores, dtype=np.float64)
    means = [random.choice(population, size=population.size).mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
