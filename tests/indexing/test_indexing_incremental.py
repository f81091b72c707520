"""A build after a change: little is done anew, and the result is the one of a full build."""

import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from typing import Never

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building import contents
from indexing.building.build import build
from indexing.lexical.tokens import Token
from indexing.retrieval.search import SearchService
from knowledge_base.document import Document
from knowledge_base.errors import BuildCancelled
from knowledge_base.home import Home
from knowledge_base.storage.store import KnowledgeStore

Store = Callable[..., None]
Notice = Callable[..., Document]
Answers = list[list[tuple[object, ...]]]


class CountingAnalyzer(WordAnalyzer):
    """Keeps the passages it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def token_lists(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        given = list(texts)
        self.seen += given
        return super().token_lists(given)


class Unavailable(HashingEmbedder, WordAnalyzer):
    """A model and a tokeniser that know their names and nothing else."""

    def __init__(self, name: str) -> None:
        self._name = name

    name = property(lambda self: self._name, lambda self, name: None)  # type: ignore[assignment]

    def embed_passages(self, texts: Sequence[str]) -> Never:
        raise AssertionError("the model was loaded")

    def token_lists(self, texts: Iterable[str]) -> Never:
        raise AssertionError("the tokeniser was loaded")


QUESTIONS = ("수수료 안내", "글 3", "제2판", "여권 발급 수수료", "없는말", "")


def answers(service: SearchService) -> Answers:
    return [
        [
            (hit.document, hit.chunk, hit.score, hit.bm25, hit.dense, hit.coverage, hit.highlights)
            for hit in service.search(question, k=100).hits
        ]
        for question in QUESTIONS
    ]


def text(chance: random.Random) -> str:
    words = [
        chance.choice(["수수료", "안내", "글", "여권", "발급", "3", "제2판"]) for _ in range(chance.randrange(250))
    ]
    return " ".join(words)


@pytest.mark.parametrize("seed", range(2))
def test_hits_and_scores_are_those_of_a_full_build(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, seed: int
) -> None:
    """After documents came, went and changed, six times over."""
    chance = random.Random(seed)
    texts = {f"d{n:02}": text(chance) for n in range(12)}
    store(**texts)
    build(home, embedder, words)
    for _ in range(6):
        for _ in range(chance.randrange(1, 4)):
            name = f"d{chance.randrange(20):02}"
            if not texts.pop(name, None) or chance.random() < 0.6:
                texts[name] = text(chance)
        store(**texts, fixed="수수료 안내")
        build(home, embedder, words)
    changed = answers(SearchService(home, embedder, words))
    build(home, embedder, words, full=True)
    assert changed == answers(SearchService(home, embedder, words))
    assert any(changed)


def test_only_new_text_is_tokenised_and_embedded(home: Home, store: Store, embedder: HashingEmbedder) -> None:
    long = "\n\n".join(f"{n}번째 문단입니다. " + "글 " * 150 for n in range(5))
    analyzer = CountingAnalyzer()
    store(a=long, b="다른 글")
    build(home, embedder, analyzer)
    analyzer.seen.clear()
    embedder.embedded.clear()
    store(a=long.replace("3번째", "세번째"), b="다른 글")
    build(home, embedder, analyzer)
    title, body = analyzer.seen
    assert title == "a"
    assert body.startswith("세번째")
    assert sorted(embedder.embedded) == sorted(["세번째 문단입니다.", f"{title}\n{body}"])


def test_vectors_of_former_texts_are_forgotten_once_they_are_most(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    kept = []
    for number in range(8):
        store(a="늘 같은 글", b=f"{number}번째로 고친 글")
        build(home, embedder, words)
        with closing(sqlite3.connect(home.knowledge)) as database:
            kept += database.execute("select count(*) from embeddings where model = ?", [embedder.name]).fetchone()
    assert kept == [6, 8, 10, 12, 6, 8, 10, 12], "of two chunks with a title and a sentence each, and of those before"
    embedder.embedded.clear()
    build(home, embedder, words, full=True)
    assert embedder.embedded == [], "what is served is kept"


def test_no_change_and_a_removal_need_neither_model_nor_tokeniser(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService
) -> None:
    store(a="글 하나", b="글 둘")
    first = build(home, embedder, words)
    assert build(home, Unavailable("hashing"), Unavailable("words")) == first
    store(b="글 둘")
    second = build(home, Unavailable("hashing"), Unavailable("words"))
    assert second.id > first.id
    assert (second.chunks, list(second.documents)) == (1, ["b"])
    assert [hit.document.id for hit in service.search("글").hits] == ["b"]


def test_a_document_is_removed_from_every_answer_at_once(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService
) -> None:
    store(a="글 하나", b="글 둘", c="글 셋")
    build(home, embedder, words)
    assert {hit.document.id for hit in service.search("글").hits} == {"a", "b", "c"}
    store(a="글 하나", c="글 셋 고침")
    assert {hit.document.id for hit in service.search("글").hits} == {"a", "c"}
    store(a="글 하나", b="글 둘", c="글 셋")
    assert {hit.document.id for hit in service.search("글").hits} == {"a", "b", "c"}
    build(home, embedder, words)
    store(c="글 셋")
    assert {hit.document.id for hit in service.search("글").hits} == {"c"}


def test_a_snapshot_without_its_knowledge_base_is_shown_whole(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a="글")
    build(home, embedder, words)
    for file in home.root.glob("knowledge.db*"):
        file.unlink()
    assert len(SearchService(home, embedder, words).search("글").hits) == 1
    assert not home.knowledge.exists()


def test_a_knowledge_base_that_cannot_be_read_does_not_stop_the_search(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService
) -> None:
    store(a="글 하나", b="글 둘")
    build(home, embedder, words)
    store(a="글 하나")
    service.search("글")
    for file in home.root.glob("knowledge.db*"):
        file.unlink()
    home.knowledge.write_bytes(b"no database" * 1000)
    assert {hit.document.id for hit in service.search("글").hits} == {"a"}


def test_versions_of_one_document_have_chunks_of_their_own(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, service: SearchService, notice: Notice
) -> None:
    soon = date.today() + timedelta(30)
    now, later = notice("a", "수수료 천원", ends=soon - timedelta(1)), notice("a", "수수료 이천원", starts=soon)
    assert contents.versions([now, later]) == {"a": f"{now.version},{later.version}"}
    assert [entry.chunk.id for entry in contents.entries([now, later])] == ["a@0", "a@1"]
    store(notice("a", "수수료 천원"), b="글")
    build(home, embedder, words)
    store(later, b="글")
    assert [stored.document.text for stored in KnowledgeStore(home.knowledge).documents()][:2] == [now.text, later.text]
    built = build(home, embedder, words)
    assert built.chunks == 3
    assert service.search("수수료", k=1).hits[0].chunk.text == "수수료 천원"
    assert service.search("수수료", k=1, on=soon).hits[0].chunk.text == "수수료 이천원"
    assert service.search("수수료", k=1, on=soon).hits[0].chunk.id == "a@1"
    changed = answers(service)
    build(home, embedder, words, full=True)
    assert changed == answers(service)


def test_a_cancelled_build_leaves_nothing_and_the_next_goes_on(
    home: Home,
    store: Store,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    service: SearchService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("indexing.building.embedding_cache.EMBEDDING_BATCH", 2)
    store(a="옛 글")
    old = build(home, embedder, words)
    store(**{f"d{n}": f"새 글 {n}" for n in range(6)})
    for last in ("형태소 분석", "임베딩", "색인 쓰기", "검사"):
        reached: list[str] = []
        with pytest.raises(BuildCancelled, match="취소"):
            build(
                home,
                embedder,
                words,
                progress=lambda stage, done, total, reached=reached: reached.append(stage),  # type: ignore[misc]
                cancelled=lambda last=last, reached=reached: last in reached,  # type: ignore[misc]
            )
        assert reached[-1] == last
        assert [path.name for path in home.snapshots.iterdir()] == [old.id]
        assert service.search("글").snapshot == old.id
    build(home, embedder, words)
    assert len(embedder.embedded) == 3 + 3 * 6  # nothing twice
    assert {hit.chunk.text for hit in service.search("글", k=9).hits} == {f"새 글 {n}" for n in range(6)}
