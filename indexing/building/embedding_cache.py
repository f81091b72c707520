"""Vectors already computed, kept in knowledge.db: only new texts are embedded, and a killed build goes on where it
stopped."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from indexing.embedding.embedder import Embedder, Vectoriser, Vectors
from indexing.snapshots.token_vectors import Codes, codes
from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    from sqlite_utils import Database

EMBEDDING_BATCH = 256
SPARE = 2
"""How many times what an index needs may be kept: texts come back, and looking through all of them takes its time."""

Progress = Callable[[int], None]
"""Told how many of the texts are ready."""


class Computed(NamedTuple):
    """What is kept of a text: its vector (float32) and, where they were asked for, the ``codes`` of its tokens."""

    vector: bytes
    tokens: bytes | None


class Embedded(NamedTuple):
    """Some of the texts that were to be embedded, by their places."""

    places: Sequence[int]
    computed: Sequence[Computed]


class EmbedAll(Protocol):
    """Embeds each text once, with its tokens if asked; the batches come as they are ready, in any order."""

    def __call__(self, texts: Sequence[str], tokens: bool) -> Iterable[Embedded]: ...


def embed_cached(
    embedder: Vectoriser,
    texts: Sequence[str],
    cache: Path,
    progress: Progress = lambda done: None,
    embed_all: EmbedAll | None = None,
) -> Vectors:
    """Vectors of ``texts`` in order, shape (len(texts), dimension); only new texts are embedded.

    ``cache`` is knowledge.db; each batch is committed. ``embed_all`` embeds the new texts, elsewhere with the same
    model; without, ``embedder`` does here.
    """
    embed = partial(embed_all, tokens=False) if embed_all else partial(_in_turn, partial(computed, embedder))
    return _vectors(_cached(embedder.name, embed, texts, cache, progress, tokens=False))


def embed_tokens_cached(
    embedder: Embedder,
    texts: Sequence[str],
    cache: Path,
    progress: Progress = lambda done: None,
    embed_all: EmbedAll | None = None,
) -> tuple[Vectors, list[Codes]]:
    """The same, and what is kept of the tokens of each text."""
    embed = partial(embed_all, tokens=True) if embed_all else partial(_in_turn, partial(computed_tokens, embedder))
    found = _cached(embedder.name, embed, texts, cache, progress, tokens=True)
    vectors = _vectors(found)
    tokens = (np.frombuffer(each.tokens or b"", np.int8) for each in found)
    return vectors, [each.reshape(-1, vectors.shape[1]) for each in tokens]


def computed(embedder: Vectoriser, texts: Sequence[str]) -> list[Computed]:
    """What is kept of some passages, without their tokens."""
    return [Computed(vector.tobytes(), None) for vector in _sound(embedder, embedder.embed_passages(texts))]


def computed_tokens(embedder: Embedder, texts: Sequence[str]) -> list[Computed]:
    """The same with their tokens."""
    embeddings = embedder.embed_passage_tokens(texts)
    _sound(embedder, np.stack([each.vector for each in embeddings]))
    return [Computed(each.vector.tobytes(), codes(each.tokens).tobytes()) for each in embeddings]


def prune(model: str, cache: Path, needed: int, texts: Callable[[], Iterable[str]]) -> None:
    """Forget what is kept of texts other than ``texts``, once it is more than ``SPARE`` times ``needed``.

    A few rows at a time, so that nobody waits long for the file; a killed process leaves the rest to the next build.
    The space is used for new texts.
    """
    from sqlite_utils import Database

    with closing(Database(cache, execute_plugins=False)) as database:
        _prepare(database)
        kept = database.execute("select rowid, text_hash from embeddings where model = ?", [model]).fetchall()
        if len(kept) <= SPARE * needed:
            return
        wanted = {hashlib.sha256(text.encode()).digest() for text in texts()}
        gone = [(row,) for row, key in kept if key not in wanted]
        for start in range(0, len(gone), EMBEDDING_BATCH):
            with database.conn:
                database.conn.executemany(
                    "delete from embeddings where rowid = ?", gone[start : start + EMBEDDING_BATCH]
                )


def _in_turn(embed: Callable[[Sequence[str]], list[Computed]], texts: Sequence[str]) -> Iterator[Embedded]:
    for start in range(0, len(texts), EMBEDDING_BATCH):
        batch = texts[start : start + EMBEDDING_BATCH]
        yield Embedded(range(start, start + len(batch)), embed(batch))


def _cached(
    model: str,
    embed: Callable[[Sequence[str]], Iterable[Embedded]],
    texts: Sequence[str],
    cache: Path,
    progress: Progress,
    tokens: bool,
) -> list[Computed]:
    from sqlite_utils import Database  # takes pandas along, which searching does without

    hashes = [hashlib.sha256(text.encode()).digest() for text in texts]
    occurrences = Counter(hashes)
    with closing(Database(cache, execute_plugins=False)) as database:
        _prepare(database)
        known = _known(database, model, occurrences.keys(), tokens)
        done = sum(occurrences[key] for key in known)
        progress(done)
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        by_length = sorted(missing, key=lambda key: len(missing[key]))
        for places, fresh in embed([missing[key] for key in by_length]):
            keys = [by_length[place] for place in places]
            rows = [{"model": model, "text_hash": key, **each._asdict()} for key, each in zip(keys, fresh, strict=True)]
            database.table("embeddings").insert_all(rows, replace=True)
            known |= zip(keys, fresh, strict=True)
            done += sum(occurrences[key] for key in keys)
            progress(done)
    return [known[key] for key in hashes]


def _prepare(database: "Database") -> None:
    database.enable_wal()
    table = database.table("embeddings")
    columns = {"model": str, "text_hash": bytes, "vector": bytes, "tokens": bytes}
    table.create(columns, pk=("model", "text_hash"), if_not_exists=True)
    if "tokens" not in table.columns_dict:  # made by an earlier version
        table.add_column("tokens", bytes)


def _known(database: "Database", model: str, wanted: Collection[bytes], tokens: bool) -> dict[bytes, Computed]:
    """What is there already, with its tokens where they are wanted."""
    query = "select vector, tokens from embeddings where model = ? and text_hash = ? and (? or tokens is not null)"
    rows = ((key, database.conn.execute(query, [model, key, not tokens]).fetchone()) for key in wanted)
    return {key: Computed(*row) for key, row in rows if row}


def _vectors(found: Sequence[Computed]) -> Vectors:
    return np.stack([np.frombuffer(each.vector, dtype=np.float32) for each in found])


def _sound(model: Vectoriser, vectors: Vectors) -> Vectors:
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01):  # also when one is not a number
        raise ModelUnavailable(
            f"임베딩 모델 '{model.name}'이(가) 잘못된 벡터를 냈습니다. 모델 파일이 온전한지 확인하세요."
        )
    return vectors
