"""The admin's panel in a real browser, from a file on the desk to the agent's answer and out of it again."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from fastapi import FastAPI
from hashing_embedder import NearEmbedder
from loopback import made, served
from made_files import hwp, paragraph
from people import PASSWORD, Office, office
from playwright.sync_api import Browser, Page, ViewportSize, expect
from readable import FAINT, NAMELESS

from assistant import panel as agent_panel
from assistant import web
from assistant.accounts.person import Role, current_person
from assistant.agent_panel.desk import Desk as AgentDesk
from assistant.answering.assistant import Assistant
from assistant.audit.log import Actor
from assistant.calls.feedback import Feedback
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.records import CallRecords
from assistant.calls.summary import Summaries
from assistant.calls.switchboard import Switchboard
from assistant.events import Transfer
from assistant.journal import Journal
from assistant.knowledge_gaps.journal_gaps import JournalGaps
from indexing import panel
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.building.build import build
from indexing.embedding.embedder import Vectors
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.search import SearchService
from knowledge_base.document import Kind
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path

pytestmark = pytest.mark.slow

QUESTION = "드론 비행 허가는 어디에서 받나요?"
ANSWER = "드론 비행 허가는 시청 4층 안전총괄과에서 받으실 수 있습니다."
IN_VAIN = "무인민원발급기는 어디에 있나요?"
NEW_ANSWER = "시청 1층과 순천역 대합실에 있습니다."
PROBLEM_FILL = "rgb(253, 231, 231)"
HOSTILE = '<img src=x onerror="window.hacked=1">안내'


class ByTitle(NearEmbedder):
    """Finds a passage by its title alone, so that the FAQ's own question is as near as the real model has it."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return super().embed_passages([text.partition("\n")[0] for text in texts])


@dataclass
class Site:
    """The served console and what stands behind it."""

    url: str
    people: Office
    desk: Desk


@contextmanager
def site_over(home: Home, analyzer: Analyzer) -> Iterator[Site]:
    people, embedder = office(home.root), ByTitle()
    searcher = SearchService(home, embedder, analyzer)
    journal = Journal(home.journal)
    gaps = JournalGaps(home.journal, home.knowledge, lambda: embedder, lambda: analyzer)
    desk = Desk(home, lambda: embedder, lambda: analyzer, lambda: searcher, gaps)

    assistant = Assistant(searcher, analyzer, Transfer(department="콜센터", phone="061-749-3114"), None, journal)
    records = CallRecords(home.journal)
    agents = AgentDesk(
        assistant,
        Switchboard(QuestionFinder(searcher, analyzer), assistant, records),
        Feedback(journal),
        Summaries(records, journal, analyzer),
    )

    def calling(request: Any) -> Admin:
        name = current_person(request, Role.ADMIN).name
        return Admin(name, people.access.audit.by(Actor(name, request.client.host)))

    def make() -> FastAPI:
        show = partial(agent_panel.mount, desk=agents)
        mount = partial(panel.mount, desk=desk, calling=calling)
        return web.build(
            people.access,
            [
                web.Panel("/agent", Role.AGENT, "상담원 화면", "찾습니다.", agent_panel.build_panel(), show),
                web.Panel("/admin", Role.ADMIN, "지식 관리", "올립니다.", panel.build_panel(desk, calling), mount),
            ],
        )

    people.add("kim", Role.AGENT, Role.ADMIN)
    people.add("lee", Role.AGENT)
    with served(made(make)) as url:
        yield Site(url, people, desk)
    agents.switchboard.close()
    people.access.tables.close()


@pytest.fixture
def empty_site(tmp_path: Path, analyzer: Analyzer) -> Iterator[Site]:
    with site_over(Home(tmp_path / "home"), analyzer) as site:
        yield site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer, files: list[Path]) -> Iterator[Site]:
    """With the files imported and indexed; no test minds what others have done here."""
    with site_over(Home(tmp_path_factory.mktemp("admin")), analyzer) as site:
        import_path(site.desk.store, files[0].parent)
        build(site.desk.home, site.desk.embedder(), analyzer)
        yield site


def log_in(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}login")
    page.get_by_label("이름").fill(name)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


