"""A call while it is served: its events so far, who listens, and what is still to be heard."""

import threading
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from copy import deepcopy
from time import perf_counter
from typing import NamedTuple

from assistant.calls.call import Call
from assistant.calls.call_events import CallEvent, EndedEvent
from assistant.calls.masked_speech import MaskedSpeech
from assistant.calls.records import CallInfo, CallRecords, ServedElsewhere
from assistant.calls.utterance import Utterance

Listener = Callable[[], None]
RESTART_GAP = 1000
"""Numbers left out after a restart, for the partials that were sent and not kept."""


class Waiting(NamedTuple):
    """An utterance to be heard, None for the end of the call, and when it came."""

    utterance: Utterance | None
    received: float


class LiveCall:
    """Shared by the threads that post, work and listen; events are only ever added."""

    def __init__(
        self,
        info: CallInfo,
        call: Call,
        records: CallRecords,
        events: Iterable[CallEvent] = (),
        served_by: str = "",
    ) -> None:
        self.info = info
        self.call = call
        self.served_by = served_by
        self.is_lost = False
        """Whether another process serves the call now: those who listen must ask anew, and will reach it there."""
        self._records = records
        self._events = list(events)
        self._next = self._events[-1].seq + RESTART_GAP if self._events else 0
        self._typed = min((each.slot for each in self._events), default=0)
        self._last_line = max((each.line for each in self._events if each.line is not None), default=-1)
        self._clock = (self._events[-1].at if self._events else 0.0, perf_counter())
        self._speech = MaskedSpeech()
        self._waiting: deque[Waiting] = deque()
        self._listeners: set[Listener] = set()
        self._lock = threading.RLock()
        self._publishing = threading.Lock()
        self._taking = threading.Lock()
        self._is_worked_on = False
        self.is_ending = False
        self.touched = time.monotonic()

    @property
    def has_ended(self) -> bool:
        """Whether the last event is out."""
        return bool(self._events) and isinstance(self._events[-1], EndedEvent)

    @property
    def unheard(self) -> int:
        """How much of what was said waits to be heard."""
        return len(self._waiting)

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def now(self) -> float:
        """Seconds on the call's clock, by the utterance that came last."""
        at, received = self._clock
        return round(at + perf_counter() - received, 3)

    def new_typed_slot(self) -> int:
        """A slot for a question that the agent types: below 0, where the call's own never are."""
        with self._lock:
            self._typed -= 1
            return self._typed

    def take(self, utterances: Iterable[Utterance]) -> list[Utterance]:
        """Keep what is new, put it in line and return it, masked: lines up to the last one known came before.

        Raises AssistantError when it cannot be kept: then nothing was taken, and the same may be sent again.
        """
        received = perf_counter()
        with self._taking:
            speech = deepcopy(self._speech)
            fresh = [speech.masked(each) for each in utterances if each.line > self._last_line]
            self._add(utterances=fresh)
            with self._lock:
                self._speech = speech
                for each in fresh:
                    self._waiting.append(Waiting(each, received))
                    self._last_line = each.line
                    self._clock = (each.at, received)
                self.touched = time.monotonic()
            return fresh

    def take_again(self, utterances: Iterable[Utterance]) -> None:
        """Put in line what was kept and not heard before the process that took it ended."""
        with self._lock:
            for each in utterances:
                self._waiting.append(Waiting(each, perf_counter()))
                self._last_line = max(self._last_line, each.line)
                self._clock = (max(self._clock[0], each.at), perf_counter())

    def take_end(self) -> bool:
        """Put the end of the call in line; False when it was there before."""
        with self._lock:
            if self.is_ending:
                return False
            self.is_ending = True
            self._waiting.append(Waiting(None, perf_counter()))
            return True

    def begin_work(self) -> bool:
        """Whether the caller is to work on this call now: nobody else does, and something waits."""
        with self._lock:
            if self._is_worked_on or not self._waiting:
                return False
            self._is_worked_on = True
            return True

    def next_work(self) -> Waiting | None:
        """The next utterance to be heard; None ends the work. When behind, only the newest partial counts."""
        with self._lock:
            while self._waiting:
                waiting = self._waiting.popleft()
                if not self._is_outdated(waiting.utterance):
                    return waiting
            self._is_worked_on = False
            return None

    def _is_outdated(self, said: Utterance | None) -> bool:
        later = (each.utterance for each in self._waiting)
        return said is not None and not said.final and any(each and each.speaker is said.speaker for each in later)

    def publish(self, events: Iterable[CallEvent]) -> None:
        """Number the events, keep them, and tell those who listen; nobody sees what is not kept."""
        with self._publishing:
            numbered = [each.model_copy(update={"seq": seq}) for seq, each in enumerate(events, start=self._next)]
            if not numbered or self.has_ended:
                return
            try:
                self._add(events=numbered)
            finally:  # a full disk must not keep the evidence from the agent
                if not self.is_lost:
                    with self._lock:
                        self._events += numbered
                        self._next += len(numbered)
                    self._tell()

    def lose(self) -> None:
        """Another process has taken the call over: nothing more happens here."""
        with self._lock:
            self.is_lost = True
            self._waiting.clear()
        self.call.answering.clear()
        self._tell()

    def _add(self, utterances: Iterable[Utterance] = (), events: Iterable[CallEvent] = ()) -> None:
        try:
            self._records.add(self.info.id, utterances, events, served_by=self.served_by)
        except ServedElsewhere:
            self.lose()
            raise

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def events(self, after: int) -> list[CallEvent]:
        """The events with a higher ``seq``, in order."""
        with self._lock:
            return self._events[bisect_right(self._events, after, key=lambda each: each.seq) :]

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener``, from any thread, after new events; returns how to stop that."""
        with self._lock:
            self._listeners.add(listener)

        def stop() -> None:
            with self._lock:
                self._listeners.discard(listener)

        return stop
