"""Word vectors read from their file are those of the table in memory."""

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexing.embedding.word_table import Table, WordVectors


@pytest.fixture(params=["int8", "float32"])
def table(request: pytest.FixtureRequest) -> Table:
    numbers = np.random.default_rng(3)
    rows = numbers.integers(-128, 128, (1000, 24)).astype(request.param)
    return Table(rows, numbers.random((1000, 1), np.float32))


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (2, 0)])
def test_the_words_asked_for_are_scaled(tmp_path: Path, table: Table, shape: tuple[int, int]) -> None:
    table.save(tmp_path)
    ids = np.random.default_rng(5).integers(0, 1000, shape)
    ids.flat[:1] = 999  # the last row too
    vectors = WordVectors(tmp_path).of(ids)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, whole(table)[ids])


def test_several_threads_read_at_once(tmp_path: Path, table: Table) -> None:
    table.save(tmp_path)
    words, ids = WordVectors(tmp_path), np.random.default_rng(7).integers(0, 1000, (200, 4, 30))
    with ThreadPoolExecutor(8) as threads:
        for asked, vectors in zip(ids, threads.map(words.of, ids), strict=True):
            np.testing.assert_array_equal(vectors, whole(table)[asked])


def test_the_file_is_closed_with_the_table(tmp_path: Path, table: Table) -> None:
    table.save(tmp_path)
    before = descriptors()
    words = WordVectors(tmp_path)
    assert len(descriptors() - before) == 1
    del words
    gc.collect()
    assert not descriptors() - before


def descriptors() -> set[str]:
    return {file.name for file in Path("/proc/self/fd").iterdir()}


def whole(table: Table) -> NDArray[np.float32]:
    return np.asarray(table.rows.astype(np.float32) * table.scales)
