"""One contract for both engines: arrays in this process, and Milvus."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building import activation
from indexing.building.build import build
from indexing.lexical.tokens import Analyzer, search_terms
from indexing.milvus import engine
from indexing.milvus.store import Milvus, collection
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from indexing.snapshots.chunks import ChunkReader
from indexing.snapshots.engine import Scope, Wanted
from indexing.snapshots.snapshot import Snapshot
from indexing.snapshots.vector_store import store_of
from indexing.stage_clock import StageClock
from knowledge_base.document import Document
from knowledge_base.errors import BrokenSnapshot, IndexingError, StoreUnavailable
from knowledge_base.home import Home

DAY = date(2026, 11, 27)
QUESTIONS = [
    "대형폐기물 배출 수수료",
    "주민등록증 재발급은 어디서?",
    "061-749-3114",
    "없는말만있음",
    "딱지 값이 얼마예요?",
    "",
]
SWITCHES, SEARCHERS = 20, 4


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Milvus' embedded form; one for the module, for it takes a second to start.

    Its client waits half a second for each index before it looks whether it is there: here, a fiftieth of that.
    """
    from milvus_lite.server_manager import server_manager_instance
    from pymilvus.client import grpc_handler

    path = str(tmp_path_factory.mktemp("milvus") / "vectors.db")
    with pytest.MonkeyPatch.context() as patch:
        hurried = SimpleNamespace(time=time.time, sleep=lambda seconds: time.sleep(seconds / 50))
        patch.setattr(grpc_handler, "time", hurried)
        yield path
    server_manager_instance.release_server(path)