@pytest.fixture
def pages(browser: Browser) -> Iterator[Any]:
    """``pages(site, name)`` gives a page of somebody who is logged in."""
    contexts = []

    def page_of(site: Site, name: str, scheme: Literal["light", "dark"] = "light") -> Page:
        viewport = ViewportSize(width=1280, height=900)
        context = browser.new_context(viewport=viewport, locale="ko-KR", color_scheme=scheme)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        log_in(page, site, name)
        return page

    yield page_of
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "주차장 조례.hwp").write_bytes(
        hwp([paragraph("순천시 주차장 조례"), paragraph("제1조(요금) 공영주차장 요금은 30분에 500원으로 한다.")])
    )
    book = openpyxl.Workbook()
    book.active.append(["질문", "답변", "담당부서", "전화"])
    book.active.append([QUESTION, ANSWER, "안전총괄과", "061-749-0000"])
    book.active.append([HOSTILE, "안내 드립니다.", "", ""])
    book.save(folder / "드론 FAQ.xlsx")
    (folder / "빈 파일.txt").write_bytes(b"")
    return sorted(folder.iterdir())


def tab(page: Page, name: str) -> None:
    page.locator("#head").get_by_role("button", name=name, exact=True).click()


def ask(page: Page, site: Site, question: str = QUESTION) -> None:
    page.goto(f"{site.url}agent/")
    page.wait_for_function("document.activeElement?.id === 'question'")
    page.keyboard.insert_text(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer.done, .answer.failed")).to_be_visible()


def test_a_file_becomes_an_answer_and_stops_being_one(empty_site: Site, pages: Any, files: list[Path]) -> None:
    site = empty_site
    page, agent = pages(site, "kim"), pages(site, "lee")
    page.goto(f"{site.url}admin/")
    page.get_by_role("button", name="파일 올리기").click()
    page.set_input_files("#files", files)
    expect(page.locator("#notice")).to_contain_text("파일 2개를 가져왔습니다. 1개는 가져오지 못했습니다.")
    expect(page.locator(".files tbody tr")).to_have_count(3)
    expect(page.locator(".files .fault")).to_contain_text("빈 파일입니다")
    expect(page.locator("#side .chunk").first).to_contain_text(ANSWER)
    assert page.evaluate(NAMELESS) == []
    assert sorted(path.name for path in site.desk.uploads.folder.glob("*")) == ["드론 FAQ.xlsx", "주차장 조례.hwp"]

    page.locator("#head").get_by_role("button", name="색인 만들기").click()
    expect(page.locator(".pending")).to_have_count(0)
    tab(page, "색인")
    expect(page.locator(".outcome.done")).to_contain_text("문서 3건", timeout=15_000)
    ask(agent, site)
    expect(agent.locator(".answer .badge")).to_have_text("FAQ")
    expect(agent.locator(".answer-text")).to_contain_text(ANSWER)

    tab(page, "문서")
    page.get_by_label("찾기", exact=True).fill("드론")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=QUESTION).click()
    page.get_by_role("button", name="고치기").click()
    page.get_by_label("이유").fill("허가 업무가 넘어감")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("바로 빠집니다")
    ask(agent, site)
    expect(agent.locator("#evidence")).not_to_contain_text(ANSWER)

    page.locator("#notice").get_by_role("button", name="되돌리기").click()
    expect(page.locator("#notice")).to_contain_text("바로 다시 검색됩니다")
    ask(agent, site)
    expect(agent.locator(".answer-text")).to_contain_text(ANSWER)
    done = [action for action, _ in site.people.actions()]
    assert done.count("imported") == 3
    assert {"built", "withdrawn"} <= set(done)


def test_one_goes_on_working_while_files_are_read(site: Site, pages: Any, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02d} 안내.md").write_text(f"# {number}호 안내\n\n요금은 {number}00원입니다.")
    page = pages(site, "kim")
    page.goto(f"{site.url}admin/")
    page.get_by_role("button", name=HOSTILE).click()
    page.get_by_role("button", name="고치기").click()
    tab(page, "가져오기")
    page.set_input_files("#files", sorted(tmp_path.iterdir()))
    expect(page.locator("#uploading")).to_contain_text("/ 40")
    tab(page, "문서")
    page.get_by_role("button", name=HOSTILE).click()
    page.get_by_role("button", name="고치기").click()
    phone = page.get_by_role("textbox", name="전화")
    phone.fill("749-2222")
    expect(page.locator("#notice")).to_contain_text("파일 40개를 가져왔습니다", timeout=30_000)
    expect(phone).to_have_value("749-2222")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("전화 값을 고쳤습니다")


