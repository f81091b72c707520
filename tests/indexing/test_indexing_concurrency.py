"""Agents go on searching while an admin builds, activates and rolls back."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building.build import build
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from knowledge_base.errors import NoSnapshot
from knowledge_base.home import Home

SEARCHERS, SWITCHES = 8, 20


def test_every_answer_is_of_one_snapshot_while_they_are_switched(
    home: Home,
    store: Callable[..., None],
    service: SearchService,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
) -> None:
    texts: dict[str, str] = {f"d{n:02}": f"수수료 안내 {n} 제0판" for n in range(12)}
    editions: dict[str, dict[str, str]] = {}  # snapshot → the text of each of its documents

    def publish(number: int) -> None:
        """A quarter of the documents change; the other chunks are taken over."""
        texts.update({f"d{n:02}": f"수수료 안내 {n} 제{number}판" for n in range(number % 4, 12, 4)})
        store(**texts)
        editions[build(home, embedder, words).id] = dict(texts)

    publish(0)
    done = threading.Event()

    def ask(seed: int) -> list[tuple[str, dict[str, str]]]:
        chance, answers = random.Random(seed), []
        while not done.wait(0.05):  # agents pause too; without, the builds get no turn
            result = service.search(f"수수료 {chance.randrange(15)}", k=chance.randrange(1, 15))
            answers.append((result.snapshot, {hit.document.id: hit.chunk.text for hit in result.hits}))
        return answers

    chance = random.Random(0)
    with ThreadPoolExecutor(SEARCHERS) as threads:
        asked = [threads.submit(ask, seed) for seed in range(SEARCHERS)]
        try:
            for number in range(1, SWITCHES + 1):
                publish(number)
                life_cycle.activate(home, chance.choice(life_cycle.ids(home)))
        finally:
            done.set()
        answers = [answer for found in asked for answer in found.result()]
    assert all(found.items() <= editions[snapshot].items() for snapshot, found in answers)
    assert len({snapshot for snapshot, _ in answers}) > 3


def test_an_activation_holds_when_a_build_prunes_at_the_same_time(
    home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    """The oldest snapshot is the next to be pruned: either it is activated and stays, or it is gone and refused."""
    store(a="글")
    for _ in range(life_cycle.KEPT + 1):
        build(home, embedder, words, full=True)
    done = threading.Event()

    def activate_the_oldest() -> None:
        while not done.is_set():
            try:
                life_cycle.activate(home, life_cycle.ids(home)[0])
            except NoSnapshot:
                continue

    with ThreadPoolExecutor(1) as threads:
        admin = threads.submit(activate_the_oldest)
        try:
            for _ in range(15):
                build(home, embedder, words, full=True)
                assert life_cycle.current_id(home) in life_cycle.ids(home)
        finally:
            done.set()
        admin.result()


def test_who_asks_while_a_snapshot_opens_is_answered_from_the_one_before(
    home: Home,
    store: Callable[..., None],
    service: SearchService,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
) -> None:
    store(a="글")
    old = build(home, embedder, words).id
    service.search("글")
    new = build(home, embedder, words, full=True).id
    opening, go_on = threading.Event(), threading.Event()
    opened = service._opened

    def slowly(snapshot: str) -> object:
        opening.set()
        assert go_on.wait(30)
        return opened(snapshot)

    service._opened = slowly  # type: ignore[method-assign, assignment]
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(service.search, "글")
        assert opening.wait(30)
        assert service.search("글").snapshot == old
        go_on.set()
        assert first.result().snapshot == new
    assert service.search("글").snapshot == new
