"""The snapshots that are kept, as an admin compares them, and what the next build would change."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from indexing.admin_panel.catalogue import Catalogue, Catalogues
from indexing.building.contents import versions
from indexing.snapshots import life_cycle, manifest
from indexing.snapshots.manifest import Manifest
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot
from knowledge_base.home import Home


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot on disk; ``manifest`` is None, and ``problem`` says why, when it is damaged. ``size`` is in bytes."""

    id: str
    manifest: Manifest | None
    size: int
    is_current: bool
    problem: str = ""


class Built(NamedTuple):
    """What is served after a build; ``is_new`` unless there was nothing to do."""

    manifest: Manifest
    is_new: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """How many documents the index being served does not have as the knowledge base has them."""

    added: int
    changed: int
    removed: int

    @property
    def total(self) -> int:
        """All of them; 0 when there is nothing to build."""
        return self.added + self.changed + self.removed


def current(home: Home) -> str:
    """The id of the snapshot being served, '' before the first build."""
    try:
        return life_cycle.current_id(home)
    except NoSnapshot:
        return ""


def served(home: Home) -> Mapping[str, str]:
    """What the index being served has: the version of each document by its id; {} where none can be read."""
    try:
        return manifest.read(life_cycle.folder(home, current(home))).documents
    except IndexingError:
        return {}


def kept(home: Home) -> list[Kept]:
    """Newest first; one that is pruned meanwhile is left out."""
    newest = current(home)
    found = []
    for snapshot in reversed(life_cycle.ids(home)):
        try:
            folder = life_cycle.folder(home, snapshot)
            found.append(Kept(snapshot, manifest.read(folder), size(folder), snapshot == newest))
        except BrokenSnapshot as error:
            found.append(Kept(snapshot, None, size(home.snapshots / snapshot), snapshot == newest, str(error)))
        except NoSnapshot:
            continue
    return found


def size(path: Path) -> int:
    """Bytes of a file or of all files below a folder; 0 when there is none."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else 0


class PendingChanges:
    """What the next build would change, worked out once for each state of knowledge base and index."""

    def __init__(self, home: Home, catalogues: Catalogues) -> None:
        self._home, self._catalogues = home, catalogues
        self._lock = threading.Lock()
        self._known: tuple[Catalogue, str, Pending] | None = None

    def now(self) -> Pending:
        """Looks at every document when anything has changed."""
        with self._lock:
            catalogue, snapshot = self._catalogues.now(), current(self._home)
            if self._known is None or self._known[0] is not catalogue or self._known[1] != snapshot:
                self._known = (catalogue, snapshot, self._compared(catalogue))
            return self._known[2]

    def _compared(self, catalogue: Catalogue) -> Pending:
        wanted = versions(found.document for found in catalogue.standings if found.is_served)
        there = served(self._home)
        both = wanted.keys() & there.keys()
        changed = sum(wanted[document] != there[document] for document in both)
        return Pending(len(wanted) - len(both), changed, len(there) - len(both))
