"""A call as its agent sees it: the page follows it by itself, and leaves who reads or types alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agent_site import AgentSite, agent_site
from people import Office
from playwright.sync_api import Page, Route, expect
from waiting import becomes

from assistant.calls.summary import as_text
from assistant.calls.utterance import Speaker
from assistant.journal import Action

pytestmark = pytest.mark.slow
WASTE = "어 저기 폐기물 신고는 언제까지 하나요?"
FEE = "그리고 등본 떼는 데 얼마예요?"
LOST = "아 그리고 반려견 등록은 어디서 하나요?"


@pytest.fixture(autouse=True)
def finished(console: Any) -> Iterator[None]:
    """No call of a test is left on the desk."""
    yield
    for agent in ("kim", "lee"):
        for call in console.site.switchboard.calls_of(agent):
            console.site.switchboard.end(call.id)
            summaries = console.site.desk.summaries
            summaries.save(call.id, summaries.extracted(call.id), agent)


def asked(page: Page, question: str) -> None:
    """The answered suggestion for this question is on screen."""
    expect(page.locator(".answer.done .asked")).to_contain_text(question)


def test_a_whole_call(page: Page, console: Any) -> None:
    site: AgentSite = console.site
    expect(page.locator("#call-state")).to_have_text("통화 대기 중")
    call = site.call(external="CTI-88213")
    expect(page.locator("#call-state")).to_have_text("통화 중")
    expect(page.locator("#call-label")).to_have_text("CTI-88213")

    site.say(call, 0, "안녕하세요 제가 새 아파트로 이사를 가는데요 침대하고 장롱을 폐기", final=False)
    expect(page.locator(".said.partial")).to_contain_text("안녕하세요 제가")
    site.say(call, 1, WASTE)
    expect(page.locator(".said mark")).to_have_text("폐기물 신고는 언제까지 하나요?")
    expect(page.locator(".said")).to_have_count(1)
    expect(page.locator(".said.partial")).to_have_count(0)
    asked(page, "폐기물 신고는")
    expect(page.locator("#question")).to_be_focused()

    site.say(call, 2, FEE)  # follows by itself: nobody reads or types
    asked(page, "등본 떼는")
    page.keyboard.press("Alt+ArrowUp")
    asked(page, "폐기물 신고는")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+p")
    site.say(call, 3, LOST)
    expect(page.locator("#news")).to_contain_text("새 제안 1")
    asked(page, "등본 떼는")
    page.keyboard.press("Alt+n")
    asked(page, "반려견 등록은")
    expect(page.locator("#news")).to_be_hidden()
    page.keyboard.press("Alt+x")
    expect(page.locator(".thanks")).to_contain_text("기록했습니다")

    site.say(call, 4, "확인해서 내일 오전까지 담당자가 전화드리겠습니다.", Speaker.AGENT)
    site.switchboard.end(call.id)
    expect(page.locator("#wrap-up")).to_be_visible()
    follow_ups = page.get_by_label("후속 조치")
    expect(follow_ups).to_have_value(site.desk.summaries.extracted(call.id).follow_ups[0])
    request = page.get_by_label("요청 내용")
    drafted = request.input_value()
    request.fill("대형폐기물 신고 기한")
    page.get_by_role("button", name="초안으로").click()
    expect(request).to_have_value(drafted)
    request.fill("대형폐기물 신고 기한")
    page.keyboard.press("Alt+s")
    expect(page.locator("#wrap-up-told")).to_contain_text("저장됨")
    page.keyboard.press("Alt+r")
    expect(page.locator("#wrap-up-told")).to_contain_text("복사했습니다")
    saved = site.desk.summaries.saved(call.id)
    assert saved is not None
    assert (saved.agent, saved.summary.request) == ("kim", "대형폐기물 신고 기한")
    assert page.evaluate("navigator.clipboard.readText()") == as_text(saved.summary)
    assert console.kept() == [(Action.REJECTED, "")]


def test_who_types_or_reads_is_left_alone(page: Page, console: Any) -> None:
    call = console.site.call()
    console.site.say(call, 0, WASTE)
    asked(page, "폐기물 신고는")
    page.keyboard.insert_text("여권")
    console.site.say(call, 1, FEE)
    expect(page.locator("#news")).to_contain_text("새 제안 1")
    asked(page, "폐기물 신고는")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("여권")
    page.keyboard.press("Alt+n")
    asked(page, "등본 떼는")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+1")
    expect(page.locator("#card-1")).to_be_focused()
    console.site.say(call, 2, LOST)
    expect(page.locator("#news")).to_be_visible()
    expect(page.locator("#card-1")).to_be_focused()


def test_of_two_questions_in_one_breath_the_first_stays_and_the_second_waits(page: Page, console: Any) -> None:
    call = console.site.call()
    console.site.say(call, 0, "폐기물 신고는 언제까지 하고 등본 떼는 데 얼마예요?")
    expect(page.locator("#news")).to_contain_text("새 제안 1등본 떼는 데")
    asked(page, "폐기물 신고는")
    console.site.say(call, 1, LOST)  # the next breath is followed
    asked(page, "반려견 등록은")
    page.locator("#place-of").click()
    expect(page.locator("#history li")).to_have_text([re.compile("반려견"), re.compile("등본"), re.compile("폐기물")])
    page.get_by_role("button", name="FAQ 등본").click()
    asked(page, "등본 떼는")
    expect(page.locator("#history ol")).to_be_hidden()
    expect(page.locator("#news")).to_be_hidden()


def test_a_typed_question_and_an_alternative_belong_to_the_call(page: Page, console: Any) -> None:
    call = console.site.call()
    console.site.say(call, 0, "혹시 폐기물 신고는 언제까지 하나요?")
    asked(page, "폐기물 신고는")
    page.keyboard.press("Alt+q")
    asked(page, "반려견 등록은 어디서 하나요?")
    page.keyboard.insert_text("등본 수수료")
    page.keyboard.press("Enter")
    asked(page, "등본 수수료")
    expect(page.locator("#place-of")).to_have_text("제안 3/3")
    assert {asked_on for asked_on, _ in console.site.assistant.asked} == {call.id}
    page.reload()  # everything is told again
    expect(page.locator("#place-of")).to_have_text("제안 3/3")
    expect(page.locator(".said mark")).to_have_count(1)


def test_two_agents_are_never_mixed(opened: Any, console: Any) -> None:
    site = console.site
    kim, lee = opened("kim"), opened("lee")
    calls = site.call("kim"), site.call("lee")
    site.say(calls[0], 0, WASTE)
    site.say(calls[1], 0, FEE)
    asked(kim, "폐기물 신고는")
    asked(lee, "등본 떼는")
    for page, foreign in ((kim, "등본"), (lee, "폐기물")):
        expect(page.locator(".said")).to_have_count(1)
        expect(page.locator("#transcript")).not_to_contain_text(foreign)
    typed = {"question": "등본 수수료", "call": calls[0].id, "key": "typed-1"}
    assert lee.request.post(f"{console.url}ask", data=typed).status == 404
    assert lee.request.get(f"{console.url}calls/{calls[0].id}/summary").status == 404
    shown = next(row for row in site.journal.suggestions() if row["call"] == calls[0].id)
    judged = lee.request.post(f"{console.url}suggestions/{shown['id']}/feedback", data={"correctness": "wrong"})
    assert judged.status == 404


def test_the_next_call_leaves_the_form_as_it_was(page: Page, console: Any) -> None:
    site = console.site
    first = site.call(external="첫째")
    site.say(first, 0, WASTE)
    asked(page, "폐기물 신고는")
    site.switchboard.end(first.id)
    expect(page.locator("#wrap-up-source")).not_to_be_empty()
    page.get_by_label("처리 결과").fill("안내함")
    second = site.call(external="둘째")
    expect(page.locator("#news")).to_contain_text("새 통화")
    expect(page.get_by_label("처리 결과")).to_be_focused()
    page.keyboard.press("Alt+n")
    expect(page.locator("#call-label")).to_have_text("둘째")
    way_back = page.locator("#other-calls button").element_handle()
    site.say(second, 0, FEE)
    asked(page, "등본 떼는")
    assert way_back.is_visible()  # the same button still, in case it is being pressed
    page.keyboard.press("Alt+o")
    expect(page.get_by_label("처리 결과")).to_have_value("안내함")


def test_a_waiting_call_takes_no_click_away_and_comes_when_the_form_is_closed(page: Page, console: Any) -> None:
    site = console.site
    first = site.call(external="첫째")
    expect(page.locator("#call-label")).to_have_text("첫째")
    page.route("**/summary", lambda route: route.abort())
    site.switchboard.end(first.id)
    expect(page.locator("#wrap-up-told")).to_contain_text("초안을 아직 불러오지 못했습니다")
    page.unroute("**/summary")
    expect(page.locator("#wrap-up-source")).to_have_text("통화 내용 그대로")  # asked for again
    page.get_by_label("처리 결과").fill("안내함")
    site.call(external="둘째")
    expect(page.locator("#news")).to_contain_text("새 통화")
    page.get_by_role("button", name="저장").hover()
    page.mouse.down()
    page.wait_for_timeout(50)  # as long as a finger takes
    page.mouse.up()
    expect(page.locator("#wrap-up-told")).to_contain_text("저장됨")
    page.get_by_role("button", name="닫기").click()
    expect(page.locator("#call-label")).to_have_text("둘째")


def test_what_is_written_while_it_is_being_saved_stays(page: Page, console: Any) -> None:
    site = console.site
    call = site.call(external="첫째")
    expect(page.locator("#call-label")).to_have_text("첫째")
    site.switchboard.end(call.id)
    outcome, request = page.get_by_label("처리 결과"), page.get_by_label("요청 내용")
    expect(page.locator("#wrap-up-source")).to_have_text("통화 내용 그대로")
    sent: list[Route] = []
    page.route("**/summary", lambda route: sent.append(route))
    request.fill("연락처 010-1234-5678")
    outcome.fill("안내함")
    page.keyboard.press("Alt+s")
    assert becomes(lambda: sent, rest=lambda: page.wait_for_timeout(50))
    outcome.fill("안내하고 담당자에게 전함")
    sent[0].continue_()
    expect(request).to_have_value("연락처 [전화번호]")
    expect(outcome).to_have_value("안내하고 담당자에게 전함")
    expect(page.locator("#wrap-up-told")).not_to_contain_text("저장됨")
    page.unroute("**/summary")
    page.keyboard.press("Alt+s")
    expect(page.locator("#wrap-up-told")).to_contain_text("저장됨")
    saved = site.desk.summaries.saved(call.id)
    assert saved is not None and saved.summary.outcome == "안내하고 담당자에게 전함"


def test_a_restarted_server_is_caught_up_with(browser: Any, agents: Office, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 400, "height": 900}, locale="ko-KR")
    with agent_site(agents, tmp_path / "journal.db") as site:
        token = agents.access.sessions.begin("kim")
        context.add_cookies([{"name": "onnuri", "value": token, "url": site.url}])
        page = context.new_page()
        page.goto(f"{site.url}agent/")
        call = site.call()
        site.say(call, 0, WASTE)
        asked(page, "폐기물 신고는")
        page.keyboard.insert_text("적던 질문")
        port = int(site.url.rstrip("/").rsplit(":", 1)[1])
    expect(page.locator("#lost")).to_be_visible()
    page.keyboard.press("Alt+a")
    expect(page.locator(".thanks")).to_contain_text("연결되면 저절로 보냅니다")
    with agent_site(agents, tmp_path / "journal.db", port) as site:
        site.say(call, 1, FEE)
        expect(page.locator("#lost")).to_be_hidden(timeout=15_000)
        expect(page.locator(".said")).to_have_count(2)
        expect(page.locator(".thanks")).to_contain_text("도움됨으로 기록했습니다")
        expect(page.locator("#question")).to_have_value("적던 질문")
        page.keyboard.press("Alt+n")
        asked(page, "등본 떼는")
        assert becomes(lambda: Action.ACCEPTED in [row["action"] for row in site.journal.feedback_on(call.id)])
    context.close()
