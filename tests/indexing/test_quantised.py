"""The smaller copy of many vectors: it finds what the vectors themselves find, or it is not used."""

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from indexing.snapshots import life_cycle, quantised
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.home import Home

Vectors = NDArray[np.float32]


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantised, "FROM", 200)


def _unit(vectors: NDArray[np.float64]) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _copy(vectors: Vectors) -> object:
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)  # type: ignore[call-arg]
    return quantised.quantised(exact, vectors)


def test_few_vectors_are_looked_through_as_they_are() -> None:
    assert _copy(_unit(np.random.default_rng(0).normal(size=(199, 32)))) is None


def test_a_copy_that_would_miss_neighbours_is_not_used() -> None:
    random = np.random.default_rng(0)
    apart = _unit(random.normal(size=(2_000, 32)))
    near = _unit(np.r_[apart[:8], apart[:1] + 1e-3 * random.normal(size=(1_992, 32))])  # nearer than a step of the copy
    assert _copy(apart) is not None
    assert _copy(near) is None


def test_the_nearest_by_the_copy_are_those_of_the_exact_vectors(sample: Home) -> None:
    folder = life_cycle.folder(sample, life_cycle.current_id(sample))
    arrays = Snapshot(folder).arrays
    vectors = arrays.all_vectors()
    assert len(vectors) > quantised.FROM and _copy(vectors) is not None
    random = np.random.default_rng(0)
    valid = random.random(len(vectors)) < 0.8
    for query in _unit(vectors[random.choice(len(vectors), 20)] + random.normal(size=(20, vectors.shape[1])) * 0.02):
        cosines = np.where(valid, vectors @ query, -2)
        found = arrays.nearest(query, valid, 50)
        assert valid[found].all() and len(found) == 50
        np.testing.assert_allclose(cosines[found], np.sort(cosines)[::-1][:50], atol=1e-3)
