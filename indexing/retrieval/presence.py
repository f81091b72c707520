"""Which documents may not be shown: those that are no longer in the knowledge base.

A document that is removed or withdrawn is gone from every answer at once, before any build.
"""

import logging
import os
from pathlib import Path
from typing import NamedTuple

from indexing.snapshots.snapshot import Snapshot
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.file_times import is_settled
from knowledge_base.home import Home

_log = logging.getLogger(__name__)

_Stamp = tuple[tuple[int, int, int], ...]
"""Inode, size and time of the last change of the knowledge base's file and of its log."""


class _Seen(NamedTuple):
    """The documents of ``snapshot``, by place, that were gone when the knowledge base was at ``generation``.

    They still are while its files have this ``stamp``.
    """

    snapshot: Snapshot
    generation: int
    gone: frozenset[int]
    stamp: _Stamp | None = None


class Presence:
    """Follows the knowledge base; asking costs two looks at its files while they stay the same.

    A snapshot that was brought here without its knowledge base is shown whole. While the knowledge base
    cannot be read, what was last known of it holds.
    """

    def __init__(self, home: Home) -> None:
        from knowledge_base.storage.store import KnowledgeStore  # half a second that `onnuri --help` has no use for

        self._path = home.knowledge
        self._store = KnowledgeStore(home.knowledge)
        self._seen: _Seen | None = None

    def gone(self, snapshot: Snapshot) -> frozenset[int]:
        """The places in the layout of ``snapshot`` of the documents that may not be shown."""
        try:
            seen = self._looked_up(snapshot)
        except (KnowledgeBaseError, OSError) as error:
            _log.warning("%s", error)
            seen = self._seen
        if seen is None or seen.snapshot is not snapshot:
            return frozenset()
        return seen.gone

    def _looked_up(self, snapshot: Snapshot) -> _Seen | None:
        stamp, seen = self._stamp(), self._seen
        if not stamp:
            return None
        if seen and seen.snapshot is snapshot and seen.stamp == stamp:
            return seen
        generation = self._store.generation()
        if seen is None or seen.generation != generation or seen.snapshot is not snapshot:
            seen = _Seen(snapshot, generation, snapshot.absent(self._store.ids().__contains__))
        changed = max(changed for *_, changed in stamp)
        self._seen = seen = seen._replace(stamp=stamp if is_settled(changed) else None)
        return seen

    def _stamp(self) -> _Stamp:
        """Empty when there is no knowledge base; a log without anything in it comes and goes with every reader."""
        file, log = _stat(self._path), _stat(self._path.with_name(f"{self._path.name}-wal"))
        if file is None:
            return ()
        found = (file, log) if log and log.st_size else (file,)
        return tuple((each.st_ino, each.st_size, each.st_mtime_ns) for each in found)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
