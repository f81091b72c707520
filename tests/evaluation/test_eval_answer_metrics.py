"""Answer metrics on rows worked by hand, and against other people's implementations."""

import random
from collections.abc import Sequence

import pytest
from hashing_embedder import WordAnalyzer
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.grounding import Evidence, GroundingChecker
from eval.metrics.abstention import abstention_precision, abstention_recall, false_alarm
from eval.metrics.auroc import auroc
from eval.metrics.citations import citation_precision, citation_recall
from eval.metrics.confidence import estimates, interval_of
from eval.metrics.groundedness import Cited, groundedness
from eval.metrics.key_facts import fact_precision, fact_recall
from eval.metrics.named_things import thing_precision, thing_recall
from eval.metrics.rouge_l import longest_common_subsequence, rouge_l
from eval.metrics.significance import holm, mcnemar, paired, randomisation
from eval.metrics.token_f1 import token_f1


@pytest.mark.parametrize(
    ("reference", "answer", "recall", "precision"),
    [
        ("수수료는 3만원입니다.", "30,000원입니다.", 1.0, 1.0),  # the same amount
        ("삼만 원이고 2주 걸립니다.", "3만원, 14일", 1.0, 1.0),  # words for numbers, weeks for days
        ("2026년 7월 1일부터 061-749-3114로", "7월 1일부터", 0.0, 1.0),  # the answer leaves the year out
        ("7월 1일부터", "2026. 7. 1.부터", 1.0, 0.0),  # the answer says more than the reference bears out
        ("3만원, 3만원, 5만원", "3만원", 0.5, 1.0),  # a fact counts once
        ("3만원", "4만원", 0.0, 0.0),  # another amount
        ("3만원", "", 0.0, None),  # nothing said
        ("네, 됩니다.", "3만원", None, 0.0),  # nothing to recall
    ],
)
def test_key_facts(reference: str, answer: str, recall: float | None, precision: float | None) -> None:
    assert fact_recall(reference, answer) == recall
    assert fact_precision(reference, answer) == precision


def test_named_things_beyond_the_question() -> None:
    reference, answer, question = {"여권", "사진", "신분증"}, {"여권", "신분증", "도장"}, {"여권"}
    assert thing_recall(reference, "신분증과 도장", question) == 1 / 2  # 사진 is missing, 여권 was asked
    assert thing_precision(answer, "사진과 신분증", question) == 1 / 2  # 도장 is wrong
    assert thing_recall({"여권"}, "여권", question) is None
    assert thing_recall({"센터"}, "행정복지센터", set()) == 1.0  # inside a compound


@pytest.mark.parametrize(
    ("reference", "answer", "f1", "rouge"),
    [
        ("가 나 다", "가 나 다", 1.0, 1.0),
        ("가 나 다", "다 나 가", 1.0, 1 / 3),  # the same words the other way round: LCS 1
        ("가 나 다 라", "가 다", 2 * (1 * 0.5) / 1.5, 2 * 2 / 6),
        ("가 가 나", "가 나 나", 2 * 2 / 6, 2 * 2 / 6),  # each as often as in both
        ("가", "나", 0.0, 0.0),
        ("", "", 0.0, 0.0),
        ("가", "", 0.0, 0.0),
    ],
)
def test_words_shared(reference: str, answer: str, f1: float, rouge: float) -> None:
    assert token_f1(reference.split(), answer.split()) == pytest.approx(f1)
    assert rouge_l(reference.split(), answer.split()) == pytest.approx(rouge)


@given(st.lists(st.sampled_from("가나다"), max_size=7), st.lists(st.sampled_from("가나다"), max_size=7))
def test_the_common_subsequence_is_the_longest_of_all(some: Sequence[str], others: Sequence[str]) -> None:
    def is_in(part: Sequence[str]) -> bool:
        rest = iter(others)
        return all(each in rest for each in part)

    parts = ([each for at, each in enumerate(some) if mask >> at & 1] for mask in range(2 ** len(some)))
    assert longest_common_subsequence(some, others) == max(len(part) for part in parts if is_in(part))


@pytest.mark.parametrize(
    ("cited", "right", "precision", "recall"),
    [
        (["감면", "감면"], {"감면", "면제"}, 1.0, 1.0),  # one of two alternatives, cited twice
        (["요금", "감면"], {"감면"}, 0.5, 1.0),
        (["요금"], {"감면"}, 0.0, 0.0),
        ([], {"감면"}, None, 0.0),
    ],
)
def test_citations(cited: list[str], right: set[str], precision: float | None, recall: float) -> None:
    assert citation_precision(cited, right) == precision
    assert citation_recall(cited, right) == recall


@pytest.mark.parametrize(
    ("abstained", "answerable", "scores"),
    [
        (True, True, (0.0, None, 1.0)),
        (True, False, (1.0, 1.0, None)),
        (False, True, (None, None, 0.0)),
        (False, False, (None, 0.0, None)),
    ],
)
def test_abstention(abstained: bool, answerable: bool, scores: tuple[float | None, ...]) -> None:
    functions = (abstention_precision, abstention_recall, false_alarm)
    assert tuple(each(abstained, answerable) for each in functions) == scores


