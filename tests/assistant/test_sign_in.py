"""Coming in by the organisation: a real OpenID provider, as a process, with its log-in form; and a trusted proxy."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from loopback import free_port, made, served
from people import PASSWORD, Office, office
from waiting import becomes

from assistant import web
from assistant.accounts.person import Role
from assistant.accounts.role_map import role_map
from assistant.accounts.sign_in import SignIn, Vouched
from assistant.web.front import Front
from assistant.web.oidc import Client, OpenIDProvider, vouched_by
from knowledge_base.errors import AccountError

ROLES = role_map("agent=콜센터, admin=콜센터-관리자, qa=품질팀")
PEOPLE = {
    "7-kim": ("kim@suncheon.go.kr", ["콜센터"]),
    "8-lee": ("lee", ["콜센터-관리자", "품질팀", "직원"]),
    "9-kim": ("kim", ["콜센터"]),
    "10-park": ("park", ["직원"]),
    "11-owner": ("owner", ["콜센터"]),
    "12-no-name": (None, ["콜센터"]),
}


def is_there(issuer: str) -> bool:
    try:
        return httpx2.get(f"{issuer}/jwks", trust_env=False).is_success
    except httpx2.ConnectError:
        return False


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that knows PEOPLE."""
    known = []
    for subject, (name, groups) in PEOPLE.items():
        claims = {"sub": subject, "groups": groups} | ({"preferred_username": name} if name else {})
        known += ["--user-claims", json.dumps(claims)]
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-r", "true", "-n", "true", *known]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        issuer = f"http://127.0.0.1:{port}"
        assert becomes(lambda: is_there(issuer))
        yield issuer
        process.terminate()


@dataclass
class Site:
    """A console without panels, whose people come from the provider."""

    url: str
    people: Office
    issuer: str

    def browser(self, **headers: str | bytes) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, headers={"accept": "text/html", **headers}, timeout=10, trust_env=False)

    def enter(self, browser: httpx2.Client, subject: str, target: str = "/account") -> httpx2.Response:
        """Through the provider's form, as a person would; what the console answers at last."""
        form = browser.get("/login/organization", params={"next": target}, follow_redirects=True)
        assert "Authorize" in form.text
        back = browser.post(str(form.url), data={"sub": subject})
        assert back.status_code == 302, back.text
        return browser.get(back.headers["location"])


@pytest.fixture
def site(provider: str, tmp_path: Path) -> Iterator[Site]:
    people, port = office(tmp_path), free_port()
    redirect = f"http://127.0.0.1:{port}/login/organization/back"
    registered = httpx2.post(f"{provider}/oauth2/clients", json={"redirect_uris": [redirect]}, trust_env=False).json()
    client = Client(provider, registered["client_id"], registered["client_secret"], "preferred_username", "groups")
    sign_in = SignIn(people.access, ROLES)
    front = Front(sign_in, OpenIDProvider(client, sign_in))
    with served(made(lambda: web.build(people.access, [], front=front)), port) as url:
        yield Site(url.rstrip("/"), people, provider)
    people.access.tables.close()


def test_a_first_visit_makes_the_account_and_leads_where_it_was_going(site: Site) -> None:
    with site.browser() as browser:
        page = browser.get("/login", params={"next": "/account"}).text
        assert 'href="/login/organization?next=/account"' in page
        entered = site.enter(browser, "7-kim")
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        cookie = next(each for each in entered.headers.get_list("set-cookie") if each.startswith("onnuri="))
        assert "httponly" in cookie.lower()
        assert "kim 님" in browser.get("/account").text
    account = site.people.access.accounts.get("kim")
    assert (account.person.roles, account.password) == ({Role.AGENT}, None)
    assert site.people.actions() == [("account-added", "kim"), ("log-in", "kim")]
    assert json.loads(site.people.audited()[1].details) == {"by": f"{site.issuer}#7-kim"}
    assert site.people.audited()[1].address == "127.0.0.1"


