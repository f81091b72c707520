"""One suggestion as far as it has come, as a page shows it. Nothing here knows HTML; values are immutable."""

from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.events import EvidenceEvent, FinalEvent, SuggestionEvent, TokenEvent


class Stage(StrEnum):
    """How far a question has come."""

    SEARCHING = "searching"
    WRITING = "writing"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_running(self) -> bool:
        """Whether more events are expected."""
        return self in (Stage.SEARCHING, Stage.WRITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``key`` is its name on the page: on a call its slot, so that what is understood better takes its place.

    ``edition`` counts how often its question changed; ``problem`` is the sentence shown on FAILED.
    """

    key: str
    asked: str = ""
    is_typed: bool = False
    edition: int = 0
    stage: Stage = Stage.SEARCHING
    evidence: EvidenceEvent | None = None
    tokens: tuple[TokenEvent, ...] = ()
    final: FinalEvent | None = None
    problem: str = ""

    @property
    def question(self) -> str:
        """The question as understood (masked), as typed until that is known."""
        return self.evidence.question if self.evidence else self.asked

    @property
    def card_numbers(self) -> frozenset[int]:
        """The numbers a citation may point at."""
        return frozenset(card.number for card in self.evidence.cards) if self.evidence else frozenset()

    @property
    def suggestion(self) -> str:
        """Its id in the journal, '' until it is complete."""
        return self.final.suggestion if self.final else ""


def advanced(shown: Shown, event: SuggestionEvent) -> Shown:
    """``shown`` after one more event. A question that is merely heard again keeps the answer it has."""
    match event:
        case EvidenceEvent():
            return _understood(shown, event)
        case TokenEvent():
            return shown if shown.final else replace(shown, tokens=(*shown.tokens, event))
        case FinalEvent():
            return replace(shown, final=event, stage=Stage.DONE, problem="")


def failed(shown: Shown, problem: str) -> Shown:
    """``shown`` when nothing more will come of it, and why."""
    return replace(shown, stage=Stage.FAILED, problem=problem)


def _understood(shown: Shown, event: EvidenceEvent) -> Shown:
    before = shown.evidence
    if before and (before.question, before.documents) == (event.question, event.documents):
        stage = Stage.DONE if shown.final else Stage.WRITING
        return replace(shown, evidence=event, stage=stage, problem="")
    return Shown(
        key=shown.key,
        asked=shown.asked,
        is_typed=shown.is_typed,
        edition=shown.edition + (before is not None),
        stage=Stage.WRITING,
        evidence=event,
    )
