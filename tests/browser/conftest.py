"""A real browser against a real server on loopback, with a scripted assistant behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from agent_site import AgentSite, agent_site
from people import Office, office
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.accounts.person import Role
from assistant.journal import Action

NARROW = {"width": 400, "height": 900}
AGENTS = ("kim", "lee")
expect.set_options(timeout=20_000)  # other tests run beside


@dataclass
class Console:
    """The served panel, what stands behind it, and whom the pages talked to."""

    site: AgentSite
    hosts: set[str] = field(default_factory=set)
    before: int = 0

    @property
    def url(self) -> str:
        return f"{self.site.url}agent/"

    def kept(self) -> list[tuple[Action, str]]:
        """What agents did, but for looking, in order."""
        rows = [
            row
            for each in self.site.journal.suggestions()[self.before :]
            for row in self.site.journal.feedback(str(each["id"]))
        ]
        done = [
            (Action(str(row["action"])), str(row["reason"])) for row in sorted(rows, key=lambda row: str(row["at"]))
        ]
        return [each for each in done if each[0] is not Action.DISPLAYED]


@pytest.fixture(scope="session")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Who may sign in."""
    people = office(tmp_path_factory.mktemp("agents"))
    for name in AGENTS:
        people.add(name, Role.AGENT)
    yield people
    people.access.tables.close()


@pytest.fixture(scope="session")
def served_site(agents: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentSite]:
    with agent_site(agents, tmp_path_factory.mktemp("calls") / "journal.db") as site:
        yield site


@pytest.fixture
def console(served_site: AgentSite) -> Iterator[Console]:
    served_site.assistant.asked.clear()
    yield Console(served_site, before=len(served_site.journal.suggestions()))
    served_site.assistant.release(*list(served_site.assistant.held))
    served_site.journal.broken = False


Opens = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, console: Console) -> Iterator[Opens]:
    """``opened(agent, **context options)``: the panel in a context of its own, signed in."""
    contexts: list[BrowserContext] = []

    def open_panel(agent: str = "kim", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": NARROW, "locale": "ko-KR", **options})
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=console.site.url)
        token = console.site.people.access.sessions.begin(agent)
        context.add_cookies([{"name": "onnuri", "value": token, "url": console.site.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: console.hosts.add(urlsplit(request.url).hostname or request.url))
        page.goto(console.url)
        page.wait_for_function("document.activeElement?.id === 'question'")
        return page

    yield open_panel
    for context in contexts:
        context.close()


@pytest.fixture
def page(opened: Opens) -> Page:
    return opened()