def test_an_import_is_cancelled_and_taken_up_again(site: Site, pages: Any, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number} 공고.md").write_text(f"# {number}호 공고\n\n요금은 {number}00원입니다.")
    page = pages(site, "kim")
    page.goto(f"{site.url}admin/")
    tab(page, "가져오기")
    with sqlite3.connect(site.desk.home.knowledge) as other:
        other.execute("begin immediate")  # another program writes: the first file has to wait
        page.set_input_files("#files", sorted(tmp_path.iterdir()))
        expect(page.locator("#job")).to_contain_text("1 / 5개")
        page.locator("#job").get_by_role("button", name="취소").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#job")).to_contain_text("취소하는 중")
        expect(page.locator("form.left")).to_have_count(0)
    expect(page.locator("#notice")).to_contain_text("파일 1개를 가져왔습니다. 취소하여 4개가 남았습니다.")
    left = page.locator("form.left")
    expect(left).to_contain_text("아직 가져오지 않은 파일 4개: 1 공고.md, 2 공고.md, 3 공고.md 등")
    left.get_by_label("문서 종류").select_option("regulation")
    left.get_by_role("button", name="가져오기").click()
    expect(page.locator("#notice")).to_contain_text("파일 4개를 가져왔습니다")
    expect(left).to_have_count(0)
    assert site.desk.store.get("4 공고.md").document.kind is Kind.REGULATION


def test_an_upload_waits_for_who_was_logged_out(site: Site, pages: Any, tmp_path: Path) -> None:
    (tmp_path / "늦은 안내.md").write_text("# 늦은 안내\n\n요금은 300원입니다.")
    page = pages(site, "kim")
    page.goto(f"{site.url}admin/")
    tab(page, "가져오기")
    expect(page.locator("#files")).to_have_count(1)
    page.context.clear_cookies()
    page.set_input_files("#files", tmp_path / "늦은 안내.md")
    expect(page.locator("#logged-out")).to_be_visible()
    log_in(page.context.new_page(), site, "kim")
    expect(page.locator("#notice")).to_contain_text("파일 1개를 가져왔습니다")
    expect(page.locator("#logged-out")).to_be_hidden()


def test_a_question_in_vain_becomes_an_answer(site: Site, pages: Any) -> None:
    page, agent = pages(site, "kim"), pages(site, "lee")
    ask(agent, site, IN_VAIN)
    expect(agent.locator(".answer .badge")).to_have_text("확인 필요")
    page.goto(f"{site.url}admin/")
    tab(page, "지식 공백")
    row = page.locator(".gaps tbody tr", has_text=IN_VAIN)
    expect(row).to_have_count(1)
    expect(row.locator("td").nth(1)).to_have_text("1")
    row.get_by_role("button", name=IN_VAIN).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="FAQ로 만들기").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("질문", exact=True)).to_have_value(IN_VAIN)
    answer = page.get_by_label("답변")
    expect(answer).to_be_focused()
    page.keyboard.insert_text(NEW_ANSWER)
    page.get_by_label("만료일").fill("2026-02-30")
    page.keyboard.press("Enter")
    expect(page.locator("#notice .problem")).to_contain_text("달력에 없는 날짜입니다")
    expect(answer).to_have_value(NEW_ANSWER)
    assert page.evaluate(FAINT) == []
    assert page.evaluate(NAMELESS) == []
    page.get_by_label("만료일").fill("")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("색인을 만들면 상담원에게 나옵니다")
    page.locator("#notice").get_by_role("button", name="지금 색인 만들기").click()
    expect(page.locator("#notice")).to_contain_text("상담원의 다음 질문부터")
    expect(row).to_have_count(0)
    ask(agent, site, IN_VAIN)
    expect(agent.locator(".answer .badge")).to_have_text("FAQ")
    expect(agent.locator(".answer-text")).to_contain_text(NEW_ANSWER)
    page.get_by_label("볼 것").select_option("closed")
    expect(row.locator(".badge")).to_have_text("답함")
    assert "written" in [action for action, _ in site.people.actions()]


