"""The chunks of a snapshot in the order in which they may answer a question."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from indexing.embedding import Vectors
from indexing.engine import Numbers, Scope, Wanted
from indexing.fusion import Scores, fuse
from indexing.rivals import expected_spread, homes, nearest, shares
from indexing.snapshot import Snapshot
from indexing.stage_clock import StageClock
from indexing.tokens import Analyzer, Token
from indexing.wording import worded

CANDIDATES = 100
"""How many chunks each ranking puts forward before they are fused."""


class Ranking(NamedTuple):
    """Chunk numbers, best first, with their fused score, BM25, cosine, the cosine of their home's nearest sentence
    and its share among the rivals, each of shape (n,), out of ``candidates``."""

    numbers: Numbers
    scores: Scores
    bm25: Scores
    dense: Scores
    closeness: Scores
    shares: Scores
    candidates: int


def rank(snapshot: Snapshot, wanted: Wanted, scope: Scope, k: int, clock: StageClock) -> Ranking:
    """The ``k`` best of the chunks within ``scope``, fewer when there are fewer."""
    found = snapshot.engine.candidates(wanted, scope, max(k, CANDIDATES), clock)
    numbers, bm25, dense = found
    with clock.stage("parts"):
        near = snapshot.parts.nearest(wanted.meaning, numbers)
    with clock.stage("fuse"):
        scores = fuse(bm25, dense + near.part)
        best = np.argsort(-scores, kind="stable")[:k]
        spread = expected_spread(snapshot.engine.spread(wanted.meaning), len(snapshot))
        home = _homes(snapshot, numbers)
        closeness, standing = nearest(home, near.sentence), shares(home, dense, spread)
    return Ranking(numbers[best], scores[best], bm25[best], dense[best], closeness[best], standing[best], len(numbers))


def _homes(snapshot: Snapshot, numbers: Numbers) -> Numbers:
    documents = snapshot.layout.documents
    return homes(documents[numbers], numbers - np.searchsorted(documents, documents[numbers]))


class Asked(NamedTuple):
    """A question's tokens, its vector, what the two find, and the terms among its tokens that nobody said."""

    tokens: Sequence[Token]
    meaning: Vectors
    ranking: Ranking
    unsaid: Sequence[str] = ()


def ask(
    snapshot: Snapshot,
    question: str,
    analyzer: Analyzer,
    embed: Callable[[str], Vectors],
    scope: Scope,
    k: int,
    clock: StageClock,
) -> Asked:
    """The ``k`` chunks that answer a question best; one without any searchable term is searched by meaning."""
    with clock.stage("tokenise"):
        wording = worded(question, snapshot, analyzer)
    with clock.stage("embed"):
        query = embed(wording.text)
    ranking = rank(snapshot, Wanted(wording.terms, wording.official, query), scope, k, clock)
    return Asked(wording.tokens, query, ranking, wording.official)
