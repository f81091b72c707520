"""What is kept of a load test: a line of ``calls.jsonl`` a call, a line of ``samples.jsonl`` a look at the server.

Times are milliseconds, ``at`` and ``began`` seconds since the test began.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from eval.examination.result import Stored
from eval.load.trace import Fault, Received, Trace, faults

STAGES = ("post", "echo", "evidence", "final")
"""From the post of an utterance to its acceptance, its echo, evidence because of it, and the answer."""


class QuestionWait(Stored):
    """How long the evidence and the answer to a question took, from the post of its last utterance.

    ``evidence_ms`` is None when that utterance brought none; ``early`` when evidence was there before it.
    """

    line: int
    at: float
    evidence_ms: float | None
    final_ms: float | None
    early: bool


class LoadedCall(Stored):
    """One call; ``waits`` are all of a stage, of events that waited for a cut connection none."""

    id: str
    transcript: str
    agent: str
    began: float
    seconds: float
    posts: int
    events: int
    cuts: int
    questions: tuple[QuestionWait, ...]
    waits: dict[str, tuple[float, ...]]
    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, trace: Trace) -> "LoadedCall":
        """What is kept of a call that has been played."""
        return cls(
            id=trace.external,
            transcript=trace.script.transcript,
            agent=trace.agent,
            began=round(trace.began, 3),
            seconds=round(trace.ended - trace.began, 3),
            posts=len(trace.posted),
            events=len(trace.received),
            cuts=trace.cuts,
            questions=tuple(_questions(trace)),
            waits=_waits(trace),
            faults=tuple(faults(trace)),
        )


class Sample(Stored):
    """A look at the server: megabytes and seconds of CPU of it and its children, ``calls`` that had ended by then.

    ``waiting_calls`` found no free agent. ``pss_mb`` counts memory shared with other processes in part; None where the
    system does not tell. ``own_cpu_seconds`` is what the load generator itself has used, ``lag_ms`` the most that it
    was late for a timer since the last look.
    """

    at: float
    calls: int
    open_calls: int
    waiting_calls: int
    lag_ms: float
    rss_mb: float
    pss_mb: float | None
    cpu_seconds: float
    threads: int
    files: int
    own_cpu_seconds: float


def _questions(trace: Trace) -> Iterator[QuestionWait]:
    timely = [each for each in trace.received if not each.is_late]
    for starts, line in trace.script.asked:
        if line in trace.posted:
            evidence = _first(timely, "evidence", line)
            yield QuestionWait(
                line=line,
                at=round(trace.posted[line], 3),
                evidence_ms=_since(trace, evidence),
                final_ms=_since(trace, _first(timely, "final", line)),
                early=evidence is None
                and any(_first(trace.received, "evidence", each) for each in range(starts, line)),
            )


def _first(received: list[Received], kind: str, line: int) -> Received | None:
    return next((each for each in received if each.event["type"] == kind and each.event["line"] == line), None)


def _since(trace: Trace, received: Received | None) -> float | None:
    return None if received is None else _milliseconds(received.at - trace.posted[received.event["line"]])


def _waits(trace: Trace) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = defaultdict(list)
    found["post"] = [_milliseconds(seconds) for seconds in trace.answered.values()]
    for event, at, is_late in trace.received:
        if (stage := _stage(event)) and event["line"] in trace.posted and not is_late:
            found[stage].append(_milliseconds(at - trace.posted[event["line"]]))
    return {stage: tuple(found[stage]) for stage in STAGES if found[stage]}


def _stage(event: Mapping[str, Any]) -> str | None:
    return {"utterance": "echo", "evidence": "evidence", "final": "final"}.get(event["type"])


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
