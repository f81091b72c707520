"""A question to the passages that may answer it, from the snapshot being served."""

import logging
import math
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache

import numpy as np

from indexing import life_cycle
from indexing.embedding import Embedder, Vectors
from indexing.fusion import fuse
from indexing.hit import Hit, SearchResult
from indexing.snapshot import Passage, Snapshot
from indexing.tokens import Analyzer, Token, search_terms
from knowledge_base.errors import BrokenSnapshot, SnapshotMismatch
from knowledge_base.home import Home

_log = logging.getLogger(__name__)

CANDIDATES = 100
"""How many chunks each ranking puts forward before they are fused."""


class SearchService:
    """Searches the current snapshot; follows a switch or a rollback at the next question.

    A question under way keeps the snapshot it began with. When the current snapshot turns out to be
    damaged, the newest sound one is served instead and the damage is logged.
    """

    def __init__(self, home: Home, embedder: Embedder, analyzer: Analyzer) -> None:
        self._home = home
        self._embedder = embedder
        self._analyzer = analyzer
        self._lock = threading.Lock()
        self._open: tuple[str, Snapshot] | None = None
        self._embed = lru_cache(maxsize=1024)(self._embed_query)

    def snapshot(self) -> Snapshot:
        """The snapshot to search now.

        Raises NoSnapshot before the first build, BrokenSnapshot when none is sound, and SnapshotMismatch
        when it was built with another model or tokeniser.
        """
        current = life_cycle.current_id(self._home)
        with self._lock:
            if self._open is None or self._open[0] != current:
                self._open = (current, self._matching(self._sound(current)))
            return self._open[1]

    def _sound(self, current: str) -> Snapshot:
        try:
            return Snapshot(self._home.snapshots / current)
        except BrokenSnapshot as error:
            for older in reversed(life_cycle.ids(self._home)):
                if older == current:
                    continue
                try:
                    sound = Snapshot(self._home.snapshots / older)
                except BrokenSnapshot:
                    continue
                _log.warning("%s 대신 색인 '%s'을(를) 씁니다.", error, older)
                return sound
            raise

    def _matching(self, snapshot: Snapshot) -> Snapshot:
        built_with = (snapshot.manifest.model, snapshot.manifest.tokenizer)
        if built_with != (self._embedder.name, self._analyzer.name):
            raise SnapshotMismatch(
                f"색인 '{snapshot.manifest.id}'은(는) 다른 모델({built_with[0]}, {built_with[1]})로 만들어졌습니다. "
                f"지금 모델은 {self._embedder.name}, {self._analyzer.name}입니다. "
                "'onnuri index build'로 다시 만들거나 ONNURI_EMBEDDING_MODEL을 되돌리세요."
            )
        return snapshot

    def search(self, question: str, *, k: int = 5, on: date | None = None) -> SearchResult:
        """The ``k`` best chunks of documents in force on ``on`` (today), fewer in a small corpus.

        A question without any searchable term is still searched by meaning.
        """
        snapshot = self.snapshot()
        clock = StageClock()
        with clock.stage("tokenise"):
            tokens = self._analyzer.tokens(question)
            terms = search_terms(tokens)
        with clock.stage("embed"):
            query = self._embed(question)
        valid = snapshot.valid_on(on or date.today())
        with clock.stage("bm25"):
            lexical = snapshot.bm25(terms, valid, CANDIDATES)
        with clock.stage("dense"):
            semantic = snapshot.dense(query, valid, CANDIDATES)
        with clock.stage("fuse"):
            numbers = np.union1d(lexical.numbers, semantic.numbers)
            bm25 = np.zeros(len(numbers), np.float32)
            bm25[np.searchsorted(numbers, lexical.numbers)] = lexical.scores
            dense = snapshot.cosines(query, numbers)
            scores = fuse(bm25, dense)
            best = np.argsort(-scores, kind="stable")[:k]
        with clock.stage("highlight"):
            weights = _weights(snapshot, tokens)
            hits = tuple(
                _hit(snapshot.passage(int(numbers[n])), weights, float(scores[n]), float(bm25[n]), float(dense[n]))
                for n in best
            )
        return SearchResult(hits=hits, snapshot=snapshot.manifest.id, timings=clock.milliseconds)

    def _embed_query(self, question: str) -> Vectors:
        return self._embedder.embed_query(question)


class StageClock:
    """Milliseconds per named stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.milliseconds[name] = (time.perf_counter() - started) * 1000


def _weights(snapshot: Snapshot, tokens: Sequence[Token]) -> dict[str, float]:
    """The inverse document frequency (BM25's, smoothed) of each thing the question names."""
    return {
        token.form: math.log1p((len(snapshot) + 0.5) / (snapshot.frequency(token.form) + 0.5))
        for token in tokens
        if token.names_thing
    }


def _hit(passage: Passage, weights: dict[str, float], score: float, bm25: float, dense: float) -> Hit:
    present = [form for form in weights if _names(passage, form)]
    total = sum(weights.values())
    return Hit(
        document=passage.document,
        chunk=passage.chunk,
        score=score,
        bm25=bm25,
        dense=dense,
        coverage=sum(weights[form] for form in present) / total if total else 0.0,
        highlights=_highlights(passage, weights),
    )


def _names(passage: Passage, form: str) -> bool:
    """Whether the passage or its titles name ``form``, also inside a longer compound."""
    if form in passage.title_terms or form in passage.body_terms:
        return True
    return len(form) > 1 and form in passage.compact


def _highlights(passage: Passage, weights: dict[str, float]) -> tuple[tuple[int, int], ...]:
    """Where the body names what the question names; touching spans are joined."""
    spans: list[tuple[int, int]] = []
    for form, (start, end) in zip(passage.body_terms, passage.offsets.tolist(), strict=False):
        if form not in weights:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)
