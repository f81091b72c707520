"""Token F1: the words that an answer shares with the reference, each as often as it occurs in both.

Source: Rajpurkar et al., SQuAD, EMNLP 2016; over morphemes, since Korean words carry particles.
"""

from collections import Counter
from collections.abc import Sequence


def token_f1(reference: Sequence[str], answer: Sequence[str]) -> float:
    """The harmonic mean of precision and recall of the tokens; 0.0 when they share none.

    >>> token_f1(["수수료", "3", "만"], ["수수료", "5", "만", "원"])
    0.5714285714285714
    """
    shared = (Counter(reference) & Counter(answer)).total()
    return 2 * shared / (len(reference) + len(answer)) if shared else 0.0
