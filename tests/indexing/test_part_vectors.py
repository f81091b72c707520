"""The vectors of titles and sentences: kept, taken over and compared as each stands for itself."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building.build import build
from indexing.retrieval.search import SearchService
from indexing.snapshots.life_cycle import folder
from indexing.snapshots.part_vectors import PartVectors
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.errors import BrokenSnapshot
from knowledge_base.home import Home

COUNTS = [3, 2, 4]
TEXT = "수수료는 오천 원입니다. 신청은 민원실에서 받습니다. 토요일에는 쉽니다."


@pytest.fixture
def made() -> PartVectors:
    vectors = np.random.default_rng(0).normal(size=(sum(COUNTS), 16)).astype(np.float32)
    return PartVectors.of(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), COUNTS)


def test_what_is_written_is_read(made: PartVectors, tmp_path: Path) -> None:
    made.write(tmp_path / "parts.npy")
    found = PartVectors.read(tmp_path / "parts.npy")
    np.testing.assert_array_equal(found.rows, made.rows)
    np.testing.assert_array_equal(found.starts, [0, 3, 5, 9])
    assert len(found) == len(COUNTS)


def test_a_file_that_was_cut_off_is_refused(made: PartVectors, tmp_path: Path) -> None:
    path = tmp_path / "parts.npy"
    made.write(path)
    for size in range(0, path.stat().st_size, 37):
        cut = tmp_path / "cut.npy"
        cut.write_bytes(path.read_bytes()[:size])
        with pytest.raises((ValueError, OSError)):
            PartVectors.read(cut)


@pytest.mark.parametrize("numbers", [[0, 1, 2], [1], [2, 0], []])
def test_the_nearest_are_those_of_a_plain_search(made: PartVectors, numbers: list[int]) -> None:
    query = np.random.default_rng(1).normal(size=16).astype(np.float32)
    near = made.nearest(query, np.array(numbers, dtype=np.int64))
    assert len(near.part) == len(numbers)
    for number, part, sentence, sentences in zip(numbers, *near, strict=True):
        vectors = (made.rows[made.starts[number] : made.starts[number + 1]].astype(np.uint32) << 16).view(np.float32)
        titles, *expected = vectors @ query
        np.testing.assert_allclose(sentences, expected, atol=1e-6)
        assert part == pytest.approx(max(titles, *expected), abs=1e-6)
        assert sentence == pytest.approx(max(expected), abs=1e-6)


def test_some_are_taken_and_others_joined(made: PartVectors) -> None:
    both = made.taken(np.array([2, 0])).joined(made.taken(np.array([1])))
    np.testing.assert_array_equal(both.taken(np.array([1, 2, 0])).rows, made.rows)
    np.testing.assert_array_equal(both.starts, [0, 4, 7, 9])


def test_the_sentence_that_answers_brings_its_chunk_forward(
    home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    """As a whole the other chunk is nearer, for it is about nothing else."""
    store(one=f"{TEXT} 주차장은 건물 뒤편에 있습니다. 문의는 전화로 해 주세요.", other="수수료는 오천")
    build(home, embedder, words)
    hits = SearchService(home, embedder, words).search("수수료는 오천 원입니다").hits
    assert [hit.document.id for hit in hits] == ["one", "other"]
    assert hits[0].dense < hits[1].dense
    assert hits[0].closeness == pytest.approx(hits[0].cosines[0], abs=1e-3)
    assert hits[0].closeness > hits[1].closeness


def test_all_chunks_of_a_document_share_its_nearest_sentence(
    home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(long="\n\n".join(f"{n}번째 문단입니다. " + "글 " * 150 for n in range(3)), short="다른 것")
    build(home, embedder, words)
    hits = SearchService(home, embedder, words).search("2번째 문단입니다", k=9).hits
    mine = [hit for hit in hits if hit.document.id == "long"]
    assert len(mine) == 3
    assert {hit.closeness for hit in mine} == {max(max(hit.cosines) for hit in mine)}


def test_a_snapshot_without_its_parts_is_refused(
    home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a=TEXT)
    where = folder(home, build(home, embedder, words).id)
    (where / "parts.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(BrokenSnapshot, match=r"parts\.npy 파일이 손상"):
        Snapshot(where)
