"""What one agent's panel holds: the questions of the present call and which of them is on screen.

Nothing here knows HTML or gradio. ``Shown`` values are immutable; a ``Session`` replaces them.
"""

import uuid
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.events import EvidenceEvent, FinalEvent, SuggestionEvent, TokenEvent
from assistant.journal import Action

REMEMBERED = 10
"""How many questions of a call the panel keeps."""


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
    """One question as far as it has been answered. ``problem`` is the sentence shown on FAILED."""

    key: int
    asked: str
    stage: Stage = Stage.SEARCHING
    evidence: EvidenceEvent | None = None
    tokens: tuple[TokenEvent, ...] = ()
    final: FinalEvent | None = None
    problem: str = ""
    verdict: Action | None = None
    reason: str = ""

    @property
    def question(self) -> str:
        """The question as understood (masked), as typed until that is known."""
        return self.evidence.question if self.evidence else self.asked

    @property
    def card_numbers(self) -> frozenset[int]:
        """The numbers a citation may point at."""
        return frozenset(card.number for card in self.evidence.cards) if self.evidence else frozenset()


def advanced(shown: Shown, event: SuggestionEvent) -> Shown:
    """``shown`` after one more event."""
    match event:
        case EvidenceEvent():
            return replace(shown, evidence=event, stage=Stage.WRITING)
        case TokenEvent():
            return replace(shown, tokens=(*shown.tokens, event))
        case FinalEvent():
            return replace(shown, final=event, stage=Stage.DONE)


@dataclass
class Session:
    """One browser tab's call. Gradio copies a fresh one for every tab, so the call's id is only made
    with its first question: two tabs can never share one."""

    call: str = ""
    shown: dict[int, Shown] = field(default_factory=dict)
    viewing: int | None = None
    asked: int = 0
    before: "Session | None" = None

    def ask(self, question: str) -> Shown:
        """Begin a question, put it on screen and stop the one that is running."""
        self.stop()
        self.call = self.call or uuid.uuid4().hex
        self.before = None
        self.asked += 1
        self.viewing = self.asked
        self.put(Shown(key=self.asked, asked=question))
        for key in sorted(self.shown)[:-REMEMBERED]:
            del self.shown[key]
        return self.shown[self.asked]

    def put(self, shown: Shown) -> None:
        """Keep the newer form of a question."""
        self.shown[shown.key] = shown

    def running(self, key: int) -> Shown | None:
        """The question, if it still awaits events: not stopped, replaced or cleared away."""
        shown = self.shown.get(key)
        return shown if shown and shown.stage.is_running else None

    def stop(self) -> None:
        """Stop whatever is running; what has been shown stays."""
        for shown in [shown for shown in self.shown.values() if shown.stage.is_running]:
            self.put(replace(shown, stage=Stage.STOPPED))

    def recall(self, key: int) -> None:
        """Put an earlier question on screen; an unknown key changes nothing."""
        if key in self.shown:
            self.viewing = key

    def clear(self) -> None:
        """Begin a new call; ``restore`` brings the old one back until a question is asked."""
        if not self.shown:
            return
        self.stop()
        self.before = replace(self, before=None)
        self.call, self.shown, self.viewing = "", {}, None

    def restore(self) -> None:
        """Undo ``clear``."""
        if self.before:
            old = self.before
            self.call, self.shown, self.viewing, self.before = old.call, old.shown, old.viewing, None

    @property
    def current(self) -> Shown | None:
        """The question on screen."""
        return None if self.viewing is None else self.shown.get(self.viewing)

    @property
    def is_latest(self) -> bool:
        """Whether the question on screen is the last one asked."""
        return self.viewing == self.asked
