"""What is asked of an embedding model, and the cache of vectors already computed.

The model itself is :class:`indexing.embedding_model.EmbeddingModel`.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    from sqlite_utils import Database

Vectors = NDArray[np.float32]
EMBEDDING_BATCH = 256


class Embedder(Protocol):
    """What building and searching need of an embedding model. Vectors are of length 1."""

    @property
    def name(self) -> str:
        """Changes whenever the vectors may change."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension)."""
        ...


def embed_cached(
    embedder: Embedder, texts: Sequence[str], cache: Path, progress: Callable[[int], None] = lambda done: None
) -> Vectors:
    """Vectors of ``texts`` in order, shape (len(texts), dimension); only new texts are embedded.

    ``cache`` is knowledge.db; each batch is committed, so a killed build goes on where it stopped.
    ``progress`` is told how many of the texts are ready.
    """
    from sqlite_utils import Database  # takes pandas along, which searching does without

    hashes = [hashlib.sha256(text.encode()).digest() for text in texts]
    occurrences = Counter(hashes)
    with closing(Database(cache, execute_plugins=False)) as database:
        database.enable_wal()
        database.table("embeddings").create(
            {"model": str, "text_hash": bytes, "vector": bytes}, pk=("model", "text_hash"), if_not_exists=True
        )
        known = _cached(database, embedder.name, occurrences.keys())
        done = sum(occurrences[key] for key in known)
        progress(done)
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        by_length = sorted(missing, key=lambda key: len(missing[key]))
        for start in range(0, len(by_length), EMBEDDING_BATCH):
            keys = by_length[start : start + EMBEDDING_BATCH]
            vectors = _embedded(embedder, [missing[key] for key in keys])
            fresh = {key: vector.tobytes() for key, vector in zip(keys, vectors, strict=True)}
            database.table("embeddings").insert_all(_rows(embedder.name, fresh), replace=True)
            known |= fresh
            done += sum(occurrences[key] for key in keys)
            progress(done)
    return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in hashes])


def _embedded(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    vectors = embedder.embed_passages(texts)
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01):  # also when one is not a number
        raise ModelUnavailable(
            f"임베딩 모델 '{embedder.name}'이(가) 잘못된 벡터를 냈습니다. 모델 파일이 온전한지 확인하세요."
        )
    return vectors


def _rows(model: str, vectors: dict[bytes, bytes]) -> Iterator[dict[str, object]]:
    return ({"model": model, "text_hash": key, "vector": vector} for key, vector in vectors.items())


def _cached(database: "Database", model: str, wanted: Collection[bytes]) -> dict[bytes, bytes]:
    rows: sqlite3.Cursor = database.conn.execute("select text_hash, vector from embeddings where model = ?", [model])
    return {key: vector for key, vector in rows if key in wanted}
