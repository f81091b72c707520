"""A transcript to events: partials, the call's clock, personal data, and what a file may hold."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import Console, cli
from assistant.calls.call import Call
from assistant.calls.call_events import CallEvent, UtteranceEvent
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.replay import replayed, transcript
from assistant.calls.utterance import Speaker, Utterance
from assistant.events import EvidenceEvent, FinalEvent
from assistant.settings import LLMChoice
from knowledge_base.errors import AssistantError

QUESTION = "여권을 잃어버렸는데 재발급 수수료가 얼마예요?"


@pytest.fixture
def call(sample: Console) -> Iterator[Call]:
    yield Call("c1", QuestionFinder(sample.searcher(), sample.analyzer()), sample.assistant(LLMChoice.NONE))


def said(line: int, text: str, *, final: bool = True, speaker: Speaker = Speaker.CALLER) -> Utterance:
    return Utterance(line=line, speaker=speaker, text=text, final=final, at=10.0 + line)


def evidence(events: list[CallEvent]) -> list[EvidenceEvent]:
    return [event for event in events if isinstance(event, EvidenceEvent)]


def test_events_are_numbered_and_on_the_calls_clock(call: Call) -> None:
    events = list(replayed(call, [said(0, QUESTION), said(1, "네 감사합니다")]))
    assert [event.seq for event in events] == list(range(len(events)))
    assert [type(event) for event in events] == [UtteranceEvent, EvidenceEvent, FinalEvent, UtteranceEvent]
    assert {event.call for event in events} == {"c1"}
    assert all(10.0 + (event.line or 0) <= event.at < 13.0 + (event.line or 0) for event in events)


def test_what_else_may_be_meant_is_said_as_its_faq_asks_it(call: Call, sample: Console) -> None:
    events = replayed(call, [said(0, QUESTION), said(1, "그럼 주차장 요금은요?")])
    others = evidence(list(events))[-1].alternatives
    assert others
    for other in others:
        found = sample.searcher().search(other.question, k=1).hits[0].document
        assert (found.id, found.title) == (other.documents[0], other.question)


def test_a_question_complete_in_a_partial_is_shown_early_and_once(call: Call) -> None:
    growing = QUESTION + " 제가 지금 시청 앞에"
    partials = [growing[: len(QUESTION) + n] for n in (4, 8, len(growing))]
    lines = [said(n, text, final=False) for n, text in enumerate([*partials, growing + " 와"])]
    shown = evidence(list(replayed(call, [*lines, said(len(lines), growing + " 와 있거든요")])))
    early = [event for event in shown if event.line != len(lines)]
    assert len(early) == 1 and shown[-1].line == len(lines)
    assert {event.slot for event in shown} == {0}


def test_a_partial_that_changes_shows_nothing_yet(call: Call) -> None:
    lines = [said(0, "여권이 얼마", final=False), said(1, "여객선이 얼마", final=False)]
    assert not evidence(list(replayed(call, lines)))


def test_what_a_partial_became_replaces_what_it_seemed(call: Call) -> None:
    first = "소파는 어떻게 버려요? 제가 이번에 이사를"
    partials = [said(n, first + tail, final=False) for n, tail in enumerate(("", " 가는데", " 가는데 저기"))]
    final = said(3, "여권은 며칠 걸려요? 제가 이번에 이사를 가는데 저기")
    shown = evidence(list(replayed(call, [*partials, final])))
    assert "faq/02_여권.csv#10" in [document for event in shown if event.line == 3 for document in event.documents[:3]]
    assert shown[0].slot == next(event.slot for event in shown if event.line == 3)


def test_personal_data_is_masked_in_every_event(call: Call) -> None:
    lines = [
        said(0, "제 번호는 공일공에 일이삼사에 오육", final=False),
        said(1, "제 번호는 010-1234-5678이고 여권 재발급 수수료가 얼마예요?"),
    ]
    told = "".join(event.model_dump_json() for event in replayed(call, lines))
    assert "1234-5678" not in told and "일이삼사" not in told and "[전화번호]" in told


def test_in_real_time_each_line_waits_for_its_moment(call: Call) -> None:
    slept: list[float] = []
    list(replayed(call, [said(0, "네"), said(1, "네")], slept.append))
    assert [round(seconds) for seconds in slept] == [10, 11]


@pytest.mark.parametrize(
    "line",
    [
        "안녕",
        "[]",
        '{"speaker": "robot", "text": "네", "at": 1}',
        '{"speaker": "caller", "text": "네"}',
        '{"speaker": "caller", "text": "\\ud800", "at": 1}',
        '{"speaker": "caller", "text": "네", "at": NaN}',
        '{"speaker": "caller", "text": "네", "at": 1e999}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "call.jsonl"
    file.write_text('{"speaker": "caller", "text": "네", "at": 1}\n\n' + line, "utf-8")
    with pytest.raises(AssistantError, match="3번째 줄"):
        transcript(file)


def test_a_line_ends_where_its_line_break_is(tmp_path: Path) -> None:
    file = tmp_path / "call.jsonl"
    file.write_text('{"speaker": "caller", "text": "여권\u2028재발급", "at": 1}\r\n', "utf-8")
    assert [each.text for each in transcript(file)] == ["여권\u2028재발급"]


def test_the_command_prints_the_events_as_json(sample: Console, tmp_path: Path) -> None:
    file = tmp_path / "call.jsonl"
    rows = [
        {"speaker": "agent", "text": "무엇을 도와드릴까요", "at": 2},
        {"speaker": "caller", "text": QUESTION, "at": 6},
    ]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    outcome = CliRunner().invoke(cli, ["calls", "replay", str(file), "--json"], obj=sample)
    assert outcome.exit_code == 0, outcome.output
    events = [json.loads(line) for line in outcome.output.splitlines()]
    shown = next(event for event in events if event["type"] == "evidence")
    assert shown["line"] == 1 and shown["documents"][0] == "faq/02_여권.csv#2" and shown["call"] == "call"
