"""Building: what is embedded anew, what is refused, and what damage a snapshot survives."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building.build import build
from indexing.embedding.embedder import Vectors
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle, manifest
from indexing.snapshots.chunks import ChunkReader
from indexing.snapshots.manifest import Manifest
from knowledge_base.document import Document
from knowledge_base.errors import BrokenSnapshot, IndexingError, ModelUnavailable
from knowledge_base.home import Home

Store = Callable[..., None]


def found(service: SearchService) -> set[str]:
    return {hit.chunk.text for hit in service.search("글", k=100).hits}


def leftovers(home: Home) -> list[Path]:
    return [path for path in home.snapshots.iterdir() if path.name not in life_cycle.ids(home)]


def test_a_snapshot_says_what_it_was_built_from(
    home: Home, indexed: Callable[..., Manifest], notice: Callable[..., Document]
) -> None:
    built = indexed(a="글 하나", b="글 둘")
    assert built == manifest.verify(life_cycle.folder(home, life_cycle.current_id(home)))
    assert (built.model, built.tokenizer, built.dimension, built.chunks) == ("hashing", "words", 64, 2)
    assert built.documents == {"a": notice("a", "글 하나").version, "b": notice("b", "글 둘").version}
    assert set(built.checksums) == {"chunks.db", "parts.npy", "terms.npz", "tokens.npy", "vectors.faiss"}
    files = {path.name for path in life_cycle.folder(home, built.id).iterdir()}
    assert files == {"chunks.db", "parts.npy", "terms.npz", "tokens.npy", "vectors.faiss", "manifest.json"}


def test_nothing_changed_keeps_the_snapshot_unless_full(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a="글")
    first = build(home, embedder, words)
    assert build(home, embedder, words) == first
    again = build(home, embedder, words, full=True)
    assert again.id > first.id
    assert life_cycle.ids(home) == [first.id, again.id]
    assert sorted(embedder.embedded) == ["a", "a\n글", "글"]


def test_only_new_text_is_embedded_and_removed_documents_go(
    indexed: Callable[..., Manifest], embedder: HashingEmbedder, service: SearchService
) -> None:
    indexed(a="글 하나", b="글 둘", c="글 셋")
    embedder.embedded.clear()
    indexed(a="글 하나", b="새 글", d="글 넷")
    assert sorted(embedder.embedded) == ["b\n새 글", "d", "d\n글 넷", "글 넷", "새 글"]
    assert found(service) == {"글 하나", "새 글", "글 넷"}


def test_a_validity_that_changed_is_no_new_text(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, notice: Callable[..., Document]
) -> None:
    store(notice("a", "글"))
    first = build(home, embedder, words)
    store(notice("a", "글", ends=date(2020, 1, 1)))
    assert build(home, embedder, words).id != first.id
    assert sorted(embedder.embedded) == ["a", "a\n글", "글"]


@pytest.mark.parametrize("changed", ["model", "tokenizer", "chunking"])
def test_another_model_tokeniser_or_chunking_builds_anew(
    home: Home,
    store: Store,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    changed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(a="글")
    first = build(home, embedder, words)
    if changed == "model":
        embedder = HashingEmbedder("other", dimension=32)
    elif changed == "tokenizer":
        monkeypatch.setattr(WordAnalyzer, "name", "other")
    else:
        monkeypatch.setattr("indexing.building.build.CHUNKING", "other")
    assert build(home, embedder, words).id != first.id


def test_no_documents_are_refused(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService
) -> None:
    with pytest.raises(IndexingError, match="onnuri kb import"):
        build(home, embedder, words)
    store(a="글")
    build(home, embedder, words)
    store(a="")  # a document without text has no chunks
    with pytest.raises(IndexingError, match="onnuri kb import"):
        build(home, embedder, words)
    assert found(service) == {"글"}


def test_progress_reaches_the_total_in_each_stage(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexing.building.build.TOKENISING_BATCH", 2)
    monkeypatch.setattr("indexing.building.embedding_cache.EMBEDDING_BATCH", 2)
    seen: list[tuple[str, int, int]] = []
    store(a="글 하나", b="글 둘", c="글 셋")
    build(home, embedder, words, progress=lambda *args: seen.append(args))
    assert seen == [
        ("형태소 분석", 2, 3),
        ("형태소 분석", 3, 3),
        *(("임베딩", done, 3) for done in (0, 1, 1, 1, 2, 2, 3)),  # half for chunks, half for titles and sentences
        ("색인 쓰기", 0, 3),
        ("검사", 0, 3),
        ("검사", 3, 3),
    ]


class WaitingEmbedder(HashingEmbedder):
    """Waits in the middle of a build until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.reached.set()
        assert self.go_on.wait(30)
        return super().embed_passages(texts)


