"""Golden questions: what an index must find before it is served."""

from collections.abc import Callable
from datetime import date

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building.activation import activate
from indexing.building.build import build
from indexing.golden.questions import GoldenQuestion, GoldenQuestions
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from indexing.snapshots.manifest import Manifest
from knowledge_base.document import Document
from knowledge_base.errors import DocumentNotFound, GoldenQuestionsLost, IndexingError, SnapshotMismatch
from knowledge_base.home import Home

Store = Callable[..., None]
QUESTION = "여권 수수료 5만원"
DECOYS = {f"d{n}": "여권 수수료" for n in range(6)}


@pytest.fixture
def golden(home: Home, indexed: Callable[..., Manifest]) -> GoldenQuestions:
    """One question, answered by the index being served."""
    indexed(fees="여권 수수료 5만원")
    questions = GoldenQuestions(home)
    questions.add(QUESTION, ["fees"])
    return questions


def test_they_are_kept_listed_and_removed(home: Home, store: Store) -> None:
    store(a="글", b="글")
    questions = GoldenQuestions(home)
    assert questions.list() == ()
    questions.add("  여권은\n어디서? ", ["a", "b", "a"])
    questions.add("가격", ["b"])
    questions.add("가격", ["a"])
    assert questions.list() == (GoldenQuestion("가격", ("a",)), GoldenQuestion("여권은 어디서?", ("a", "b")))
    questions.remove("여권은 어디서?")
    assert GoldenQuestions(home).list() == (GoldenQuestion("가격", ("a",)),)
    with pytest.raises(IndexingError, match="golden list"):
        questions.remove("여권은 어디서?")


def test_wrong_ones_are_refused(home: Home, store: Store) -> None:
    store(a="글")
    questions = GoldenQuestions(home)
    with pytest.raises(DocumentNotFound, match="'nowhere'"):
        questions.add("가격", ["a", "nowhere"])
    for question, documents in ((" ", ["a"]), ("가격", [])):
        with pytest.raises(IndexingError, match="하나 이상"):
            questions.add(question, documents)
    assert questions.list() == ()


def test_a_build_that_loses_one_is_not_served_unless_accepted(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, golden: GoldenQuestions
) -> None:
    before = life_cycle.current_id(home)
    store(fees="없음", **DECOYS)
    with pytest.raises(GoldenQuestionsLost, match=rf"'{QUESTION}'\(있어야 할 문서: fees; 찾은 문서: d., .*--accept"):
        build(home, embedder, words)
    assert life_cycle.current_id(home) == before
    assert [path.name for path in home.snapshots.iterdir()] == [before]
    assert build(home, embedder, words, accept=True).id == life_cycle.current_id(home) > before


def test_any_one_of_its_documents_in_the_first_five_is_enough(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, golden: GoldenQuestions
) -> None:
    store(fees="없음", **DECOYS)
    golden.add(QUESTION, ["fees", *DECOYS])
    build(home, embedder, words)
    shown = [hit.document.id for hit in SearchService(home, embedder, words).search(QUESTION, k=5).hits]
    golden.add(QUESTION, [shown[4]])
    build(home, embedder, words, full=True)
    (sixth,) = DECOYS.keys() - shown
    golden.add(QUESTION, [sixth])
    with pytest.raises(GoldenQuestionsLost):
        build(home, embedder, words, full=True)


def test_one_whose_documents_are_gone_or_not_in_force_is_no_obstacle(
    indexed: Callable[..., Manifest], golden: GoldenQuestions, notice: Callable[..., Document]
) -> None:
    assert golden.orphans() == ()
    indexed(notice("fees", "여권 수수료 5만원", ends=date(2020, 1, 1)), **DECOYS)
    indexed(**DECOYS)
    assert golden.orphans() == (GoldenQuestion(QUESTION, ("fees",)),)


def test_a_kept_snapshot_is_asked_before_it_is_activated_but_not_for_a_rollback(
    home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer, golden: GoldenQuestions
) -> None:
    good = life_cycle.current_id(home)
    store(fees="없음", **DECOYS)
    bad = build(home, embedder, words, accept=True).id
    store(fees=QUESTION, **DECOYS)
    best = build(home, embedder, words).id
    with pytest.raises(GoldenQuestionsLost, match=bad):
        activate(home, bad, embedder, words)
    assert life_cycle.current_id(home) == best
    assert life_cycle.rollback(home).id == bad
    assert activate(home, good, embedder, words).id == life_cycle.current_id(home) == good
    activate(home, bad, embedder, words, accept=True)
    assert life_cycle.current_id(home) == bad


def test_questions_cannot_be_put_to_a_snapshot_of_another_model(
    home: Home, embedder: HashingEmbedder, words: WordAnalyzer, golden: GoldenQuestions
) -> None:
    old = life_cycle.current_id(home)
    other = HashingEmbedder("other")
    build(home, other, words)
    with pytest.raises(SnapshotMismatch):
        activate(home, old, other, words)
    golden.remove(QUESTION)
    activate(home, old, other, words)
    assert life_cycle.current_id(home) == old
