"""The chunks of a snapshot in the order in which they may answer a question."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from indexing.embedding.embedder import Embedding, Vectors
from indexing.lexical.tokens import Analyzer, Token
from indexing.retrieval.fusion import Compared, fuse, fuse_tokens
from indexing.retrieval.rivals import expected_spread, homes, leads, nearest, shares
from indexing.retrieval.wording import worded
from indexing.snapshots.engine import Numbers, Scope, Scores, Wanted
from indexing.snapshots.snapshot import Snapshot
from indexing.stage_clock import StageClock

CANDIDATES = 100
"""How many chunks each ranking puts forward before they are fused."""
COMPARED = 32
"""The tokens of so many of the best are compared with those of the question."""


class Ranking(NamedTuple):
    """Chunk numbers, best first, with their fused score, BM25, cosine, the cosine of their home's nearest sentence,
    its share among the rivals and the lead of their tokens, each of shape (n,), and the cosines of their sentences;
    out of ``candidates``."""

    numbers: Numbers
    scores: Scores
    bm25: Scores
    dense: Scores
    closeness: Scores
    shares: Scores
    leads: Scores
    sentences: Sequence[Scores]
    candidates: int


def rank(snapshot: Snapshot, wanted: Wanted, tokens: Vectors, scope: Scope, k: int, clock: StageClock) -> Ranking:
    """The ``k`` best of the chunks within ``scope``, fewer when there are fewer; ``tokens`` are the question's."""
    found = snapshot.engine.candidates(wanted, scope, max(k, CANDIDATES), clock)
    numbers, bm25, dense = found
    with clock.stage("parts"):
        near = snapshot.parts.nearest(wanted.meaning, numbers)
    scores, home, lead = fuse(bm25, dense + near.part), _homes(snapshot, numbers), np.zeros_like(dense)
    with clock.stage("tokens"):
        first = np.argsort(-scores, kind="stable")[:COMPARED]
        if len(first):
            compared = Compared(first, snapshot.tokens.closeness(tokens, numbers[first]))
            scores = fuse_tokens(bm25, near.part, compared)
            lead = compared.among(len(numbers), leads(home[first], compared.closeness))
    with clock.stage("fuse"):
        best = np.argsort(-scores, kind="stable")[:k]
        spread = expected_spread(snapshot.engine.spread(wanted.meaning), len(snapshot))
        sentence, standing = nearest(home, near.sentence), shares(home, dense, spread)
        fused, lexical, cosine = scores[best], bm25[best], dense[best]
        sentences = [near.sentences[place] for place in best]
    measures = sentence[best], standing[best], lead[best]
    return Ranking(numbers[best], fused, lexical, cosine, *measures, sentences, len(numbers))


def _homes(snapshot: Snapshot, numbers: Numbers) -> Numbers:
    documents = snapshot.layout.documents
    return homes(documents[numbers], numbers - np.searchsorted(documents, documents[numbers]))


class Asked(NamedTuple):
    """A question's words, its vectors, what the two find, and the terms among its tokens that nobody said."""

    tokens: Sequence[Token]
    question: Embedding
    ranking: Ranking
    unsaid: Sequence[str] = ()
    unknown: Sequence[str] = ()


def ask(
    snapshot: Snapshot,
    question: str,
    analyzer: Analyzer,
    embed: Callable[[str], Embedding],
    scope: Scope,
    k: int,
    clock: StageClock,
) -> Asked:
    """The ``k`` chunks that answer a question best; one without any searchable term is searched by meaning."""
    with clock.stage("tokenise"):
        wording = worded(question, snapshot, analyzer)
    with clock.stage("embed"):
        query = embed(wording.text)
    wanted = Wanted(wording.terms, wording.official, query.vector)
    ranking = rank(snapshot, wanted, query.tokens, scope, k, clock)
    return Asked(wording.tokens, query, ranking, wording.official, wording.unknown)
