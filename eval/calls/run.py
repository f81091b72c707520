"""Live calls as a run: a question of a call is a question, what the panel showed for it is its result.

So calls are stored, compared, gated and reported like any other run. Evidence that nobody asked for is stored with
the calls.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.events import EvidenceEvent
from assistant.settings import LLMChoice
from eval.calls import kinds
from eval.calls.transcripts import Outcome, Played, Scores, Transcript, as_row
from eval.examination.result import Evidence, Milliseconds, PlayedCall, Result, Unasked
from eval.metrics.needless import needless_per_10
from eval.metrics.proposals import SHOWN
from eval.metrics.ranking import distinct, first_right
from eval.questions.dataset import Dataset
from eval.questions.question import Question
from eval.runs import launch
from eval.runs.run import Plan, Run, RunKind, now
from eval.runs.store import RunFolder

if TYPE_CHECKING:
    from eval.console import Console

SHORTEST = 1.0
"""Milliseconds recorded for evidence shown before the question was complete: charts have a logarithmic axis."""


def questions(calls: Sequence[Transcript], on: date | None) -> tuple[Question, ...]:
    """What is asked on the calls, worded as if each question stood alone; its category is the kind of its call."""
    return tuple(
        Question(
            id=_name(call, number),
            question=each.question,
            answer="",
            documents=distinct(each.documents),
            answerable=bool(each.documents),
            category=kinds.label(call.kind),
            on=on,
        )
        for call in calls
        for number, each in enumerate(call.questions)
    )


def _name(call: Transcript, number: int) -> str:
    return f"{call.id}-{number}"


def planned(console: "Console", run_id: str, file: Path, asked: Sequence[Question]) -> Plan:
    """What is known of a run before any call is played."""
    dataset = Dataset(path=file, questions=tuple(asked), sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    return launch.plan(
        console, dataset, run_id=run_id, retrieval_only=False, llm=LLMChoice.NONE, jobs=1, kind=RunKind.CALLS
    )


def keep(folder: RunFolder, run: Run, played: Sequence[Played]) -> None:
    """Add what was shown on the calls played, and make it a complete run."""
    with folder.writing():
        for call in played:
            for number, outcome in enumerate(call.outcomes):
                folder.keep(result(outcome, number))
            folder.keep(played_call(call))
        folder.finish(run)


def result(outcome: Outcome, number: int) -> Result:
    """What the panel showed for it in time; without an answer, which the scores of a call are not about."""
    shown, right = outcome.shown, distinct(outcome.question.documents)
    ranked = distinct(shown.documents) if shown else ()
    scores = {
        "call_noticed": outcome.noticed,
        "call_hit": outcome.hit,
        "call_follow_up" if outcome.question.follow_up else "call_first": outcome.hit,
    }
    return Result(
        id=_name(outcome.call, number),
        ranked=ranked,
        rank=first_right(ranked, right) if right else None,
        evidence=tuple(Evidence.of(card) for card in shown.cards if card.document in ranked[:SHOWN]) if shown else (),
        latency_ms=_latency(outcome),
        error=None,
        scores={name: score for name, score in scores.items() if score is not None},
        heard=_heard(shown) if shown else _said(outcome),
        understood=shown.question if shown else "",
    )


def _latency(outcome: Outcome) -> Milliseconds:
    return {} if outcome.wait is None else {"total": round(max(SHORTEST, outcome.wait * 1000), 3)}


def _heard(event: EvidenceEvent) -> tuple[str, ...]:
    return tuple(each.text for each in event.heard)


def _said(outcome: Outcome) -> tuple[str, ...]:
    """The words of a question that was not noticed."""
    window = outcome.question.window
    return tuple(
        each.text for each in outcome.call.utterances if each.final and window.starts <= each.line <= window.line
    )


def played_call(played: Played) -> PlayedCall:
    """What is kept of a whole call."""
    unasked = tuple(
        Unasked(line=each.line or 0, heard=_heard(each), understood=each.question, document="".join(each.documents[:1]))
        for each in played.unasked
    )
    return PlayedCall(id=played.call.id, said=played.said, unasked=unasked)


def finished(plan: Plan, played: Sequence[Played], found: Scores, seconds: float) -> Run:
    """The run of the calls played."""
    asked = [each for call in played for each in call.outcomes]
    return Run(
        **plan.model_dump(),
        finished=now(),
        seconds=round(seconds, 1),
        counts={
            "n_total": len(asked),
            "n_failed": 0,
            "n_unanswerable": sum(not each.question.documents for each in asked),
        },
        metrics=metrics(played, found),
    )


def metrics(played: Sequence[Played], found: Scores) -> dict[str, Any]:
    """The scores as a program reads them."""
    needless = needless_per_10([played_call(each) for each in played])
    return {
        **as_row(found),
        "needless_per_10_ci95": [needless.low, needless.high],
        "latency_ms": {"total": found.wait_ms},
    }