def test_a_correction_an_error_and_the_keyboard(site: Site, pages: Any) -> None:
    page = pages(site, "kim")
    page.goto(f"{site.url}admin/")
    page.get_by_role("button", name=HOSTILE).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="문서 닫기")).to_be_focused()
    page.get_by_role("button", name="고치기").click()
    page.get_by_label("만료일").fill("2026-02-30")
    page.keyboard.press("Enter")
    expect(page.locator("#notice .problem")).to_contain_text("달력에 없는 날짜입니다")
    expect(page.locator("#notice .problem")).to_have_css("background-color", PROBLEM_FILL)
    page.locator("#side").get_by_role("button", name="본문").click()
    expect(page.locator("dialog")).to_contain_text("저장하지 않은 글이 있습니다")
    page.get_by_role("button", name="아니요").click()
    site.desk.store.correct("드론 FAQ.xlsx#2", {"phone": "749-1111"})  # another admin, meanwhile
    page.get_by_label("만료일").fill("2020. 1. 1.")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("만료일 값을 고쳤습니다. 색인을 만들면")
    expect(page.locator("#side .badge").first).to_have_text("만료")
    page.get_by_role("button", name="만료일 원래대로").click()
    expect(page.locator("#side .badge").first).to_have_text("시행 중")
    site.desk.store.correct("드론 FAQ.xlsx#2", {"department": "환경과"})  # and the same field
    page.get_by_label("담당부서").fill("교통과")
    page.keyboard.press("Enter")
    expect(page.locator("#notice .problem")).to_contain_text("담당부서 ‘없음’ → ‘환경과’")
    expect(page.get_by_role("textbox", name="담당부서")).to_have_value("환경과")
    page.get_by_role("button", name="그래도 바꾸기").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notice .done")).to_contain_text("담당부서 값을 고쳤습니다")
    site.desk.store.correct("드론 FAQ.xlsx#2", {"department": None})
    assert site.desk.store.get("드론 FAQ.xlsx#2").document.phone == "749-1111"
    page.keyboard.press("Escape")
    expect(page.locator("#side article")).to_have_count(0)
    expect(page.get_by_role("button", name=HOSTILE)).to_be_focused()
    assert page.evaluate("window.hacked") is None
    tab(page, "상태")
    expect(page.locator(".counts")).to_contain_text("FAQ")
    expect(page.locator("#main")).to_contain_text("담당부서 없음")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_a_narrow_window_what_came_of_an_act_stands_over_the_document(site: Site, pages: Any) -> None:
    page = pages(site, "kim")
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{site.url}admin/")
    page.get_by_role("button", name=QUESTION).click()
    page.get_by_role("button", name="고치기").click()
    page.get_by_label("분야").fill("항공")
    page.keyboard.press("Enter")
    page.locator("#notice").get_by_role("button", name="되돌리기").click()
    expect(page.locator("#notice")).to_contain_text("분야 값을 되돌렸습니다")
    page.locator("#side").get_by_role("button", name="내리기").click(trial=True)
    page.get_by_role("button", name="문서 닫기").click()
    expect(page.locator("#side article")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_and_every_control_named(site: Site, pages: Any, scheme: str, tmp_path: Path) -> None:
    page = pages(site, "kim", scheme)
    page.goto(f"{site.url}admin/")
    page.get_by_role("button", name=QUESTION).click()
    for part in ("본문", "조각", "고치기", "판 1"):
        page.locator("#side").get_by_role("button", name=part, exact=True).click()
        expect(page.locator("#side .tab[aria-current]")).to_have_text(part)
        assert page.evaluate(FAINT) == []
        assert page.evaluate(NAMELESS) == []
    for name in ("색인", "지식 공백", "상태", "가져오기"):
        tab(page, name)
        expect(page.locator("#head .tab[aria-current]")).to_have_text(name)
        assert page.evaluate(FAINT) == []
        assert page.evaluate(NAMELESS) == []
        page.screenshot(path=tmp_path / f"admin-{name}-{scheme}.png")


def test_only_admins_come_in(site: Site, pages: Any) -> None:
    page = pages(site, "lee")
    page.goto(f"{site.url}admin/")
    expect(page.get_by_text("권한이 없습니다")).to_be_visible()
    answer = page.request.post(f"{site.url}admin/uploads?name=a.txt", data="글")
    assert answer.status == 403
    assert not (site.desk.uploads.folder / "a.txt").exists()


def test_uploads_are_refused_in_one_sentence(site: Site, pages: Any) -> None:
    page = pages(site, "kim")
    before = sorted(site.desk.uploads.folder.glob("*"))
    for name in ("../밖.txt", "nul.txt", "a\u0007.txt", ""):
        answer = page.request.post(f"{site.url}admin/uploads", params={"name": name}, data="글")
        assert answer.status == 400
        assert answer.json()["detail"].endswith("올려 주세요.")
    assert sorted(site.desk.uploads.folder.glob("*")) == before
