"""Whether the assistant answers what it can, abstains where it should, and how fast."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from assistant.events import EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent
from eval.dataset import Question
from eval.metrics.latency import by_stage
from eval.metrics.numbers import number_recall
from eval.progress import shown
from eval.retrieval import WARM_UP
from knowledge_base.errors import OnnuriError


class Suggests(Protocol):
    """Anything that answers a question with a stream of events, ending with a FinalEvent."""

    def suggest(self, question: str, *, call: str) -> Iterator[SuggestionEvent]:
        """The events for one question of one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one question was answered.

    ``timings`` are milliseconds from the question to ``first_evidence``, ``first_token`` (absent when no LLM
    spoke) and ``total``. ``error`` is the sentence with which it failed, so that ``final`` is None; it is
    None when it did not fail.
    """

    question: Question
    final: FinalEvent | None
    timings: dict[str, float]
    error: str | None

    @property
    def text(self) -> str:
        """The answer; empty when it failed."""
        return self.final.answer if self.final else ""

    @property
    def abstained(self) -> bool:
        """Whether the assistant declined to answer; a failure is not an abstention."""
        return self.final is not None and self.final.status is Status.ABSTAINED


def answer(questions: Sequence[Question], assistant: Suggests, call: str) -> list[Answered]:
    """Ask each question, one at a time so that latency is honest, after one question to warm up.

    An OnnuriError is kept with its question; any other exception is a bug and propagates.
    """
    with suppress(OnnuriError):
        list(assistant.suggest(WARM_UP, call=call))
    return [_answered(question, assistant, call) for question in shown(questions, "답변 평가")]


def _answered(question: Question, assistant: Suggests, call: str) -> Answered:
    start = perf_counter()
    timings: dict[str, float] = {}
    final: FinalEvent | None = None
    error: str | None = None
    try:
        for event in assistant.suggest(question.question, call=call):
            elapsed = (perf_counter() - start) * 1000
            if isinstance(event, FinalEvent):
                final = event
            else:
                timings.setdefault(_FIRST[type(event)], elapsed)
    except OnnuriError as failure:
        final, error = None, str(failure)
    if final is None and error is None:
        raise RuntimeError(f"no final event for question {question.id}")
    timings["total"] = (perf_counter() - start) * 1000
    return Answered(question=question, final=final, timings=timings, error=error)


_FIRST: dict[type, str] = {EvidenceEvent: "first_evidence", TokenEvent: "first_token"}


def summary(outcomes: Sequence[Answered]) -> dict[str, object]:
    """Status counts, abstention, key-number recall and latency; a score without any case is None.

    Failed questions count as not abstained and as giving no number; their latency is left out.
    """
    finals = [each.final for each in outcomes if each.final]
    statuses = Counter(final.status for final in finals)
    return {
        "n_failed": len(outcomes) - len(finals),
        "status": {status.value: statuses[status] for status in Status},
        "abstention": abstention(outcomes),
        "number_recall": _mean([score for each in outcomes if (score := _numbers(each)) is not None]),
        "latency_ms": by_stage(each.timings for each in outcomes if each.error is None),
        "models": sorted({final.model for final in finals}),
    }


def abstention(outcomes: Sequence[Answered]) -> dict[str, float | None]:
    """How well the assistant knows what it cannot answer.

    ``precision``: of its abstentions, the share on unanswerable questions. ``recall``: of the unanswerable
    questions, the share it abstained on. ``false_alarm``: of the answerable ones, the share it abstained on.
    """
    unanswerable = [each for each in outcomes if not each.question.answerable]
    answerable = [each for each in outcomes if each.question.answerable]
    return {
        "precision": _mean([float(not each.question.answerable) for each in outcomes if each.abstained]),
        "recall": _mean([float(each.abstained) for each in unanswerable]),
        "false_alarm": _mean([float(each.abstained) for each in answerable]),
    }


def _numbers(outcome: Answered) -> float | None:
    return number_recall(outcome.question.answer, outcome.text) if outcome.question.answerable else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
