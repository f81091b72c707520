"""Whether two runs over the same questions differ by more than chance.

Yes-or-no scores: McNemar's test, exact (McNemar 1947; two-sided binomial over the questions that changed).
Others: Fisher's randomisation test over the signs of the differences, as Smucker, Allan and Carterette
recommend (A comparison of statistical significance tests for information retrieval evaluation, CIKM 2007). The
interval of the difference is the paired bootstrap (Efron and Tibshirani 1993). Several metrics tested at once
are corrected by Holm's method (Holm, Scandinavian Journal of Statistics 6, 1979).
"""

from collections.abc import Mapping, Sequence
from math import comb
from typing import NamedTuple

from eval.metrics.confidence import SEED, estimates

PERMUTATIONS = 10_000


class Paired(NamedTuple):
    """``after`` minus ``before`` over ``n`` common questions, its 95 % interval and the two-sided p-value."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    n: int


def paired(before: Sequence[float], after: Sequence[float]) -> Paired:
    """Compare the scores of the same questions, in the same order; raises ValueError when there are none.

    >>> paired([0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]).p
    0.03125
    """
    differences = [new - old for old, new in zip(before, after, strict=True)]
    estimate = estimates({"": differences}).get("")
    if estimate is None:
        raise ValueError("no common question")
    are_binary = {*before, *after} <= {0.0, 1.0}
    p = mcnemar(before, after) if are_binary else randomisation(differences)
    n = len(differences)
    return Paired(sum(before) / n, sum(after) / n, estimate.mean, estimate.low, estimate.high, p, n)


def mcnemar(before: Sequence[float], after: Sequence[float]) -> float:
    """The exact two-sided p-value of yes-or-no scores: do as many questions turn to yes as to no?

    >>> mcnemar([1, 1, 1, 0], [1, 0, 0, 0])
    0.5
    """
    gained = sum(new > old for old, new in zip(before, after, strict=True))
    lost = sum(new < old for old, new in zip(before, after, strict=True))
    changed = gained + lost
    tail = sum(comb(changed, k) for k in range(min(gained, lost) + 1))
    return min(1.0, float(2 * tail / 2**changed))


def randomisation(differences: Sequence[float]) -> float:
    """The p-value of a mean difference at least this far from 0 when each sign is a toss of a coin.

    By PERMUTATIONS tosses, the observed one counted too, so never 0.
    """
    import numpy as np

    changed = np.array([each for each in differences if each], dtype=np.float64)
    if not changed.size:
        return 1.0
    random = np.random.default_rng(SEED)
    observed = abs(changed.sum()) - 1e-12
    extreme = 0
    for _ in range(10):
        signs = random.integers(0, 2, (PERMUTATIONS // 10, changed.size), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ changed) >= observed).sum())
    return (extreme + 1) / (PERMUTATIONS + 1)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Each p-value adjusted for how many there are, so that one in twenty *sets* of tests errs.

    >>> holm({"recall@1": 0.01, "recall@5": 0.04, "mrr@10": 0.03})
    {'recall@1': 0.03, 'recall@5': 0.06, 'mrr@10': 0.06}
    """
    adjusted: dict[str, float] = {}
    worst = 0.0
    for place, (name, p) in enumerate(sorted(p_values.items(), key=lambda each: each[1])):
        worst = max(worst, min(1.0, p * (len(p_values) - place)))
        adjusted[name] = worst
    return {name: adjusted[name] for name in p_values}
