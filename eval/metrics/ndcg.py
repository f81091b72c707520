"""Normalised discounted cumulative gain with binary gains and one right document to be found.

Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 20(4), 2002:
DCG = Σ gain / log₂(1 + rank), divided by the DCG of the ideal ranking.

The right documents are alternatives, any one of which is enough. So the ideal ranking is *one* right document
at rank 1 (ideal DCG = 1), and only the first right one gains: a second one tells the agent nothing new, and a
question is not harder for having more acceptable answers. Put otherwise: the best, over the alternatives, of
the ordinary nDCG with that one as the only right document. With a single right document it is ``ndcg@k`` of
ranx.
"""

from collections.abc import Collection, Sequence
from math import log2

from eval.metrics.ranking import first_right


def ndcg(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """1 / log₂(1 + rank of the first right document), 0.0 when it is not among the first ``k`` distinct.

    >>> ndcg(["요금.md", "안내.md", "감면.md"], {"감면.md"}, k=10)
    0.5
    """
    rank = first_right(ranked, right)
    return 1 / log2(1 + rank) if rank is not None and rank <= k else 0.0
