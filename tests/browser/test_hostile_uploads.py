"""Hostile files in a real browser: what an admin uploads is text wherever it is read, or refused in one sentence.

The whole console is served, so that the three panels show what one upload brought in. A stranger's server listens on
another port: no page, and no reader of a file, may ask it for anything.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import console_for
from hashing_embedder import HashingEmbedder, WordAnalyzer
from loopback import made, served
from people import PASSWORD, TERMINAL
from playwright.sync_api import Browser, Page, expect
from waiting import becomes

from app import Console, Site
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar

pytestmark = pytest.mark.slow

MARKUP = "<img src=x onerror=window.hacked=1>"
SMUGGLED_NAME = "&lt;img src=x onerror=window.hacked=1&gt; ' autofocus onfocus='window.hacked=1.txt"
TOPIC = "해바라기"
PATIENCE = 60_000
"""Milliseconds; on a busy machine a process that reads files takes its time to start."""
PICTURE = "그림 파일이라 읽을 글이 없습니다. 문자 인식(OCR)을 거친 PDF나 원본 문서를 가져오세요."
ACTIVE = """() => {
  const acts = /^(on.*|src|href|xlink:href|action|formaction|srcdoc|style|data|poster|background)$/;
  const foreign = (e, a) => acts.test(a.name) && /hacked|javascript:|%s/.test(a.value);
  return [...document.querySelectorAll('*')]
    .filter((e) => (e.localName === 'script' && e.textContent.includes('window.hacked'))
      || e.matches('iframe, embed, object') || [...e.attributes].some((a) => foreign(e, a)))
    .map((e) => e.outerHTML);
}"""
"""Elements of a page that would do something of what the files ask for; ``%s`` is the stranger's address."""