def test_a_second_build_at_the_same_time_is_refused(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a="글")
    waiting = WaitingEmbedder()
    first = threading.Thread(target=build, args=(home, waiting, words))
    first.start()
    try:
        assert waiting.reached.wait(30)
        with pytest.raises(IndexingError, match="진행 중"):
            build(home, embedder, words)
    finally:
        waiting.go_on.set()
        first.join()
    assert len(life_cycle.ids(home)) == 1


def test_an_activation_does_not_wait_for_a_build(home: Home, indexed: Callable[..., Manifest]) -> None:
    first = indexed(a="글")
    with FileLock(home.root / "build.lock"):
        assert life_cycle.activate(home, first.id) == first


class BrokenEmbedder(HashingEmbedder):
    """A model whose file was damaged."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), 64), np.nan, dtype=np.float32)


def test_vectors_of_a_broken_model_are_neither_served_nor_kept(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService
) -> None:
    store(a="글")
    build(home, embedder, words)
    store(a="새 글")
    with pytest.raises(ModelUnavailable, match="hashing"):
        build(home, BrokenEmbedder(), words)
    assert found(service) == {"글"}
    build(home, embedder, words)  # would find them in the cache
    assert found(service) == {"새 글"}


def test_a_snapshot_that_does_not_find_its_chunks_is_not_served(
    home: Home,
    store: Store,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    service: SearchService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(a="글")
    build(home, embedder, words)
    store(a="새 글")
    monkeypatch.setattr(ChunkReader, "matching", lambda reader, term: [])
    with pytest.raises(BrokenSnapshot, match="반영하지 않았습니다"):
        build(home, embedder, words)
    assert found(service) == {"글"}
    assert leftovers(home) == []


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    at = content.index(b"hashing") if file.suffix == ".json" else len(content) // 2
    content[at] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink, lambda file: file.write_bytes(b"")])
@pytest.mark.parametrize(
    "name", ["chunks.db", "parts.npy", "terms.npz", "tokens.npy", "vectors.faiss", "manifest.json"]
)
def test_a_damaged_snapshot_gives_way_to_the_last_good_one_and_is_rebuilt(
    home: Home,
    store: Store,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    name: str,
    damage: Callable[[Path], object],
) -> None:
    store(a="글")
    good = build(home, embedder, words).id
    store(a="새 글")
    bad = build(home, embedder, words).id
    damage(home.snapshots / bad / name)
    with pytest.raises(BrokenSnapshot, match=name):
        manifest.verify(life_cycle.folder(home, bad))
    service = SearchService(home, embedder, words)
    assert service.search("글").snapshot == good
    rebuilt = build(home, embedder, words).id
    assert rebuilt > bad
    assert service.search("글").snapshot == rebuilt
    assert found(service) == {"새 글"}


def test_a_snapshot_of_an_older_format_says_so(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a="글")
    folder = home.snapshots / build(home, embedder, words).id
    for other in ('{"format": 2}', "[]", "null", "{}"):
        (folder / "manifest.json").write_text(other)
        with pytest.raises(BrokenSnapshot, match="onnuri index build --full"):
            manifest.read(folder)


def test_a_manifest_of_many_documents_is_read_back(tmp_path: Path) -> None:
    large = manifest.Manifest(
        id="i",
        created_at="2026-11-27T00:00:00+00:00",
        model="m",
        dimension=1,
        tokenizer="t",
        chunking="c",
        chunks=1,
        documents={f"안내/{n}.md": f"{n:016x}" for n in range(50_000)},
        checksums={},
    )
    large.write(tmp_path)
    assert manifest.read(tmp_path) == large
