"""From the first start into the agent panel, out again and back, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from agent_site import desk_of
from loopback import made, served
from people import PASSWORD, Office, office
from playwright.sync_api import Browser, BrowserContext, Page, expect
from readable import FAINT
from scripted_assistant import ScriptedAssistant

from assistant import panel, web
from assistant.accounts.person import Role
from assistant.journal import Journal

# Gradio 6.31 asks pandas 3 for options it has deprecated whenever an event ends.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
QUESTION = "등본 떼는 데 얼마예요?"


@dataclass
class Site:
    """A served console and what stands behind it."""

    url: str
    people: Office
    assistant: ScriptedAssistant
    journal: Journal


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    people, journal = office(tmp_path), Journal(tmp_path / "journal.db")
    assistant = ScriptedAssistant(journal=journal)
    mount = partial(panel.mount, desk=desk_of(assistant, journal, tmp_path / "journal.db"))

    def make() -> web.FastAPI:
        agent, admin = panel.build_panel(), panel.build_panel()
        return web.build(
            people.access,
            [
                web.Panel("/agent", Role.AGENT, "상담원 화면", "통화 중에 쓸 답을 찾습니다.", agent, mount),
                web.Panel("/admin", Role.ADMIN, "지식 관리", "문서를 올리고 고칩니다.", admin, mount),
            ],
        )

    with served(made(make)) as url:
        yield Site(url, people, assistant, journal)
    people.access.tables.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 400, "height": 760}, locale="ko-KR")
    context.set_default_timeout(15_000)
    yield context
    context.close()


def log_in(page: Page, name: str) -> None:
    page.get_by_label("이름").fill(name)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_first_start_to_the_first_answer(site: Site, context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    refused: list[tuple[int, str]] = []
    forbidden: list[str] = []
    page.on("console", lambda line: forbidden.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("response", lambda answer: refused.append((answer.status, answer.url)) if answer.status > 400 else None)
    page.goto(site.url)
    expect(page.get_by_text("첫 관리자 링크")).to_be_visible()
    page.screenshot(path=tmp_path / "no-account.png")

    page.goto(f"{site.url}setup/{site.people.access.links.issue(None)}")
    expect(page.get_by_label("이름")).to_be_focused()
    page.keyboard.type("Kim")
    page.get_by_label("새 비밀번호", exact=True).fill("password123")
    page.get_by_label("새 비밀번호 한 번 더").fill("password123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("너무 쉽게")
    page.screenshot(path=tmp_path / "set-up.png")
    page.get_by_label("새 비밀번호", exact=True).fill(PASSWORD)
    page.get_by_label("새 비밀번호 한 번 더").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="kim 님")).to_be_visible()
    page.screenshot(path=tmp_path / "console.png")
    page.get_by_role("link", name="상담원 화면").click()
    page.wait_for_function("document.activeElement?.id === 'question'")
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".answer.done")).to_be_visible()
    page.get_by_role("button", name="도움됨").click()
    expect(page.locator(".thanks")).to_be_visible()
    page.screenshot(path=tmp_path / "panel.png")
    assert site.assistant.agents == ["kim"]
    [shown] = site.journal.suggestions()
    assert {row["agent"] for row in site.journal.feedback(str(shown["id"]))} == {"kim"}
    assert (refused, forbidden) == ([], [])


def test_what_is_smuggled_into_a_panel_runs_nothing(site: Site, context: BrowserContext) -> None:
    site.people.add("kim", Role.AGENT)
    page = context.new_page()
    page.goto(f"{site.url}login")
    log_in(page, "kim")
    page.wait_for_function("document.activeElement?.id === 'question'")
    ran = page.evaluate(
        """async () => {
            window.ran = [];
            const smuggled = document.createElement('div');
            smuggled.innerHTML = `<img src="x" onerror="ran.push('handler')"><svg onload="ran.push('svg')"></svg>
                <a id="link" href="javascript:ran.push('link')">link</a>`;
            document.body.append(smuggled);
            const inline = document.createElement('script');
            inline.textContent = "ran.push('inline')";
            const remote = document.createElement('script');
            remote.src = 'http://127.0.0.2:9/x.js';
            document.body.append(inline, remote);
            document.getElementById('link').click();
            const told = await fetch('http://127.0.0.2:9/').then(() => 'sent', () => 'stopped');
            await new Promise((done) => setTimeout(done, 300));
            return [...ran, told];
        }"""
    )
    assert ran == ["stopped"]


def test_a_lost_session_leads_through_the_log_in_back_to_the_question(
    site: Site, context: BrowserContext, tmp_path: Path
) -> None:
    site.people.add("kim", Role.AGENT)
    page = context.new_page()
    page.goto(site.url)
    page.screenshot(path=tmp_path / "log-in.png")
    page.get_by_label("이름").fill("kim")
    page.get_by_label("비밀번호").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("이름이나 비밀번호가 맞지 않습니다.")
    expect(page.get_by_label("비밀번호")).to_be_focused()
    log_in(page, "kim")
    page.wait_for_function("document.activeElement?.id === 'question'")  # the only panel of an agent
    site.people.access.sessions.end_all("kim")
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="로그인")).to_be_visible()
    log_in(page, "kim")
    expect(page.locator("#question")).to_have_value(QUESTION)
    page.locator("#question").press("Enter")
    expect(page.locator(".answer.done")).to_be_visible()
    page.get_by_role("link", name="내 계정").click()
    page.get_by_role("button", name="로그아웃").click()
    expect(page.get_by_role("heading", name="로그인")).to_be_visible()
    page.go_back()  # nothing of the panel is kept
    expect(page.get_by_role("heading", name="로그인")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(site: Site, browser: Browser, scheme: str, tmp_path: Path) -> None:
    site.people.add("kim", Role.AGENT, Role.ADMIN)
    context = browser.new_context(viewport={"width": 400, "height": 760}, locale="ko-KR", color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.url}login")
    log_in(page, "kim")
    page.get_by_text("비밀번호 바꾸기").click()
    page.get_by_label("지금 비밀번호").fill("wrong")
    page.get_by_label("새 비밀번호", exact=True).fill(PASSWORD)
    page.get_by_label("새 비밀번호 한 번 더").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate(FAINT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / f"account-{scheme}.png", full_page=True)
    context.close()
