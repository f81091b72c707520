"""Embedding on a real Ray cluster of two worker processes, on loopback."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building.build import build
from indexing.building.embedding_cache import embed_cached
from indexing.building.ray_embedding import RayEmbedding, cluster
from indexing.embedding.embedder import Vectors
from indexing.embedding.model import EmbeddingModel
from knowledge_base.errors import BuildCancelled, ClusterUnavailable, ModelUnavailable
from knowledge_base.home import Home

LOOPBACK = "127.0.0.2"  # for 127.0.0.1 Ray takes the address that others reach this machine by
pytestmark = [
    pytest.mark.slow,
    pytest.mark.allow_hosts(["127.0.0.1", LOOPBACK]),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Ray's, of itself
]
TEXTS = [f"{number}번째 글은 {'가나다' * (number % 7)}입니다" for number in range(1500)]


class LackingEmbedder(HashingEmbedder):
    """Finds no model where it is to embed."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise ModelUnavailable("모델이 없습니다.")


class TellingEmbedder(HashingEmbedder):
    """Vectors that tell which process made them, in the first two numbers.

    Each process waits for another in ``folder``, for a minute: one could have done all before the other begins.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        (self.folder / str(os.getpid())).touch()
        patience = time.monotonic() + 60
        while len(list(self.folder.iterdir())) < 2 and time.monotonic() < patience:
            time.sleep(0.05)
        angle = os.getpid() % 1000 / 1000
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors[:, 0], vectors[:, 1] = np.cos(angle), np.sin(angle)
        return vectors


HEAD = """
import sys, ray
folder, host = sys.argv[1:]
small = {"num_cpus": 2, "object_store_memory": 100_000_000, "include_dashboard": False}
started = ray.init(**small, _node_ip_address=host, _temp_dir=folder)
print(started.address_info["address"], flush=True)
sys.stdin.read()
"""


@contextmanager
def head(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    """The address of a head that ends, with all that it started, when nobody writes to it any more.

    On a busy machine it may take longer than the half minute that Ray gives it, and is started again.
    """
    for _ in range(4):
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            if address := process.stdout.readline().strip():
                yield address
                return
    raise AssertionError("Ray did not start")


@pytest.fixture(scope="module", autouse=True)
def connected() -> Iterator[None]:
    """A cluster of two worker processes, in which who has no token has no say, and this process connected to it."""
    tests = Path(__file__).parent
    with (
        pytest.MonkeyPatch.context() as ours,
        TemporaryDirectory(prefix="ray", dir="/tmp") as folder,  # short: there are sockets below it
    ):
        ours.setenv("RAY_AUTH_MODE", "token")
        ours.setenv("RAY_AUTH_TOKEN", secrets.token_hex())
        ours.setenv("RAY_USAGE_STATS_ENABLED", "0")
        ours.setenv("RAY_raylet_start_wait_time_s", "120")  # on a busy machine
        # Ray takes it where it is there, and every process of Ray would build its grammar anew: three seconds each
        ours.setitem(sys.modules, "rfc3987_syntax", None)
        (Path(folder) / "rfc3987_syntax.py").write_text("raise ImportError")
        import ray  # which reads them once

        path = os.pathsep.join(map(str, (folder, tests.parents[1], tests.parent)))
        environment = {**os.environ, "PYTHONPATH": path}
        with head([sys.executable, "-c", HEAD, folder, LOOPBACK], environment) as address, cluster(address):
            ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # the cluster has no such module
            yield


def test_the_vectors_are_those_of_one_process(tmp_path: Path) -> None:
    told: list[int] = []
    here = embed_cached(HashingEmbedder(), TEXTS, tmp_path / "here.db")
    there = embed_cached(HashingEmbedder(), TEXTS, tmp_path / "there.db", told.append, RayEmbedding(HashingEmbedder()))
    np.testing.assert_allclose(there, here, atol=1e-6)
    assert told[0] == 0
    assert told[-1] == len(TEXTS)
    assert told == sorted(told)
    assert len(told) > 3


def test_the_work_is_shared(tmp_path: Path) -> None:
    batches = RayEmbedding(TellingEmbedder(tmp_path))(TEXTS * 3, tokens=False)
    assert len({each.vector for batch in batches for each in batch.computed}) == 2


def test_a_build_that_was_broken_off_goes_on(home: Home, store: Callable[..., None], words: WordAnalyzer) -> None:
    store(**{f"d{number}": text for number, text in enumerate(TEXTS)})
    embedder = HashingEmbedder()
    reached: list[int] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "임베딩":
            reached.append(done)

    with pytest.raises(BuildCancelled):
        build(
            home,
            embedder,
            words,
            embed_all=RayEmbedding(embedder),
            progress=progress,
            cancelled=lambda: bool(reached) and reached[-1] > 0,
        )
    kept = len(reached)
    made = build(home, embedder, words, embed_all=RayEmbedding(embedder), progress=progress)
    assert made.chunks == len(TEXTS)
    assert reached[kept] > 0  # what was embedded before is not embedded again
    assert embedder.embedded == []  # nothing of it in this process


def test_a_machine_with_another_model_is_told(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"here")
    model = EmbeddingModel(str(tmp_path))
    here = model.name
    weights.write_bytes(b"on another machine")
    with pytest.raises(ClusterUnavailable, match=f"^Ray 작업 노드.*{EmbeddingModel(str(tmp_path)).name}.*{here}"):
        list(RayEmbedding(model)(["글"], tokens=False))


def test_what_a_machine_lacks_is_told() -> None:
    with pytest.raises(ModelUnavailable, match=r"^모델이 없습니다\.$"):
        list(RayEmbedding(LackingEmbedder())(["글"], tokens=False))


def test_a_cluster_that_is_not_there_is_one_sentence() -> None:
    for address in ("127.0.0.1:9", "ray://127.0.0.1:9", "nonsense"):
        with pytest.raises(ClusterUnavailable, match=f"{address}에 연결할 수 없습니다"), cluster(address):
            pass
