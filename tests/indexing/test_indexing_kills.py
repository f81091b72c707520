"""Builds that die, in processes of their own: killed at several points, or out of disk space."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

import indexing
from indexing import life_cycle, manifest
from indexing.build import build
from indexing.search import SearchService
from knowledge_base.home import Home

Store = Callable[..., None]
ROOT = Path(indexing.__file__).parents[1]
TESTS = Path(__file__).parents[1]

CHILD = f"""
import os, resource, signal, sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}, {str(TESTS)!r}]
from hashing_embedder import HashingEmbedder, WordAnalyzer
from indexing import build, chunks, embedding, life_cycle
from knowledge_base.errors import OnnuriError
from knowledge_base.home import Home

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

embedding.EMBEDDING_BATCH = 4
home, embedder = Home(Path(sys.argv[1])), HashingEmbedder(dimension=int(sys.argv[2]))
{{harm}}
try:
    build.build(home, embedder, WordAnalyzer(), full=True)
except OnnuriError as error:
    print(error)
    sys.exit(1)
"""

# where the build dies → what makes it die there
KILLS = {
    "while embedding the second batch": (
        "real = embedder.embed_passages\n"
        "embedder.embed_passages = lambda texts: die() if embedder.embedded else real(texts)"
    ),
    "before chunks.db": "chunks.write = die",
    "with chunks.db half written": "chunks._row = die",
    "before the vectors": "build._write_vectors = die",
    "before the manifest": "build.Manifest.write = die",
    "before the check": "build._check = die",
    "before the rename": "Path.rename = die",
    "before the pointer moves": "life_cycle._point_to = die",
    "with the new pointer aside": "Path.replace = die",
}


def child(home: Home, harm: str, dimension: int = 64) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD.format(harm=harm), str(home.root), str(dimension)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def texts(service: SearchService) -> set[str]:
    return {hit.chunk.text for hit in service.search("글", k=100).hits}


def leftovers(home: Home) -> list[str]:
    return [path.name for path in home.snapshots.iterdir() if path.name.startswith(life_cycle.STAGING_PREFIX)]


@pytest.mark.parametrize("where", KILLS)
def test_a_killed_build_leaves_the_old_snapshot_serving(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService, where: str
) -> None:
    store(**{f"d{n}": f"옛 글 {n}" for n in range(9)})
    old = build(home, embedder, words)
    store(**{f"d{n}": f"새 글 {n}" for n in range(9)})
    died = child(home, KILLS[where])
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert life_cycle.current_id(home) == old.id
    assert manifest.verify(life_cycle.folder(home, old.id)) == old
    assert texts(service) == {f"옛 글 {n}" for n in range(9)}

    embedder.embedded.clear()
    build(home, embedder, words)
    assert texts(service) == {f"새 글 {n}" for n in range(9)}
    assert leftovers(home) == []
    # what was embedded before the kill is not embedded again
    assert len(embedder.embedded) == (5 if "embedding" in where else 0)


def test_a_build_killed_after_the_switch_has_switched(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService
) -> None:
    store(a="옛 글")
    build(home, embedder, words)
    store(a="새 글")
    assert child(home, "life_cycle.prune = die").returncode == -signal.SIGKILL
    assert texts(service) == {"새 글"}


# a disk that fills up, as a limit on the size of files from some moment on
FULL_FROM_THE_START = "resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
FULL_WHILE_WRITING = """
write = chunks.write
def limited(*args):
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    write(*args)
chunks.write = limited
"""


@pytest.mark.parametrize(
    ("harm", "limit"),
    [(FULL_FROM_THE_START, 4096), (FULL_WHILE_WRITING, 4096), (FULL_WHILE_WRITING, 200_000)],
    ids=["knowledge.db", "chunks.db", "vectors.faiss"],
)
def test_a_full_disk_leaves_the_old_snapshot_serving(
    home: Home, store: Store, words: WordAnalyzer, harm: str, limit: int
) -> None:
    embedder = HashingEmbedder(dimension=4096)
    store(**{f"d{n}": f"글 {n}" for n in range(20)})
    old = build(home, embedder, words)
    folder = life_cycle.folder(home, old.id)
    assert 4096 < (folder / "chunks.db").stat().st_size < 200_000 < (folder / "vectors.faiss").stat().st_size
    failed = child(home, harm.format(limit=limit), dimension=4096)
    assert failed.returncode == 1, failed.stderr
    assert failed.stderr == ""
    assert "디스크 여유 공간" in failed.stdout
    assert len(failed.stdout.splitlines()) == 1
    assert life_cycle.ids(home) == [old.id]
    assert leftovers(home) == []  # the room they took is free again
    assert SearchService(home, embedder, words).search("글").snapshot == old.id
