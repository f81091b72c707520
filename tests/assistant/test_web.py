"""The console over HTTP, from a real server: what nobody, each role and a program may reach."""

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import gradio as gr
import httpx2
import pytest
from agent_site import desk_of
from fastapi import Depends
from loopback import made, served
from people import PASSWORD, Office, office
from scripted_assistant import ScriptedAssistant

from assistant import panel, web
from assistant.accounts.attempts import PER_NAME
from assistant.accounts.person import Person, Role, current_person
from assistant.accounts.sessions import IDLE
from assistant.audit.log import Actor
from assistant.journal import Journal
from assistant.web import gate, request_limits
from assistant.web.front import Front

PEOPLE = {"nobody": (), "agent": (Role.AGENT,), "admin": (Role.ADMIN,), "qa": (Role.QA,), "all": (*Role,)[:3]}
OTHER_PASSWORD = "조례호수공원 한 바퀴"
PAGE = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Site:
    """A served console and who has an account on it."""

    url: str
    people: Office

    def visitor(self, **headers: str) -> httpx2.Client:
        """A browser that has never been here."""
        return httpx2.Client(base_url=self.url, headers=headers, timeout=10, trust_env=False)

    def member(self, name: str) -> httpx2.Client:
        """A browser in which ``name`` is logged in; 'nobody' is not."""
        client = self.visitor()
        if name != "nobody":
            token = self.people.access.sessions.begin(name)
            client.cookies.set("onnuri", token)
        return client


def admin_blocks() -> gr.Blocks:
    """A panel as another room might build it, with everything Gradio can be asked for."""
    with gr.Blocks(analytics_enabled=False) as blocks:
        file = gr.File()
        shown = gr.Textbox()
        button = gr.Button()

        def who(request: gr.Request) -> str:
            return current_person(request, Role.ADMIN).name

        button.click(who, outputs=shown, api_name="who")
        button.click(lambda file: file.read(), inputs=file, outputs=shown)
    return blocks


def agent_panel(folder: Path) -> web.Panel:
    desk = desk_of(ScriptedAssistant(), Journal(folder / "calls.db"), folder / "calls.db")
    mount = partial(panel.mount, desk=desk)
    return web.Panel("/agent", Role.AGENT, "상담원 화면", "답을 찾습니다.", panel.build_panel(), mount)


def admin_panel() -> web.Panel:
    return web.Panel("/admin", Role.ADMIN, "지식 관리", "문서를 다룹니다.", admin_blocks(), mount_plain)


