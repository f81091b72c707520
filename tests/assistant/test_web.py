"""The console over HTTP, from a real server: what nobody, each role and a program may reach."""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
import httpx2
import pytest
from agent_site import desk_of
from fastapi import Depends
from loopback import made, served
from people import PASSWORD, Office, office
from scripted_assistant import ScriptedAssistant

from assistant import gate, panel, web
from assistant.attempts import PER_NAME
from assistant.audit import Actor
from assistant.journal import Journal
from assistant.person import Person, Role, current_person
from assistant.sessions import IDLE

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
        gr.File()
        shown = gr.Textbox()
        button = gr.Button()

        def who(request: gr.Request) -> str:
            return current_person(request, Role.ADMIN).name

        button.click(who, outputs=shown, api_name="who")
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
    app = made(lambda: web.build(people.access, [agent_panel(folder), admin_panel()]))

    @app.get("/api/whoami")
    def whoami(caller: Annotated[Person, Depends(web.caller_with(Role.MACHINE))]) -> str:
        return caller.name

    with served(app) as url:
        yield Site(url.rstrip("/"), people)
    people.access.file.close()


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
@pytest.mark.parametrize("path", ["/login", "/logout", "/account/password", "/agent/gradio_api/queue/join"])
def test_other_sites_change_nothing_here(site: Site, path: str, headers: dict[str, str], passes: bool) -> None:
    sent = {name: value.replace("SELF", site.url) for name, value in headers.items()}
    with site.member("agent") as client:
        answer = client.post(path, headers=sent)
        assert (answer.status_code != 403) == passes
        if not passes:
            assert client.get("/agent/").status_code == 200


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
        assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get("/web.css").headers["content-type"].startswith("text/css")


# Sessions that end


def test_an_idle_session_is_sent_to_the_log_in(site: Site) -> None:
    with site.member("agent") as client:
        assert client.get("/agent/").status_code == 200
        site.people.clock.now += IDLE
        assert client.get("/agent/", headers=PAGE).headers["location"] == "/login?next=/agent/"


def test_a_disabled_person_is_out_at_once_even_of_an_open_stream(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOOKED_AGAIN", 0.05)
    site.people.add("leaver", Role.AGENT)
    ended = threading.Event()
    with site.member("leaver") as client, site.member("agent") as other:

        def listen() -> None:
            with client.stream("GET", "/agent/gradio_api/heartbeat/leaver") as stream:
                for _ in stream.iter_raw():
                    pass
            ended.set()

        listener = threading.Thread(target=listen)
        listener.start()
        assert not ended.wait(0.5)
        site.people.registrar.disable("leaver")
        assert client.get("/agent/config").status_code == 401
        assert ended.wait(5)
        listener.join()
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
    site.people.registrar.revoke_token("cti")
    with site.visitor(authorization=f"Bearer {token}") as program:
        assert program.get("/api/whoami").status_code == 401


# Handlers


def called(client: httpx2.Client, path: str, name: str) -> str:
    """What an endpoint of a gradio panel answers through its queue."""
    joined = client.post(f"{path}/gradio_api/call/{name}", json={"data": []})
    event = joined.json()["event_id"]
    return client.get(f"{path}/gradio_api/call/{name}/{event}").text


def test_handlers_know_who_is_calling(site: Site) -> None:
    with site.member("admin") as client:
        answer = called(client, "/admin", "who")
    assert 'data: ["admin"]' in answer, answer


# First start


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    """A console nobody has an account on."""
    people = office(tmp_path)
    with served(made(lambda: web.build(people.access, [agent_panel(tmp_path)]))) as url:
        yield Site(url.rstrip("/"), people)
    people.access.file.close()


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
        empty.people.access.file.close()
        for file in empty.people.folder.glob("accounts.db*"):
            file.unlink()
        (empty.people.folder / "accounts.db").write_bytes(b"no database" * 100)
        answer = client.get("/agent/")
    assert answer.status_code == 503
    assert "accounts.db" in answer.text
