"""A question to the passages that may answer it, from the snapshot being served."""

import logging
import threading
from datetime import date
from functools import lru_cache

from indexing import life_cycle, mentions
from indexing.embedding import Embedder
from indexing.hit import Hit, SearchResult
from indexing.presence import Presence
from indexing.ranking import Ranking, StageClock, ask
from indexing.snapshot import Snapshot, open_for
from indexing.tokens import Analyzer
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot
from knowledge_base.home import Home

_log = logging.getLogger(__name__)


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
        self._presence = Presence(home)
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
        return open_for(life_cycle.folder(self._home, snapshot), self._embedder, self._analyzer)

    def search(self, question: str, *, k: int = 5, on: date | None = None) -> SearchResult:
        """The ``k`` (≥ 1) best chunks of documents in force on ``on`` (today) and still in the knowledge base.

        Fewer in a small corpus.

        A question without any searchable term is still searched by meaning.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        snapshot = self.snapshot()
        clock = StageClock()
        valid = snapshot.valid_on(on or date.today()) & self._presence.of(snapshot)
        tokens, ranking = ask(snapshot, question, self._analyzer, self._embed, valid, k, clock)
        with clock.stage("highlight"):
            named = mentions.weights(snapshot, tokens)
            hits = tuple(_hit(snapshot, named, ranking, place) for place in range(len(ranking.numbers)))
        return SearchResult(
            hits=hits, candidates=ranking.candidates, snapshot=snapshot.manifest.id, timings=clock.milliseconds
        )


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
