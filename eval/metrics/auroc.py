"""The area under the ROC curve: how well a confidence tells two kinds of question apart.

It is the probability that a question of the first kind gets a higher confidence than one of the second, ties
counting half (Hanley and McNeil, Radiology 143, 1982; the Mann–Whitney statistic).
"""

from collections.abc import Sequence


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """0.5 for chance, 1.0 when every positive is above every negative; None when either kind is missing.

    >>> auroc([0.9, 0.5], [0.5, 0.1])
    0.875
    """
    import numpy as np

    if not len(positive) or not len(negative):
        return None
    below = np.sort(np.asarray(negative, dtype=np.float64))
    smaller = np.searchsorted(below, positive, side="left").sum()
    smaller_or_same = np.searchsorted(below, positive, side="right").sum()
    return float((smaller + smaller_or_same) / 2 / (len(positive) * len(negative)))
