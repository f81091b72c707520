"""All calls: what is posted goes to the right one, worked on by a few threads, and events come back out.

A call's utterances are heard strictly in order, each call's independently of the others'. Answers, which may wait for
an LLM, are written aside, so that the next question's evidence never waits for them.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

from assistant.accounts.person import folded_name
from assistant.calls.call import Answering, Call, Suggests
from assistant.calls.call_events import CallEvent, EndedEvent, FaultEvent, StartedEvent
from assistant.calls.live_call import Listener, LiveCall
from assistant.calls.notices import Notices
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.records import CallInfo, CallRecords, Changed, ServedElsewhere, now
from assistant.calls.takeover import new_id, taken_over, unanswered
from assistant.calls.utterance import Utterance
from assistant.events import EvidenceEvent, FinalEvent, SuggestionEvent
from assistant.masking import mask
from assistant.monitoring.json_log import on_call
from knowledge_base.errors import AssistantError, OnnuriError

KEPT_AFTER_END = 600.0
KEPT_SILENT = 7200.0
MOST_CALLS = 2000
SHIFT = timedelta(hours=12)
UNEXPECTED = "이 말을 처리하지 못했습니다. 질문을 직접 입력해 주세요."

_log = logging.getLogger(__name__)


class CallNotFound(AssistantError):
    """No call has this id, or not for whoever asks."""


class CallEnded(AssistantError):
    """Nothing can be added to a call that is over."""


class TooManyCalls(AssistantError):
    """More calls are open than a call centre can have."""


class Switchboard:
    """Thread-safe. Calls that ended a while ago are forgotten here; the records still have them."""

    def __init__(
        self, finder: QuestionFinder, assistant: Suggests, records: CallRecords, *, hearing: int = 2, writing: int = 4
    ) -> None:
        self._finder = finder
        self._assistant = assistant
        self._records = records
        self._calls: dict[str, LiveCall] = {}
        self._notices = Notices()
        self._lock = threading.Lock()
        self._restoring: dict[str, threading.Lock] = {}
        self._stopped = threading.Event()
        self._following = threading.Thread(target=self._follow, name="call-news", daemon=True)
        self._hearing = ThreadPoolExecutor(hearing, thread_name_prefix="call-hearing")
        self._writing = ThreadPoolExecutor(writing, thread_name_prefix="call-writing")

    def start(self, *, agent: str, external: str, started_by: str) -> CallInfo:
        """Put a call through to an agent. The same ``external`` id twice, while open, is the same call."""
        agent, external = folded_name(agent), mask(external)
        with self._lock:
            self._forget_old()
            if len(self._calls) >= MOST_CALLS:
                raise TooManyCalls(f"열린 통화가 {MOST_CALLS:,}건을 넘습니다. 끝난 통화를 끝났다고 알려 주세요.")
            info = CallInfo(new_id(agent), external, agent, started_by, now())
            kept = self._records.add_call(info)
            if kept.id != info.id:
                return kept
            live = self._calls[info.id] = LiveCall(info, self._new(info), self._records)
        live.publish([StartedEvent(call=info.id, seq=0, at=0.0, agent=agent, external=external)])
        self._notices.tell(agent)
        return info

    def hear(self, call: str, utterances: Iterable[Utterance]) -> int:
        """Put utterances in line, in order, and return how many are new: a line that came before is left out.

        Once it returns, what was said is kept. Raises CallNotFound or CallEnded, or AssistantError when it cannot be
        kept: then nothing of it was taken, and the same may be sent again.
        """
        said = list(utterances)
        live = self._open(call)
        try:
            fresh = live.take(said)
        except ServedElsewhere:  # until now: whoever sends us what is said sends us all of it
            self._drop(live)
            live = self._open(call)
            fresh = live.take(said)
        self._work(live)
        return len(fresh)

    def end(self, call: str) -> None:
        """The last event of a call follows what is still in line. Ending twice is ending once."""
        live = self.live(call)
        if live.is_lost or self._records.served_by(call) != live.served_by:
            self._drop(live)
            live = self.live(call)
        if live.has_ended or live.is_ending:
            return
        ended = replace(live.info, ended=now())
        self._records.end_call(ended)  # first: an end that could not be kept can be told again
        if live.take_end():
            live.info = ended
            self._work(live)
            self._notices.tell(live.info.agent)

    def ask(self, call: str, question: str) -> int:
        """Answer what the agent of a call types, as a suggestion of that call; returns its slot.

        The evidence is out when this returns. Raises CallNotFound, CallEnded, and what the search raises.
        """
        live = self._open(call)
        events = self._assistant.suggest(question, call=call, agent=live.info.agent)
        first = next(events)
        slot = live.new_typed_slot()

        def placed(event: SuggestionEvent) -> SuggestionEvent:
            return event.model_copy(update={"seq": 0, "at": live.now(), "slot": slot})

        live.publish([placed(first)])
        answering = live.call.answering[slot] = Answering(None, map(placed, events), is_begun=True)
        self._writing.submit(self._answer, live, slot, answering)
        return slot

    def info(self, call: str) -> CallInfo:
        """Raises CallNotFound."""
        with self._lock:
            live = self._calls.get(call)
        info = live.info if live else self._records.call(call)
        if info is None:
            raise CallNotFound("그런 통화가 없습니다. 통화 id를 확인하세요.")
        return info

    def open_calls(self) -> list[CallInfo]:
        """The calls that have not ended, oldest first."""
        return self._records.open_calls()

    @property
    def unheard(self) -> int:
        """How much of what was said in all calls here waits to be heard."""
        with self._lock:
            return sum(live.unheard for live in self._calls.values())

    def calls_of(self, agent: str) -> list[CallInfo]:
        """An agent's calls of this shift that go on or have no summary yet, oldest first."""
        return self._records.calls_of(agent, now() - SHIFT)

    def listen_calls(self, agent: str, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called, from any thread, after a call of the agent begins or ends; returns how to stop."""
        return self._notices.listen(agent, listener)

    def live(self, call: str) -> LiveCall:
        """The call with its events, from the records when it is not being served; raises CallNotFound."""
        if live := self._served(call):
            return live
        with self._lock:
            turn = self._restoring.setdefault(call, threading.Lock())
        with turn:  # two that claim a call would take it from each other; the callers of other calls do not wait
            if live := self._served(call):
                return live
            try:
                restored = self._restored(self.info(call))
                with self._lock:
                    self._calls[call] = restored
            finally:
                with self._lock:
                    self._restoring.pop(call, None)
        self._resume(restored)
        return restored

    def _served(self, call: str) -> LiveCall | None:
        with self._lock:
            live = self._calls.get(call)
        return None if live is None or live.is_lost else live

    def listen(self, call: str, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called, from any thread, after new events of a call; returns how to stop that."""
        return self.live(call).listen(listener)

    def events(self, call: str, after: int = -1) -> list[CallEvent]:
        """The events of a call with a higher ``seq``."""
        return self.live(call).events(after)

    def follow_replicas(self) -> None:
        """Hear, from now on, what other processes on the same database change; nothing where there can be none."""
        self._following.start()

    def close(self) -> None:
        """Finish what is in line and stop."""
        self._stopped.set()
        if self._following.is_alive():
            self._following.join()
        self._hearing.shutdown()
        self._writing.shutdown(cancel_futures=True)
        self._records.close()

    def _open(self, call: str) -> LiveCall:
        live = self.live(call)
        if live.has_ended or live.is_ending:
            raise CallEnded("끝난 통화에는 더할 수 없습니다. 새 통화를 시작하세요.")
        return live

    def _new(self, info: CallInfo) -> Call:
        return Call(info.id, self._finder, self._assistant, info.agent)

    def _restored(self, info: CallInfo) -> LiveCall:
        live = taken_over(info, self._new(info), self._records)
        if info.ended is not None and not live.has_ended:  # the program stopped in between
            live.publish([EndedEvent(call=info.id, seq=0, at=live.now())])
        return live

    def _resume(self, live: LiveCall) -> None:
        """Hear what nobody has heard, and answer where only the evidence is on the screen."""
        if live.info.ended is None:
            for shown in unanswered(live.events(-1)):
                answering = live.call.answering[shown.slot] = Answering(
                    shown.line, self._late(live, shown), is_begun=True
                )
                self._writing.submit(self._answer, live, shown.slot, answering)
        self._work(live)

    def _late(self, live: LiveCall, shown: EvidenceEvent) -> Iterator[SuggestionEvent]:
        """The answer alone: its evidence was shown, and a part of it may have been."""
        for event in self._assistant.suggest(shown.question, call=live.info.id, agent=live.info.agent):
            if isinstance(event, FinalEvent):
                yield event.model_copy(update={"seq": 0, "at": live.now(), "line": shown.line, "slot": shown.slot})

    def _drop(self, live: LiveCall) -> None:
        """It is served elsewhere."""
        live.lose()
        with self._lock:
            if self._calls.get(live.info.id) is live:
                del self._calls[live.info.id]

    def _follow(self) -> None:
        for changed, name in self._records.news(self._stopped.is_set):
            try:
                self._heed(changed, name)
            except OnnuriError as error:
                _log.warning("%s", error)

    def _heed(self, changed: Changed, name: str) -> None:
        with self._lock:
            served = list(self._calls.values())
        for live in served:
            is_meant = changed is Changed.ANYTHING or (changed is Changed.CALL and live.info.id == name)
            if is_meant and self._records.served_by(live.info.id) != live.served_by:
                self._drop(live)
        if changed is Changed.AGENT:
            self._notices.tell(name)
        elif changed is Changed.ANYTHING:
            self._notices.tell_all()

    def _forget_old(self) -> None:
        for name, live in list(self._calls.items()):
            idle = time.monotonic() - live.touched
            if not live.listeners and idle > (KEPT_AFTER_END if live.has_ended else KEPT_SILENT):
                del self._calls[name]

    def _work(self, live: LiveCall) -> None:
        if live.begin_work():
            self._hearing.submit(self._hear_all, live)

    def _hear_all(self, live: LiveCall) -> None:
        while (waiting := live.next_work()) is not None:
            if waiting.utterance is None:
                self._finish(live)
            else:
                _told(live, waiting.utterance.line, partial(self._hear, live, waiting.utterance, waiting.received))

    def _hear(self, live: LiveCall, utterance: Utterance, received: float) -> None:
        live.publish(list(live.call.hear(utterance, received=received)))
        for slot, answering in list(live.call.answering.items()):
            if not answering.is_begun:
                answering.is_begun = True
                self._writing.submit(self._answer, live, slot, answering)
        live.call.prepare()

    def _answer(self, live: LiveCall, slot: int, answering: Answering) -> None:
        """Publish an answer as it is written, until its question is understood better."""
        _told(live, answering.line, partial(self._write, live, slot, answering))
        answering.is_written = True
        self._finish(live)

    def _write(self, live: LiveCall, slot: int, answering: Answering) -> None:
        for event in answering.events:
            if live.call.answering.get(slot) is not answering:
                return
            live.publish([event])

    def _finish(self, live: LiveCall) -> None:
        """The last event, once everything in line is heard and every answer written."""
        answers = list(live.call.answering.values())
        if live.is_ending and not live.unheard and all(each.is_written for each in answers):
            live.publish([EndedEvent(call=live.info.id, seq=0, at=live.now())])


def _told(live: LiveCall, line: int | None, work: Callable[[], None]) -> None:
    """Do the work; what goes wrong is told to the panel, and logged when it is a bug."""
    try:
        with on_call(live.info.id):
            work()
    except ServedElsewhere:
        return  # whoever serves it tells the panel
    except OnnuriError as error:
        _fault(live, line, str(error))
    except Exception:
        with on_call(live.info.id):
            _log.exception("call %s, line %s", live.info.id, line)
        _fault(live, line, UNEXPECTED)


def _fault(live: LiveCall, line: int | None, message: str) -> None:
    try:
        live.publish([FaultEvent(call=live.info.id, seq=0, at=live.now(), line=line, message=message)])
    except OnnuriError as error:  # it cannot be kept, but it was told
        _log.error("%s", error)
