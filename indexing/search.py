"""A question to the passages that may answer it, from the snapshot being served."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from indexing import life_cycle, manifest, mentions
from indexing.embedding import Embedder, Vectors
from indexing.fusion import Scores, fuse
from indexing.hit import Hit, SearchResult
from indexing.snapshot import Numbers, Snapshot, Validity
from indexing.tokens import Analyzer, plain, search_terms
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot, SnapshotMismatch
from knowledge_base.home import Home

_log = logging.getLogger(__name__)

CANDIDATES = 100
"""How many chunks each ranking puts forward before they are fused."""


class SearchService:
    """Searches the current snapshot; follows a switch or a rollback at the next question.

    A question under way keeps the snapshot it began with, and questions that come while a new one is
    being opened do not wait for it. When the current snapshot turns out to be damaged, the last sound
    one is served instead and the damage is logged.
    """

    def __init__(self, home: Home, embedder: Embedder, analyzer: Analyzer) -> None:
        self._home = home
        self._embedder = embedder
        self._analyzer = analyzer
        self._opening = threading.Lock()
        self._open: tuple[str, Snapshot] | None = None
        self._embed = lru_cache(maxsize=1024)(embedder.embed_query)

    def snapshot(self) -> Snapshot:
        """The snapshot to search now.

        Raises NoSnapshot before the first build, BrokenSnapshot when none is sound, and SnapshotMismatch
        when it was built with another model or tokeniser.
        """
        serving = self._open
        if serving and serving[0] == life_cycle.current_id(self._home):
            return serving[1]
        if not self._opening.acquire(blocking=serving is None) and serving:
            return serving[1]
        try:
            current = life_cycle.current_id(self._home)
            if self._open is None or self._open[0] != current:
                self._open = (current, self._sound(current))
            return self._open[1]
        finally:
            self._opening.release()

    def _sound(self, current: str) -> Snapshot:
        try:
            return self._opened(current)
        except (BrokenSnapshot, NoSnapshot) as error:
            for other in life_cycle.substitutes(self._home, current):
                try:
                    sound = self._opened(other)
                except IndexingError:
                    continue
                _log.warning("%s 대신 색인 '%s'을(를) 씁니다.", error, other)
                return sound
            raise

    def _opened(self, snapshot: str) -> Snapshot:
        folder = life_cycle.folder(self._home, snapshot)
        built = manifest.read(folder)
        built_with = (built.model, built.tokenizer)
        if built_with != (self._embedder.name, self._analyzer.name):
            raise SnapshotMismatch(
                f"색인 '{snapshot}'은(는) 다른 모델({built_with[0]}, {built_with[1]})로 만들어졌습니다. "
                f"지금 모델은 {self._embedder.name}, {self._analyzer.name}입니다. "
                "'onnuri index build'로 다시 만들거나 ONNURI_EMBEDDING_MODEL을 되돌리세요."
            )
        return Snapshot(folder)

    def search(self, question: str, *, k: int = 5, on: date | None = None) -> SearchResult:
        """The ``k`` (≥ 1) best chunks of documents in force on ``on`` (today), fewer in a small corpus.

        A question without any searchable term is still searched by meaning.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        snapshot = self.snapshot()
        clock = StageClock()
        question = plain(question)
        with clock.stage("tokenise"):
            tokens = self._analyzer.tokens(question)
        with clock.stage("embed"):
            query = self._embed(question)
        ranking = _rank(snapshot, search_terms(tokens), query, snapshot.valid_on(on or date.today()), k, clock)
        with clock.stage("highlight"):
            named = mentions.weights(snapshot, tokens)
            hits = tuple(_hit(snapshot, named, ranking, place) for place in range(len(ranking.numbers)))
        return SearchResult(
            hits=hits, candidates=ranking.candidates, snapshot=snapshot.manifest.id, timings=clock.milliseconds
        )


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


def _rank(
    snapshot: Snapshot, terms: Sequence[str], query: Vectors, valid: Validity, k: int, clock: StageClock
) -> Ranking:
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


def _best(scores: Scores, limit: int) -> Numbers:
    """The places of the highest scores above 0, best first; the earlier place where two are the same."""
    found = np.flatnonzero(scores)
    return found[np.argsort(-scores[found], kind="stable")[:limit]]


def _hit(snapshot: Snapshot, named: mentions.Weights, ranking: Ranking, place: int) -> Hit:
    passage = snapshot.passage(int(ranking.numbers[place]))
    return Hit(
        document=passage.document,
        chunk=passage.chunk,
        score=float(ranking.scores[place]),
        bm25=float(ranking.bm25[place]),
        dense=float(ranking.dense[place]),
        coverage=mentions.coverage(passage, named),
        highlights=mentions.highlights(passage, named),
    )
