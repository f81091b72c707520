"""Two replicas on one PostgreSQL: a call is one call wherever it is served, and survives who served it."""

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from loopback import free_port
from people import CHEAP, TERMINAL
from postgres_server import PostgresServer
from reverse_proxy import Proxy, proxied
from scripted_assistant import ScriptedAssistant, ScriptedFinder
from waiting import becomes

from assistant.accounts.access import Access
from assistant.accounts.passwords import Passwords
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar
from assistant.accounts.tables import AccountTables
from assistant.audit.log import AuditLog
from assistant.calls.call_events import UtteranceEvent
from assistant.calls.records import CallRecords, ServedElsewhere
from assistant.calls.switchboard import Switchboard
from assistant.calls.takeover import new_id, seat
from assistant.calls.utterance import Speaker, Utterance
from assistant.database.postgresql import PostgreSQL
from assistant.events import EvidenceEvent, FinalEvent
from assistant.journal import Journal

SCRIPT = Path(__file__).parent.parent / "replica.py"
WASTE, SEAL = "폐기물 신고는 언제까지 하나요?", "등본 떼는 데 얼마예요?"
LINES = ("여보세요", WASTE, "네 그렇군요", SEAL, "아 네", "폐기물 신고는 어디서 하나요?", "감사합니다")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def address(server: PostgresServer) -> str:
    return server.address()


@pytest.fixture
def board(address: str) -> Iterator[Callable[[], Switchboard]]:
    """Switchboards as of several processes."""
    made: list[tuple[Switchboard, PostgreSQL]] = []

    def new() -> Switchboard:
        place = PostgreSQL(address)
        switchboard = Switchboard(
            ScriptedFinder(), ScriptedAssistant(journal=Journal(place), delay=0.0), CallRecords(place)
        )
        switchboard.follow_replicas()
        made.append((switchboard, place))
        return switchboard

    yield new
    for switchboard, place in made:
        switchboard.close()
        place.close()


def said(line: int, text: str) -> Utterance:
    return Utterance(line=line, speaker=Speaker.CALLER, text=text, at=float(line))


def heard(board: Switchboard, call: str, line: int) -> bool:
    return any(isinstance(event, UtteranceEvent) and event.line == line for event in board.events(call))


def test_a_call_is_served_by_one_of_them_at_a_time(board: Callable[[], Switchboard]) -> None:
    one, two = board(), board()
    call = one.start(agent="kim", external="CTI-1", started_by="cti")
    assert two.start(agent="kim", external="CTI-1", started_by="cti") == call
    one.hear(call.id, [said(0, WASTE)])
    assert becomes(lambda: heard(one, call.id, 0))
    before, woken = one.live(call.id), threading.Event()
    before.listen(woken.set)
    assert two.hear(call.id, [said(0, WASTE), said(1, SEAL)]) == 1  # what came before is known here too
    assert becomes(woken.is_set) and becomes(lambda: before.is_lost)  # whoever listens there asks anew
    with pytest.raises(ServedElsewhere):
        before.take([said(2, "늦은 말")])
    with pytest.raises(ServedElsewhere):
        before.publish(
            [UtteranceEvent(call=call.id, seq=0, at=9.0, speaker=Speaker.CALLER, text="늦은 말", final=True)]
        )
    assert becomes(lambda: heard(two, call.id, 1))
    assert one.hear(call.id, [said(2, "네")]) == 1  # and back again
    assert becomes(lambda: heard(one, call.id, 2))
    one.end(call.id)
    assert becomes(lambda: one.live(call.id).has_ended)
    events = one.events(call.id)
    assert [event.line for event in events if isinstance(event, UtteranceEvent)] == [0, 1, 2]
    assert Counter(type(event) for event in events)[EvidenceEvent] == 2
    assert {event.slot for event in events if isinstance(event, FinalEvent)} == {0, 1}


def test_an_agents_page_hears_of_a_call_that_began_elsewhere(board: Callable[[], Switchboard]) -> None:
    one, two = board(), board()
    news = threading.Event()
    two.listen_calls("kim", news.set)
    assert becomes(news.is_set)  # it listens: whatever may have been missed is looked for
    news.clear()
    call = one.start(agent="Kim", external="", started_by="cti")
    assert news.wait(20) and two.calls_of("kim") == [call]
    news.clear()
    one.end(call.id)
    assert news.wait(20)


def test_what_was_kept_and_not_heard_is_heard_by_the_next(board: Callable[[], Switchboard], address: str) -> None:
    one = board()
    call = one.start(agent="kim", external="", started_by="cti")
    place = PostgreSQL(address)
    records = CallRecords(place)
    records.add(call.id, [said(0, WASTE)])  # the process that took it died before it heard it
    two = board()
    assert becomes(lambda: heard(two, call.id, 0))
    assert becomes(lambda: any(isinstance(event, FinalEvent) for event in two.events(call.id)))
    place.close()


def test_an_answer_that_was_never_written_is_written_by_the_next(board: Callable[[], Switchboard]) -> None:
    one, two = board(), board()
    waiting = one._assistant
    assert isinstance(waiting, ScriptedAssistant)
    waiting.held.add("폐기물")
    call = one.start(agent="kim", external="", started_by="cti")
    one.hear(call.id, [said(0, WASTE)])
    assert becomes(lambda: any(isinstance(event, EvidenceEvent) for event in one.events(call.id)))
    assert becomes(lambda: any(isinstance(event, FinalEvent) for event in two.events(call.id)))
    waiting.release("폐기물")
    time.sleep(0.1)
    kinds = Counter(type(event) for event in two.events(call.id))
    assert (kinds[EvidenceEvent], kinds[FinalEvent]) == (1, 1)


