"""The scorer of live calls, against transcripts and events made by hand."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.calls.utterance import Speaker, Utterance
from assistant.events import EvidenceEvent, Heard
from eval.calls import run
from eval.calls.transcripts import Question, Transcript, as_row, load, play, scores
from eval.diagnosis.faults import Fault, diagnose
from eval.metrics import needless
from eval.metrics.needless import needless_per_10
from eval.metrics.proposals import Proposal, Window, hit
from knowledge_base.errors import EvaluationError


def evidence(line: int, at: float, *documents: str) -> EvidenceEvent:
    return EvidenceEvent(call="t", seq=0, at=at, line=line, question="", documents=documents, cards=())


def call(*questions: Question, utterances: int = 10) -> Transcript:
    said = tuple(Utterance(line=n, speaker=Speaker.CALLER, text="말", at=float(n)) for n in range(utterances))
    return Transcript(id="t", kind="follow_ups", utterances=said, questions=questions)


def asked(starts: int, line: int, *documents: str, follow_up: bool = False) -> Question:
    return Question(line=line, at=float(line), question="?", documents=documents, follow_up=follow_up, starts=starts)


def shown(*events: EvidenceEvent):
    def plays(name: str, said: Sequence[Utterance]) -> Iterable[EvidenceEvent]:
        return events

    return plays


def test_shares_waits_and_needless_proposals() -> None:
    played = play(
        call(asked(1, 2, "가"), asked(5, 5, "나", follow_up=True), asked(8, 8)),
        shown(evidence(2, 2.2, "다", "가"), evidence(4, 4.1, "라"), evidence(5, 5.1, "다"), evidence(8, 8.3, "다")),
    )
    found = scores([played])
    assert found.hit and found.hit_follow_up and found.hit_first and found.noticed
    assert (found.hit.mean, found.hit_follow_up.mean, found.hit_first.mean) == (0.5, 0.0, 1.0)
    assert (found.noticed.mean, found.noticed.n, found.hit.n) == (1.0, 3, 2)
    assert (found.needless, found.needless_per_10) == (1, 1.0)
    assert found.wait_ms["p50"] == 200.0
    assert found.by_kind == {"follow_ups": 0.5}


def test_late_or_low_is_no_hit() -> None:
    for event in (evidence(2, 3.5, "가"), evidence(2, 2.2, "나", "다", "라", "가"), evidence(3, 2.2, "가")):
        assert play(call(asked(2, 2, "가")), shown(event)).outcomes[0].hit == 0.0


def test_what_was_right_before_the_question_was_complete_counts_while_it_stands() -> None:
    window = Window(1, 3, 3.0)
    early = Proposal(2, 2.1, ("가",))
    assert hit({"가"}, window, [early]) == 1.0
    assert hit({"가"}, window, [early, Proposal(3, 3.1, ("나",))]) == 0.0


def test_two_questions_in_one_breath_share_their_proposals() -> None:
    played = play(call(asked(2, 2, "가"), asked(2, 2, "나")), shown(evidence(2, 2.1, "가"), evidence(2, 2.2, "나")))
    assert [outcome.hit for outcome in played.outcomes] == [1.0, 1.0] and played.needless == 0


def test_a_call_without_questions_has_no_shares() -> None:
    found = scores([play(call(), shown())])
    assert found.hit is None and found.needless == 0 and as_row(found)["hit"] is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "통화가 없습니다"),
        ("{}", "1번째 줄"),
        ('{"id": "a", "kind": "b", "utterances": [1], "questions": []}', "1번째"),
        ("[" * 100_000, "1번째 줄"),
        ('{"id": "a", "kind": "b", "utterances": [], "questions": []}\n' * 2, "2번째 줄: id 'a'"),
        (
            '{"id": "a", "kind": "b", "utterances": [], "questions": '
            '[{"starts": 0, "line": 0, "at": 1, "question": "?", "documents": []}]}',
            "1번째 줄: 질문의 starts와 line",
        ),
    ],
)
def test_a_file_at_fault_is_named(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text(content, "utf-8")
    with pytest.raises(EvaluationError, match=told):
        load(file)


def test_lines_are_numbered_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    said = [{"speaker": "agent", "text": "네", "final": True, "at": 1}] * 2
    file.write_text(json.dumps({"id": "a", "kind": "b", "utterances": said, "questions": []}), "utf-8")
    assert [each.line for each in load(file)[0].utterances] == [0, 1]


def test_calls_are_kept_as_a_run_with_what_was_heard(tmp_path: Path) -> None:
    heard = Heard(line=2, start=0, end=1, text="수수료가 얼마예요")
    right = evidence(2, 2.2, "가").model_copy(update={"heard": (heard,), "question": "수수료?"})
    played = play(call(asked(2, 2, "가"), asked(8, 8, "나")), shown(right, evidence(5, 5.1, "다")))
    results = [run.result(each, number) for number, each in enumerate(played.outcomes)]
    questions = run.questions([played.call], None)
    assert [each.id for each in questions] == [each.id for each in results]
    assert (results[0].heard, results[0].understood, results[0].rank) == (("수수료가 얼마예요",), "수수료?", 1)
    assert results[0].scores == {"call_noticed": 1.0, "call_hit": 1.0, "call_first": 1.0}
    assert results[0].latency_ms == {"total": 200.0}
    assert (results[1].heard, results[1].understood, results[1].rank) == (("말",), "", None)
    assert diagnose(questions[1], results[1], {}, date(2026, 11, 27)) is Fault.NOT_NOTICED
    kept = run.played_call(played)
    assert [(each.line, each.document) for each in kept.unasked] == [(5, "다")]
    assert needless_per_10([kept]).mean == 1.0
    change = needless.change([kept], [kept.model_copy(update={"unasked": ()})])
    assert change and (change.before, change.after, change.n) == (1.0, 0.0, 1)
