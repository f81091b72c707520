"""Texts that say almost the same, by the letters they share.

Exact all-pairs search with prefix filtering. Source: Bayardo, Ma and Srikant, Scaling up all pairs similarity
search, WWW 2007, and Chaudhuri, Ganti and Kaushik, A primitive operator for similarity joins, ICDE 2006.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from knowledge_base.text import letters

THRESHOLD = 0.8
SHINGLE = 2  # letters: a Korean word has two or three syllables


class Pair(NamedTuple):
    """The places of two texts and their Jaccard similarity, 0 to 1."""

    first: int
    second: int
    similarity: float


def near_duplicates(texts: Sequence[str]) -> Iterator[Pair]:
    """The pairs of texts whose sets of letter pairs have a Jaccard similarity of at least THRESHOLD.

    Two sets that similar share one of the rarest shingles of each, so only those are looked up.

    >>> list(near_duplicates(["여권 재발급 수수료", "여권 재발급 수수료는", "전입신고"]))
    [Pair(first=0, second=1, similarity=0.875)]
    """
    sets = [_shingles(letters(text)) for text in texts]
    frequency = Counter(shingle for shingles in sets for shingle in shingles)
    holding: dict[str, list[int]] = defaultdict(list)
    for second, shingles in enumerate(sets):
        rarest = sorted(shingles, key=lambda shingle: (frequency[shingle], shingle))
        prefix = rarest[: len(shingles) - ceil(THRESHOLD * len(shingles) - 1e-9) + 1]
        for first in sorted({first for shingle in prefix for first in holding[shingle]}):
            similarity = len(sets[first] & shingles) / len(sets[first] | shingles)
            if similarity >= THRESHOLD:
                yield Pair(first, second, similarity)
        for shingle in prefix:
            holding[shingle].append(second)


def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))) if text else frozenset()
