"""Transcripts with their questions, played to the assistant: did each question get its evidence in time?"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from assistant.calls.call_events import CallEvent
from assistant.calls.utterance import Speaker, Utterance
from assistant.events import EvidenceEvent
from eval.metrics.confidence import Estimate, estimates
from eval.metrics.latency import percentiles
from eval.metrics.needless import PER
from eval.metrics.proposals import SHOWN, Proposal, Window, hit, in_time, needless, wait
from eval.metrics.ranking import distinct
from eval.metrics.recall import recall
from knowledge_base.errors import EvaluationError

Plays = Callable[[str, Sequence[Utterance]], Iterable[CallEvent]]
"""The events of a call with this id."""


class Question(BaseModel):
    """What a caller asks: utterances ``starts`` to ``line``, complete ``at`` this second.

    Any of ``documents`` is right; there are none when the knowledge base has no answer. ``follow_up`` when the words
    alone do not say what it is about.
    """

    model_config = ConfigDict(frozen=True)

    line: int
    at: float
    question: str
    documents: tuple[str, ...]
    follow_up: bool = False
    starts: int

    @property
    def window(self) -> Window:
        """Where it was asked."""
        return Window(self.starts, self.line, self.at)


class Transcript(BaseModel):
    """A call; ``kind`` is what it tries above all."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    utterances: tuple[Utterance, ...]
    questions: tuple[Question, ...]


class Outcome(NamedTuple):
    """What one question got; ``hit`` is None when there is no right document. ``shown`` is the evidence that the agent
    had before them when it was too late for more, None without any."""

    call: Transcript
    question: Question
    noticed: float
    hit: float | None
    wait: float | None
    proposals: tuple[Proposal, ...]
    shown: EvidenceEvent | None


class Played(NamedTuple):
    """What a call brought: the outcome of each question, and the evidence that came though nothing was asked."""

    call: Transcript
    outcomes: tuple[Outcome, ...]
    unasked: tuple[EvidenceEvent, ...]

    @property
    def needless(self) -> int:
        """How often evidence came unasked."""
        return len(self.unasked)

    @property
    def said(self) -> int:
        """How many utterances the caller finished."""
        return sum(each.final and each.speaker is Speaker.CALLER for each in self.call.utterances)


def load(path: Path) -> list[Transcript]:
    """The calls of a JSON lines file; raises EvaluationError naming the line that is at fault."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"통화 파일 {path}을(를) 읽을 수 없습니다. 경로와 UTF-8인지 확인하세요.") from error
    calls: dict[str, Transcript] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place = f"{path} {number}번째 줄"
            call = _call(line, place)
            if call.id in calls:
                raise EvaluationError(
                    f"{place}: id '{call.id}'이(가) 앞에서 이미 쓰였습니다. 통화마다 다른 id를 주세요."
                )
            calls[call.id] = call
    if not calls:
        raise EvaluationError(f"{path} 파일에 통화가 없습니다. 한 줄에 통화 하나씩 JSON으로 적으세요.")
    return list(calls.values())


def _call(line: str, place: str) -> Transcript:
    try:
        row = from_json(line)
        said = [{**each, "line": number} for number, each in enumerate(row["utterances"])]
        call = Transcript.model_validate({**row, "utterances": said})
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise EvaluationError(
            f"{place}: 통화가 아닙니다. id, kind, utterances, questions가 있어야 합니다(eval/data/calls/README.md)."
        ) from error
    if not all(0 <= each.starts <= each.line < len(said) for each in call.questions):
        raise EvaluationError(f"{place}: 질문의 starts와 line에는 이 통화에 있는 말의 번호를 적으세요. 0부터 셉니다.")
    return call


def play(call: Transcript, plays: Plays) -> Played:
    """One call, as the panel would have shown it."""
    events = [
        event
        for event in plays(call.id, call.utterances)
        if isinstance(event, EvidenceEvent) and event.line is not None
    ]
    windows = [each.window for each in call.questions]
    unasked = tuple(each for each in events if needless(windows, [_proposal(each)]))
    return Played(call, tuple(_outcome(call, question, events) for question in call.questions), unasked)


def _proposal(event: EvidenceEvent) -> Proposal:
    return Proposal(-1 if event.line is None else event.line, event.at, distinct(event.documents))


def _outcome(call: Transcript, question: Question, events: Sequence[EvidenceEvent]) -> Outcome:
    window, proposals = question.window, [_proposal(each) for each in events]
    timely = tuple(in_time(window, proposals))
    right = distinct(question.documents)
    return Outcome(
        call,
        question,
        noticed=float(bool(timely)),
        hit=hit(right, window, proposals) if right else None,
        wait=wait(window, proposals),
        proposals=timely,
        shown=_shown(window, right, [each for each in events if in_time(window, [_proposal(each)])]),
    )


def _shown(window: Window, right: tuple[str, ...], timely: Sequence[EvidenceEvent]) -> EvidenceEvent | None:
    """The newest on the panel, or of two questions in one breath, which share their line, the one that is right."""
    last = [each for each in timely if each.line == window.line] or timely[-1:]
    for event in reversed(last):
        if right and recall(_proposal(event).documents, right, SHOWN):
            return event
    return last[-1] if last else None


class Scores(NamedTuple):
    """The scores of all calls: shares with their 95 % interval (None where there is no such question), the waits from
    a complete question to its evidence, and the needless proposals, also per ten utterances of the callers."""

    n_calls: int
    n_questions: int
    n_utterances: int
    noticed: Estimate | None
    hit: Estimate | None
    hit_follow_up: Estimate | None
    hit_first: Estimate | None
    needless: int
    needless_per_10: float
    wait_ms: dict[str, float]
    by_kind: dict[str, float]


def scores(played: Sequence[Played]) -> Scores:
    """What the calls come to."""
    outcomes = [each for call in played for each in call.outcomes]
    found = estimates(
        {
            "noticed": [each.noticed for each in outcomes],
            "hit": [each.hit for each in outcomes],
            "follow_up": [each.hit if each.question.follow_up else None for each in outcomes],
            "first": [None if each.question.follow_up else each.hit for each in outcomes],
        }
    )
    said = sum(call.said for call in played)
    unasked = sum(call.needless for call in played)
    waits = [each.wait * 1000 for each in outcomes if each.wait is not None]
    return Scores(
        n_calls=len(played),
        n_questions=len(outcomes),
        n_utterances=said,
        noticed=found.get("noticed"),
        hit=found.get("hit"),
        hit_follow_up=found.get("follow_up"),
        hit_first=found.get("first"),
        needless=unasked,
        needless_per_10=round(PER * unasked / said, 3) if said else 0.0,
        wait_ms=percentiles(waits) if waits else {},
        by_kind=_by_kind(outcomes),
    )


def as_row(found: Scores) -> dict[str, object]:
    """The scores as a JSON object."""
    return {name: value._asdict() if isinstance(value, Estimate) else value for name, value in found._asdict().items()}


def _by_kind(outcomes: Iterable[Outcome]) -> dict[str, float]:
    kinds: dict[str, list[float]] = {}
    for each in outcomes:
        if each.hit is not None:
            kinds.setdefault(each.call.kind, []).append(each.hit)
    return {kind: round(sum(hits) / len(hits), 3) for kind, hits in sorted(kinds.items())}
