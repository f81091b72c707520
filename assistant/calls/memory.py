"""What is remembered of a call between two utterances; immutable, so that a partial can be tried and forgotten."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from assistant.calls.clauses import Clause
from assistant.calls.needs import Need
from assistant.calls.readings import Weighed
from assistant.calls.topic import NO_TOPIC, Topic
from assistant.events import Heard
from indexing.retrieval.hit import Hit, SearchResult


class Understood(NamedTuple):
    """A question as understood. The same ``slot`` means the same question, understood better.

    ``alternatives`` are other readings, each with what it finds.
    """

    slot: int
    line: int
    question: str
    need: Need
    heard: tuple[Heard, ...]
    found: SearchResult
    alternatives: tuple[Weighed, ...]


class Said(NamedTuple):
    """A clause that may still belong to a question."""

    at: float
    clause: Clause
    need: Need | None


class Offer(NamedTuple):
    """How an agent put the question into words."""

    question: str
    heard: Heard


class Turn(StrEnum):
    """What the agent did when last heard."""

    OPENED = "opened"
    """Nothing yet, or only invited a question."""
    ASKED = "asked"
    """Asked for something: what follows answers it."""
    TOLD = "told"
    """Told something: what follows may lean on it."""


@dataclass(frozen=True)
class Memory:
    """What is remembered of a call.

    ``said`` are clauses that may still become part of a question, ``last`` is the question last understood and
    ``topic`` what it was about, ``aside`` what it named besides, ``turn`` what the agent did last, ``slots`` how many
    suggestions there were, ``answered`` what the agent read out last, ``offer`` a question that waits for the caller's
    yes.
    """

    said: tuple[Said, ...] = ()
    last: Understood | None = None
    topic: Topic = NO_TOPIC
    aside: Topic = NO_TOPIC
    turn: Turn = Turn.OPENED
    slots: int = 0
    answered: Hit | None = None
    offer: Offer | None = None

    @property
    def in_play(self) -> list[Hit]:
        """What was just talked about: what the agent read out, and the best of what was last shown."""
        shown = self.last.found.hits[:1] if self.last else ()
        hits = [*([self.answered] if self.answered else []), *shown]
        return list({hit.document.id: hit for hit in reversed(hits)}.values())[::-1]


class Step(NamedTuple):
    """The memory after an utterance, and the questions understood from it."""

    memory: Memory
    understood: tuple[Understood, ...] = ()

    def then(self, later: "Step") -> "Step":
        """This step and ``later``, which began with its memory."""
        return Step(later.memory, self.understood + later.understood)
