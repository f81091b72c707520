"""Texts to vectors, by any sentence-transformers model, and the cache of vectors already computed."""

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
E5_PROMPTS = {"query": "query: ", "document": "passage: "}
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


class SentenceTransformerEmbedder:
    """A sentence-transformers folder or hub id, loaded at first use; OpenVINO runs it where it can.

    Safe to call from several threads. Raises ModelUnavailable when it cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        self._model_name = model
        self._loading = threading.Lock()

    @cached_property
    def name(self) -> str:
        folder = Path(self._model_name)
        return f"{folder.name}-{_fingerprint(folder)}" if folder.is_dir() else self._model_name

    @property
    def _model(self) -> "SentenceTransformer":
        with self._loading:  # two threads asking first must not load it, or convert it, twice
            return self._loaded_model

    @cached_property
    def _loaded_model(self) -> "SentenceTransformer":
        from indexing import openvino

        folder = Path(self._model_name)
        if openvino.is_convertible(folder):
            return openvino.load(folder)
        return _load_with_torch(self._model_name)

    def embed_query(self, text: str) -> Vectors:
        return _float32(self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return _float32(
            self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=16)
        )


def _float32(vectors: object) -> Vectors:
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _load_with_torch(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(name)
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"임베딩 모델 '{name}'을(를) 불러올 수 없습니다. 폴더 경로나 모델 이름을 확인하고, "
            "인터넷이 없는 곳에서는 내려받은 모델 폴더를 ONNURI_EMBEDDING_MODEL에 지정하세요."
        ) from error
    if "e5" in name.lower() and not any(model.prompts.values()):
        model.prompts = dict(E5_PROMPTS)  # the E5 models on the hub need these but do not name them
    return model


def _fingerprint(folder: Path) -> str:
    """12 hex digits over names, sizes, and both ends of each weight file (a full read takes a second)."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or "openvino" in file.relative_to(folder).parts:
            continue
        size = file.stat().st_size
        digest.update(f"{file.relative_to(folder)} {size}\n".encode())
        with file.open("rb") as content:
            digest.update(content.read(2**16))
            content.seek(max(0, size - 2**16))
            digest.update(content.read())
    return digest.hexdigest()[:12]


def embed_cached(
    embedder: Embedder, texts: Sequence[str], cache: Path, progress: Callable[[int], None] = lambda done: None
) -> Vectors:
    """Vectors of ``texts`` in order, shape (len(texts), dimension); only new texts are embedded.

    ``cache`` is knowledge.db; each batch is committed, so a killed build goes on where it stopped.
    ``progress`` is told how many of the texts are ready.
    """
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


def _cached(database: Database, model: str, wanted: Collection[bytes]) -> dict[bytes, bytes]:
    rows: sqlite3.Cursor = database.conn.execute("select text_hash, vector from embeddings where model = ?", [model])
    return {key: vector for key, vector in rows if key in wanted}
