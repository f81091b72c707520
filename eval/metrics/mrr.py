"""Reciprocal rank; its mean over questions is MRR.

Source: Voorhees, The TREC-8 Question Answering Track Report, 1999 (RR = 1 / rank of the first right one),
cut off at ``k`` as in MS MARCO's MRR@10.
"""

from collections.abc import Collection, Sequence

from eval.metrics.ranking import first_right


def reciprocal_rank(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """1 / rank of the first right document, 0.0 when it is not among the first ``k`` distinct ones.

    >>> reciprocal_rank(["요금.md", "감면.md"], {"감면.md"}, k=10)
    0.5
    """
    rank = first_right(ranked, right)
    return 1 / rank if rank is not None and rank <= k else 0.0
