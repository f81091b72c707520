"""From chunks found to documents ranked: the one place where a document is counted once."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence


def distinct(ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in NFC, best first, each at its best rank only.

    >>> distinct(["요금.md", "감면.md", "요금.md"])
    ('요금.md', '감면.md')
    """
    return tuple(dict.fromkeys(unicodedata.normalize("NFC", each) for each in ids))


def first_right(ranked: Sequence[str], right: Collection[str]) -> int | None:
    """The rank, from 1, of the best-ranked right document; None when none was found.

    ``ranked`` may name a document several times (once a chunk); it is counted once. Raises ValueError
    when ``right`` is empty: a question without right documents has no rank and must not be scored.

    >>> first_right(["요금.md", "요금.md", "감면.md"], {"감면.md", "면제.md"})
    2
    >>> first_right(["요금.md"], {"감면.md"}) is None
    True
    """
    if not right:
        raise ValueError("a question without right documents cannot be scored")
    wanted = set(distinct(right))
    ranks = (rank for rank, document in enumerate(distinct(ranked), start=1) if document in wanted)
    return next(ranks, None)
