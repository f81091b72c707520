"""What is asked of an embedding model, and the cache of vectors already computed.

The model itself is :class:`indexing.embedding_model.EmbeddingModel`.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    from sqlite_utils import Database

Vectors = NDArray[np.float32]
EMBEDDING_BATCH = 256


class Embedded(NamedTuple):
    """Some of the texts that were to be embedded, by their places, and their vectors, shape (n, dimension)."""

    places: Sequence[int]
    vectors: Vectors


EmbedAll = Callable[[Sequence[str]], Iterator[Embedded]]
"""Embeds each text once; the batches come as they are ready, in any order."""


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
    embedder: Embedder,
    texts: Sequence[str],
    cache: Path,
    progress: Callable[[int], None] = lambda done: None,
    embed_all: EmbedAll | None = None,
) -> Vectors:
    """Vectors of ``texts`` in order, shape (len(texts), dimension); only new texts are embedded.

    ``cache`` is knowledge.db; each batch is committed, so a killed build goes on where it stopped.
    ``progress`` is told how many of the texts are ready. ``embed_all`` embeds the new ones, elsewhere with the
    same model; without, ``embedder`` does here.
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
        for places, vectors in (embed_all or partial(_in_turn, embedder))([missing[key] for key in by_length]):
            keys = [by_length[place] for place in places]
            _require_sound(embedder.name, vectors)
            fresh = {key: vector.tobytes() for key, vector in zip(keys, vectors, strict=True)}
            database.table("embeddings").insert_all(_rows(embedder.name, fresh), replace=True)
            known |= fresh
            done += sum(occurrences[key] for key in keys)
            progress(done)
    return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in hashes])


def _in_turn(embedder: Embedder, texts: Sequence[str]) -> Iterator[Embedded]:
    for start in range(0, len(texts), EMBEDDING_BATCH):
        batch = texts[start : start + EMBEDDING_BATCH]
        yield Embedded(range(start, start + len(batch)), embedder.embed_passages(batch))


def _require_sound(model: str, vectors: Vectors) -> None:
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01):  # also when one is not a number
        raise ModelUnavailable(f"임베딩 모델 '{model}'이(가) 잘못된 벡터를 냈습니다. 모델 파일이 온전한지 확인하세요.")


def _rows(model: str, vectors: dict[bytes, bytes]) -> Iterator[dict[str, object]]:
    return ({"model": model, "text_hash": key, "vector": vector} for key, vector in vectors.items())


def _cached(database: "Database", model: str, wanted: Collection[bytes]) -> dict[bytes, bytes]:
    rows: sqlite3.Cursor = database.conn.execute("select text_hash, vector from embeddings where model = ?", [model])
    return {key: vector for key, vector in rows if key in wanted}
