"""What the assistant answers to one question, and how long each step took."""

from collections.abc import Iterator
from datetime import date
from time import perf_counter
from typing import NamedTuple, Protocol

from assistant.events import EvidenceEvent, FinalEvent, SuggestionEvent, TokenEvent
from eval.examination.result import Answer, Checked, Cited, Evidence, Milliseconds, Tokens
from eval.questions.question import Question
from knowledge_base.errors import OnnuriError


class Suggests(Protocol):
    """Anything that answers a question with a stream of events, ending with a FinalEvent."""

    def suggest(self, question: str, *, call: str, on: date | None = None) -> Iterator[SuggestionEvent]:
        """The events for one question of one call."""


class Answered(NamedTuple):
    """The answer, the evidence the agent saw first, and the stages that the assistant itself timed."""

    answer: Answer
    evidence: tuple[Evidence, ...]
    stages: Milliseconds


def answer(question: Question, assistant: Suggests, call: str) -> Answered:
    """Ask one question on its day.

    ``latency_ms`` of the answer is from the question to ``first_evidence``, ``first_token`` (absent when no
    LLM spoke) and ``total``. An OnnuriError is kept; any other exception is a bug and propagates.
    """
    start = perf_counter()
    latency: Milliseconds = {}
    evidence: tuple[Evidence, ...] = ()
    final: FinalEvent | None = None
    try:
        for event in assistant.suggest(question.question, call=call, on=question.on):
            elapsed = (perf_counter() - start) * 1000
            if isinstance(event, EvidenceEvent):
                latency.setdefault("first_evidence", elapsed)
                evidence = tuple(map(Evidence.of, event.cards))
            elif isinstance(event, TokenEvent):
                latency.setdefault("first_token", elapsed)
            else:
                final = event
    except OnnuriError as error:
        failed = Answer(status=None, text="", latency_ms={**latency, "total": _since(start)}, error=str(error))
        return Answered(failed, evidence, {})
    if final is None:
        raise RuntimeError(f"no final event for question {question.id}")
    return Answered(recorded(final, {**latency, "total": _since(start)}), evidence, final.timings)


def recorded(final: FinalEvent, latency: Milliseconds) -> Answer:
    """What is kept of a final event."""
    return Answer(
        status=final.status,
        text=final.answer,
        reason=final.reason,
        model=final.model,
        citations=tuple(
            Cited(document=each.document, chunk=each.chunk, span=each.answer_span) for each in final.citations
        ),
        checks=tuple(
            Checked(sentence=each.sentence, supported=each.supported, reasons=each.reasons) for each in final.checks
        ),
        transfer=f"{final.transfer.department} {final.transfer.phone}" if final.transfer else "",
        latency_ms=latency,
        error=None,
        tokens=_tokens(final),
    )


def _tokens(final: FinalEvent) -> Tokens | None:
    """Only some endpoints report what they read and wrote."""
    return Tokens.model_validate(final.tokens.model_dump()) if final.tokens else None


def _since(start: float) -> float:
    return (perf_counter() - start) * 1000
