"""Token vectors: kept in eight bits, cached, and compared with those of a question."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from hypothesis import given
from hypothesis import strategies as st

from indexing.building.build import build
from indexing.building.embedding_cache import embed_cached, embed_tokens_cached
from indexing.embedding.embedder import Vectors
from indexing.retrieval.search import SearchService
from indexing.snapshots.token_vectors import TokenVectors, codes, weighed
from knowledge_base.home import Home

Store = Callable[..., None]


def drawn(seed: int, tokens: int, dimension: int) -> Vectors:
    """Tokens that differ from their mean as those of a text do."""
    random = np.random.default_rng(seed)
    found = random.normal(size=dimension) + random.normal(size=(tokens, dimension)) / 2
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


@given(st.integers(0, 99), st.lists(st.integers(1, 40), min_size=1, max_size=4))
def test_eight_bits_tell_how_near_a_token_is(seed: int, lengths: list[int]) -> None:
    chunks = [drawn(seed + place, length, 384) for place, length in enumerate(lengths)]
    query = drawn(seed + 100, 7, 384)
    made = TokenVectors.of([codes(each) for each in chunks], 384)
    some = np.arange(len(chunks))[::-1]
    exact = np.stack([(each @ query.T).max(axis=0) for each in reversed(chunks)])
    np.testing.assert_allclose(made.closeness(query, some), weighed(exact), atol=0.02)


def test_tokens_that_are_alike_are_kept_as_one() -> None:
    some = drawn(0, 5, 384)
    nearly = some + np.float32(0.001)
    twice = np.concatenate([some, nearly / np.linalg.norm(nearly, axis=1, keepdims=True)])
    np.testing.assert_allclose(codes(twice).astype(int), codes(some), atol=2)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "knowledge.db"


def test_tokens_come_in_the_order_of_the_texts(cache: Path, embedder: HashingEmbedder) -> None:
    texts = ["여권 신청", "쓰레기 버리는 날", "여권 신청"]
    vectors, tokens = embed_tokens_cached(embedder, texts, cache)
    embeddings = embedder.embed_passage_tokens(texts)
    np.testing.assert_array_equal(vectors, [each.vector for each in embeddings])
    for found, each in zip(tokens, embeddings, strict=True):
        np.testing.assert_array_equal(found, codes(each.tokens))


def test_a_cache_of_an_earlier_version_gets_the_tokens_it_lacks(cache: Path, embedder: HashingEmbedder) -> None:
    key = hashlib.sha256("여권".encode()).digest()
    with closing(sqlite3.connect(cache)) as database, database:
        database.execute(
            "create table embeddings (model text, text_hash blob, vector blob, primary key (model, text_hash))"
        )
        row = embedder.name, key, embedder.embed_query("여권").tobytes()
        database.execute("insert into embeddings values (?, ?, ?)", row)
    _, (tokens,) = embed_tokens_cached(embedder, ["여권"], cache)
    np.testing.assert_array_equal(tokens, codes(embedder.embed_passage_tokens(["여권"])[0].tokens))
    embedder.embedded.clear()
    embed_cached(embedder, ["여권"], cache)
    embed_tokens_cached(embedder, ["여권"], cache)
    assert embedder.embedded == []


class OneWord(HashingEmbedder):
    """Texts of two words have the same vector; only their tokens tell them apart."""

    def _vector(self, text: str) -> Vectors:
        return np.eye(self.dimension, dtype=np.float32)[0] if " " in text else super()._vector(text)


def test_among_the_best_the_tokens_decide(home: Home, store: Store, words: WordAnalyzer) -> None:
    store(a="가나 다라", b="마바 사아", c="자차 카타")
    embedder = OneWord()
    build(home, embedder, words)
    store(b="마바 사아", d="하하 호호", c="자차 카타")  # one taken over, one new
    build(home, embedder, words)
    service = SearchService(home, embedder, words)
    assert service.search("마바? 사아!").hits[0].document.id == "b"
    assert service.search("하하! 호호?").hits[0].document.id == "d"
    assert len({hit.dense for hit in service.search("마바? 사아!").hits}) == 1
