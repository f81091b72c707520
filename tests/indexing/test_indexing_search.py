"""The search as its callers see it: what surfaces, when, in which order, and with what beside it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.building.build import build
from indexing.lexical.tokens import Analyzer, search_terms
from indexing.retrieval import mentions
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from indexing.snapshots.manifest import Manifest
from knowledge_base.document import Document
from knowledge_base.errors import BrokenSnapshot, NoSnapshot, SnapshotMismatch
from knowledge_base.home import Home

QUESTIONS = ["대형폐기물 배출 수수료", "주민등록증 재발급은 어디서?", 'AND NEAR * "(', "３.５%", "?!", "", "\udcff"]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("k", [1, 5, 5000])
def test_hits_keep_their_promises(sample_service: SearchService, analyzer: Analyzer, question: str, k: int) -> None:
    result = sample_service.search(question, k=k, on=date(2026, 11, 27))
    snapshot = sample_service.snapshot()
    assert result.snapshot == snapshot.manifest.id
    assert set(result.timings) == {"tokenise", "embed", "bm25", "dense", "parts", "tokens", "fuse", "highlight"}
    valid = int(snapshot.valid_on(date(2026, 11, 27)).sum())
    assert len(result.hits) == min(k, valid)
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    assert len({hit.chunk.id for hit in result.hits}) == len(result.hits)
    named = mentions.weights(snapshot, analyzer.tokens(question))
    for hit in result.hits:
        assert hit.document.is_valid_on(date(2026, 11, 27))
        assert 0 <= hit.coverage <= 1
        assert hit.bm25 >= 0
        assert -1.001 <= hit.dense <= 1.001
        assert len(hit.cosines) == len(hit.chunk.sentences)
        assert max(hit.cosines) <= hit.closeness + 1e-3 <= 1.002  # its document may have a nearer one
        assert all(0 <= start < end <= len(hit.chunk.text) for start, end in hit.highlights)
        if hit.highlights:
            assert hit.coverage > 0
            assert named


def test_the_right_faq_comes_first_with_its_words_highlighted(sample_service: SearchService) -> None:
    hit = sample_service.search("대형폐기물 수수료", k=1).hits[0]
    assert "대형폐기물" in hit.document.title + hit.chunk.text
    marked = {hit.chunk.text[start:end] for start, end in hit.highlights}
    assert marked
    assert all(word in "대형폐기물 수수료" for word in marked)


def test_bm25_and_dense_are_exact_for_every_hit(sample_service: SearchService, analyzer: Analyzer) -> None:
    """Also for those only one of the two rankings put forward."""
    snapshot = sample_service.snapshot()
    scores = snapshot.arrays.postings.scores(search_terms(analyzer.tokens("주민등록 신청 방법")))
    numbers = {snapshot.passage(number).chunk.id: number for number in range(len(snapshot))}
    for hit in sample_service.search("주민등록 신청 방법", k=100).hits:
        assert hit.bm25 == scores[numbers[hit.chunk.id]]


def test_the_same_question_gives_the_same_answer(sample: Home, analyzer: Analyzer) -> None:
    def hits() -> list[tuple[str, float]]:
        service = SearchService(sample, HashingEmbedder(), analyzer)
        return [(hit.chunk.id, hit.score) for hit in service.search("쓰레기 수거 요일", k=50).hits]

    assert hits() == hits()


def test_equal_chunks_keep_the_order_of_their_documents(
    indexed: Callable[..., Manifest], service: SearchService, notice: Callable[..., Document]
) -> None:
    indexed(*(replace(notice(f"{n:02}", "같은 글"), title="같은 제목") for n in range(40)))
    assert [hit.document.id for hit in service.search("같은", k=40).hits] == [f"{n:02}" for n in range(40)]


DAY = date(2026, 11, 22)


@pytest.fixture
def dated(indexed: Callable[..., Manifest], service: SearchService, notice: Callable[..., Document]) -> SearchService:
    """Notices valid until the day, from the day, on the day only, and always."""
    indexed(
        notice("until", "수수료 안내", ends=DAY),
        notice("from", "수수료 안내", starts=DAY),
        notice("only", "수수료 안내", starts=DAY, ends=DAY),
        notice("always", "수수료 안내"),
    )
    return service


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (DAY - timedelta(1), {"until", "always"}),
        (DAY, {"until", "from", "only", "always"}),
        (DAY + timedelta(1), {"from", "always"}),
        (date.min, {"until", "always"}),
        (date.max, {"from", "always"}),
    ],
)
@pytest.mark.parametrize("question", ["수수료", "무관한", ""])
def test_only_what_is_in_force_surfaces(dated: SearchService, on: date, found: set[str], question: str) -> None:
    assert {hit.document.id for hit in dated.search(question, k=10, on=on).hits} == found


def test_today_is_the_day_unless_said(
    indexed: Callable[..., Manifest], service: SearchService, notice: Callable[..., Document]
) -> None:
    today = date.today()
    indexed(
        notice("now", "수수료", starts=today, ends=today + timedelta(1)), notice("old", "수수료", ends=date(2020, 1, 1))
    )
    assert [hit.document.id for hit in service.search("수수료").hits] == ["now"]


def test_nothing_in_force_is_no_hit(
    indexed: Callable[..., Manifest], service: SearchService, notice: Callable[..., Document]
) -> None:
    indexed(notice("old", "수수료", ends=date(2020, 1, 1)))
    assert service.search("수수료").hits == ()


@pytest.mark.parametrize("question", ["수수료", "무관한", "?!", ""])
def test_a_corpus_of_one_has_no_spread(indexed: Callable[..., Manifest], service: SearchService, question: str) -> None:
    indexed(only="수수료 안내")
    (hit,) = service.search(question).hits
    assert hit.score == 0
    assert hit.coverage == (1.0 if question == "수수료" else 0.0)


def test_k_must_be_positive(service: SearchService) -> None:
    with pytest.raises(ValueError, match="k must be at least 1"):
        service.search("수수료", k=0)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.integers(1, 300))
def test_any_question_can_be_asked(sample_service: SearchService, question: str, k: int) -> None:
    result = sample_service.search(question, k=k, on=date(2026, 11, 27))
    assert 0 < len(result.hits) <= k


def test_before_the_first_build_there_is_one_sentence(service: SearchService) -> None:
    with pytest.raises(NoSnapshot, match="onnuri index build"):
        service.search("수수료")


def test_another_model_is_refused_by_name(home: Home, indexed: Callable[..., Manifest], words: WordAnalyzer) -> None:
    indexed(a="수수료")
    other = SearchService(home, HashingEmbedder("new-model"), words)
    with pytest.raises(SnapshotMismatch, match=r"hashing.*new-model.*onnuri index build"):
        other.search("수수료")


def test_a_switch_and_a_rollback_show_at_the_next_question(
    home: Home, indexed: Callable[..., Manifest], service: SearchService
) -> None:
    old = indexed(a="옛 수수료").id
    assert service.search("수수료").snapshot == old
    new = indexed(a="새 수수료").id
    assert service.search("수수료").hits[0].chunk.text == "새 수수료"
    life_cycle.rollback(home)
    assert service.search("수수료").snapshot == old
    life_cycle.activate(home, new)
    assert service.search("수수료").snapshot == new


def test_a_missing_current_snapshot_is_replaced_by_the_last_before_it(
    home: Home,
    store: Callable[..., None],
    service: SearchService,
    embedder: HashingEmbedder,
    words: WordAnalyzer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store(a="수수료")
    built = [build(home, embedder, words, full=True).id for _ in range(3)]
    home.current.write_text("20200101-000000-000000\n")
    assert service.search("수수료").snapshot == built[-1]  # nothing older than the missing one
    life_cycle.activate(home, built[1])
    life_cycle.folder(home, built[1]).rename(home.snapshots / "aside")
    with caplog.at_level(logging.WARNING):
        assert SearchService(home, embedder, words).search("수수료").snapshot == built[0]
    assert built[0] in caplog.text


def test_a_substitute_of_another_model_is_passed_over(
    home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a="수수료")
    first = build(home, embedder, words).id
    build(home, HashingEmbedder("other"), words)
    third = build(home, embedder, words).id
    (home.snapshots / third / "vectors.faiss").unlink()
    assert SearchService(home, embedder, words).search("수수료").snapshot == first


def test_without_any_sound_snapshot_the_damage_is_named(
    home: Home, store: Callable[..., None], service: SearchService, embedder: HashingEmbedder, words: WordAnalyzer
) -> None:
    store(a="수수료")
    (home.snapshots / build(home, embedder, words).id / "vectors.faiss").write_bytes(b"")
    with pytest.raises(BrokenSnapshot, match=r"vectors\.faiss"):
        service.search("수수료")