def mount_plain(app: Any, blocks: gr.Blocks, path: str, signed_in: web.SignedIn) -> None:
    gr.mount_gradio_app(app, blocks, path=path, auth_dependency=signed_in, ssr_mode=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Agents have a panel, admins have one; QA has none yet. A route of the API is for programs."""
    people = office(folder := tmp_path_factory.mktemp("people"))
    for name, roles in PEOPLE.items():
        if roles:
            people.add(name, *roles)
    front = Front(frame_ancestors="https://cti.example.kr")
    app = made(lambda: web.build(people.access, [agent_panel(folder), admin_panel()], front=front))

    @app.get("/api/whoami")
    def whoami(caller: Annotated[Person, Depends(web.caller_with(Role.MACHINE))]) -> str:
        return caller.name

    with served(app) as url:
        yield Site(url.rstrip("/"), people)
    people.access.tables.close()


# What Gradio serves below a panel, with and without its own check of who is calling.
BELOW = [
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/live"),
    ("POST", "/ask"),
    ("GET", "/scripts/panel.js"),
    ("GET", "/calls/x/summary"),
    ("PUT", "/calls/x/summary"),
    ("POST", "/suggestions/x/feedback"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/app_id"),
    ("GET", "/gradio_api/user"),
    ("GET", "/gradio_api/token"),
    ("GET", "/gradio_api/startup-events"),
    ("GET", "/gradio_api/heartbeat/abc"),
    ("GET", "/gradio_api/queue/data?session_hash=abc"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/who"),
    ("POST", "/gradio_api/call/who"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/upload_progress?upload_id=abc"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=http://127.0.0.1/"),
    ("POST", "/gradio_api/cancel"),
    ("POST", "/gradio_api/reset"),
    ("POST", "/gradio_api/stream/abc"),
    ("POST", "/gradio_api/component_server"),
    ("GET", "/monitoring"),
    ("GET", "/static/img/logo.svg"),
    ("POST", "/login"),
    ("GET", "/no-such-route"),
]


def status(client: httpx2.Client, method: str, path: str, **options: Any) -> int:
    """The status alone: streams are not read to their end."""
    with client.stream(method, path, **options) as answer:
        return answer.status_code


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(("path", "role"), [("/agent", Role.AGENT), ("/admin", Role.ADMIN)])
def test_every_route_below_a_panel_needs_its_role(site: Site, name: str, path: str, role: Role) -> None:
    below = (
        BELOW if role not in PEOPLE[name] else [("GET", "/"), ("GET", "/config"), ("GET", "/gradio_api/heartbeat/x")]
    )
    with site.member(name) as client:
        got = {f"{method} {rest}": status(client, method, path + rest) for method, rest in below}
    assert set(got.values()) == {200 if role in PEOPLE[name] else 403 if PEOPLE[name] else 401}, got


@pytest.mark.parametrize(
    "path",
    [
        "//admin/config",
        "/./admin/config",
        "/agent/../admin/config",
        "/agent/..%2fadmin/config",
        "/%61dmin/config",
        "/admin%2fconfig",
        "/Admin/config",
        "/admin;x/config",
        "/admin//config",
        "/admin/./config",
    ],
)
def test_no_spelling_of_a_path_gets_around_the_gate(site: Site, path: str) -> None:
    target = httpx2.URL(site.url).copy_with(raw_path=path.encode())
    with site.member("agent") as client:
        answer = client.get(target)
        assert answer.status_code in (403, 404)
        assert "components" not in answer.text


@pytest.mark.parametrize("path", ["/", "/account", "/agent/", "/admin/", "/api/whoami", "/docs", "/openapi.json", "/x"])
def test_a_page_sends_strangers_to_the_log_in_and_back(site: Site, path: str) -> None:
    with site.visitor(**PAGE) as client:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")
        filled = {"name": "all", "password": PASSWORD, "next": path}
        entered = client.post("/login", data=filled)
        assert (entered.status_code, entered.headers["location"]) == (303, path)
    with site.visitor() as client:
        assert client.get(path).status_code == 401


def test_the_wrong_role_reads_a_sentence(site: Site) -> None:
    with site.member("qa") as client:
        answer = client.get("/admin/", headers=PAGE)
    assert answer.status_code == 403
    assert "이 화면을 볼 권한이 없습니다." in answer.text


def test_everybody_lands_where_they_work(site: Site) -> None:
    with site.member("agent") as client:
        assert client.get("/").headers["location"] == "/agent/"
    with site.member("all") as client:
        page = client.get("/").text
        assert 'href="/agent/"' in page
        assert 'href="/admin/"' in page
    with site.member("qa") as client:
        page = client.get("/").text
        assert "쓸 수 있는 화면이 아직 없습니다." in page
        assert "/admin/" not in page


# Logging in and out


def test_a_session_cookie_is_out_of_reach(site: Site) -> None:
    with site.visitor() as client:
        answer = client.post("/login", data={"name": "Agent", "password": PASSWORD, "next": "//evil.example"})
        assert answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert not re.search("secure|expires|max-age|domain", cookie)
        assert client.get("/agent/").status_code == 200
    with site.visitor(**{"x-forwarded-proto": "https"}) as client:  # as a TLS proxy on this machine says
        answer = client.post("/login", data={"name": "agent", "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("__Host-onnuri=")
        assert "secure" in answer.headers["set-cookie"].lower()


def test_logging_out_ends_the_session_not_only_the_cookie(site: Site) -> None:
    with site.member("agent") as client:
        token = client.cookies["onnuri"]
        assert client.get("/logout").status_code == 405
        answer = client.post("/logout")
        assert answer.headers["location"] == "/login"
        client.cookies.set("onnuri", token)
        assert client.get("/agent/").status_code == 401


def test_a_wrong_password_says_nothing_about_the_name(site: Site) -> None:
    with site.visitor() as client:
        pages = []
        for name in ("agent", "no-such-name"):
            answer = client.post("/login", data={"name": name, "password": "wrong", "next": "/x/"})
            assert answer.status_code == 401
            pages.append(answer.text.replace(name, "NAME"))
    assert pages[0] == pages[1]
    assert 'role="alert"' in pages[0]
    assert 'value="/x/"' in pages[0]


def test_too_many_failures_shut_the_door_for_a_while(site: Site) -> None:
    site.people.add("forgetful", Role.AGENT)
    with site.visitor() as client:
        codes = [
            client.post("/login", data={"name": "forgetful", "password": "wrong"}).status_code
            for _ in range(PER_NAME + 2)
        ]
        assert codes == [401] * PER_NAME + [429] * 2
        answer = client.post("/login", data={"name": "forgetful", "password": PASSWORD})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
        assert "15분쯤 뒤에" in answer.text
        site.people.clock.now += 900
        assert client.post("/login", data={"name": "forgetful", "password": PASSWORD}).status_code == 303


def test_what_is_typed_comes_back_harmless(site: Site) -> None:
    hostile = '"><script>alert(1)</script>'
    with site.visitor() as client:
        page = client.post("/login", data={"name": hostile, "password": "x", "next": "/" + hostile}).text
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert client.post("/login", content=b"name=" + b"x" * 5000).status_code == 413
        assert client.post("/login", content=b"\xff%ff=%ff&&&name").status_code == 401


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "SELF"}, True),
        ({"origin": "SELF", "sec-fetch-site": "cross-site"}, False),
    ],
)
@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/account/password", "/agent/gradio_api/queue/join", "/agent/uploads"]
)
def test_other_sites_change_nothing_here(site: Site, path: str, headers: dict[str, str], passes: bool) -> None:
    sent = {name: value.replace("SELF", site.url) for name, value in headers.items()}
    with site.member("agent") as client:
        answer = client.post(path, headers=sent)
        assert (answer.status_code != 403) == passes
        if not passes:
            assert client.get("/agent/").status_code == 200


@pytest.mark.parametrize(
    ("headers", "answer"),
    [("Host: [", b"200"), ("Host: a:b:c@[::", b"200"), ("Host: x\r\nOrigin: http://[", b"403")],
)
def test_headers_that_are_no_addresses_break_nothing(site: Site, headers: str, answer: bytes) -> None:
    address = urlsplit(site.url)
    method = "POST" if "Origin" in headers else "GET"
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as raw:
        raw.sendall(f"{method} /login HTTP/1.1\r\n{headers}\r\nContent-Length: 0\r\n\r\n".encode())
        assert raw.recv(1024).split()[1] == answer


def test_pages_run_no_script_and_are_not_framed_or_kept(site: Site) -> None:
    with site.member("all") as client:
        for path in ("/login?next=/", "/account", "/setup/x", "/"):
            answer = client.get(path, headers=PAGE, follow_redirects=True)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["cache-control"] == "no-store"
            assert "<script" not in answer.text
        answer = client.get("/agent/")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert policy.endswith("frame-ancestors 'self' https://cti.example.kr")
        [nonce] = re.findall(r"'nonce-([^']+)'", policy)
        assert len(re.findall("<script", answer.text)) == answer.text.count(f'<script nonce="{nonce}"') > 3
        assert nonce not in client.get("/agent/").text
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert client.get("/agent/config").headers["content-security-policy"].endswith("sandbox")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get("/web.css").headers["content-type"].startswith("text/css")


def test_the_pages_have_every_colour_they_use_light_and_dark(site: Site) -> None:
    with site.visitor() as client:
        light, dark = client.get("/web.css").text.split("prefers-color-scheme: dark")
    used, defined = set(re.findall(r"var\((--[a-z-]+)\)", dark)), re.compile(r"^  (--[a-z-]+): #", re.MULTILINE)
    assert used <= set(defined.findall(light)) == set(defined.findall(dark))


# Sessions that end


def test_an_idle_session_is_sent_to_the_log_in(site: Site) -> None:
    with site.member("agent") as client:
        assert client.get("/agent/").status_code == 200
        site.people.clock.now += IDLE
        assert client.get("/agent/", headers=PAGE).headers["location"] == "/login?next=/agent/"


def disable(people: Office) -> None:
    people.registrar.disable("leaver")


def make_unreadable(people: Office) -> None:
    """As a newer version might write it."""
    with people.access.tables.writing() as connection:
        connection.execute("update people set roles = 'astronaut' where name = 'leaver'")


@pytest.mark.parametrize("change", [disable, make_unreadable])
def test_who_may_no_longer_be_here_is_out_at_once_even_of_an_open_stream(
    site: Site, monkeypatch: pytest.MonkeyPatch, change: Callable[[Office], None]
) -> None:
    monkeypatch.setattr(gate, "LOOKED_AGAIN", 0.05)
    if site.people.access.accounts.find("leaver") is None:
        site.people.add("leaver", Role.AGENT)
    site.people.registrar.enable("leaver")
    ended = threading.Event()
    with site.member("leaver") as client, site.member("agent") as other:

        def listen() -> None:
            with client.stream("GET", "/agent/gradio_api/heartbeat/leaver") as stream:
                for _ in stream.iter_raw():
                    pass
            ended.set()

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        assert not ended.wait(0.5)
        change(site.people)
        assert ended.wait(20)
        listener.join()
        assert client.get("/agent/config").status_code in (401, 500)
        assert other.get("/agent/config").status_code == 200


def test_an_open_stream_keeps_a_session_in_use(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOOKED_AGAIN", 0.02)
    with site.member("agent") as client, client.stream("GET", "/agent/gradio_api/heartbeat/long"):
        for _ in range(4):
            site.people.clock.now += IDLE / 2
            time.sleep(0.2)
        assert client.get("/agent/config").status_code == 200


def test_lost_roles_shut_the_panel(site: Site) -> None:
    site.people.add("mover", Role.AGENT, Role.ADMIN)
    with site.member("mover") as client:
        assert client.get("/admin/config").status_code == 200
        site.people.registrar.set_roles("mover", [Role.AGENT])
        assert client.get("/admin/config").status_code == 403
        assert client.get("/agent/config").status_code == 200


def test_a_password_is_changed_in_place(site: Site) -> None:
    site.people.add("careful", Role.AGENT)
    with site.member("careful") as client, site.member("careful") as elsewhere:
        fields = {"old": "wrong", "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
        assert client.post("/account/password", data=fields).status_code == 400
        fields["old"] = PASSWORD
        answer = client.post("/account/password", data=fields | {"again": "other"})
        assert "두 번 적은 비밀번호가 다릅니다" in answer.text
        assert client.post("/account/password", data=fields).status_code == 200
        assert client.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 401


# Programs


def test_a_token_opens_the_api_and_nothing_else(site: Site) -> None:
    token = site.people.registrar.add("cti", [Role.MACHINE])
    with site.visitor(authorization=f"Bearer {token}") as program:
        assert program.get("/api/whoami").json() == "cti"
        assert program.get("/agent/config").status_code == 403
        assert program.post("/account/password").status_code == 403
    with site.member("all") as client:
        answer = client.get("/api/whoami")
        assert (answer.status_code, answer.json()["detail"][:7]) == (403, "연계 프로그램")
    for wrong in ("Bearer x", "Bearer", "bearer onnuri_x", f"Basic {token}"):
        with site.visitor(authorization=wrong) as program:
            answer = program.get("/api/whoami")
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert "토큰" in answer.json()["detail"] and "로그인" not in answer.json()["detail"]
    site.people.registrar.revoke_token("cti")
    with site.visitor(authorization=f"Bearer {token}") as program:
        assert program.get("/api/whoami").status_code == 401


# Handlers


def called(client: httpx2.Client, path: str, function: int, *data: object) -> str:
    """What a handler of a gradio panel answers through its queue."""
    asked = {"fn_index": function, "data": data, "session_hash": "tab"}
    assert client.post(f"{path}/gradio_api/queue/join", json=asked).status_code == 200
    return client.get(f"{path}/gradio_api/queue/data", params={"session_hash": "tab"}).text


def test_handlers_know_who_is_calling(site: Site) -> None:
    with site.member("admin") as client:
        answer = called(client, "/admin", 0)
    assert '"data":["admin"]' in answer, answer


# Known holes of Gradio, each tried by whoever may open the panel


SHUT = [
    "GET /gradio_api/file=/etc/passwd",
    "GET /gradio_api/file=http://169.254.169.254/latest/meta-data",
    "GET /gradio_api/file/etc/passwd",
    "GET /gradio_api/file=..%2f..%2f..%2fetc%2fpasswd",
    "GET /gradio_api/proxy=http://127.0.0.1:1/",
    "POST /gradio_api/upload",
    "GET /gradio_api/upload_progress?upload_id=x",
    "POST /gradio_api/run/who",
    "POST /gradio_api/api/who",
    "POST /gradio_api/call/who",
    "POST /gradio_api/call/v2/who",
    "GET /gradio_api/info",
    "GET /gradio_api/openapi.json",
    "GET /gradio_api/token",
    "GET /gradio_api/deep_link?session_hash=x",
    "GET /gradio_api/runs",
    "POST /gradio_api/run-history/connect",
    "POST /gradio_api/component_server",
    "POST /gradio_api/process_recording",
    "POST /gradio_api/stream/x",
    "GET /gradio_api/stream/x/1/1/playlist-file",
    "GET /gradio_api/custom_component/x/client/component/..%2f..%2fetc%2fpasswd",
    "GET /gradio_api/dev/reload",
    "POST /gradio_api/vibe-edit",
    "GET /gradio_api/vibe-code",
    "GET /gradio_api/profiling/traces",
    "POST /login",
    "GET /logout",
    "GET /monitoring",
    "GET /monitoring/summary",
    "GET /svelte/..%2f..%2fetc%2fpasswd",
    "GET /pwa_icon",
]


@pytest.mark.parametrize(("path", "name"), [("/agent", "agent"), ("/admin", "admin")])
def test_what_no_panel_needs_of_gradio_is_not_there(site: Site, path: str, name: str) -> None:
    with site.member(name) as client:
        got = {each: status(client, method, path + rest) for each in SHUT for method, rest in [each.split(" ", 1)]}
        assert set(got.values()) == {404}, got
        for reads in ("/static/..%2f..%2f..%2f..%2fetc%2fpasswd", "/assets/..%2f..%2f..%2fetc%2fpasswd"):
            answer = client.get(httpx2.URL(site.url).copy_with(raw_path=f"{path}{reads}".encode()))
            assert answer.status_code in (400, 403, 404)
            assert "root:" not in answer.text


@pytest.mark.parametrize("function", [-1, 99, "who", None, {"a": 1}])
def test_a_function_that_is_not_there_runs_nothing(site: Site, function: object) -> None:
    with site.member("admin") as client:
        asked = {"fn_index": function, "data": [], "session_hash": "odd"}
        answer = client.post("/admin/gradio_api/queue/join", json=asked)
        assert answer.status_code >= 400
        assert "Traceback" not in answer.text
    with site.member("admin") as client:  # after an error a server may close the connection
        assert client.get("/admin/config").status_code == 200


def test_a_component_fetches_no_file_or_address_for_the_caller(site: Site) -> None:
    """What once made Gradio read ``path`` or ask ``url`` on the caller's behalf."""
    met: list[str] = []
    with listening(met) as address, site.member("admin") as client:
        for file in ({"path": "/etc/passwd"}, {"path": address}, {"path": "x", "url": address}):
            answer = called(client, "/admin", 1, file | {"meta": {"_type": "gradio.FileData"}})
            assert "root:" not in answer
            assert '"success":false' in answer
    assert met == []


@contextmanager
def listening(met: list[str]) -> Iterator[str]:
    """The address of a server that nobody should ask, and notes who does."""

    class Noted(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            met.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Noted) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/secret"
        server.shutdown()


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example", "x"]
)
def test_no_link_leads_through_here_to_another_site(site: Site, target: str) -> None:
    with site.member("all") as client:
        for path in ("/login", "/agent/", "/"):
            answer = client.get(path, params={"next": target, "redirect": target, "_target_url": target})
            assert urlsplit(answer.headers.get("location", "/")).netloc == ""