@pytest.fixture(params=["arrays", "milvus"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    made = Home(tmp_path / "home", request.getfixturevalue("lite") if request.param == "milvus" else "")
    made.create()
    return made


@pytest.fixture(scope="module")
def both(sample: Home, lite: str) -> tuple[Snapshot, Snapshot]:
    """The bundled sample in either engine."""
    home = Home(sample.root, lite)
    current = life_cycle.current_id(home)
    life_cycle.store(home, current)
    folder = life_cycle.folder(home, current)
    return Snapshot(folder), Snapshot(folder, store=store_of(home))


@pytest.fixture
def service(home: Home, embedder: HashingEmbedder, words: WordAnalyzer) -> SearchService:
    return SearchService(home, embedder, words)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("scope", [Scope(), Scope.in_force(DAY), Scope.in_force(DAY, frozenset(range(0, 30, 2)))])
def test_both_engines_find_the_same(
    both: tuple[Snapshot, Snapshot], analyzer: Analyzer, question: str, scope: Scope
) -> None:
    wanted = Wanted(
        search_terms(analyzer.tokens(question)), ["폐기물", "신청"], HashingEmbedder().embed_query(question)
    )
    ours, theirs = (snapshot.engine.candidates(wanted, scope, 20, StageClock()) for snapshot in both)
    arrays = both[0].arrays
    assert len(theirs.numbers)
    assert np.isin(theirs.numbers, np.flatnonzero(scope.documents(both[1].layout)[both[1].layout.documents])).all()
    np.testing.assert_allclose(theirs.bm25, arrays.scores(wanted, theirs.numbers).bm25, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(theirs.dense, arrays.cosines(wanted.meaning, theirs.numbers), atol=1e-6)
    # the same but for ties at the end of either ranking
    for there, here in ((theirs.bm25, ours.bm25), (theirs.dense, ours.dense)):
        np.testing.assert_allclose(np.sort(there)[::-1][:20], np.sort(here)[::-1][:20], rtol=1e-5, atol=1e-6)


def test_scores_are_given_of_whatever_chunks_are_asked_for(both: tuple[Snapshot, Snapshot]) -> None:
    wanted = Wanted(["수수료"], (), HashingEmbedder().embed_query("수수료"))
    numbers = np.array([5, 0, len(both[0]) - 1])
    ours, theirs = (snapshot.engine.scores(wanted, numbers) for snapshot in both)
    assert theirs.numbers.tolist() == ours.numbers.tolist() == sorted(numbers)
    np.testing.assert_allclose(theirs.bm25, ours.bm25, rtol=1e-5)
    np.testing.assert_allclose(theirs.dense, ours.dense, atol=1e-6)


def test_the_spread_of_cosines_is_the_same(both: tuple[Snapshot, Snapshot]) -> None:
    query = HashingEmbedder().embed_query("대형폐기물")
    ours, theirs = (snapshot.engine.spread(query) for snapshot in both)
    assert theirs == pytest.approx(ours, rel=1e-4)


def test_only_what_is_in_force_and_still_there_surfaces(
    home: Home,
    store: Callable[..., None],
    notice: Callable[..., Document],
    service: SearchService,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
) -> None:
    tomorrow = DAY + timedelta(days=1)
    documents = [
        notice("always", "수수료 안내"),
        notice("over", "수수료 안내", ends=DAY - timedelta(days=1)),
        notice("last-day", "수수료 안내", ends=DAY),
        notice("coming", "수수료 안내", starts=tomorrow),
    ]
    store(*documents)
    build(home, embedder, words)

    def found(on: date) -> set[str]:
        return {hit.document.id for hit in service.search("수수료", k=9, on=on).hits}

    assert found(DAY) == {"always", "last-day"}
    assert found(tomorrow) == {"always", "coming"}
    assert {hit.document.id for hit in service.search("수수료", on=DAY).upcoming} == {"coming"}
    store(*documents[1:])
    assert found(DAY) == {"last-day"}  # at once, before any build


def test_a_chunk_without_a_single_term_is_found_by_meaning(
    home: Home, store: Callable[..., None], service: SearchService, embedder: HashingEmbedder
) -> None:
    class Mute(WordAnalyzer):
        def tokens(self, text: str) -> list:  # type: ignore[type-arg]
            return []

    store(a="글", b="다른 것")
    build(home, embedder, Mute())
    assert SearchService(home, embedder, Mute()).search("글", k=1).hits[0].document.id == "a"


def test_no_question_is_lost_in_twenty_switches(
    home: Home,
    store: Callable[..., None],
    service: SearchService,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
) -> None:
    editions: dict[str, str] = {}

    def publish(number: int) -> None:
        store(**{f"d{n}": f"수수료 안내 {n} 제{number}판" for n in range(4)})
        editions[build(home, embedder, words).id] = f"제{number}판"

    publish(0)
    done = threading.Event()

    def ask(seed: int) -> list[tuple[str, list[str]]]:
        chance, answers = random.Random(seed), []
        while not done.wait(0.05):
            result = service.search(f"수수료 {chance.randrange(6)}", k=4)
            answers.append((result.snapshot, [hit.chunk.text for hit in result.hits]))
        return answers

    chance = random.Random(0)
    with ThreadPoolExecutor(SEARCHERS) as threads:
        asked = [threads.submit(ask, seed) for seed in range(SEARCHERS)]
        try:
            for number in range(SWITCHES // 2):
                publish(number + 1)
                life_cycle.activate(home, chance.choice(life_cycle.ids(home)))
        finally:
            done.set()
        answers = [answer for found in asked for answer in found.result()]
    assert all(len(texts) == 4 and all(editions[snapshot] in text for text in texts) for snapshot, texts in answers)
    assert len({snapshot for snapshot, _ in answers}) > 3


def test_a_build_that_fails_its_checks_leaves_the_old_serving(
    home: Home,
    store: Callable[..., None],
    service: SearchService,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(a="옛 글")
    old = build(home, embedder, words).id
    store(a="새 글", b="더")
    monkeypatch.setattr(ChunkReader, "matching", lambda reader, term: [])
    with pytest.raises(BrokenSnapshot, match="반영하지 않았습니다"):
        build(home, embedder, words)
    assert service.search("글").hits[0].chunk.text == "옛 글"
    assert life_cycle.ids(home) == [life_cycle.current_id(home)] == [old]
    if vectors := store_of(home):
        assert vectors.serving() == old


class TestMilvus:
    """What only a store beside the folders has to keep."""

    @pytest.fixture
    def home(self, tmp_path: Path, lite: str) -> Home:
        made = Home(tmp_path / "home", lite)
        made.create()
        return made

    @pytest.fixture
    def vectors(self, home: Home) -> Milvus:
        found = store_of(home)
        assert found
        return found

    def test_the_alias_goes_where_the_index_goes(
        self, home: Home, vectors: Milvus, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
    ) -> None:
        store(a="글")
        first = build(home, embedder, words).id
        second = build(home, embedder, words, full=True).id
        assert vectors.serving() == second
        assert life_cycle.rollback(home).id == vectors.serving() == first
        activation.activate(home, second, embedder, words)
        assert vectors.serving() == life_cycle.current_id(home) == second

    def test_collections_go_with_their_folders(
        self, home: Home, vectors: Milvus, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
    ) -> None:
        store(a="글")
        made = [build(home, embedder, words, full=True) for _ in range(life_cycle.KEPT + 2)]
        assert [vectors.holds(each) for each in made] == [False] + [True] * (life_cycle.KEPT + 1)

    def test_what_the_store_has_lost_is_filled_from_the_folder(
        self, home: Home, vectors: Milvus, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
    ) -> None:
        store(a="글")
        made = build(home, embedder, words)
        vectors.drop(made.id)
        with pytest.raises(BrokenSnapshot, match=f"'{made.id}'.*onnuri index activate"):
            SearchService(home, embedder, words).search("글")
        life_cycle.activate(home, made.id)
        assert SearchService(home, embedder, words).search("글").hits

    def test_an_index_made_without_a_store_is_taken_into_it(
        self, home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
    ) -> None:
        store(a="글")
        made = build(replace(home, vector_store=""), embedder, words)
        assert build(home, embedder, words) == made  # nothing changed, but it is now in the store
        assert SearchService(home, embedder, words).search("글").hits

    def test_what_a_killed_build_left_is_dropped_by_the_next(
        self, home: Home, vectors: Milvus, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
    ) -> None:
        store(a="글")
        killed = build(home, embedder, words)
        home.current.unlink()
        (home.snapshots / killed.id).rename(home.snapshots / f"{life_cycle.STAGING_PREFIX}{killed.id}")
        build(home, embedder, words)
        assert not vectors.holds(killed)

    def test_beyond_what_is_compared_one_by_one_a_graph_finds_the_nearest(
        self,
        home: Home,
        store: Callable[..., None],
        embedder: HashingEmbedder,
        words: WordAnalyzer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(engine, "EXACT", 10)
        store(**{f"d{number:02}": f"제{number}조 수수료는 {number * 7}원" for number in range(60)})
        folder = life_cycle.folder(home, build(home, embedder, words).id)
        wanted = Wanted((), (), embedder.embed_query("제17조 수수료"))
        graph, exact = (
            snapshot.engine.candidates(wanted, Scope(), 10, StageClock()).numbers
            for snapshot in (Snapshot(folder, store=store_of(home)), Snapshot(folder))
        )
        assert len(np.intersect1d(graph, exact)) >= 9

    def test_nothing_of_a_failed_build_stays(
        self,
        home: Home,
        vectors: Milvus,
        store: Callable[..., None],
        embedder: HashingEmbedder,
        words: WordAnalyzer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        store(a="글")
        taken: list[str] = []

        def broken(snapshot: Snapshot, *_: object) -> None:
            Milvus.take(vectors, snapshot)
            taken.append(snapshot.manifest.id)
            raise StoreUnavailable("벡터 저장소가 꺼졌습니다.")

        monkeypatch.setattr(vectors, "take", broken)
        with pytest.raises(StoreUnavailable):
            build(home, embedder, words)
        assert not vectors._client.has_collection(collection(taken[0]))

    def test_a_store_that_goes_down_is_one_sentence(
        self, tmp_path: Path, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer, home: Home
    ) -> None:
        from milvus_lite.server_manager import server_manager_instance

        store(a="글")
        own = replace(home, vector_store=str(tmp_path / "own.db"))
        build(own, embedder, words)
        service = SearchService(own, embedder, words)
        service.require_answering()
        server_manager_instance.release_server(own.vector_store)
        for ask in (service.require_answering, lambda: service.search("글")):
            with pytest.raises(StoreUnavailable, match=r"^벡터 저장소 .*own\.db.*확인하세요\.$"):
                ask()

    def test_a_cluster_that_is_down_is_one_sentence(
        self, tmp_path: Path, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer, home: Home
    ) -> None:
        store(a="글")
        build(replace(home, vector_store=""), embedder, words)
        away = replace(home, vector_store="http://kim:secret@127.0.0.1:9/suncheon")
        with pytest.raises(IndexingError, match=r"벡터 저장소 http://127\.0\.0\.1:9.*ONNURI_VECTOR_STORE") as raised:
            SearchService(away, embedder, words).search("글")
        assert isinstance(raised.value, StoreUnavailable)
        assert "secret" not in f"{raised.value}{away}"
