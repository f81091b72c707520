"""Which documents may not be shown: those that are no longer in the knowledge base.

A document that is removed or withdrawn is gone from every answer at once, before any build.
"""

import logging
from typing import NamedTuple

from indexing.snapshots.snapshot import Snapshot
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.home import Home

_log = logging.getLogger(__name__)


class _Seen(NamedTuple):
    """The documents of ``snapshot``, by place, that were gone when the knowledge base was at ``generation``."""

    snapshot: Snapshot
    generation: int
    gone: frozenset[int]


class Presence:
    """Follows the knowledge base; asking costs a tenth of a millisecond while it stays the same.

    A snapshot that was brought here without its knowledge base is shown whole. While the knowledge base
    cannot be read, what was last known of it holds.
    """

    def __init__(self, home: Home) -> None:
        from knowledge_base.storage.store import (
            KnowledgeStore,  # takes half a second, which "onnuri --help" has no use for
        )

        self._path = home.knowledge
        self._store = KnowledgeStore(home.knowledge)
        self._seen: _Seen | None = None

    def gone(self, snapshot: Snapshot) -> frozenset[int]:
        """The places in the layout of ``snapshot`` of the documents that may not be shown."""
        try:
            seen = self._looked_up(snapshot)
        except KnowledgeBaseError as error:
            _log.warning("%s", error)
            seen = self._seen
        if seen is None or seen.snapshot is not snapshot:
            return frozenset()
        return seen.gone

    def _looked_up(self, snapshot: Snapshot) -> _Seen | None:
        if not self._path.exists():
            return None
        generation, seen = self._store.generation(), self._seen
        if seen is None or seen.generation != generation or seen.snapshot is not snapshot:
            self._seen = seen = _Seen(snapshot, generation, snapshot.absent(self._store.ids().__contains__))
        return seen