def test_a_sentence_is_grounded_by_what_it_cites_and_by_nothing_else() -> None:
    answer = "여권 수수료는 50,000원입니다. 매트리스 수수료는 8,000원입니다."
    passport = Evidence("여권 수수료", "여권 수수료는 50,000원입니다.")
    mattress = Evidence("매트리스 수수료", "매트리스 수수료는 8,000원입니다.")
    first, second = (0, 20), (20, len(answer))
    checker = GroundingChecker(WordAnalyzer())

    def share(*cited: Cited) -> float | None:
        return groundedness(answer, cited, "", checker)

    assert share(Cited(*first, passport), Cited(*second, mattress)) == 1.0
    assert share(Cited(*first, passport), Cited(*second, passport)) == 0.5  # the amount stands elsewhere
    assert share(Cited(*first, passport)) == 0.5  # the second cites nothing
    assert groundedness("", (), "", checker) is None


def test_auroc_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    draw = random.Random(5)
    for _ in range(20):
        labels = [draw.random() < 0.4 for _ in range(60)] + [True, False]
        sure = [round(draw.random(), 1) for _ in labels]  # many ties
        positive = [value for value, label in zip(sure, labels, strict=True) if label]
        negative = [value for value, label in zip(sure, labels, strict=True) if not label]
        assert auroc(positive, negative) == pytest.approx(roc_auc_score(labels, sure))
    assert auroc([0.5], []) is None


def test_mcnemar_is_the_exact_binomial_test_of_scipy() -> None:
    from scipy.stats import binomtest  # type: ignore[import-untyped]

    draw = random.Random(6)
    for _ in range(30):
        before = [float(draw.random() < 0.7) for _ in range(80)]
        after = [float(draw.random() < 0.75) for _ in range(80)]
        gained = sum(new > old for old, new in zip(before, after, strict=True))
        changed = sum(new != old for old, new in zip(before, after, strict=True))
        assert mcnemar(before, after) == pytest.approx(binomtest(gained, changed).pvalue)
    assert mcnemar([1.0, 0.0], [1.0, 0.0]) == 1.0


def test_randomisation_is_the_permutation_test_of_scipy() -> None:
    import numpy as np
    from scipy.stats import permutation_test

    differences = [0.5, 0.25, -0.1, 0.4, 0.3, -0.2, 0.15, 0.1]  # 256 sign patterns: scipy takes every one
    exact = permutation_test((np.array(differences),), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
    assert randomisation(differences) == pytest.approx(exact, abs=0.012)
    assert randomisation([*differences, 0.0, 0.0]) == randomisation(differences)  # no change says nothing
    assert randomisation([0.0]) == 1.0


def test_holm_is_that_of_the_paper() -> None:
    # Holm 1979: multiply the smallest by m, the next by m - 1, …, and never fall
    assert holm({"a": 0.03, "b": 0.01, "c": 0.02, "d": 0.005}) == pytest.approx(
        {"a": 0.04, "b": 0.03, "c": 0.04, "d": 0.02}
    )
    assert holm({}) == {}


def test_paired_scores_take_the_test_that_fits() -> None:
    yes_or_no = paired([1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0])
    assert (yes_or_no.difference, yes_or_no.p, yes_or_no.n) == (-0.75, 0.25, 4)
    graded = paired([0.5] * 12, [0.25] * 12)
    assert graded.p == pytest.approx(2 / 2**12, abs=0.002)
    assert (graded.low, graded.high) == (-0.25, -0.25)
    with pytest.raises(ValueError, match="no common question"):
        paired([], [])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=30))
def test_an_estimate_is_over_the_questions_it_applies_to(column: list[float | None]) -> None:
    applies = [each for each in column if each is not None]
    found = estimates({"score": column}).get("score")
    if found is None:
        assert applies == []
    else:
        assert found.mean == pytest.approx(sum(applies) / len(applies))
        assert (found.n, found.low <= found.mean + 1e-9, found.mean <= found.high + 1e-9) == (len(applies), True, True)


def interval(scores: Sequence[float]) -> tuple[float, float]:
    estimate = estimates({"score": scores})["score"]
    return estimate.low, estimate.high


def test_intervals_are_those_of_scipy_and_cover_as_often_as_they_say() -> None:
    import numpy as np
    from scipy.stats import bootstrap

    draw = np.random.default_rng(1)
    scores = draw.beta(2, 1, 200)
    low, high = interval(scores.tolist())
    theirs = bootstrap((scores,), np.mean, method="percentile", rng=0).confidence_interval
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=0.005)
    sample = [float(draw.random() < 0.8) for _ in range(100)]
    assert interval_of(lambda drawn: float(np.mean([sample[each] for each in drawn])), 100) == pytest.approx(
        interval(sample), abs=0.02
    )
    runs = [interval((draw.random(150) < 0.8).astype(float).tolist()) for _ in range(100)]
    assert 88 <= sum(low <= 0.8 <= high for low, high in runs) <= 100
