"""The cache of vectors."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.building.embedding_cache import embed_cached
from indexing.embedding.embedder import Vectors
from knowledge_base.errors import ModelUnavailable


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "knowledge.db"


def test_vectors_come_in_the_order_of_the_texts(cache: Path, embedder: HashingEmbedder) -> None:
    texts = ["긴 글이다 정말로", "글", "", "글"]
    vectors = embed_cached(embedder, texts, cache)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, np.stack([embedder.embed_query(text) for text in texts]))
    assert sorted(embedder.embedded) == ["", "글", "긴 글이다 정말로"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("가나다라마바사"), min_size=1), min_size=1, max_size=4))
def test_nothing_is_embedded_twice(tmp_path_factory: pytest.TempPathFactory, rounds: list[list[str]]) -> None:
    cache = tmp_path_factory.mktemp("cache") / "knowledge.db"
    embedder = HashingEmbedder()
    for texts in rounds:
        vectors = embed_cached(embedder, texts, cache)
        np.testing.assert_array_equal(vectors, np.stack([embedder.embed_query(text) for text in texts]))
    assert sorted(embedder.embedded) == sorted({text for texts in rounds for text in texts})


def test_models_do_not_share_vectors(cache: Path) -> None:
    small, large = HashingEmbedder("small", 8), HashingEmbedder("large", 16)
    assert embed_cached(small, ["글"], cache).shape == (1, 8)
    assert embed_cached(large, ["글"], cache).shape == (1, 16)


class StoppingEmbedder(HashingEmbedder):
    """Fails at its third batch."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if len(self.embedded) >= 4:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


def test_what_was_embedded_before_a_failure_is_kept(
    cache: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexing.building.embedding_cache.EMBEDDING_BATCH", 2)
    texts = [f"글 {n}" for n in range(7)]
    with pytest.raises(KeyboardInterrupt):
        embed_cached(StoppingEmbedder(), texts, cache)
    progress: list[int] = []
    embed_cached(embedder, [*texts, texts[0]], cache, progress.append)
    assert len(embedder.embedded) == 3
    assert progress == [5, 7, 8]


class BrokenEmbedder(HashingEmbedder):
    """Gives the same wrong number everywhere."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), 64), self.number, dtype=np.float32)


@pytest.mark.parametrize("number", [np.nan, np.inf, 0.0, 5.0])
def test_vectors_not_of_length_one_are_refused_and_not_kept(
    cache: Path, embedder: HashingEmbedder, number: float
) -> None:
    with pytest.raises(ModelUnavailable, match="hashing"):
        embed_cached(BrokenEmbedder(number), ["글"], cache)
    np.testing.assert_array_equal(embed_cached(embedder, ["글"], cache), [embedder.embed_query("글")])


def test_letters_shared_make_fake_vectors_similar(embedder: HashingEmbedder) -> None:
    asked, near, far = (embedder.embed_query(text) for text in ("쓰레기 수거일", "쓰레기 수거", "여권"))
    assert np.linalg.norm(asked) == pytest.approx(1)
    assert asked @ near > asked @ far
