"""95 % confidence intervals by the percentile bootstrap over questions.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. They tell how far a score
would move with other questions of the same sort. Equal scores give an interval of no width: with few
questions that says little.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RESAMPLES = 2_000
SEED = 0
"""The same resamples every time, so that a run gives the same figures when it is read again."""
LEVELS = (2.5, 97.5)
_AT_ONCE = 2_000_000  # numbers drawn in one go: some 30 MB


class Estimate(NamedTuple):
    """A mean over the ``n`` questions it applies to, and its 95 % interval."""

    mean: float
    low: float
    high: float
    n: int


def estimates(table: Mapping[str, Sequence[float | None]]) -> dict[str, Estimate]:
    """The mean of each column of ``table`` with its interval, all from the same resampled questions.

    The columns have one entry a question, None where the metric does not apply to it; a resampled mean is over
    the questions that it applies to. Columns without any score are left out.

    >>> estimates({"recall": [1.0, 1.0], "judge": [None, None]})
    {'recall': Estimate(mean=1.0, low=1.0, high=1.0, n=2)}
    """
    import numpy as np

    names = [name for name, column in table.items() if any(score is not None for score in column)]
    if not names:
        return {}
    scores = np.array([table[name] for name in names], dtype=np.float64).T
    applies = ~np.isnan(scores)
    filled = np.where(applies, scores, 0.0)
    means = np.concatenate([_ratio(counts @ filled, counts @ applies) for counts in _resampled(len(scores))])
    lows, highs = np.nanpercentile(means, LEVELS, axis=0)
    means_now = filled.sum(axis=0) / applies.sum(axis=0)
    columns = zip(names, means_now, lows, highs, applies.sum(axis=0), strict=True)
    return {name: Estimate(float(mean), float(low), float(high), int(n)) for name, mean, low, high, n in columns}


def interval_of(statistic: "Callable[[NDArray[np.intp]], float]", n: int) -> tuple[float, float]:
    """The interval of any ``statistic`` of the numbers of resampled questions (0 to n - 1, with repeats).

    Slower than ``estimates``: one call a resample. NaN marks a resample it is not defined for.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    values = [statistic(random.integers(0, n, n)) for _ in range(RESAMPLES)]
    low, high = np.nanpercentile(values, LEVELS)
    return float(low), float(high)


def _resampled(n: int) -> "Iterator[Array]":
    """How often each of ``n`` questions was drawn, in arrays of shape (some resamples, n)."""
    import numpy as np

    random = np.random.default_rng(SEED)
    left = RESAMPLES
    while left:
        rows = min(left, max(1, _AT_ONCE // n))
        drawn = random.integers(0, n, (rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
        left -= rows


def _ratio(sums: "Array", counts: "Array") -> "Array":
    import numpy as np

    with np.errstate(invalid="ignore"):  # a resample may hold no question that a metric applies to
        ratio: Array = sums / counts
    return ratio
