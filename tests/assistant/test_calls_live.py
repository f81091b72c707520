"""A live call between threads: order, being behind, and forgetting."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app import Console
from assistant.calls.call import Call
from assistant.calls.call_events import CallEvent, EndedEvent, UtteranceEvent
from assistant.calls.live_call import LiveCall
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.records import CallInfo, CallRecords, now
from assistant.calls.switchboard import CallEnded, CallNotFound, Switchboard
from assistant.calls.utterance import Speaker, Utterance
from assistant.settings import LLMChoice
from knowledge_base.errors import AssistantError


@contextmanager
def broken(journal: Path, write: str) -> Iterator[None]:
    """Until the end of the block the database refuses a write, as a full disk does."""
    refuse = f"create trigger broken before {write} begin select raise(abort, 'disk is full'); end"
    for statement in (refuse, "drop trigger broken"):
        with closing(sqlite3.connect(journal)) as database:
            database.execute(statement)
            database.commit()
        if statement == refuse:
            yield


@pytest.fixture
def records(tmp_path: Path) -> CallRecords:
    return CallRecords(tmp_path / "journal.db")


@pytest.fixture
def live(sample: Console, records: CallRecords) -> LiveCall:
    finder = QuestionFinder(sample.searcher(), sample.analyzer())
    info = CallInfo("c1", "", "kim", "cti", now())
    records.add_call(info)
    return LiveCall(info, Call("c1", finder, sample.assistant(LLMChoice.NONE)), records)


def said(line: int, *, final: bool = False, speaker: Speaker = Speaker.CALLER) -> Utterance:
    return Utterance(line=line, speaker=speaker, text=f"말 {line}", final=final, at=float(line))


def waiting(live: LiveCall) -> list[int]:
    found = []
    while (work := live.next_work()) is not None:
        assert work.utterance is not None
        found.append(work.utterance.line)
    return found


def test_only_the_newest_partial_counts_when_behind(live: LiveCall) -> None:
    live.take([said(0), said(1), said(2, final=True), said(3), said(4, speaker=Speaker.AGENT), said(5)])
    assert live.unheard == 6 and waiting(live) == [2, 4, 5] and live.unheard == 0


def test_one_thread_at_a_time_works_on_a_call(live: LiveCall) -> None:
    live.take([said(0, final=True)])
    assert live.begin_work() and not live.begin_work()
    assert waiting(live) == [0] and not live.begin_work()
    live.take([said(1, final=True)])
    assert live.begin_work()


def test_partials_are_told_and_not_kept(live: LiveCall, records: CallRecords) -> None:
    for final in (False, True):
        live.publish([UtteranceEvent(call="c1", seq=0, at=1.0, speaker=Speaker.CALLER, text="네", final=final)])
    assert [event.seq for event in live.events(-1)] == [0, 1]
    assert [event.seq for event in records.events("c1")] == [1]


def test_after_the_end_nothing_is_published(live: LiveCall) -> None:
    live.publish([EndedEvent(call="c1", seq=0, at=1.0)])
    live.publish([UtteranceEvent(call="c1", seq=0, at=2.0, speaker=Speaker.CALLER, text="네", final=True)])
    assert len(live.events(-1)) == 1 and live.has_ended


def test_what_cannot_be_kept_is_not_taken_and_can_be_sent_again(
    sample: Console, records: CallRecords, tmp_path: Path
) -> None:
    board = Switchboard(QuestionFinder(sample.searcher(), sample.analyzer()), sample.assistant(LLMChoice.NONE), records)
    call = board.start(agent="kim", external="", started_by="cti").id
    lines = [
        Utterance(line=line, speaker=Speaker.CALLER, text=text, at=float(line))
        for line, text in enumerate(("제 번호가 공일공에", "1234에 5678이요"))
    ]
    board.hear(call, lines[:1])
    with broken(tmp_path / "journal.db", "insert on utterances"), pytest.raises(AssistantError, match="디스크"):
        board.hear(call, lines)
    assert [each.line for each in records.utterances(call)] == [0]
    assert board.hear(call, lines) == 1
    with broken(tmp_path / "journal.db", "update on calls"), pytest.raises(AssistantError, match="디스크"):
        board.end(call)
    board.end(call)
    board.close()
    again = CallRecords(tmp_path / "journal.db")
    told = [event.text for event in again.events(call) if isinstance(event, UtteranceEvent)]
    assert told == [each.text for each in again.utterances(call)] == ["제 번호가 공일공에", "[전화번호]이요"]
    info = again.call(call)
    assert info is not None and info.ended
    again.close()


def test_many_threads_posting_leave_every_event_in_order(sample: Console, records: CallRecords) -> None:
    finder = QuestionFinder(sample.searcher(), sample.analyzer())
    board = Switchboard(finder, sample.assistant(LLMChoice.NONE), records)
    calls = [board.start(agent=f"a{n}", external="", started_by="cti").id for n in range(4)]
    ended = {call: threading.Event() for call in calls}
    for call in calls:
        board.listen(call, lambda call=call: ended[call].set() if board.live(call).has_ended else None)

    def talk(call: str) -> None:
        for line in range(8):
            text = "여권 재발급 수수료가 얼마예요?" if line == 3 else f"네 {call} {line}"
            board.hear(call, [Utterance(line=line, speaker=Speaker.CALLER, text=text, at=float(line))])
        board.end(call)

    threads = [threading.Thread(target=talk, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for call in calls:
        assert ended[call].wait(30)
        events = board.events(call)
        assert [event.seq for event in events] == list(range(len(events)))
        assert [event.line for event in events if isinstance(event, UtteranceEvent)] == list(range(8))
        assert [event.type for event in events][-1] == "ended" and "final" in {event.type for event in events}
        assert records.events(call) == events
        with pytest.raises(CallEnded):
            board.hear(call, [said(99)])
    assert board.unheard == 0
    with pytest.raises(CallNotFound):
        board.events("none")
    board.close()


class Hesitating(CallRecords):
    """Who reads a call first has read it last."""

    readers = 0

    def events(self, call: str) -> list[CallEvent]:
        self.readers += 1
        if self.readers == 1:
            time.sleep(0.3)
        return super().events(call)


def test_two_that_come_to_a_call_at_once_do_not_take_it_from_each_other(sample: Console, tmp_path: Path) -> None:
    """The panel and the telephone system, when the server is there again."""
    records = Hesitating(tmp_path / "journal.db")
    records.add_call(CallInfo("c1", "", "kim", "cti", now()))
    board = Switchboard(QuestionFinder(sample.searcher(), sample.analyzer()), sample.assistant(LLMChoice.NONE), records)
    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(board.live, "c1") for _ in range(2))
    assert first.result() is second.result()
    assert records.served_by("c1") == first.result().served_by
    board.close()
