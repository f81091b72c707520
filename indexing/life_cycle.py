"""Which snapshots there are and which one is served; the only place that writes ``current``."""

import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from indexing import manifest
from indexing.manifest import Manifest
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot
from knowledge_base.home import Home

KEPT = 5  # snapshots kept for rollback besides the one being served
STAGING_PREFIX = ".building-"


def new_id() -> str:
    """Sorts by time of creation: ``20261127-091500-3fa2``."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def folder(home: Home, snapshot: str) -> Path:
    """Where a snapshot lives; raises NoSnapshot when there is none of this id."""
    if snapshot not in ids(home):
        known = ", ".join(ids(home)) or "없음"
        raise NoSnapshot(f"색인 '{snapshot}'이(가) 없습니다. 있는 색인: {known}.")
    return home.snapshots / snapshot


def ids(home: Home) -> list[str]:
    """Every finished snapshot, oldest first."""
    if not home.snapshots.is_dir():
        return []
    return sorted(path.name for path in home.snapshots.iterdir() if path.is_dir() and not path.name.startswith("."))


def current_id(home: Home) -> str:
    """The snapshot being served; raises NoSnapshot before the first build."""
    try:
        return home.current.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NoSnapshot(
            "아직 색인이 없습니다. 'onnuri kb import 폴더'로 문서를 가져온 뒤 'onnuri index build'를 실행하세요."
        ) from error


def publish(home: Home, staging: Path, snapshot: str) -> Manifest:
    """Turn a finished staging folder into a snapshot and serve it; raises BrokenSnapshot if it fails."""
    verified = manifest.verify(staging)
    for file in staging.iterdir():
        _sync(file)
    _sync(staging)
    staging.rename(home.snapshots / snapshot)
    _sync(home.snapshots)
    _point_to(home, snapshot)
    prune(home)
    return verified


def activate(home: Home, snapshot: str) -> Manifest:
    """Serve a kept snapshot, after checking it."""
    verified = manifest.verify(folder(home, snapshot))
    _point_to(home, snapshot)
    return verified


def rollback(home: Home) -> Manifest:
    """Serve the newest sound snapshot older than the current one; raises IndexingError without one."""
    current = current_id(home)
    for older in reversed([snapshot for snapshot in ids(home) if snapshot < current]):
        try:
            return activate(home, older)
        except BrokenSnapshot:
            continue
    raise IndexingError("되돌릴 이전 색인이 없습니다. 'onnuri index list'로 확인하세요.")


def prune(home: Home) -> None:
    """Delete snapshots beyond the newest ``KEPT``, never the current one."""
    current = current_id(home)
    for old in [snapshot for snapshot in ids(home) if snapshot != current][:-KEPT]:
        shutil.rmtree(home.snapshots / old)


def discard_unfinished(home: Home) -> None:
    """Remove what killed builds left behind; only a builder holding the lock may call this."""
    for leftover in home.snapshots.glob(f"{STAGING_PREFIX}*"):
        shutil.rmtree(leftover)


def _point_to(home: Home, snapshot: str) -> None:
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