def test_the_code_is_asked_for_with_pkce_state_and_nonce(site: Site) -> None:
    with site.browser() as browser:
        sent = parse_qs(urlsplit(browser.get("/login/organization").headers["location"]).query)
        kept = browser.cookies["onnuri-sign-in"].partition(".")[0]
        data = json.loads(base64.b64decode(kept))[f"_state_onnuri_{sent['state'][0]}"]["data"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(data["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert (sent["code_challenge"], sent["code_challenge_method"]) == ([challenge], ["S256"])
    assert (sent["response_type"], sent["nonce"]) == (["code"], [data["nonce"]])
    assert len(data["nonce"]) >= 20
    assert len(sent["state"][0]) >= 20


def test_groups_decide_the_roles_on_every_visit(site: Site) -> None:
    site.people.registrar.add("lee", [Role.AGENT])  # made ready by an administrator, who handed out a link
    with site.browser() as browser:
        assert site.enter(browser, "8-lee").status_code == 303
    assert site.people.access.accounts.get("lee").person.roles == {Role.ADMIN, Role.QA}
    changed = next(row for row in site.people.audited() if row.action == "roles-changed")
    assert json.loads(changed.details) == {"before": ["agent"], "roles": ["admin", "qa"]}


@pytest.mark.parametrize(
    ("subject", "told"), [("10-park", "부서로 등록되어 있지 않습니다"), ("11-owner", "같은 이름의 다른 계정")]
)
def test_who_may_not_come_in_is_told_why_and_audited(site: Site, subject: str, told: str) -> None:
    site.people.add("owner", Role.ADMIN)  # with a password of their own
    with site.browser() as browser:
        answer = site.enter(browser, subject)
        assert answer.status_code == 403
        assert told in answer.text
        assert browser.get("/account").status_code == 303
    assert site.people.actions()[-1] == ("log-in-failed", f"{site.issuer}#{subject}")
    assert site.people.access.accounts.find("park") is None


def test_a_name_given_to_somebody_new_opens_nothing_of_the_old_one(site: Site) -> None:
    with site.browser() as browser:
        assert site.enter(browser, "7-kim").status_code == 303
    with site.browser() as browser:
        assert site.enter(browser, "9-kim").status_code == 403
    site.people.registrar.reset("kim")
    with site.browser() as browser:
        assert site.enter(browser, "9-kim").status_code == 303


def test_a_disabled_person_stays_out(site: Site) -> None:
    with site.browser() as browser:
        site.enter(browser, "7-kim")
        site.people.registrar.disable("kim")
        assert browser.get("/account").headers["location"] == "/login?next=/account"
        answer = site.enter(browser, "7-kim")
        assert answer.status_code == 403
        assert "막혀 있습니다" in answer.text


def test_an_answer_that_was_not_asked_for_is_refused(site: Site) -> None:
    with site.browser() as browser:
        form = browser.get("/login/organization", follow_redirects=True)
        back = browser.post(str(form.url), data={"sub": "7-kim"}).headers["location"]
        with site.browser() as other:  # that never went out
            assert other.get(back).status_code == 401
        query = parse_qs(urlsplit(back).query)
        for wrong in ({"state": "x", "code": query["code"][0]}, {"state": query["state"][0], "code": "x"}, {}):
            assert browser.get("/login/organization/back", params=wrong).status_code == 401
        denied = browser.get("/login/organization", follow_redirects=True)
        refused = browser.post(str(denied.url), data={"action": "deny"}).headers["location"]
        answer = browser.get(refused)
        assert answer.status_code == 401
        assert "처음부터 다시" in answer.text
        assert browser.get("/account").status_code == 303
    assert {action for action, _ in site.people.actions()} == {"log-in-failed"}


def test_whatever_lies_between_nothing_leads_elsewhere(site: Site) -> None:
    with site.browser() as browser:
        assert site.enter(browser, "7-kim", "https://evil.example/").headers["location"] == "/"


def test_logging_out_leads_out_of_the_provider_too(site: Site) -> None:
    with site.browser() as browser:
        site.enter(browser, "7-kim")
        left = browser.post("/logout")
        assert left.headers["location"] == "/login/left"
        page = browser.get("/login/left").text
        assert 'href="/login/organization/leave"' in page
        assert (
            browser.get("/login/organization/leave")
            .headers["location"]
            .startswith(f"{site.issuer}/oauth2/end_session?client_id=")
        )
        assert browser.get("/account").status_code == 303


def test_a_provider_that_is_away_keeps_no_password_out(tmp_path: Path) -> None:
    people = office(tmp_path)
    people.add("kim", Role.AGENT)
    sign_in = SignIn(people.access, ROLES)
    away = OpenIDProvider(Client(f"http://127.0.0.1:{free_port()}", "onnuri", "", "name", "groups"), sign_in)
    with served(made(lambda: web.build(people.access, [], front=Front(sign_in, away)))) as url:
        site = Site(url.rstrip("/"), people, "")
        with site.browser() as browser:
            answer = browser.get("/login/organization")
            assert answer.status_code == 503
            assert "연결할 수 없습니다" in answer.text
            assert browser.post("/login", data={"name": "kim", "password": PASSWORD}).status_code == 303
    people.access.tables.close()


def test_claims_may_lie_within_others() -> None:
    client = Client("https://id.example", "onnuri", "", "profile.login", "realm_access.roles")
    claims = {"sub": "7", "profile": {"login": "kim@x"}, "realm_access": {"roles": ["a", "b"]}}
    assert vouched_by(claims, client) == Vouched("https://id.example#7", "kim", frozenset({"a", "b"}))
    with pytest.raises(KeyError):
        vouched_by({"sub": "7", "profile": "kim"}, client)


# A reverse proxy that has checked who it is


@pytest.fixture(params=["127.0.0.1", "10.0.0.5", ""])
def proxied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """A console behind a proxy at the address of the parameter; the tests come from 127.0.0.1."""
    people = office(tmp_path)
    front = Front(SignIn(people.access, ROLES), None, request.param)
    with served(made(lambda: web.build(people.access, [], front=front))) as url:
        yield Site(url.rstrip("/"), people, ""), request.param
    people.access.tables.close()


def named(name: str, groups: str = "콜센터, 직원", **more: str) -> dict[str, bytes]:
    sent = {"x-forwarded-user": name, "x-forwarded-groups": groups, **more}
    return {header: value.encode() for header, value in sent.items()}


def test_headers_count_from_the_proxy_alone(proxied: tuple[Site, str]) -> None:
    site, trusted = proxied
    for disguise in ({}, {"x-forwarded-for": trusted or "10.0.0.5"}):
        with site.browser(**named("kim@suncheon.go.kr", **disguise)) as browser:
            answer = browser.get("/account", follow_redirects=True)
            assert ("kim 님" in answer.text) == (trusted == "127.0.0.1"), disguise
    accounts = [account.person.name for account in site.people.access.accounts.all()]
    assert accounts == (["kim"] if trusted == "127.0.0.1" else [])


@pytest.mark.parametrize("proxied", ["127.0.0.1"], indirect=True)
def test_the_proxy_says_who_it_is_now(proxied: tuple[Site, str]) -> None:
    site, _ = proxied
    with site.browser() as browser:
        assert "kim 님" in browser.get("/account", headers=named("kim"), follow_redirects=True).text
        page = browser.get("/account", headers=named("lee", "품질팀"), follow_redirects=True).text
        assert "lee 님" in page
        assert Role.QA.label in page
        assert browser.get("/account", headers=named("park", "직원"), follow_redirects=True).status_code == 403
        twice = [("x-forwarded-user", "kim"), ("x-forwarded-user", "lee"), ("accept", "text/html")]
        with site.browser() as other:
            assert other.get("/account", headers=twice).headers["location"] == "/login?next=/account"


def test_what_cannot_be_a_name_is_refused(tmp_path: Path) -> None:
    people = office(tmp_path)
    with pytest.raises(AccountError, match="이름으로 쓸 수 없습니다"):
        SignIn(people.access, ROLES).enter(Vouched("proxy:<b>", "<b>", frozenset({"콜센터"})), "10.0.0.5")
    assert people.actions() == [("log-in-failed", "proxy:<b>")]
    people.access.tables.close()
