"""Evidence that came up on calls though nothing was asked: how often, and whether a change made it more."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.examination.result import PlayedCall
from eval.metrics.confidence import Estimate, interval_of
from eval.metrics.significance import Paired, paired

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PER = 10
"""Utterances of callers per which needless proposals are counted."""


def needless_per_10(calls: Sequence[PlayedCall]) -> Estimate:
    """Needless proposals in ten utterances of the callers, its interval by resampling calls.

    >>> quiet = PlayedCall(id="t1", said=20, unasked=())
    >>> needless_per_10([quiet])
    Estimate(mean=0.0, low=0.0, high=0.0, n=1)
    """
    import numpy as np

    unasked, said = (
        np.array(column) for column in zip(*((len(each.unasked), each.said) for each in calls), strict=True)
    )

    def rate(drawn: "NDArray[np.intp]") -> float:
        return float(PER * unasked[drawn].sum() / max(1, said[drawn].sum()))

    low, high = interval_of(rate, len(calls))
    return Estimate(rate(np.arange(len(calls))), low, high, len(calls))


def change(before: Sequence[PlayedCall], after: Sequence[PlayedCall]) -> Paired | None:
    """Needless proposals a call over the calls that both runs played; None without any."""
    earlier = {each.id: len(each.unasked) for each in before}
    both = [each for each in after if each.id in earlier]
    if not both:
        return None
    return paired([float(earlier[each.id]) for each in both], [float(len(each.unasked)) for each in both])
