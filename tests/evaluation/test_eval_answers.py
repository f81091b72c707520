"""Answers with a scripted assistant: statuses, abstention, numbers, first evidence and first token."""

from collections.abc import Callable, Iterator

import pytest

from assistant.events import EvidenceEvent, Status, SuggestionEvent
from eval.answers import Suggests, answer, summary
from eval.dataset import Question

Ask = Callable[..., Question]
Scripted = Callable[..., Suggests]


def test_statuses_abstention_and_numbers_by_hand(ask: Ask, assistant: Scripted) -> None:
    questions = [
        ask("요금?", "요금", answer="3만원, 65세"),  # answered with one of two numbers
        ask("감면?", "감면", answer="50%"),  # answerable, but abstained: a false alarm, no number given
        ask("???", "요금", answer="10일"),  # failed: no number given
        ask("신청?", "신청", answer="네."),  # no number to give
        ask("날씨?"),  # unanswerable and abstained
        ask("주가?"),  # unanswerable but answered
    ]
    script = {
        "요금?": (Status.GENERATED, "30,000원입니다."),
        "감면?": (Status.ABSTAINED, ""),
        "신청?": (Status.FAQ, "네."),
        "날씨?": (Status.ABSTAINED, ""),
        "주가?": (Status.EXTRACTIVE, "100원"),
    }
    report = summary(answer(questions, assistant(script), "eval"))
    assert report["n_failed"] == 1
    assert report["status"] == {"faq": 1, "generated": 1, "extractive": 1, "abstained": 2}
    assert report["abstention"] == {"precision": 1 / 2, "recall": 1 / 2, "false_alarm": 1 / 4}
    assert report["number_recall"] == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert report["models"] == ["scripted"]


def test_the_first_evidence_comes_before_the_first_token_before_the_end(ask: Ask, assistant: Scripted) -> None:
    (outcome,) = answer([ask("요금?", "요금")], assistant({"요금?": (Status.GENERATED, "3만원")}), "eval")
    timings = outcome.timings
    assert 0 < timings["first_evidence"] <= timings["first_token"] <= timings["total"]


def test_an_answer_without_llm_has_no_first_token(ask: Ask, assistant: Scripted) -> None:
    (outcome,) = answer([ask("요금?", "요금")], assistant({"요금?": (Status.FAQ, "3만원")}), "eval")
    assert set(outcome.timings) == {"first_evidence", "total"}


def test_a_failure_is_kept_and_is_no_abstention(ask: Ask, assistant: Scripted) -> None:
    outcomes = answer([ask("???")], assistant({}), "eval")
    assert outcomes[0].error == "'???'에는 찾을 말이 없습니다."
    report = summary(outcomes)
    assert report["abstention"] == {"precision": None, "recall": 0.0, "false_alarm": None}
    assert report["latency_ms"] == {}


def test_a_stream_without_an_end_is_a_bug(ask: Ask) -> None:
    class Cut:
        def suggest(self, question: str, *, call: str) -> Iterator[SuggestionEvent]:
            yield EvidenceEvent(call=call, seq=0, at=0.0, question=question, documents=(), cards=())

    with pytest.raises(RuntimeError, match="no final event"):
        answer([ask("요금?", "요금")], Cut(), "eval")
