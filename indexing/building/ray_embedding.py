"""Embedding on a Ray cluster: Ray Data hands batches to workers that each hold the model."""

import logging
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from indexing.building.embedding_cache import EMBEDDING_BATCH, Computed, Embedded, computed, computed_tokens
from indexing.embedding.embedder import Embedder
from knowledge_base.errors import ClusterUnavailable, IndexingError

if TYPE_CHECKING:
    from ray.data import Dataset
    from ray.exceptions import RayError

PATIENCE_S = 5.0
AHEAD = 2
"""Batches a worker has waiting: so many more are lost when a build is killed."""

Batch = Mapping[str, NDArray[Any]]


class RayEmbedding:
    """Embeds on the workers of the cluster that this process is connected to, as many as it has CPUs, or GPUs.

    This program and the model must be on every machine of it, in the same places as here.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def __call__(self, texts: Sequence[str], tokens: bool) -> Iterator[Embedded]:
        """As EmbedAll; raises IndexingError with what a worker said."""
        from ray.exceptions import RayError

        if not texts:
            return
        try:
            for batch in self._embedded(texts, tokens).iter_batches(batch_size=None, prefetch_batches=0):
                found = zip(batch["vector"].tolist(), batch["tokens"].tolist(), strict=True)
                yield Embedded(batch["place"].tolist(), [Computed(*each) for each in found])
        except RayError as error:
            raise _reason(error) from error

    def _embedded(self, texts: Sequence[str], tokens: bool) -> "Dataset":
        import ray.data

        resources = ray.cluster_resources()
        gpus = int(resources.get("GPU", 0))
        rows = [{"place": place, "text": text} for place, text in enumerate(texts)]
        return ray.data.from_items(rows, override_num_blocks=-(-len(rows) // EMBEDDING_BATCH)).map_batches(
            Worker,
            fn_constructor_args=(self._embedder, self._embedder.name, tokens),
            batch_size=EMBEDDING_BATCH,
            compute=ray.data.ActorPoolStrategy(
                min_size=1, max_size=gpus or int(resources.get("CPU", 1)), max_tasks_in_flight_per_actor=AHEAD
            ),
            num_gpus=1 if gpus else None,
        )


class Worker:
    """A process of the cluster that holds the model."""

    def __init__(self, embedder: Embedder, name: str, tokens: bool) -> None:
        self._embedder, self._tokens = embedder, tokens
        if self._embedder.name != name:
            raise ClusterUnavailable(
                f"Ray 작업 노드의 임베딩 모델({self._embedder.name})이 이 컴퓨터의 것({name})과 다릅니다. "
                "모든 노드에 같은 모델을 두세요."
            )

    def __call__(self, batch: Batch) -> Batch:
        embed = computed_tokens if self._tokens else computed
        vectors, tokens = zip(*embed(self._embedder, [str(text) for text in batch["text"]]), strict=True)
        return {
            "place": batch["place"],
            "vector": np.array(vectors, dtype=object),
            "tokens": np.array(tokens, dtype=object),
        }


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Connected to the cluster at ``address`` (``10.0.0.5:6379``, or ``ray://10.0.0.5:10001`` from outside of it).

    Raises ClusterUnavailable when nobody answers there.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # Ray would tell its makers
    try:
        import ray
        from ray.data import DataContext
        from ray.exceptions import RayError
    except ModuleNotFoundError as error:
        raise ClusterUnavailable(
            "Ray로 임베딩하려면 ray 패키지가 필요합니다. 'pip install \"onnuri[ray]\"'로 설치하세요."
        ) from error
    _require_listening(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, RayError) as error:  # the last: another token
        raise _unreachable(address, error) from error
    try:
        context = DataContext.get_current()
        context.enable_progress_bars = False
        context.raise_original_map_exception = True  # else what a worker said is lost on the way
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        yield
    finally:
        ray.shutdown()


def _require_listening(address: str) -> None:
    """Ray itself would try for minutes."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE_S).close()
    except (OSError, ValueError) as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, reason: Exception) -> ClusterUnavailable:
    return ClusterUnavailable(
        f"Ray 클러스터 {address}에 연결할 수 없습니다({reason}). 'ray status'로 켜져 있는지, "
        "주소가 10.0.0.5:6379처럼 맞는지 확인하세요. 기존 색인은 그대로 쓰입니다."
    )


def _reason(error: "RayError") -> IndexingError:
    """What a worker told a person, or what became of the cluster."""
    causes = [getattr(each, "cause", None) for each in (error, *error.args)]  # the latter of one that could not begin
    for cause in causes:
        if isinstance(cause, IndexingError):
            return type(cause)(str(cause).splitlines()[0])  # Ray adds advice of its own
    told = (str(error).strip() or type(error).__name__).splitlines()[-1]
    return ClusterUnavailable(
        f"Ray 클러스터에서 임베딩하지 못했습니다({told}). 여기까지 임베딩한 것은 남아 있으니, "
        "클러스터를 살핀 뒤 다시 하세요."
    )
