"""Which snapshots there are and which one is served; the only place that writes ``current``."""

import logging
import os
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from indexing.snapshots import manifest
from indexing.snapshots.manifest import Manifest
from indexing.snapshots.snapshot import Snapshot
from indexing.snapshots.vector_store import store_of
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot, StoreUnavailable
from knowledge_base.home import Home

KEPT = 5  # snapshots kept for rollback besides the one being served
STAGING_PREFIX = ".building-"
_log = logging.getLogger(__name__)
_ID = re.compile(r"\d{8}-\d{6}-\d{6}")
_ID_FORMAT = "%Y%m%d-%H%M%S-%f"


def new_id(newest: str = "") -> str:
    """The UTC time to the microsecond, ``20261127-091500-482913``: ids sort by age.

    Comes after ``newest`` also when the clock was set back.
    """
    moment = datetime.now(UTC).replace(tzinfo=None)
    if newest:
        moment = max(moment, datetime.strptime(newest, _ID_FORMAT) + timedelta(microseconds=1))
    return moment.strftime(_ID_FORMAT)


def folder(home: Home, snapshot: str) -> Path:
    """Where a snapshot lives; raises NoSnapshot when there is none of this id."""
    if snapshot not in ids(home):
        known = ", ".join(ids(home)) or "없음"
        raise NoSnapshot(f"색인 '{snapshot}'이(가) 없습니다. 있는 색인: {known}.")
    return home.snapshots / snapshot


def ids(home: Home) -> list[str]:
    """Every finished snapshot, oldest first; other folders that someone put there are not ours."""
    if not home.snapshots.is_dir():
        return []
    return sorted(path.name for path in home.snapshots.iterdir() if _ID.fullmatch(path.name) and path.is_dir())


def current_id(home: Home) -> str:
    """The snapshot being served, which may be missing or broken; raises NoSnapshot before the first build."""
    try:
        return home.current.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise NoSnapshot(
            "아직 색인이 없습니다. 'onnuri kb import 폴더'로 문서를 가져온 뒤 'onnuri index build'를 실행하세요."
        ) from error


def substitutes(home: Home, snapshot: str) -> list[str]:
    """The other snapshots, the best to serve in its place first.

    The older ones, newest first; then the newer ones, which someone rolled back.
    """
    others = [other for other in ids(home) if other != snapshot]
    return sorted(others, key=lambda other: (other < snapshot, other), reverse=True)


def predecessor(home: Home, snapshot: str) -> str:
    """The newest snapshot older than this one; raises NoSnapshot without one."""
    if older := [other for other in ids(home) if other < snapshot]:
        return older[-1]
    raise NoSnapshot(f"색인 '{snapshot}'보다 오래된 색인이 없습니다. 'onnuri index list'로 확인하세요.")


def store(home: Home, snapshot: str) -> None:
    """See to it that the vector store of the settings, if any, holds a snapshot; minutes for a large one."""
    kept = folder(home, snapshot)
    if (vectors := store_of(home)) and not vectors.holds(manifest.read(kept)):
        vectors.take(Snapshot(kept))


def publish(home: Home, staging: Path, snapshot: str) -> None:
    """Turn a staging folder that was checked into a snapshot, and serve it."""
    for file in staging.iterdir():
        _sync(file)
    _sync(staging)
    with _switching(home):
        staging.rename(home.snapshots / snapshot)
        _sync(home.snapshots)
        _point_to(home, snapshot)
        prune(home)


def activate(home: Home, snapshot: str) -> Manifest:
    """Serve a kept snapshot, after checking it."""
    store(home, snapshot)
    with _switching(home):
        verified = manifest.verify(folder(home, snapshot))
        _point_to(home, snapshot)
    return verified


def rollback(home: Home) -> Manifest:
    """Serve the newest sound snapshot older than the current one; raises IndexingError without one."""
    current = current_id(home)
    for older in substitutes(home, current):
        if older > current:
            break
        with suppress(BrokenSnapshot):
            return activate(home, older)
    raise IndexingError("되돌릴 이전 색인이 없습니다. 'onnuri index list'로 확인하세요.")


def prune(home: Home) -> None:
    """Delete snapshots beyond the newest ``KEPT``, never the current one.

    What cannot be deleted now goes with the next build; a search under way keeps what it has open.
    """
    current = current_id(home)
    for old in [snapshot for snapshot in ids(home) if snapshot != current][:-KEPT]:
        doomed = home.snapshots / f"{STAGING_PREFIX}{old}"
        with suppress(OSError):
            (home.snapshots / old).rename(doomed)
            discard(home, doomed)


def discard_unfinished(home: Home) -> None:
    """Remove what killed builds left behind; only a builder holding the lock may call this."""
    for leftover in home.snapshots.glob(f"{STAGING_PREFIX}*"):
        discard(home, leftover)


def discard(home: Home, staging: Path) -> None:
    """Remove a folder that is no snapshot, or no longer, and what the vector store has of it.

    The folder is left to the next build when the vector store cannot be reached.
    """
    try:
        if vectors := store_of(home):
            vectors.drop(staging.name.removeprefix(STAGING_PREFIX))
    except StoreUnavailable as error:
        _log.warning("%s", error)
        return
    shutil.rmtree(staging, ignore_errors=True)


def _switching(home: Home) -> FileLock:
    """Held for a moment: a snapshot being activated must not be pruned by a build that ends just then."""
    return FileLock(home.root / "switch.lock")


def _point_to(home: Home, snapshot: str) -> None:
    if vectors := store_of(home):  # first: what it refuses is not served
        vectors.serve(snapshot)
    aside = home.current.with_suffix(".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(f"{snapshot}\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(home.current)
    _sync(home.root)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
