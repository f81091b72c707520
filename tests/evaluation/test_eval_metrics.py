"""Metrics on rows worked by hand, and what must hold of any ranking."""

import unicodedata
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.confidence import estimates
from eval.metrics.latency import by_stage, percentiles
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg
from eval.metrics.numbers import number_recall, numbers
from eval.metrics.ranking import distinct, first_right
from eval.metrics.recall import recall

TEN_OTHERS = [f"기타{number}" for number in range(10)]

# ranked, right, rank, recall@1, recall@3, RR@10, nDCG@10
ROWS = [
    (["감면", "요금"], {"감면"}, 1, 1, 1, 1, 1),  # right at the top
    (["요금", "감면"], {"감면"}, 2, 0, 1, 1 / 2, 1 / log2(3)),  # right second
    (["요금", "요금", "요금", "감면"], {"감면"}, 2, 0, 1, 1 / 2, 1 / log2(3)),  # three chunks, one document
    (["요금", "안내", "신청", "감면"], {"감면"}, 4, 0, 0, 1 / 4, 1 / log2(5)),  # right below the top three
    (
        ["요금", "감면", "면제"],
        {"감면", "면제"},
        2,
        0,
        1,
        1 / 2,
        1 / log2(3),
    ),  # a second right one adds nothing
    (["감면", "요금"], {"감면", "면제", "할인"}, 1, 1, 1, 1, 1),  # one of three alternatives is enough
    ([*TEN_OTHERS, "감면"], {"감면"}, 11, 0, 0, 0, 0),  # found, but below the tenth
    (["요금", "안내"], {"감면"}, None, 0, 0, 0, 0),  # not found
    ([], {"감면"}, None, 0, 0, 0, 0),  # nothing found
]


@pytest.mark.parametrize(("ranked", "right", "rank", "at_1", "at_3", "rr", "gain"), ROWS)
def test_hand_worked_rows(
    ranked: list[str], right: set[str], rank: int | None, at_1: int, at_3: int, rr: float, gain: float
) -> None:
    assert first_right(ranked, right) == rank
    assert recall(ranked, right, k=1) == at_1
    assert recall(ranked, right, k=3) == at_3
    assert reciprocal_rank(ranked, right, k=10) == rr
    assert ndcg(ranked, right, k=10) == pytest.approx(gain)


def test_a_question_without_right_documents_is_not_scored() -> None:
    with pytest.raises(ValueError, match="without right documents"):
        recall(["감면"], set(), k=1)


def test_decomposed_file_names_are_the_same_documents() -> None:
    decomposed = unicodedata.normalize("NFD", "요금_감면.md")
    assert distinct([decomposed, "요금_감면.md"]) == ("요금_감면.md",)
    assert first_right([decomposed], {"요금_감면.md"}) == 1
    assert first_right(["요금_감면.md"], {decomposed}) == 1


documents = st.lists(st.sampled_from("가나다라마바사아자차카타파하"))
right_ones = st.sets(st.sampled_from("가나다라"), min_size=1)
depths = st.integers(1, 12)


@given(documents, right_ones, depths)
def test_scores_lie_between_0_and_1_and_grow_with_k(ranked: list[str], right: set[str], k: int) -> None:
    for metric in (recall, reciprocal_rank, ndcg):
        assert 0 <= metric(ranked, right, k) <= metric(ranked, right, k + 1) <= 1


@given(documents, right_ones, depths)
def test_reciprocal_rank_is_at_most_ndcg_and_ndcg_at_most_recall(ranked: list[str], right: set[str], k: int) -> None:
    assert reciprocal_rank(ranked, right, k) <= ndcg(ranked, right, k) <= recall(ranked, right, k)


@given(documents, right_ones, depths)
def test_further_chunks_of_a_document_change_nothing(ranked: list[str], right: set[str], k: int) -> None:
    twice = [document for document in ranked for _ in range(2)]
    for metric in (recall, reciprocal_rank, ndcg):
        assert metric(twice, right, k) == metric(ranked, right, k)


@given(documents, right_ones, depths)
def test_alternatives_score_as_the_best_of_them_alone(ranked: list[str], right: set[str], k: int) -> None:
    for metric in (recall, reciprocal_rank, ndcg):
        assert metric(ranked, right, k) == max(metric(ranked, {each}, k) for each in right)


def test_percentiles_interpolate() -> None:
    # 1..101: the median is the 51st value, p95 the 96th, p99 the 100th
    assert percentiles([float(number) for number in range(1, 102)]) == {
        "p50": 51.0,
        "p95": 96.0,
        "p99": 100.0,
    }
    assert percentiles([7.0]) == {"p50": 7.0, "p95": 7.0, "p99": 7.0}
    with pytest.raises(ValueError, match="no latency"):
        percentiles([])


def test_a_stage_counts_only_the_questions_that_went_through_it() -> None:
    stages = by_stage([{"total": 10.0}, {"total": 20.0, "llm": 5.0}])
    assert {stage: points["p50"] for stage, points in stages.items()} == {"total": 15.0, "llm": 5.0}
    assert by_stage([]) == {}


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_intervals_stay_within_the_scores(scores: list[float]) -> None:
    estimate = estimates({"score": scores})["score"]
    assert min(scores) - 1e-9 <= estimate.low <= estimate.high <= max(scores) + 1e-9


def test_intervals_agree_with_the_normal_approximation_and_with_themselves() -> None:
    column = {"score": [1.0] * 700 + [0.0] * 300}
    found = estimates(column)["score"]
    # .7 ± 1.96 · √(.7 · .3 / 1000) = .7 ± .0284
    assert (found.low, found.high) == pytest.approx((0.6716, 0.7284), abs=0.004)
    assert estimates(column)["score"] == found


@pytest.mark.parametrize(
    ("reference", "answer", "share"),
    [
        ("수수료는 3만원입니다.", "30,000원입니다.", 1.0),  # unit and thousands separators
        ("1억원 이하", "100,000,000원", 1.0),  # 억
        ("2천만 원", "2000만원", 1.0),  # 천만 equals 2,000 만
        ("0.5퍼센트", "０．５퍼센트", 1.0),  # full-width digits
        ("65세 이상, 월 10일", "65세 이상입니다.", 0.5),  # one of two
        ("65세 이상", "", 0.0),  # no answer
        ("네, 가능합니다.", "가능합니다.", None),  # nothing to recall
    ],
)
def test_number_recall(reference: str, answer: str, share: float | None) -> None:
    assert number_recall(reference, answer) == share


def test_a_number_in_another_number_is_not_it() -> None:
    assert not numbers("365일") & numbers("65세")
