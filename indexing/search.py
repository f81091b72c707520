"""A question to the passages that may answer it, from the snapshot being served."""

import logging
import threading
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache, partial

from indexing import life_cycle, mentions
from indexing.closeness import Closeness
from indexing.embedding import Embedder
from indexing.hit import Hit, Meaning, SearchResult
from indexing.presence import Presence
from indexing.ranking import Asked, StageClock, ask, rank
from indexing.snapshot import Snapshot, Validity, open_for
from indexing.tokens import Analyzer, search_terms
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
        self._home = home
        self._embedder = embedder
        self._analyzer = analyzer
        self._opening = threading.Lock()
        self._open: tuple[str, Snapshot] | None = None
        self._presence = Presence(home)
        self._embed = lru_cache(maxsize=1024)(embedder.embed_query)
        self._closeness = Closeness(embedder)

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
        day, present = on or date.today(), self._presence.of(snapshot)
        valid = snapshot.valid_on(day) & present
        asked = ask(snapshot, question, self._analyzer, self._embed, valid, k, clock)
        with clock.stage("highlight"):
            hits = _hits(snapshot, asked)
        return SearchResult(
            hits=hits,
            candidates=asked.ranking.candidates,
            snapshot=snapshot.manifest.id,
            timings=clock.milliseconds,
            meaning=Meaning(snapshot.manifest.model, asked.meaning),
            upcoming=_upcoming(snapshot, asked, day, present),
            weigh=partial(mentions.weight, snapshot),
        )

    def closeness(self, meaning: Meaning, hits: Sequence[Hit]) -> tuple[float, ...]:
        """The cosine of a question with the nearest telling sentence of each hit, in order."""
        return self._closeness.of(meaning.vector, hits)


def _upcoming(snapshot: Snapshot, asked: Asked, day: date, present: Validity) -> tuple[Hit, ...]:
    soon = snapshot.starting(day, day + min(SOON, date.max - day)) & present
    if not soon.any():
        return ()
    terms = search_terms(asked.tokens)
    ranking = rank(snapshot, terms, asked.meaning, soon, UPCOMING, StageClock())
    return _hits(snapshot, asked._replace(ranking=ranking))


def _hits(snapshot: Snapshot, asked: Asked) -> tuple[Hit, ...]:
    named = mentions.weights(snapshot, asked.tokens)
    return tuple(_hit(snapshot, asked, named, place) for place in range(len(asked.ranking.numbers)))


def _hit(snapshot: Snapshot, asked: Asked, named: mentions.Weights, place: int) -> Hit:
    ranking = asked.ranking
    passage = snapshot.passage(int(ranking.numbers[place]))
    return Hit(
        document=passage.document,
        chunk=passage.chunk,
        score=float(ranking.scores[place]),
        bm25=float(ranking.bm25[place]),
        dense=float(ranking.dense[place]),
        coverage=mentions.coverage(passage, named),
        highlights=mentions.highlights(passage, named),
        share=float(ranking.shares[place]),
        compounds=mentions.compound_share(passage, asked.tokens),
    )
