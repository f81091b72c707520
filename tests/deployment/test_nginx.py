"""The shipped nginx configuration in front of real servers: TLS, streams, who reaches which replica, what is logged."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import uvicorn
from agent_site import desk_of
from people import PASSWORD, Office, office
from reverse_proxy import Proxy, proxied
from scripted_assistant import ScriptedAssistant
from starlette.requests import Request
from waiting import becomes

from assistant import web
from assistant.accounts.person import Role
from assistant.calls import api
from assistant.calls.takeover import new_id, seat
from assistant.journal import Journal

AGENTS = [f"agent{number}" for number in range(12)]


@dataclass
class Replica:
    """One server of its own; ``stop`` it as a crash would, for the other to take over."""

    url: str
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()


@contextmanager
def replica(name: str, people: Office, folder: Path) -> Iterator[Replica]:
    """The API over a scripted assistant, served as ``onnuri serve`` does it, and a page that says who answered."""
    journal = Journal(folder / f"{name}.db")
    desk = desk_of(ScriptedAssistant(journal=journal), journal, folder / "calls.db")
    app = web.build(people.access, [])
    app.include_router(api.router(desk.switchboard, desk.assistant, desk.feedback, desk.summaries))

    @app.get("/api/who")
    @app.get("/api/calls/{call}/who")
    async def who(request: Request) -> dict[str, str]:
        return {"replica": name, **{key: value for key, value in request.headers.items() if key.startswith("x-")}}

    server = web.server(app)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    started = Replica(f"http://127.0.0.1:{listener.getsockname()[1]}", server, thread)
    try:
        assert becomes(lambda: server.started)
        yield started
    finally:
        started.stop()
        desk.switchboard.close()


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    staff = office(tmp_path_factory.mktemp("people"))
    staff.add("cti", Role.MACHINE)
    for agent in AGENTS:
        staff.add(agent, Role.AGENT)
    yield staff
    staff.access.tables.close()


@pytest.fixture(scope="module")
def replicas(people: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replica]]:
    folder = tmp_path_factory.mktemp("replicas")
    with ExitStack() as running:
        yield [running.enter_context(replica(name, people, folder)) for name in ("one", "two")]


@pytest.fixture(scope="module")
def proxy(replicas: list[Replica], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxied(tmp_path_factory.mktemp("nginx"), [each.url for each in replicas]) as running:
        yield running


def client(proxy: Proxy, token: str = "", **headers: str) -> httpx2.Client:
    if token:
        headers["authorization"] = f"Bearer {token}"
    trusted = ssl.create_default_context(cafile=proxy.trusted)
    return httpx2.Client(base_url=proxy.url, headers=headers, verify=trusted, timeout=20, trust_env=False)


@pytest.fixture(scope="module")
def token(people: Office) -> str:
    return people.access.tokens.issue("cti")


def test_plain_http_is_sent_to_tls(proxy: Proxy) -> None:
    answer = httpx2.get(f"{proxy.plain}/agent/", trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "https://127.0.0.1/agent/")


def test_a_browser_logs_in_over_tls_with_a_cookie_bound_to_it(proxy: Proxy) -> None:
    with client(proxy, origin=proxy.url) as browser:
        answer = browser.post("/login", data={"name": "agent0", "password": PASSWORD})
        assert answer.status_code == 303
        (cookie,) = [each for each in answer.headers.get_list("set-cookie") if "onnuri=" in each]
        assert cookie.startswith("__Host-onnuri=") and "Secure" in cookie and "HttpOnly" in cookie
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        foreign = browser.post("/login", data={}, headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403


def test_an_event_passes_as_soon_as_it_is_there(proxy: Proxy, token: str) -> None:
    with client(proxy, token) as cti:
        call = cti.post("/api/calls", json={"agent": "agent1"}).raise_for_status().json()["id"]
        with cti.stream("GET", f"/api/calls/{call}/events") as stream:
            kinds = events(stream)
            assert next(kinds) == "started"
            said = {"seq": 0, "speaker": "caller", "text": "등본 수수료가 얼마예요?", "final": True, "at": 1.0}
            cti.post(f"/api/calls/{call}/utterances", json={"utterances": [said]}).raise_for_status()
            assert "final" in kinds  # a buffer would hold all of this back until the call ends
            cti.post(f"/api/calls/{call}/end").raise_for_status()
            assert "ended" in kinds


def events(stream: httpx2.Response) -> Iterator[str]:
    """The kinds of the events as they come, none of them later than 10 seconds from now."""
    ends = time.monotonic() + 10
    for line in stream.iter_lines():
        assert time.monotonic() < ends, "held back"
        if line.startswith("data: "):
            yield json.loads(line[6:])["type"]


def who(proxy: Proxy, token: str, headers: dict[str, str], path: str = "/api/who") -> dict[str, str]:
    with client(proxy, token, **headers) as asking:
        told: dict[str, str] = asking.get(path).raise_for_status().json()
        return told


def test_a_call_and_its_agents_page_reach_the_same_replica_whichever_it_is(proxy: Proxy, token: str) -> None:
    calls = [who(proxy, token, {}, f"/api/calls/{new_id(agent)}/who")["replica"] for agent in AGENTS]
    pages = [who(proxy, token, {"cookie": f"onnuri_seat={seat(agent)}"})["replica"] for agent in AGENTS]
    assert calls == pages
    assert set(pages) == {"one", "two"}


def test_nobody_outside_says_who_they_are(proxy: Proxy, token: str) -> None:
    claimed = {"x-forwarded-user": "admin", "x-forwarded-groups": "admins", "x-forwarded-for": "10.9.9.9"}
    received = who(proxy, token, claimed)
    assert not received.get("x-forwarded-user") and not received.get("x-forwarded-groups")
    assert (received["x-forwarded-for"], received["x-forwarded-proto"]) == ("127.0.0.1", "https")


def test_metrics_stay_inside(proxy: Proxy, token: str) -> None:
    with client(proxy, token) as monitor:
        assert monitor.get("/metrics").status_code == 404


def test_neither_queries_nor_set_up_links_are_logged(proxy: Proxy) -> None:
    with client(proxy) as browser:
        browser.get("/login", params={"next": "/agent/?q=010-1234-5678"})
        browser.get("/setup/secret-key-of-kim")
    assert becomes(lambda: "/setup/-" in proxy.log.read_text())
    logged = proxy.log.read_text()
    assert "GET /login" in logged
    assert "1234" not in logged and "secret-key" not in logged


def test_when_a_replica_is_gone_its_agents_go_on_at_the_other(people: Office, token: str, tmp_path: Path) -> None:
    folder = tmp_path / "nginx"
    folder.mkdir()
    with (
        replica("one", people, tmp_path) as one,
        replica("two", people, tmp_path) as two,
        proxied(folder, [one.url, two.url]) as running,
    ):
        calls = {agent: f"/api/calls/{new_id(agent)}/who" for agent in AGENTS}
        before = {agent: who(running, token, {}, path)["replica"] for agent, path in calls.items()}
        two.stop()
        after = {agent: who(running, token, {}, path)["replica"] for agent, path in calls.items()}
    assert "two" in before.values()
    assert set(after.values()) == {"one"}
