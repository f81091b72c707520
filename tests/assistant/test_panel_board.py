"""A call's events folded into what its page shows."""

from assistant.agent_panel.board import Board
from assistant.agent_panel.shown import Stage
from assistant.calls.call_events import CallEvent, EndedEvent, FaultEvent, UtteranceEvent
from assistant.calls.utterance import Speaker
from assistant.events import EvidenceEvent, Heard


def said(line: int, text: str, *, final: bool = True, speaker: Speaker = Speaker.CALLER) -> UtteranceEvent:
    return UtteranceEvent(call="c", seq=line, at=1.0, line=line, speaker=speaker, text=text, final=final)


def found(line: int | None, slot: int = 0, question: str = "질문", *heard: Heard) -> EvidenceEvent:
    return EvidenceEvent(
        call="c", seq=90, at=1.0, line=line, slot=slot, question=question, documents=(), cards=(), heard=heard
    )


def board(*events: CallEvent) -> Board:
    folded = Board()
    folded.take(events)
    return folded


def test_a_partial_is_replaced_in_its_place() -> None:
    folded = board(said(0, "여권", final=False), said(1, "네", speaker=Speaker.AGENT), said(2, "여권 얼마예요"))
    assert [(line.key, line.text, line.final) for line in folded.lines.values()] == [
        (0, "여권 얼마예요", True),
        (1, "네", True),
    ]


def test_words_of_a_question_are_marked_as_it_is_understood_now() -> None:
    words = Heard(line=0, start=3, end=6, text="얼마예")
    folded = board(said(0, "여권 얼마예요"), found(0, 0, "여권 얼마", words))
    assert folded.lines[0].marks == ((3, 6),)
    folded.take([said(1, "아니 비자요"), found(1, 0, "비자", Heard(line=1, start=0, end=2, text="아니"))])
    assert (folded.lines[0].marks, folded.lines[1].marks) == ((), ((0, 2),))


def test_what_was_glimpsed_and_not_borne_out_waits_for_no_answer() -> None:
    folded = board(said(0, "여권", final=False), found(0), said(1, "여권 아니고요"))
    assert folded.shown["0"].stage is Stage.STOPPED
    folded.take([found(1, 0, "다른 질문")])
    assert folded.shown["0"].stage is Stage.WRITING


def test_a_fault_belongs_to_the_suggestion_of_its_line_or_to_the_call() -> None:
    folded = board(said(0, "여권"), found(0), FaultEvent(call="c", seq=3, at=1.0, line=0, message="색인이 없습니다."))
    assert (folded.shown["0"].problem, folded.fault) == ("색인이 없습니다.", "")
    folded.take([FaultEvent(call="c", seq=4, at=1.0, line=5, message="오류")])
    assert folded.fault == "오류"


def test_typed_questions_are_told_apart_and_nothing_runs_on_after_the_end() -> None:
    folded = board(found(None, -1), found(0, 0), EndedEvent(call="c", seq=9, at=2.0))
    assert {key: shown.is_typed for key, shown in folded.shown.items()} == {"-1": True, "0": False}
    assert {shown.stage for shown in folded.shown.values()} == {Stage.STOPPED}