def test_a_body_that_is_too_large_or_never_ends_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless() -> Iterator[bytes]:
        yield from (b"x" * 65536 for _ in range(64))

    with site.member("admin") as client:
        join = "/admin/gradio_api/queue/join"
        assert client.post(join, content=b"x" * (request_limits.LARGEST_BODY + 1)).status_code == 413
        assert 400 <= client.post(join, content=endless()).status_code < 600
    monkeypatch.setattr(request_limits, "SLOWEST_BODY", 0.0)
    monkeypatch.setattr(request_limits, "SHORTEST_WAIT", 0.2)
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as slow:
        slow.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nname=")
        assert slow.recv(1000)[:9] in (b"", b"HTTP/1.1 ")  # answered or closed, not waited for


def test_too_many_requests_wait() -> None:
    now = [0.0]
    rates, rate = request_limits.Rates(lambda: now[0]), request_limits.Rate(at_once=3, a_second=2)
    assert [rates.allows("kim", rate) for _ in range(4)] == [True, True, True, False]
    assert rates.allows("lee", rate)
    now[0] = 0.5
    assert [rates.allows("kim", rate) for _ in range(2)] == [True, False]
    now[0] = 60
    assert [rates.allows("kim", rate) for _ in range(4)] == [True, True, True, False]


