"""What changed between two snapshots, for the admin who decides which one to serve."""

from dataclasses import dataclass

from indexing.snapshots import life_cycle, manifest
from indexing.snapshots.chunks import ChunkReader
from indexing.snapshots.manifest import Manifest
from knowledge_base.home import Home


@dataclass(frozen=True, slots=True)
class Titled:
    """A document by its id and its title, which is the id for one without any text."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The documents that ``new`` has and ``old`` has not, the other way round, and those whose content differs.

    Each by id; a changed one under its new title.
    """

    old: str
    new: str
    added: tuple[Titled, ...]
    removed: tuple[Titled, ...]
    changed: tuple[Titled, ...]


def difference(home: Home, old: str, new: str) -> Difference:
    """Compare two snapshots by their ids; raises NoSnapshot, or BrokenSnapshot when a manifest is damaged."""
    before, after = _read(home, old), _read(home, new)
    both = before.documents.keys() & after.documents.keys()
    was, now = _titles(home, old), _titles(home, new)
    return Difference(
        old=old,
        new=new,
        added=_titled(after.documents.keys() - both, now),
        removed=_titled(before.documents.keys() - both, was),
        changed=_titled({name for name in both if before.documents[name] != after.documents[name]}, now),
    )


def _read(home: Home, snapshot: str) -> Manifest:
    return manifest.read(life_cycle.folder(home, snapshot))


def _titles(home: Home, snapshot: str) -> dict[str, str]:
    return ChunkReader(life_cycle.folder(home, snapshot) / manifest.CHUNKS).titles()


def _titled(documents: set[str], titles: dict[str, str]) -> tuple[Titled, ...]:
    return tuple(Titled(document, titles.get(document, document)) for document in sorted(documents))
