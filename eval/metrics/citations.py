"""Citation precision and recall: whether an answer rests on the right documents.

After Gao et al., Enabling large language models to generate text with citations (ALCE), EMNLP 2023, with the
question file's documents as the judgement; they are alternatives, so citing one of them is enough.
"""

from collections.abc import Collection, Sequence

from eval.metrics.ranking import distinct


def citation_precision(cited: Sequence[str], right: Collection[str]) -> float | None:
    """Of the documents cited, each counted once, the share that are right; None when none is cited.

    >>> citation_precision(["요금.md", "요금.md", "감면.md"], {"감면.md"})
    0.5
    """
    documents = distinct(cited)
    wanted = set(distinct(right))
    return sum(document in wanted for document in documents) / len(documents) if documents else None


def citation_recall(cited: Sequence[str], right: Collection[str]) -> float:
    """1.0 when a right document is cited, else 0.0.

    >>> citation_recall(["요금.md", "감면.md"], {"감면.md", "면제.md"})
    1.0
    """
    return float(bool(set(distinct(cited)) & set(distinct(right))))