def test_a_flood_is_told_to_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MEMBER", request_limits.Rate(2, 0.001))
    for name in ("flood", "calm"):
        site.people.add(name, Role.AGENT)
    with site.member("flood") as client, site.member("calm") as other:
        answers = [client.get("/agent/config") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[-1].headers["retry-after"] == "1"
        assert other.get("/agent/config").status_code == 200


# First start


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    """A console nobody has an account on."""
    people = office(tmp_path)
    with served(made(lambda: web.build(people.access, [agent_panel(tmp_path)]))) as url:
        yield Site(url.rstrip("/"), people)
    people.access.tables.close()


def test_the_first_link_leads_straight_into_the_console(empty: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = empty.people.access.links.issue(None)
    fields = {"name": "Kim", "password": PASSWORD, "again": PASSWORD}
    with empty.visitor(**PAGE) as client:
        assert "첫 관리자 링크" in client.get("/", follow_redirects=True).text
        assert client.post("/login", data={"name": "admin", "password": "admin"}).status_code == 401
        assert client.get("/setup/wrong").status_code == 404
        assert "첫 관리자 만들기" in client.get(f"/setup/{link}").text
        assert client.post(f"/setup/{link}", data=fields | {"again": "x"}).status_code == 400
        assert client.post(f"/setup/{link}", data=fields | {"password": "1", "again": "1"}).status_code == 400
        entered = client.post(f"/setup/{link}", data=fields, follow_redirects=True)
        assert entered.url.path == "/agent/"
        session = client.cookies["onnuri"]
    with empty.visitor(**PAGE) as client:
        for answer in (client.get(f"/setup/{link}"), client.post(f"/setup/{link}", data=fields)):
            assert answer.status_code == 404
            assert "쓸 수 없는 링크입니다" in answer.text
    assert empty.people.actions() == [("log-in-failed", ""), ("set-up", "kim")]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]  # the browser's
    told = "\n".join(ours).encode() + empty.people.stored()
    for secret in (PASSWORD, link, session):
        assert secret.encode() not in told


def test_the_audit_tells_the_day_of_a_person(empty: Site) -> None:
    empty.people.add("kim", Role.AGENT)
    with empty.visitor() as client:
        client.post("/login", data={"name": "kim", "password": "wrong"})
        client.post("/login", data={"name": "kim", "password": PASSWORD})
        client.post("/account/password", data={"old": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD})
        client.post("/logout")
    assert empty.people.actions() == [
        ("account-added", "kim"),
        ("log-in-failed", "kim"),
        ("log-in", "kim"),
        ("password-changed", "kim"),
        ("log-out", "kim"),
    ]
    added, failed, *rest = empty.people.audited()
    assert json.loads(added.details) == {"roles": ["agent"]}
    assert (failed.actor, failed.address) == ("", "127.0.0.1")
    assert {(row.actor, row.address) for row in rest} == {Actor("kim", "127.0.0.1")}
    assert empty.people.access.audit.verified().rows == 5


def test_accounts_that_cannot_be_read_open_nothing(empty: Site) -> None:
    empty.people.add("kim", Role.AGENT)
    with empty.member("kim") as client:
        assert client.get("/agent/").status_code == 200
        empty.people.access.tables.close()
        for file in empty.people.folder.glob("accounts.db*"):
            file.unlink()
        (empty.people.folder / "accounts.db").write_bytes(b"no database" * 100)
        answer = client.get("/agent/")
    assert answer.status_code == 503
    assert "accounts.db" in answer.text
