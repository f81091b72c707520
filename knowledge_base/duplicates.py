"""Documents that say nearly the same, found by the word shingles they share.

Each document is sketched by its smallest shingle hashes (a bottom-k sketch, Broder 1997); the share of common
hashes among the k smallest of both estimates the Jaccard similarity of their sets of shingles, exactly where a
document has no more than k. Only documents that share a hash are compared, so a large store takes seconds.
"""

import heapq
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

SHINGLE = 3  # words
SKETCH = 128  # hashes
COMMON = 50  # documents; a shingle in more of them is boilerplate
ALIKE = 0.7  # of the shingles; one word changed in twenty makes that
_WORD = re.compile(r"\w+")


Sketch = frozenset[int]


class Pair(NamedTuple):
    """Two documents, by the index of their sketches, and the share of shingles they have in common, 0 to 1."""

    one: int
    other: int
    similarity: float


def sketch(text: str) -> Sketch:
    """The k smallest hashes of the shingles of a text; of the whole text when it is shorter than one."""
    words = _WORD.findall(text)
    shingles = zip(*(words[start:] for start in range(SHINGLE)), strict=False)
    hashes = {zlib.crc32(" ".join(shingle).encode()) for shingle in shingles}
    return frozenset(heapq.nsmallest(SKETCH, hashes or {zlib.crc32(" ".join(words).encode())}))


def pairs(sketches: Sequence[Sketch]) -> Iterator[Pair]:
    """Every pair at least ALIKE, in order.

    >>> texts = ["여권은 시청 민원실에서 찾아요", "주차는 됩니다", "여권은 시청, 민원실에서 찾아요."]
    >>> list(pairs([sketch(text) for text in texts]))
    [Pair(one=0, other=2, similarity=1.0)]
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for index, found in enumerate(sketches):
        for value in found:
            holders[value].append(index)
    shared = {pair for found in holders.values() if len(found) <= COMMON for pair in combinations(found, 2)}
    for one, other in sorted(shared):
        similarity = _similarity(sketches[one], sketches[other])
        if similarity >= ALIKE:
            yield Pair(one, other, similarity)


def _similarity(one: Sketch, other: Sketch) -> float:
    smallest = heapq.nsmallest(SKETCH, one | other)
    return sum(value in one and value in other for value in smallest) / len(smallest)
