"""How fast memory grows with the calls served, and how sure that is.

Neighbouring samples are alike, which would make an ordinary interval far too narrow; so the line goes through the means
of a few long batches (batch means: Conway, Some tactical problems in digital simulation, Management Science 10, 1963),
with Student's t interval.
"""

from collections.abc import Sequence
from typing import NamedTuple

BATCHES = 20
PER = 1000


class Slope(NamedTuple):
    """Growth per thousand calls, and its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def is_flat(self) -> bool:
        """Whether no growth lies within the interval."""
        return self.low <= 0


def slope(calls: Sequence[float], values: Sequence[float]) -> Slope | None:
    """The slope of ``values`` over the number of calls served so far; None when there is too little to say.

    >>> slope([float(n) for n in range(100)], [500 + n / 10 for n in range(100)]).mean
    100.0
    """
    import numpy as np
    from scipy import stats

    x, y = np.asarray(calls, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if len(x) < BATCHES:
        return None
    served, used = (np.array([part.mean() for part in np.array_split(each, BATCHES)]) for each in (x, y))
    if np.ptp(served) == 0:
        return None
    if np.ptp(used) == 0:
        return Slope(0.0, 0.0, 0.0)
    line = stats.linregress(served, used)
    reach = float(stats.t.ppf(0.975, BATCHES - 2)) * line.stderr
    mean, low, high = (round(float(PER * each), 2) for each in (line.slope, line.slope - reach, line.slope + reach))
    return Slope(mean, low, high)
