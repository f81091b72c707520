"""Answers with a scripted assistant: statuses, abstention, facts, first evidence and first token."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hashing_embedder import WordAnalyzer

from assistant import events
from assistant.answering.assistant import Searches
from assistant.events import EvidenceEvent, FinalEvent, Status, SuggestionEvent
from eval.examination.answers import Suggests, answer, recorded
from eval.examination.examiner import Examiner
from eval.examination.grading import Grader
from eval.examination.result import Result, Tokens
from eval.questions.question import Question
from eval.runs.summary import metrics

Ask = Callable[..., Question]
Scripted = Callable[..., Suggests]
Searching = Callable[..., Searches]
Examine = Callable[..., list[Result]]


def test_statuses_abstention_and_facts_by_hand(
    ask: Ask, assistant: Scripted, searcher: Searching, examine: Examine
) -> None:
    questions = [
        ask("요금?", "요금", answer="3만원, 65세"),  # answered with one of two facts
        ask("감면?", "감면", answer="50%"),  # answerable, but abstained: a false alarm, no fact given
        ask("???", "요금", answer="10일"),  # failed: no fact given
        ask("신청?", "신청", answer="네."),  # no fact to give
        ask("날씨?"),  # unanswerable and abstained
        ask("주가?"),  # unanswerable but answered
    ]
    script = {
        "요금?": (Status.GENERATED, "30,000원이고 10일입니다."),  # one of two is right
        "감면?": (Status.ABSTAINED, ""),
        "신청?": (Status.FAQ, "네."),
        "날씨?": (Status.ABSTAINED, ""),
        "주가?": (Status.EXTRACTIVE, "100원"),
    }
    search = searcher({each.question: ["요금"] for each in questions})
    report = metrics(questions, examine(questions, search, assistant(script)))["answers"]
    assert report["n_failed"] == 1
    assert report["status"] == {"faq": 1, "generated": 1, "extractive": 1, "abstained": 2}
    rates = {name: report["abstention"][name] for name in ("precision", "recall", "false_alarm")}
    assert rates == {"precision": 1 / 2, "recall": 1 / 2, "false_alarm": 1 / 4}
    assert report["number_recall"] == report["fact_recall"] == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert report["fact_precision"] == 1 / 2  # of the one answer that states facts
    assert report["citation_recall"] == 0.0  # the script cites nothing
    assert report["models"] == ["scripted"]
    assert report["tokens"] is None


def test_the_first_evidence_comes_before_the_first_token_before_the_end(ask: Ask, assistant: Scripted) -> None:
    found = answer(ask("요금?", "요금"), assistant({"요금?": (Status.GENERATED, "3만원")}), "eval")
    timings = found.answer.latency_ms
    assert 0 < timings["first_evidence"] <= timings["first_token"] <= timings["total"]


def test_an_answer_without_llm_has_no_first_token(ask: Ask, assistant: Scripted) -> None:
    found = answer(ask("요금?", "요금"), assistant({"요금?": (Status.FAQ, "3만원")}), "eval")
    assert set(found.answer.latency_ms) == {"first_evidence", "total"}


def test_a_failure_is_kept_and_is_no_abstention(
    ask: Ask, assistant: Scripted, searcher: Searching, examine: Examine
) -> None:
    questions = [ask("???")]
    results = examine(questions, searcher({"???": ["요금"]}), assistant({}))
    assert results[0].answer is not None
    assert results[0].answer.error == "'???'에는 찾을 말이 없습니다."
    report = metrics(questions, results)["answers"]
    assert report["abstention"] == {"precision": None, "recall": 0.0, "false_alarm": None, "auroc": None}
    assert report["latency_ms"] == {}


def test_a_stream_without_an_end_is_a_bug(ask: Ask) -> None:
    class Cut:
        def suggest(self, question: str, *, call: str, on: date | None = None) -> Iterator[SuggestionEvent]:
            yield EvidenceEvent(call=call, seq=0, at=0.0, question=question, documents=(), cards=())

    with pytest.raises(RuntimeError, match="no final event"):
        answer(ask("요금?", "요금"), Cut(), "eval")


def test_the_wait_of_the_agent_is_measured_before_the_search_could_remember_the_question(
    ask: Ask, searcher: Searching, examine: Examine, assistant: Scripted
) -> None:
    order: list[str] = []
    search, scripted = searcher({"요금?": ["요금"]}), assistant({"요금?": (Status.FAQ, "3만원")})

    class Asked:
        def suggest(self, question: str, *, call: str, on: date | None = None) -> Iterator[SuggestionEvent]:
            order.append("assistant")
            for event in scripted.suggest(question, call=call, on=on):
                timed = {"bm25": 7.0, "dense": 8.0, "search": 20.0}
                yield event.model_copy(update={"timings": timed}) if isinstance(event, FinalEvent) else event

    class Searched:
        def search(self, question: str, **rest: object) -> object:
            order.append("search")
            return search.search(question, **rest)  # type: ignore[arg-type]

    (result,) = examine([ask("요금?", "요금")], Searched(), Asked())
    assert order[:2] == ["assistant", "search"]
    assert result.latency_ms == {"bm25": 7.0, "dense": 8.0, "total": 20.0}


def test_what_the_model_reports_to_have_read_and_written_is_added_up(
    ask: Ask, assistant: Scripted, result: Callable[..., Result]
) -> None:
    *_, final = assistant({"요금?": (Status.GENERATED, "3만원")}).suggest("요금?", call="")
    assert isinstance(final, FinalEvent)
    spent = events.Tokens(prompt=300, completion=40, cached=250)
    counted = recorded(final.model_copy(update={"tokens": spent}), {"total": 1.0})
    assert counted.tokens == Tokens(prompt=300, completion=40, cached=250)
    results = [result("요금?", answer="3만원"), result("감면?").model_copy(update={"answer": counted})]
    found = metrics([ask("요금?", "요금"), ask("감면?", "요금")], results)
    tokens = found["answers"]["tokens"]
    assert (tokens["prompt"], tokens["completion"], tokens["cached"], tokens["answers"]) == (300, 40, 250, 1)
    assert tokens["per_answer"]["prompt"]["p95"] == 300.0
    assert Tokens.model_validate_json('{"prompt": 1, "completion": 2}').cached == 0  # a run of an older version


def test_an_llm_that_fails_in_silence_is_seen(ask: Ask, assistant: Scripted, searcher: Searching) -> None:
    questions = [ask("요금?", "요금"), ask("감면?", "감면"), ask("신청?", "신청"), ask("날씨?")]
    scripted = assistant(
        {
            "요금?": (Status.GENERATED, "3만원"),
            "감면?": (Status.EXTRACTIVE, "발췌"),
            "신청?": (Status.FAQ, "네."),  # no LLM was asked
            "날씨?": (Status.ABSTAINED, ""),  # nor here
        }
    )

    class Silent:
        """The LLM gives up on 감면, and the evidence's own sentences are shown instead."""

        def suggest(self, question: str, *, call: str, on: date | None = None) -> Iterator[SuggestionEvent]:
            for event in scripted.suggest(question, call=call, on=on):
                gave_up = isinstance(event, FinalEvent) and question == "감면?"
                yield event.model_copy(update={"model": ""}) if gave_up else event

    search = searcher({each.question: ["요금"] for each in questions})
    examiner = Examiner(search, Silent(), Grader(WordAnalyzer(), llm=True), "eval")
    results = [examiner.examine(each) for each in questions]
    assert [each.scores.get("llm_answered") for each in results] == [1.0, 0.0, None, None]
    assert metrics(questions, results)["answers"]["llm_answered"] == 0.5
