"""The QA panel in a real browser: a file is measured, its failures are read, and a call's suggestion is judged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import console_for
from fastapi import FastAPI
from hashing_embedder import NearEmbedder, WordAnalyzer
from loopback import made, served
from people import PASSWORD, Office, office
from playwright.sync_api import Browser, Page, expect

from assistant import web
from assistant.accounts.person import Role, current_person
from assistant.audit.log import Actor
from assistant.journal import Action, Journal
from assistant.settings import LLMChoice
from eval import panel
from eval.qa_panel.desk import Desk, Reviewer
from indexing.building.build import build
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

pytestmark = pytest.mark.slow

HOSTILE = '<img src=x onerror="window.hacked=1">'
FAQ = f"""질문,답변,담당부서,전화
여권 재발급 수수료는 얼마인가요,여권 재발급 수수료는 53000원입니다.,민원과,061-749-1111
주차장 요금은 얼마인가요,공영주차장 요금은 30분에 500원입니다.,교통과,061-749-2222
{HOSTILE},안내 드립니다.,,
"""
NAMELESS = """() => [...document.querySelectorAll('button, input, select, summary, textarea, a[href]')]
  .filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute('aria-label') ||
    e.labels?.[0]?.textContent.trim())).map((e) => e.outerHTML)"""


def row(name: str, question: str, *documents: str, category: str = "민원") -> dict[str, object]:
    return {
        "id": name,
        "question": question,
        "answer": "",
        "documents": documents,
        "answerable": bool(documents),
        "category": category,
    }


@dataclass
class Site:
    """The served console and what stands behind it."""

    url: str
    people: Office
    desk: Desk
    questions: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("qa")
    (folder / "faq.csv").write_text(FAQ, encoding="utf-8")
    questions = folder / "질문.jsonl"
    rows = [row("1", "여권 재발급 수수료", "faq.csv#1"), row("2", f"{HOSTILE} 요금", "없는 문서", category="교통")]
    questions.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")
    console = console_for(folder / "home", llm="none")
    console.__dict__ |= {"_embedder": NearEmbedder(), "_analyzer": WordAnalyzer()}
    console.home.create()
    people = office(console.home.root)
    import_path(KnowledgeStore(console.home.knowledge), folder / "faq.csv")
    build(console.home, console.embedder(), console.analyzer())
    journal = Journal(console.home.journal)
    assistant = console.assistant(LLMChoice.NONE, journal)
    for asked in ("주차장 요금은 얼마인가요", f"{HOSTILE} 여권"):
        final = list(assistant.suggest(asked, call="c1", agent="lee"))[-1]
    journal.add_feedback(final.suggestion, Action.REJECTED, "질문과 다름", "lee")
    desk = Desk(console)

    def calling(request: Any) -> Reviewer:
        name = current_person(request, Role.QA).name
        return Reviewer(name, people.access.audit.by(Actor(name, request.client.host)))

    def make() -> FastAPI:
        mount = partial(panel.mount, desk=desk, calling=calling)
        blocks = panel.build_panel(desk, calling)
        return web.build(people.access, [web.Panel("/qa", Role.QA, "품질 관리", "잽니다.", blocks, mount)])

    people.add("park", Role.QA)
    people.add("lee", Role.AGENT)
    with served(made(make)) as url:
        yield Site(url, people, desk, questions)
    people.access.tables.close()


@pytest.fixture
def pages(browser: Browser, site: Site) -> Iterator[Any]:
    """``pages(name)`` gives a page of somebody who is logged in."""
    contexts = []

    def page_of(name: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site.url}login")
        page.get_by_label("이름").fill(name)
        page.get_by_label("비밀번호").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield page_of
    for context in contexts:
        context.close()


def tab(page: Page, name: str) -> None:
    page.locator("#head").get_by_role("button", name=name, exact=True).click()


def test_a_file_is_measured_and_its_failures_are_read(site: Site, pages: Any) -> None:
    page = pages("park")
    page.goto(f"{site.url}qa/")
    expect(page.locator("#main")).to_contain_text("아직 질문 파일이 없습니다")
    page.set_input_files("#files", site.questions)
    expect(page.locator("#main")).to_contain_text("정답 문서 '없는 문서'이(가) 지식에 없습니다.")
    page.get_by_label("LLM 없이").check()
    page.get_by_role("button", name="평가 시작").click()
    expect(page.locator("#notice")).to_contain_text("질문 2개의 평가를")
    assert page.evaluate(NAMELESS) == []

    tab(page, "실행 기록")
    page.get_by_role("button", name="열기").click()
    expect(page.locator(".figures")).to_contain_text("정답 문서가 1위 안")
    expect(page.locator(".chart svg").first).to_be_visible()
    page.get_by_role("button", name="질문 2 · 틀림 1").click()
    expect(page.locator(".cases tbody tr")).to_have_count(1)
    page.get_by_label("보기").select_option("all")
    expect(page.locator(".cases tbody tr")).to_have_count(2)
    page.get_by_label("보기").select_option("지식에 없음")
    expect(page.locator(".cases tbody tr")).to_have_count(1)
    page.get_by_label("분야").select_option("민원")
    expect(page.locator("#main")).to_contain_text("조건에 드는 질문이 없습니다")
    page.get_by_label("분야").select_option("교통")
    expect(page.locator(".cases tbody tr")).to_have_count(1)
    page.locator(".cases tbody tr").click()
    expect(page.locator("#side")).to_contain_text("정답 문서가 지식에 없습니다")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).overflowY") == "visible"
    )  # sticky
    assert page.evaluate(NAMELESS) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="보고서(HTML)").click()
    assert "정답 문서" in download.value.path().read_text(encoding="utf-8")
    with page.expect_download() as download:
        page.get_by_role("link", name="엑셀(XLSX)").click()
    assert download.value.path().read_bytes().startswith(b"PK")
    assert [subject for action, subject in site.people.actions() if action == "exported"] == [
        "report.html",
        "report.xlsx",
    ]
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_suggestion_is_judged_and_becomes_a_question(site: Site, pages: Any) -> None:
    page = pages("park")
    page.goto(f"{site.url}qa/")
    tab(page, "상담 기록")
    expect(page.locator(".tally")).to_contain_text("아직 판정이 없습니다")
    page.get_by_label("상담원 의견").select_option("rejected")
    expect(page.locator(".calls tbody tr")).to_have_count(1)
    page.locator(".calls tbody tr").click()
    page.get_by_role("button", name="틀림", exact=True).click()
    expect(page.locator(".tally")).to_contain_text("1건 가운데 1건을 판정했습니다. 맞음 0% 틀림 1")
    page.get_by_label("이유").fill("여권을 물었음")
    page.keyboard.press("Enter")
    expect(page.locator("#side details")).to_contain_text("판정 기록 2")
    page.locator("#side").get_by_role("button", name="맞음", exact=True).click()
    expect(page.locator(".tally")).to_contain_text("맞음 100%")
    page.get_by_role("button", name="되돌리기").click()
    expect(page.locator(".tally")).to_contain_text("틀림 1")

    page.get_by_label("답이 있는 문서의 ID").fill("faq.csv#없음")
    page.get_by_role("button", name="확인 질문에 추가").click()
    expect(page.locator("#notice .problem")).to_contain_text("문서가 없습니다")
    page.get_by_label("답이 있는 문서의 ID").fill("faq.csv#1")
    page.get_by_label("색인의 확인 질문에도 더하기").check()
    page.get_by_role("button", name="확인 질문에 추가").click()
    expect(page.locator("#notice .done")).to_contain_text("더했습니다")
    assert [asked.documents for asked in site.desk.index_golden.list()] == [("faq.csv#1",)]
    assert page.evaluate(NAMELESS) == []
    page.get_by_label("상담원 의견").select_option("")
    expect(page.locator("#side article")).to_have_count(0)
    page.locator(".calls tbody tr", has_text="여권").click()
    page.get_by_label("분야").fill("여권")
    page.locator(".calls tbody tr", has_text="주차장").click()
    page.get_by_role("button", name="네").click()
    expect(page.locator("#side h2")).to_contain_text("주차장")
    expect(page.get_by_label("분야")).to_have_value("")  # and not what was written about the other call
    page.keyboard.press("Escape")
    expect(page.locator("#side article")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_only_qa_people_come_in(site: Site, pages: Any) -> None:
    page = pages("lee")
    page.goto(f"{site.url}qa/")
    expect(page.get_by_text("권한이 없습니다")).to_be_visible()
    assert page.request.post(f"{site.url}qa/uploads?name=a.jsonl", data="글").status == 403
    assert page.request.get(f"{site.url}qa/runs/r1/report.html").status == 403