def test_calls_and_pages_of_an_agent_share_a_seat() -> None:
    assert new_id("Kim ").startswith(seat("kim")) and new_id("kim") != new_id("kim")
    assert seat("kim") != seat("lee") and len(new_id("kim")) == 32


@contextmanager
def replica(address: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": f"{SCRIPT.parent}:{SCRIPT.parent.parent}"}
    process = subprocess.Popen([sys.executable, str(SCRIPT), str(port), address], env=environment)
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx2.get(f"{url}/healthz", trust_env=False).status_code == 200
        except httpx2.TransportError:
            return False

    try:
        assert becomes(answers, 90), "the replica did not start"
        yield url, process
    finally:
        process.kill()
        process.wait()


class Caller:
    """One call through the proxy: a program that posts until it is told that it was taken, and one that follows."""

    def __init__(self, proxy: Proxy, token: str, number: int) -> None:
        self.agent = f"agent{number}"
        self.events: list[dict[str, object]] = []
        self.half = threading.Event()
        self._client = httpx2.Client(
            base_url=proxy.url,
            headers={"authorization": f"Bearer {token}"},
            verify=ssl.create_default_context(cafile=proxy.trusted),
            timeout=20,
            trust_env=False,
        )
        started = self._posted("/api/calls", {"agent": self.agent, "external": f"CTI-{number}"})
        self.call = str(started["id"])

    def talk(self, on: threading.Event) -> None:
        for seq, text in enumerate(LINES):
            if seq == len(LINES) // 2:
                self.half.set()
                on.wait(60)
            line = {"seq": seq, "speaker": "caller", "text": text, "final": True, "at": float(seq)}
            self._posted(f"/api/calls/{self.call}/utterances", {"utterances": [line]})
            time.sleep(0.1)
        self._posted(f"/api/calls/{self.call}/end", {})

    def follow(self) -> None:
        """As an EventSource does: when the stream breaks, from the event after the last."""
        ends = time.monotonic() + 90
        while time.monotonic() < ends:
            last = {"last-event-id": str(self.events[-1]["seq"])} if self.events else {}
            try:
                with self._client.stream("GET", f"/api/calls/{self.call}/events", headers=last) as stream:
                    for line in stream.iter_lines():
                        if line.startswith("data: "):
                            self.events.append(json.loads(line[6:]))
            except httpx2.TransportError:
                pass
            if self.events and self.events[-1]["type"] == "ended":
                return
            time.sleep(0.2)

    def of(self, kind: str) -> list[dict[str, object]]:
        return [event for event in self.events if event["type"] == kind]

    def close(self) -> None:
        self._client.close()

    def _posted(self, path: str, body: object) -> dict[str, object]:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                answer = self._client.post(path, json=body)
            except httpx2.TransportError:
                continue
            if answer.status_code < 500:
                told: dict[str, object] = answer.raise_for_status().json()
                return told
            time.sleep(0.2)
        raise AssertionError(f"{path} was never taken")


@pytest.mark.slow
def test_calls_go_on_when_their_replica_is_killed(address: str, tmp_path: Path) -> None:
    place = PostgreSQL(address)
    access = Access(AccountTables(place), AuditLog(place), Passwords(CHEAP))
    token = Registrar(access, TERMINAL).add("cti", [Role.MACHINE])
    with (
        replica(address) as (first, dying),
        replica(address) as (second, _),
        proxied(tmp_path, [first, second]) as proxy,
        ThreadPoolExecutor(20) as pool,
    ):
        calls = [Caller(proxy, token, number) for number in range(10)]
        go_on = threading.Event()
        work = [pool.submit(each.talk, go_on) for each in calls] + [pool.submit(each.follow) for each in calls]
        assert all(each.half.wait(60) for each in calls)
        go_on.set()
        time.sleep(0.15)  # in the middle of hearing, answering and telling
        os.kill(dying.pid, signal.SIGKILL)
        for done in work:
            done.result(120)
        for each in calls:
            each.close()

    records, journal = CallRecords(place), Journal(place)
    for each in calls:
        assert each.events[-1]["type"] == "ended", each.agent
        numbers = [int(str(event["seq"])) for event in each.events]
        assert numbers == sorted(set(numbers))
        kept = records.events(each.call)
        assert [event.seq for event in kept] == numbers  # all that was kept was told, and the other way round
        assert [line.text for line in records.utterances(each.call)] == list(LINES)
        assert [event["line"] for event in each.of("utterance")] == list(range(len(LINES)))
        shown = [(event["slot"], event["question"]) for event in each.of("evidence")]
        assert [question for _, question in shown] == [WASTE, SEAL, LINES[5]] and len(set(shown)) == 3
        assert {event["slot"] for event in each.of("final")} >= {slot for slot, _ in shown}, each.agent
        answers = [event["suggestion"] for event in each.of("final")]
        assert len(answers) == len(set(answers)) == len(shown)
    assert len({str(row["id"]) for row in journal.suggestions()}) == len(journal.suggestions())
    assert any(records.served_by(each.call) for each in calls)  # some were taken over
    place.close()
