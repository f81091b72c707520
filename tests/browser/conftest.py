"""A real browser against a real server on loopback, with a scripted assistant behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from loopback import made, served
from playwright.sync_api import Browser, BrowserContext, Page
from scripted_assistant import ListJournal, ScriptedAssistant

from assistant.panel import build_panel, mount

NARROW = {"width": 400, "height": 900}


@dataclass
class Console:
    """The served panel and what stands behind it."""

    url: str
    assistant: ScriptedAssistant
    journal: ListJournal
    hosts: set[str] = field(default_factory=set)

    def reset(self) -> None:
        """As if nothing had been asked."""
        self.assistant.release(*list(self.assistant.held))
        self.assistant.asked.clear()
        self.journal.kept.clear()
        self.journal.broken = False
        self.hosts.clear()


@pytest.fixture(scope="session")
def served_console() -> Iterator[Console]:
    assistant, journal = ScriptedAssistant(), ListJournal()
    app = made(lambda: mount(FastAPI(), build_panel(assistant, journal), "/"))
    with served(app) as url:
        yield Console(url, assistant, journal)


@pytest.fixture
def console(served_console: Console) -> Iterator[Console]:
    served_console.reset()
    yield served_console
    served_console.reset()


Opens = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, console: Console) -> Iterator[Opens]:
    """``opened(**context options)``: the panel in a context of its own, with its hosts recorded."""
    contexts: list[BrowserContext] = []

    def open_panel(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": NARROW, "locale": "ko-KR", **options})
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=console.url)
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
