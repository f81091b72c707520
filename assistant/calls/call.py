"""One call: what is said goes in, events come out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Protocol

from assistant.calls.call_events import CallEvent, UtteranceEvent
from assistant.calls.memory import Memory, Understood
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.readings import Weighed
from assistant.calls.utterance import Utterance
from assistant.events import Alternative, EvidenceEvent, SuggestionEvent
from indexing.retrieval.hit import SearchResult
from knowledge_base.document import Kind


class Suggests(Protocol):
    """What a call needs of the assistant."""

    def suggest(
        self,
        question: str,
        *,
        call: str = "",
        on: date | None = None,
        agent: str = "",
        found: SearchResult | None = None,
    ) -> Iterator[SuggestionEvent]: ...

    def prepare(self, question: str, found: SearchResult, *, on: date | None = None) -> None: ...


@dataclass
class Answering:
    """The answer to a suggestion whose evidence is shown; ``line`` is None for a typed question.

    It stays by its slot once it is written: another may take its place at any moment, and must not be removed for it.
    """

    line: int | None
    events: Iterator[SuggestionEvent]
    is_begun: bool = False
    is_written: bool = False


class Call:
    """The state of one call. Not for several threads at once.

    Events carry ``seq`` 0: whoever publishes them numbers them.
    """

    def __init__(
        self, name: str, finder: QuestionFinder, assistant: Suggests, agent: str = "", on: date | None = None
    ) -> None:
        self.name = name
        self.agent = agent
        self._finder = finder
        self._assistant = assistant
        self._on = on
        self._memory = Memory()
        self._glimpsed: dict[int, str] = {}
        self._foreseen: Understood | None = None
        self.answering: dict[int, Answering] = {}

    def hear(self, utterance: Utterance, *, received: float | None = None) -> Iterator[CallEvent]:
        """The words of a masked utterance, then evidence for each question understood, its answer left in
        ``answering`` by slot. ``received`` is when it came, by ``perf_counter``.

        Raises what the search raises: NoSnapshot and the like.
        """
        clock = CallClock(utterance.at, perf_counter() if received is None else received)
        if not utterance.text.strip():  # the beginning of a partial may still turn out to be personal
            return
        yield UtteranceEvent(call=self.name, seq=0, at=clock.now(), **utterance.model_dump(exclude={"at"}))
        questions = self._heard(utterance) if utterance.final else self._glimpse(utterance)
        for understood in questions:
            events = self._assistant.suggest(
                understood.question, call=self.name, on=self._on, agent=self.agent, found=understood.found
            )
            for event in events:
                yield _placed(event, understood, clock.now())
                break
            if not utterance.final:
                self._foreseen = understood
            else:
                self.answering[understood.slot] = Answering(understood.line, _on_clock(events, understood, clock))

    def prepare(self) -> None:
        """Have the answer prepared to the question that was last seen complete in what is still being said."""
        foreseen, self._foreseen = self._foreseen, None
        if foreseen is not None:
            self._assistant.prepare(foreseen.question, foreseen.found, on=self._on)

    def remember(self, utterance: Utterance) -> None:
        """Hear again what was heard (and masked) before a restart; nothing comes of it."""
        self._memory = self._finder.hear(self._memory, utterance).memory

    def _heard(self, utterance: Utterance) -> tuple[Understood, ...]:
        step = self._finder.hear(self._memory, utterance)
        self._memory = step.memory
        self._glimpsed, self._foreseen = {}, None
        return step.understood

    def _glimpse(self, utterance: Utterance) -> list[Understood]:
        """Questions already complete in what is still being said, once they are the same twice in a row."""
        found = self._finder.glimpse(self._memory, utterance)
        stable = [each for each in found if self._glimpsed.get(each.slot) == each.question]
        seen = {each.slot: each.question for each in found}
        self._glimpsed = seen | {each.slot: "" for each in stable}  # shown once
        return stable


class CallClock:
    """Seconds on the call's clock: where it stood when an utterance came, and the time since."""

    def __init__(self, at: float, received: float) -> None:
        self._offset = at - received

    def now(self) -> float:
        """The present."""
        return round(self._offset + perf_counter(), 3)


def _on_clock(events: Iterator[SuggestionEvent], understood: Understood, clock: CallClock) -> Iterator[SuggestionEvent]:
    return (_placed(event, understood, clock.now()) for event in events)


def _placed(event: SuggestionEvent, understood: Understood, at: float) -> SuggestionEvent:
    known: dict[str, object] = {"seq": 0, "at": at, "line": understood.line, "slot": understood.slot}
    if isinstance(event, EvidenceEvent):
        known["heard"] = understood.heard
        known["alternatives"] = tuple(
            Alternative(question=_in_words(each), documents=each.documents) for each in understood.alternatives
        )
    return event.model_copy(update=known)


def _in_words(alternative: Weighed) -> str:
    """The question of the FAQ that it finds first: what is put together from pieces of speech reads badly."""
    first = next((hit.document for hit in alternative.result.hits), None)
    return first.title if first and first.kind is Kind.FAQ else alternative.reading.question
