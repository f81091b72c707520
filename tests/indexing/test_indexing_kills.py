"""Operations that die, in processes of their own: killed at many points, or out of disk space."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

import indexing
from indexing.building.build import build
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from knowledge_base.errors import OnnuriError
from knowledge_base.home import Home

Store = Callable[..., None]
ROOT = Path(indexing.__file__).parents[1]
TESTS = Path(__file__).parents[1]
MOST = 16  # points an operation: more take long


@pytest.mark.parametrize("operation", ["build", "full", "activate", "rollback"])
def test_whenever_it_is_killed_the_old_snapshot_serves_or_the_new_one(
    home: Home,
    store: Store,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    operation: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store(**{f"d{n}": f"첫 글 {n}" for n in range(6)})
    build(home, embedder, words)
    store(**{f"d{n}": f"옛 글 {n}" for n in range(6)})
    build(home, embedder, words)
    store(**{f"d{n}": f"{'새' if n % 2 else '옛'} 글 {n}" for n in range(7)})
    command = [sys.executable, str(TESTS / "kill_points.py"), str(home.root), operation, str(MOST)]
    path = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
    ran = subprocess.run(command, env=path, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stderr
    survived, steps = map(int, ran.stdout.split())
    assert survived == min(MOST, steps)
    with capsys.disabled():
        sys.stdout.write(f"\n{operation}: survived kill -9 at {survived} of {steps} steps ")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("to mount a small disk takes root")
    yield tmp_path
    gc.collect()  # connections of snapshots
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.mark.parametrize("full", [False, True])
def test_a_full_disk_leaves_the_old_snapshot_serving_until_there_is_room(
    small_disk: Path, home: Home, store: Store, words: WordAnalyzer, full: bool
) -> None:
    """With less and less of the room that the build needs, down to nothing."""
    embedder = HashingEmbedder(dimension=1024)
    store(**{f"d{n}": f"옛 글 {n}" for n in range(40)})
    old = build(home, embedder, words)
    store(**{f"d{n}": f"{'새' if n % 2 else '옛'} 글 {n}" for n in range(40)})
    service = SearchService(home, embedder, words)
    failures = 0
    for room in range(1_000_000, -1, -40_000):
        free = shutil.disk_usage(small_disk).free
        (small_disk / "filler").write_bytes(b"x" * (free - room))
        try:
            build(home, embedder, words, full=full)
        except OnnuriError as error:
            failures += 1
            assert "디스크 여유 공간" in str(error)
            assert life_cycle.current_id(home) == old.id
            assert service.search("글").snapshot == old.id
            assert [path.name for path in home.snapshots.iterdir()] == [old.id]  # the room it took is free again
        (small_disk / "filler").unlink()
        if failures == 0:
            shutil.rmtree(home.snapshots / life_cycle.current_id(home))
            home.current.write_text(old.id)
    assert failures >= 4
    new = build(home, embedder, words, full=full)
    assert service.search("글").snapshot == new.id
    assert {"새 글 1", "옛 글 2"} <= {hit.chunk.text for hit in service.search("글", k=40).hits}
