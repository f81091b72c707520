"""The engine in Milvus: the best by words and by meaning, from one collection."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indexing.embedding.embedder import Vectors
from indexing.lexical.postings import Words
from indexing.milvus.errors import told
from indexing.snapshots.engine import OFFICIAL_WEIGHT, Candidates, Numbers, Scope, Wanted, covariance, deviation
from indexing.stage_clock import StageClock

if TYPE_CHECKING:
    from pymilvus import MilvusClient

NUMBER, DOCUMENT, STARTS, ENDS, DENSE, WORDS = "number", "document", "starts", "ends", "dense", "words"
METRIC = "IP"
LIMIT = 16384  # results; Milvus gives no more
SAMPLED = 16384
"""Vectors from which the spread of cosines is told, within 1 %: 24 MB, read once."""
_READ = 1024  # vectors read at once
_PATIENCE_S = 5.0
_BREADTH = 2  # a graph is searched so many times wider than what it is to find
EXACT = 200_000
"""So many chunks are compared one by one (20 ms on one core); beyond, a graph finds nearly all of the nearest."""

_Query = Vectors | Mapping[int, float]


class MilvusEngine:
    """Finds the chunks of one collection of ``chunks``, whose terms are numbered as in ``words``."""

    def __init__(self, client: "MilvusClient", collection: str, store: str, chunks: int, words: Words) -> None:
        self._client, self._collection, self._store = client, collection, store
        self._chunks, self._words = chunks, words

    def candidates(self, wanted: Wanted, scope: Scope, limit: int, clock: StageClock) -> Candidates:
        condition, terms = _condition(scope), self._terms(wanted)
        with clock.stage("bm25"):
            lexical = self._found(WORDS, terms, condition, limit)
        with clock.stage("dense"):
            semantic = self._found(DENSE, wanted.meaning, condition, limit)
            # each ranking is asked for what only the other put forward
            lexical |= self._of(WORDS, terms, semantic.keys() - lexical)
            semantic |= self._of(DENSE, wanted.meaning, lexical.keys() - semantic)
            return _candidates(semantic.keys(), lexical, semantic)

    def scores(self, wanted: Wanted, numbers: Numbers) -> Candidates:
        asked = set(numbers.tolist())
        lexical = self._of(WORDS, self._terms(wanted), asked)
        return _candidates(asked, lexical, self._of(DENSE, wanted.meaning, asked))

    def spread(self, query: Vectors) -> float:
        return deviation(query, self._covariance)

    @cached_property
    def _covariance(self) -> Vectors:
        sample = np.unique(np.linspace(0, self._chunks - 1, min(self._chunks, SAMPLED), dtype=np.int64)).tolist()
        vectors = [
            row[DENSE] for start in range(0, len(sample), _READ) for row in self._rows(sample[start : start + _READ])
        ]
        return covariance(np.array(vectors, dtype=np.float32))

    def _rows(self, numbers: list[int]) -> list[dict[str, list[float]]]:
        with told(self._store):
            found: list[dict[str, list[float]]] = self._client.query(
                self._collection, ids=numbers, output_fields=[DENSE], timeout=_PATIENCE_S
            )
        return found

    def _terms(self, wanted: Wanted) -> dict[int, float]:
        """The sparse vector of what is wanted; a term that no chunk has is left out."""
        known = self._words.terms
        weights: defaultdict[int, float] = defaultdict(float)
        for terms, weight in ((wanted.terms, 1.0), (wanted.official, OFFICIAL_WEIGHT)):
            for term in known.keys() & set(terms):
                weights[known[term]] += weight
        return dict(weights)

    def _of(self, field: str, query: _Query, numbers: Iterable[int]) -> dict[int, float]:
        """The scores of these chunks; without those that have none of the terms."""
        among = sorted(numbers)
        return self._found(field, query, f"{NUMBER} in {among}", len(among)) if among else {}

    def _found(self, field: str, query: _Query, condition: str, limit: int) -> dict[int, float]:
        if not len(query):
            return {}
        limit = min(limit, LIMIT)
        with told(self._store):
            (hits,) = self._client.search(
                self._collection,
                data=[query],
                anns_field=field,
                filter=condition,
                limit=limit,
                output_fields=[NUMBER],
                search_params={"metric_type": METRIC, "params": self._breadth(field, limit)},
                consistency_level="Eventually",  # nothing is written once it is served
                timeout=_PATIENCE_S,
            )
        return {hit["entity"][NUMBER]: hit["distance"] for hit in hits}

    def _breadth(self, field: str, limit: int) -> dict[str, int]:
        return {"ef": limit * _BREADTH} if field == DENSE and has_graph(self._chunks) else {}


def has_graph(chunks: int) -> bool:
    """Whether a collection of so many chunks has a graph of its vectors."""
    return chunks > EXACT


def _condition(scope: Scope) -> str:
    """A scope as Milvus filters by it.

    >>> _condition(Scope(starts=(1, 739000), ends=(739000, 3652059), absent=frozenset({7})))
    'starts >= 1 and starts <= 739000 and ends >= 739000 and ends <= 3652059 and document not in [7]'
    """
    conditions = [
        f"{field} {sign} {day}"
        for field, days in ((STARTS, scope.starts), (ENDS, scope.ends))
        for sign, day in zip((">=", "<="), days, strict=True)
    ]
    if scope.absent:
        conditions.append(f"{DOCUMENT} not in {sorted(scope.absent)}")
    return " and ".join(conditions)


def _candidates(numbers: Iterable[int], lexical: Mapping[int, float], semantic: Mapping[int, float]) -> Candidates:
    ordered = sorted(numbers)
    return Candidates(
        np.array(ordered, dtype=np.int64),
        np.array([lexical.get(number, 0) for number in ordered], dtype=np.float32),
        np.array([semantic[number] for number in ordered], dtype=np.float32),
    )