@dataclass
class Stranger:
    """A server of somebody else's; ``asked`` is what it was asked for."""

    address: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        known = Stranger(f"127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield known
        server.shutdown()
        thread.join()


def page_of(there: str) -> str:
    """A web page that tries what a page can, some of it written so that only a second reading makes it tags."""
    return f"""<!doctype html><html><head><title>{TOPIC} 축제</title>
<meta http-equiv="refresh" content="0;url={there}/refresh"><link rel="stylesheet" href="{there}/style.css">
<script>window.hacked = 1</script><script src="{there}/remote.js"></script></head>
<body onload="window.hacked=1" background="{there}/background.png">
<h1>{TOPIC} 축제 &lt;b onmouseover=window.hacked=1&gt;</h1>
<p>{TOPIC} 축제의 주차는 <img src="{there}/image.png" onerror="window.hacked=1" alt="그림">
<a href="javascript:window.hacked=1">무료입니다</a>. &lt;script&gt;window.hacked=1&lt;/script&gt;
&lt;img src={there}/escaped.png onerror=window.hacked=1&gt;</p>
<iframe src="{there}/frame"></iframe><iframe srcdoc="&lt;script&gt;parent.hacked=1&lt;/script&gt;"></iframe>
<object data="{there}/object"></object><form action="{there}/form"><button>신청</button></form>
</body></html>"""


def drawing(there: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"><script>window.hacked=1</script>'
        f'<text>{TOPIC} 지도</text><image href="{there}/drawing.png"/></svg>'
    )


@pytest.fixture(scope="module")
def files(stranger: Stranger, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    there, folder = f"http://{stranger.address}", tmp_path_factory.mktemp("hostile")
    external = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "{there}/entity">]>{drawing(there)}'
    formulas = (
        "질문,답변,담당부서\n"
        f'{TOPIC} 축제는 언제인가요 {MARKUP},"=HYPERLINK(""{there}/formula"",""6월입니다"")",=1+1\n'
        f'{TOPIC} 축제는 어디서 하나요,"[여기]({there}/link) ![그림]({there}/markdown.png) 동천입니다",<b>관광과</b>\n'
    )
    content = {
        "축제.html": page_of(there),
        "지도.svg": drawing(there),
        "외부 개체.svg": external,
        SMUGGLED_NAME: f"{TOPIC} 씨앗은 관광과에서 나누어 드립니다. {MARKUP}",
        "축제 FAQ.csv": formulas,
    }
    for name, text in content.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    console = console_for(tmp_path_factory.mktemp("hostile") / "home", llm="none")
    console.__dict__ |= {"_embedder": HashingEmbedder(), "_analyzer": WordAnalyzer()}
    registrar = Registrar(console.access(), TERMINAL)
    registrar.add("kim", [Role.ADMIN, Role.AGENT, Role.QA], PASSWORD)
    yield console
    console.access().tables.close()


@dataclass
class Watched:
    """A signed-in page, and what it did that it should not: dialogs, requests to others, breaches of the policy."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        ours = urlsplit(self.url).netloc
        self.page.on("request", lambda sent: None if urlsplit(sent.url).netloc == ours else self.wrong.append(sent.url))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("popup", lambda opened: self.wrong.append(opened.url))
        self.page.on(
            "console", lambda told: self.wrong.append(told.text) if "Content Security Policy" in told.text else None
        )

    def expect_inert(self, stranger: Stranger) -> None:
        """Nothing ran, nothing could run, and nobody was asked."""
        assert self.page.evaluate(ACTIVE % stranger.address) == []
        assert self.page.evaluate("window.hacked") is None
        assert (self.wrong, stranger.asked) == ([], [])


@pytest.fixture(scope="module")
def watched(browser: Browser, console: Console) -> Iterator[Watched]:
    site = Site(console)
    with served(made(lambda: site.server().config.app)) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "onnuri", "value": console.access().sessions.begin("kim"), "url": url}])
        seen = Watched(context.new_page(), url)
        seen.watch()
        yield seen
        context.close()
    site.desk().switchboard.close()


def tab(page: Page, name: str) -> None:
    page.locator("#head").get_by_role("button", name=name, exact=True).click()


def test_the_watch_itself_notices(browser: Browser, stranger: Stranger) -> None:
    """Drawn as a page instead of as text, the file does all that the other tests see nothing of."""
    page = browser.new_page()
    page.set_content(page_of(f"http://{stranger.address}").replace("http-equiv", "name"), wait_until="commit")
    assert becomes(lambda: {"/image.png", "/remote.js", "/frame"} <= set(stranger.asked))
    assert page.evaluate("window.hacked") == 1
    assert len(page.evaluate(ACTIVE % stranger.address)) >= 8
    page.close()
    stranger.asked.clear()


def test_what_was_uploaded_is_text_to_admin_agent_and_qa(
    watched: Watched, files: list[Path], stranger: Stranger, tmp_path: Path
) -> None:
    upload(watched, files)
    read_as_admin(watched, stranger)
    read_as_agent(watched, stranger)
    read_as_qa(watched, stranger, tmp_path)


def upload(watched: Watched, files: list[Path]) -> None:
    page = watched.page
    page.goto(f"{watched.url}admin/")
    page.get_by_role("button", name="파일 올리기").click()
    page.set_input_files("#files", files)
    told = "파일 3개를 가져왔습니다. 2개는 가져오지 못했습니다."
    expect(page.locator("#notice")).to_contain_text(told, timeout=PATIENCE)
    expect(page.locator(".files .fault")).to_have_text([PICTURE, PICTURE])


def read_as_admin(watched: Watched, stranger: Stranger) -> None:
    page = watched.page
    for name, told in (
        (SMUGGLED_NAME, MARKUP),
        ("축제.html", "<script>window.hacked=1</script>"),
        ("축제 FAQ.csv", "=HYPERLINK("),
    ):
        page.get_by_role("button", name=f"{name} 조각 보기").click()
        expect(page.locator("#side")).to_contain_text(told)
        watched.expect_inert(stranger)
    tab(page, "문서")
    page.locator("#main").get_by_role("button", name=f"{TOPIC} 축제 <b onmouseover=window.hacked=1>").click()
    for part in ("본문", "조각", "고치기", "판 1"):
        page.locator("#side").get_by_role("button", name=part, exact=True).click()
        expect(page.locator("#side .tab[aria-current]")).to_have_text(part)
        watched.expect_inert(stranger)
    page.locator("#head").get_by_role("button", name="색인 만들기").click()
    expect(page.locator(".pending")).to_have_count(0, timeout=PATIENCE)
    for name in ("색인", "지식 공백", "상태"):
        tab(page, name)
        expect(page.locator("#head .tab[aria-current]")).to_have_text(name)
        watched.expect_inert(stranger)


def read_as_agent(watched: Watched, stranger: Stranger) -> None:
    page = watched.page
    page.goto(f"{watched.url}agent/")
    page.wait_for_function("document.activeElement?.id === 'question'")
    for question, told in (
        (f"{TOPIC} 축제는 언제인가요 {MARKUP}", "=HYPERLINK("),
        (f"{TOPIC} 축제의 주차는 무료입니다", "<script>window.hacked=1</script>"),
        (f"{TOPIC} 씨앗은 관광과에서 나누어 드립니다.", MARKUP),
    ):
        page.get_by_role("textbox", name="시민의 질문").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(".answer.done")).to_contain_text(question)
        expect(page.locator("#evidence")).to_contain_text(told)
        watched.expect_inert(stranger)
        assert page.locator("#evidence a, #evidence img, #answer a, #answer img").count() == 0


def read_as_qa(watched: Watched, stranger: Stranger, tmp_path: Path) -> None:
    page = watched.page
    page.goto(f"{watched.url}qa/")
    questions = tmp_path / SMUGGLED_NAME.replace(".txt", ".csv")
    questions.write_text(f"질문,문서\n{MARKUP},\n=HYPERLINK(1),{MARKUP}\n", encoding="utf-8")
    page.set_input_files("#files", questions)
    expect(page.locator("#main")).to_contain_text(f"정답 문서 '{MARKUP}'")
    watched.expect_inert(stranger)
    tab(page, "상담 기록")
    rows = page.locator(".calls tbody tr")
    expect(rows).to_have_count(3)
    for place in range(3):
        asked = rows.nth(place).inner_text()
        rows.nth(place).click()
        expect(page.locator("#side")).to_contain_text("보인 근거")
        assert TOPIC in asked
        watched.expect_inert(stranger)


def test_a_name_that_is_markup_is_refused_in_one_sentence(watched: Watched) -> None:
    answer = watched.page.request.post(f"{watched.url}admin/uploads", params={"name": f"{MARKUP}.txt"}, data="글")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
    assert answer.json()["detail"].startswith(f"'{MARKUP}.txt' 파일은 받을 수 없습니다. 이름에")
