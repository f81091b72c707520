"""Questions in words the documents know, and what that finds."""

import unicodedata
from collections.abc import Callable

import pytest
from hashing_embedder import HashingEmbedder

from indexing.building.build import build
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.ranking import ask
from indexing.retrieval.search import SearchService
from indexing.retrieval.wording import worded
from indexing.snapshots.engine import Scope
from indexing.snapshots.snapshot import Snapshot
from indexing.stage_clock import StageClock
from knowledge_base.home import Home


@pytest.fixture
def snapshot(home: Home, store: Callable[..., None], analyzer: Analyzer, embedder: HashingEmbedder) -> Snapshot:
    store(
        fine="주정차 위반 과태료는 승용차 4만 원입니다.",
        scholarship="장학금 신청은 3월입니다.",
        second="장학금 지급은 5월입니다.",
        waste="대형폐기물 배출 수수료 안내",
        garden="국가정원 관람 시간 안내",
    )
    return Snapshot(home.snapshots / build(home, embedder, analyzer).id)


def forms(snapshot: Snapshot, analyzer: Analyzer, question: str) -> list[str]:
    return [token.form for token in worded(question, snapshot, analyzer).tokens]


def test_a_citizens_word_brings_the_official_ones(snapshot: Snapshot, analyzer: Analyzer) -> None:
    wording = worded("딱지 떼였어요", snapshot, analyzer)
    assert wording.text == "딱지 떼였어요 (주정차 위반 과태료)"
    assert "과태료" in wording.official
    assert "과태료" not in wording.terms


def test_it_stands_aside_where_no_document_has_it(
    snapshot: Snapshot, home: Home, store: Callable[..., None], analyzer: Analyzer, embedder: HashingEmbedder
) -> None:
    assert "딱지" not in forms(snapshot, analyzer, "딱지 떼였어요")
    assert "과태료" in forms(snapshot, analyzer, "딱지 떼였어요")
    store(toys="딱지 치기 대회", fine="주정차 위반 과태료 안내")
    richer = Snapshot(home.snapshots / build(home, embedder, analyzer).id)
    assert "딱지" in forms(richer, analyzer, "딱지 떼였어요")
    assert "과태료" not in forms(richer, analyzer, "딱지 떼였어요")


def test_a_citizens_word_that_no_document_has_joined_stands_aside_whole(
    home: Home, store: Callable[..., None], analyzer: Analyzer, embedder: HashingEmbedder
) -> None:
    texts = {
        "school": "학교 안내",
        "front": "앞 순서대로 접수",
        "zone": "어린이보호구역 과태료 안내",
        "bag": "종량제봉투",
    }
    store(**texts)
    snapshot = Snapshot(home.snapshots / build(home, embedder, analyzer).id)
    assert forms(snapshot, analyzer, "쓰레기봉투 있나요")[:1] == ["있"]
    assert worded("쓰레기 봉투 있나요", snapshot, analyzer).unknown == ["쓰레기봉투"]
    store(**texts | {"told": "쓰레기봉투 판매소"})
    richer = Snapshot(home.snapshots / build(home, embedder, analyzer).id)
    assert forms(richer, analyzer, "쓰레기봉투 있나요")[:2] == ["쓰레기", "봉투"]
    assert worded("쓰레기봉투 있나요", richer, analyzer).unknown == []


def test_what_is_asked_in_a_citizens_word_is_left_out_by_what_has_no_official_one(
    home: Home, snapshot: Snapshot, analyzer: Analyzer
) -> None:
    result = SearchService(home, HashingEmbedder(), analyzer).search("딱지 떼였는데 수수료가 있나요?", k=5)
    left = {hit.document.id: hit.left_out for hit in result.hits}
    assert left["fine"] < left["garden"] == 1


def test_the_official_document_comes_first(home: Home, snapshot: Snapshot, analyzer: Analyzer) -> None:
    service = SearchService(home, HashingEmbedder(), analyzer)
    assert service.search("딱지 값이 얼마예요?").hits[0].document.id == "fine"


def test_an_official_word_that_was_not_said_counts_less(
    snapshot: Snapshot, analyzer: Analyzer, embedder: HashingEmbedder
) -> None:
    def bm25(question: str) -> float:
        scope = Scope(absent=snapshot.absent(lambda document: document == "fine"))
        return float(
            ask(snapshot, question, analyzer, embedder.embed_query_tokens, scope, 1, StageClock()).ranking.bm25[0]
        )

    assert 0 < bm25("딱지") < bm25("주정차 위반 과태료")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("장헉금 신청", "장학금 신청"),
        ("대 형 폐기물 은 어떻 게 버리 나요", "대형 폐기물은 어떻게 버리나요"),
        ("장학금 신청은 언제 할 수 있나요", "장학금 신청은 언제 할 수 있나요"),
        ("ＡＢＣ　장학금", "ABC 장학금"),
        (unicodedata.normalize("NFD", "장학금"), "장학금"),
        ("", ""),
        ("가 나", "가 나"),  # too short to tell
    ],
)
def test_what_is_embedded(snapshot: Snapshot, analyzer: Analyzer, question: str, text: str) -> None:
    assert worded(question, snapshot, analyzer).text == text


def test_a_question_is_tokenised_as_it_was_mended(snapshot: Snapshot, analyzer: Analyzer) -> None:
    assert forms(snapshot, analyzer, "장헉금 신청") == forms(snapshot, analyzer, "장학금 신청")
