"""ROUGE-L: the longest common subsequence of an answer and the reference, as an F-measure (β = 1).

Source: Lin, ROUGE: a package for automatic evaluation of summaries, ACL workshop 2004, section 3.1; over
morphemes.
"""

from collections.abc import Sequence


def rouge_l(reference: Sequence[str], answer: Sequence[str]) -> float:
    """2·LCS / (length of reference + length of answer); 0.0 when nothing is shared.

    >>> rouge_l(["경찰", "범인", "잡"], ["경찰", "잡", "범인"])
    0.6666666666666666
    """
    common = longest_common_subsequence(reference, answer)
    return 2 * common / (len(reference) + len(answer)) if common else 0.0


def longest_common_subsequence(some: Sequence[str], others: Sequence[str]) -> int:
    """Its length, in time proportional to the product of both lengths.

    >>> longest_common_subsequence("ABCBDAB", "BDCABA")
    4
    """
    row = [0] * (len(others) + 1)
    for token in some:
        diagonal = 0
        for place, other in enumerate(others, start=1):
            above = row[place]
            row[place] = diagonal + 1 if token == other else max(above, row[place - 1])
            diagonal = above
    return row[-1]
