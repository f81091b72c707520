"""Recall@k where any one of the right documents is enough: the hit rate, or success, at k.

The right documents are alternatives to each other, not parts of a whole, so the recall of the information
need is 1 as soon as one of them is seen. With a single right document this is recall@k as usually defined
(Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, section 8.3) and ``hit_rate@k`` of
ranx.
"""

from collections.abc import Collection, Sequence

from eval.metrics.ranking import first_right


def recall(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """1.0 when a right document is among the first ``k`` distinct documents, else 0.0.

    >>> recall(["요금.md", "감면.md"], {"감면.md"}, k=1)
    0.0
    >>> recall(["요금.md", "감면.md"], {"감면.md"}, k=2)
    1.0
    """
    rank = first_right(ranked, right)
    return 1.0 if rank is not None and rank <= k else 0.0
