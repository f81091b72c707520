"""What is said on a call, as the speech recogniser writes it down."""

from enum import StrEnum

from pydantic import FiniteFloat

from assistant.events import Record


class Speaker(StrEnum):
    """Who speaks."""

    CALLER = "caller"
    AGENT = "agent"

    @property
    def label(self) -> str:
        """As people read it."""
        return {"caller": "시민", "agent": "상담원"}[self.value]


class Utterance(Record):
    """One line of a transcript.

    ``line`` counts from 0 in the order in which they came; ``at`` is seconds on the call's clock when the words
    were known. A partial (``final`` false) is replaced by the next utterance of the same speaker.
    """

    line: int
    speaker: Speaker
    text: str
    final: bool = True
    at: FiniteFloat
