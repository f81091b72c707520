"""The chunks of a snapshot in the order in which they may answer a question."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from indexing.embedding import Vectors
from indexing.fusion import Scores, fuse
from indexing.snapshot import Numbers, Snapshot, Validity
from indexing.tokens import Analyzer, Token, plain, search_terms

CANDIDATES = 100
"""How many chunks each ranking puts forward before they are fused."""


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
    """Chunk numbers, best first, with their fused score, BM25 and cosine, each of shape (n,), out of
    ``candidates``."""

    numbers: Numbers
    scores: Scores
    bm25: Scores
    dense: Scores
    candidates: int


def rank(
    snapshot: Snapshot, terms: Sequence[str], query: Vectors, valid: Validity, k: int, clock: StageClock
) -> Ranking:
    """The ``k`` best of the chunks that are ``valid``, fewer when there are fewer."""
    limit = max(k, CANDIDATES)
    with clock.stage("bm25"):
        every = snapshot.bm25(terms)
        lexical = _best(np.where(valid, every, 0), limit)
    with clock.stage("dense"):
        semantic = snapshot.nearest(query, valid, limit)
    with clock.stage("fuse"):
        numbers = np.union1d(lexical, semantic)
        bm25, dense = every[numbers], snapshot.cosines(query, numbers)
        scores = fuse(bm25, dense)
        best = np.argsort(-scores, kind="stable")[:k]
    return Ranking(numbers[best], scores[best], bm25[best], dense[best], len(numbers))


class Asked(NamedTuple):
    """A question's tokens and what they and its meaning find."""

    tokens: Sequence[Token]
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
    question = plain(question)
    with clock.stage("tokenise"):
        tokens = analyzer.tokens(question)
    with clock.stage("embed"):
        query = embed(question)
    return Asked(tokens, rank(snapshot, search_terms(tokens), query, valid, k, clock))


def _best(scores: Scores, limit: int) -> Numbers:
    """The places of the highest scores above 0, best first; the earlier place where two are the same."""
    found = np.flatnonzero(scores)
    if len(found) > limit:  # only those that may be among the best are sorted
        least = np.partition(scores[found], len(found) - limit)[len(found) - limit]
        found = found[scores[found] >= least]
    return found[np.argsort(-scores[found], kind="stable")[:limit]]
