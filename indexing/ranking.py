"""The chunks of a snapshot in the order in which they may answer a question."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from indexing.embedding import Vectors
from indexing.fusion import Scores, fuse
from indexing.rivals import expected_spread, shares
from indexing.snapshot import Numbers, Snapshot, Validity
from indexing.tokens import Analyzer, Token
from indexing.wording import worded

CANDIDATES = 100
"""How many chunks each ranking puts forward before they are fused."""
OFFICIAL_WEIGHT = np.float32(0.3)
"""What an official word counts in BM25 that was not said, against one that was."""


class StageClock:
    """Milliseconds per named stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.milliseconds[name] = (time.perf_counter() - started) * 1000


class Ranking(NamedTuple):
    """Chunk numbers, best first, with their fused score, BM25, cosine and their document's share among the rivals,
    each of shape (n,), out of ``candidates``."""

    numbers: Numbers
    scores: Scores
    bm25: Scores
    dense: Scores
    shares: Scores
    candidates: int


def rank(
    snapshot: Snapshot,
    terms: Sequence[str],
    query: Vectors,
    valid: Validity,
    k: int,
    clock: StageClock,
    official: Sequence[str] = (),
) -> Ranking:
    """The ``k`` best of the chunks that are ``valid``, fewer when there are fewer; ``official`` terms count less."""
    limit = max(k, CANDIDATES)
    with clock.stage("bm25"):
        every = snapshot.bm25(terms)
        if official:
            every += OFFICIAL_WEIGHT * snapshot.bm25(official)
        lexical = _best(np.where(valid, every, 0), limit)
    with clock.stage("dense"):
        semantic = snapshot.nearest(query, valid, limit)
    with clock.stage("fuse"):
        numbers = np.union1d(lexical, semantic)
        bm25, dense = every[numbers], snapshot.cosines(query, numbers)
        scores = fuse(bm25, dense)
        best = np.argsort(-scores, kind="stable")[:k]
        spread = expected_spread(snapshot.spread(query), len(snapshot))
        standing = shares(snapshot.layout.documents[numbers], dense, spread)
    return Ranking(numbers[best], scores[best], bm25[best], dense[best], standing[best], len(numbers))


class Asked(NamedTuple):
    """A question's tokens, its vector, and what the two find."""

    tokens: Sequence[Token]
    meaning: Vectors
    ranking: Ranking


def ask(
    snapshot: Snapshot,
    question: str,
    analyzer: Analyzer,
    embed: Callable[[str], Vectors],
    valid: Validity,
    k: int,
    clock: StageClock,
) -> Asked:
    """The ``k`` chunks that answer a question best; one without any searchable term is searched by meaning."""
    with clock.stage("tokenise"):
        wording = worded(question, snapshot, analyzer)
    with clock.stage("embed"):
        query = embed(wording.text)
    ranking = rank(snapshot, wording.terms, query, valid, k, clock, wording.official)
    return Asked(wording.tokens, query, ranking)


def _best(scores: Scores, limit: int) -> Numbers:
    """The places of the highest scores above 0, best first; the earlier place where two are the same."""
    found = np.flatnonzero(scores)
    if len(found) > limit:  # only those that may be among the best are sorted
        least = np.partition(scores[found], len(found) - limit)[len(found) - limit]
        found = found[scores[found] >= least]
    return found[np.argsort(-scores[found], kind="stable")[:limit]]
