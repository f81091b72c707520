"""An answer on its way to the agent: cited sentences, put together with the spans they rest on."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.events import Card, Caution, Check, Citation, Span, Status, Transfer


class CitedSentence(NamedTuple):
    """A sentence of the answer, the card that bears it out, and where in the card's text."""

    text: str
    card: Card
    span: Span


class Draft(NamedTuple):
    """All of a final event that depends on how the answer came about."""

    status: Status
    answer: str
    reason: str
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()
    transfer: Transfer | None = None
    model: str = ""
    cautions: tuple[Caution, ...] = ()


def joined(sentences: Sequence[CitedSentence]) -> tuple[str, tuple[Citation, ...]]:
    """The answer text and its citations, in order."""
    answer = ""
    citations = []
    for text, card, span in sentences:
        start = len(answer) + 1 if answer else 0
        answer = f"{answer} {text}".strip()
        citations.append(
            Citation(
                number=card.number,
                document=card.document,
                chunk=card.chunk,
                answer_span=(start, len(answer)),
                chunk_span=span,
            )
        )
    return answer, tuple(citations)
