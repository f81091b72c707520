"""What was posted and what came back on one call, and whether anything is missing or somebody else's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from assistant.calls.live_call import RESTART_GAP
from assistant.calls.utterance import Utterance
from eval.examination.result import Stored
from eval.load.script import Script


class FaultKind(StrEnum):
    """What can go wrong with a call, as people read it."""

    LOST = "빠진 이벤트"
    DISORDERED = "차례가 어긋나거나 겹친 이벤트"
    MISDELIVERED = "다른 통화의 이벤트"
    NOT_HEARD = "받아 적히지 않은 말"
    NOT_ANSWERED = "답이 오지 않은 근거"
    NOT_ENDED = "끝났다는 이벤트가 없음"
    SERVER = "서버가 알린 문제"
    HTTP = "HTTP 오류"


class Fault(Stored):
    """One thing that went wrong; ``detail`` says where."""

    kind: FaultKind
    detail: str


class Received(NamedTuple):
    """An event and when it arrived; ``is_late`` when it waited for a listener whose connection had been cut."""

    event: Mapping[str, Any]
    at: float
    is_late: bool


@dataclass
class Trace:
    """One call as the load generator saw it; times are seconds since the test began.

    ``posted`` is when the post of each line began, ``answered`` how many seconds the server took to accept it.
    """

    script: Script
    agent: str
    external: str
    began: float
    call: str = ""
    ended: float = 0.0
    posted: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    cuts: int = 0
    errors: list[Fault] = field(default_factory=list)

    @property
    def last_seq(self) -> int:
        """The number of the newest event; -1 before the first."""
        return self.received[-1].event["seq"] if self.received else -1

    @property
    def has_ended(self) -> bool:
        """Whether the last event has come."""
        return bool(self.received) and self.received[-1].event["type"] == "ended"


def faults(trace: Trace) -> list[Fault]:
    """Everything that is wrong with a call; [] when every event came once, in order, and to the right listener."""
    return [*trace.errors, *_out_of_order(trace), *_strange(trace), *_unheard(trace), *_unanswered(trace), *_cut(trace)]


def _out_of_order(trace: Trace) -> Iterator[Fault]:
    due = 0
    for event, _, _ in trace.received:
        seq = event["seq"]
        if seq > due and seq != due - 1 + RESTART_GAP:  # the next replica took the call over from the very last event
            yield Fault(kind=FaultKind.LOST, detail=f"seq {due}–{seq - 1}")
        elif seq < due:
            yield Fault(kind=FaultKind.DISORDERED, detail=f"seq {seq}, {due}이어야 함")
        due = max(due, seq + 1)


def _strange(trace: Trace) -> Iterator[Fault]:
    """Events that name another call, or say what was not said on this one."""
    for event, _, _ in trace.received:
        if event["call"] != trace.call or not _is_ours(trace, event):
            yield Fault(
                kind=FaultKind.MISDELIVERED, detail=f"seq {event['seq']}({event['type']}), 통화 {event['call']}"
            )
        elif event["type"] == "fault":
            yield Fault(kind=FaultKind.SERVER, detail=event["message"])


def _is_ours(trace: Trace, event: Mapping[str, Any]) -> bool:
    if event["type"] == "started":
        return bool(event["external"] == trace.external)
    if event["line"] is not None and event["line"] not in trace.posted:
        return False
    return event["type"] != "utterance" or _echoes(event, trace.script.heard[event["line"]])


def _echoes(event: Mapping[str, Any], said: Utterance) -> bool:
    return (event["speaker"], event["text"], event["final"]) == (said.speaker, said.text, said.final)


def _unheard(trace: Trace) -> Iterator[Fault]:
    echoed = {event["line"] for event, _, _ in trace.received if event["type"] == "utterance"}
    for line in trace.answered:
        said = trace.script.heard[line]
        if said.final and said.text.strip() and line not in echoed:
            yield Fault(kind=FaultKind.NOT_HEARD, detail=f"{line}번째 말")


def _unanswered(trace: Trace) -> Iterator[Fault]:
    """The newest evidence of a suggestion is followed by its answer, unless it rests on words not yet final."""
    newest = {event["slot"]: event for event, _, _ in trace.received if event["type"] == "evidence"}
    for slot, evidence in newest.items():
        is_answered = any(
            event["type"] == "final" and event["slot"] == slot and event["seq"] > evidence["seq"]
            for event, _, _ in trace.received
        )
        said = trace.script.heard.get(evidence["line"])
        if said and said.final and not is_answered and not _has_fault(trace, evidence["line"]):
            yield Fault(kind=FaultKind.NOT_ANSWERED, detail=f"seq {evidence['seq']}, {evidence['line']}번째 말")


def _has_fault(trace: Trace, line: int) -> bool:
    """Whether the server said itself why there is no answer."""
    return any(event["type"] == "fault" and event["line"] == line for event, _, _ in trace.received)


def _cut(trace: Trace) -> Iterator[Fault]:
    if not trace.has_ended:
        yield Fault(kind=FaultKind.NOT_ENDED, detail=f"마지막 seq {trace.last_seq}")
