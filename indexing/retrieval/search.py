"""A question to the passages that may answer it, from the snapshot being served."""

import logging
import threading
from datetime import date, timedelta
from functools import lru_cache, partial

import numpy as np
from threadpoolctl import threadpool_limits

from indexing.embedding.embedder import Embedder
from indexing.lexical.tokens import Analyzer, search_terms
from indexing.retrieval import mentions
from indexing.retrieval.hit import Hit, Meaning, SearchResult
from indexing.retrieval.presence import Presence
from indexing.retrieval.ranking import Asked, ask, rank
from indexing.snapshots import life_cycle
from indexing.snapshots.engine import Scope, Wanted
from indexing.snapshots.snapshot import Snapshot, open_for
from indexing.snapshots.vector_store import store_of
from indexing.stage_clock import StageClock
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot
from knowledge_base.home import Home

SOON = timedelta(days=60)
"""How far ahead what will be in force is looked for."""
UPCOMING = 3  # chunks

_log = logging.getLogger(__name__)


class SearchService:
    """Searches the current snapshot; follows a switch or a rollback at the next question.

    A question under way keeps the snapshot it began with, and questions that come while a new one is
    being opened do not wait for it. When the current snapshot turns out to be damaged, the last sound
    one is served instead and the damage is logged.
    """

    def __init__(self, home: Home, embedder: Embedder, analyzer: Analyzer) -> None:
        threadpool_limits(1, user_api="blas")  # a question is one thread's work; others would spin, in the model's way
        self._home = home
        self._embedder = embedder
        self._analyzer = analyzer
        self._opening = threading.Lock()
        self._open: tuple[str, Snapshot] | None = None
        self._presence = Presence(home)
        self._embed = lru_cache(maxsize=512)(embedder.embed_query_tokens)

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
        return open_for(life_cycle.folder(self._home, snapshot), self._embedder, self._analyzer, store_of(self._home))

    def search(self, question: str, *, k: int = 5, on: date | None = None) -> SearchResult:
        """The ``k`` (≥ 1) best chunks of documents in force on ``on`` (today) and still in the knowledge base.

        Fewer in a small corpus.

        A question without any searchable term is still searched by meaning.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        snapshot = self.snapshot()
        try:
            return self._searched(snapshot, question, k, on or date.today())
        except BrokenSnapshot:  # deleted from the vector store since it was opened
            if (now := self.snapshot()) is snapshot:
                raise
            return self._searched(now, question, k, on or date.today())

    def _searched(self, snapshot: Snapshot, question: str, k: int, day: date) -> SearchResult:
        clock = StageClock()
        gone = self._presence.gone(snapshot)
        asked = ask(snapshot, question, self._analyzer, self._embed, Scope.in_force(day, gone), k, clock)
        with clock.stage("highlight"):
            hits = _hits(snapshot, asked)
        return SearchResult(
            hits=hits,
            candidates=asked.ranking.candidates,
            snapshot=snapshot.manifest.id,
            timings=clock.milliseconds,
            meaning=Meaning(snapshot.manifest.model, asked.question.vector),
            upcoming=_upcoming(snapshot, asked, Scope.coming(day, day + min(SOON, date.max - day), gone)),
            weigh=partial(mentions.weight, snapshot),
        )

    def require_answering(self) -> None:
        """Raise as ``snapshot`` does, and StoreUnavailable while the vector store does not answer."""
        snapshot = self.snapshot()
        anything = Wanted((), (), np.zeros(snapshot.manifest.dimension, dtype=np.float32))
        snapshot.engine.scores(anything, np.array([0]))


def _upcoming(snapshot: Snapshot, asked: Asked, soon: Scope) -> tuple[Hit, ...]:
    if not soon.documents(snapshot.layout).any():
        return ()
    wanted = Wanted(search_terms(asked.tokens), (), asked.question.vector)
    ranking = rank(snapshot, wanted, asked.question.tokens, soon, UPCOMING, StageClock())
    return _hits(snapshot, asked._replace(ranking=ranking))


def _hits(snapshot: Snapshot, asked: Asked) -> tuple[Hit, ...]:
    named = mentions.weights(snapshot, asked.tokens)
    about = mentions.about(snapshot, named, asked.unsaid, asked.unknown)
    return tuple(_hit(snapshot, asked, named, about, place) for place in range(len(asked.ranking.numbers)))


def _hit(snapshot: Snapshot, asked: Asked, named: mentions.Weights, about: mentions.Weights, place: int) -> Hit:
    ranking = asked.ranking
    number = int(ranking.numbers[place])
    passage = snapshot.passage(number)
    return Hit(
        document=passage.document,
        chunk=passage.chunk,
        score=float(ranking.scores[place]),
        bm25=float(ranking.bm25[place]),
        dense=float(ranking.dense[place]),
        cosines=tuple(ranking.sentences[place].tolist()),
        coverage=mentions.coverage(passage, named),
        highlights=mentions.highlights(passage, named),
        share=float(ranking.shares[place]),
        lead=float(ranking.leads[place]),
        closeness=float(ranking.closeness[place]),
        compounds=mentions.compound_share(passage, asked.tokens),
        left_out=mentions.left_out(passage, about),
    )
