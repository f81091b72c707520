"""The agent's panel as an agent uses it: a keyboard, 400 pixels, and a caller on the line."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from scripted_assistant import FEE, HOSTILE, SCRIPTS, WASTE
from waiting import becomes

from assistant.journal import Action

# Gradio 6.31 asks pandas 3 for options it has deprecated whenever an event ends.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

Opens = Callable[..., Page]
FEE_QUESTION = "등본 떼는 데 얼마예요?"
WASTE_QUESTION = "대형폐기물 신고는 언제까지 하나요?"
LOST_QUESTION = "반려견 등록은 어디서 하나요?"

NAMELESS = """() => [...document.querySelectorAll(
    'button, input, textarea, select, summary, a[href], [tabindex]')]
  .filter((e) => e.checkVisibility() && !(
    e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim() ||
    document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim()))
  .map((e) => e.outerHTML)"""
CITED = """() => [...(CSS.highlights.get('cited') ?? [])].map((range) => range.toString())"""
IN_VIEW = """(e) => { const box = e.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight; }"""


def ask(page: Page, question: str) -> None:
    """By keyboard alone, from wherever the focus is."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.insert_text(question)
    page.keyboard.press("Enter")


def answered(page: Page, question: str) -> None:
    """Ask and wait for the final answer, not for the one already there."""
    before = page.evaluate("document.querySelector('.answer')?.dataset.key ?? ''")
    ask(page, question)
    expect(page.locator(f".answer.done:not([data-key='{before}'])")).to_be_visible()


def journal_gets(page: Page, console: Any, *actions: tuple[Action, str]) -> None:
    """The journal holds exactly these, in this order."""
    becomes(lambda: console.kept() == list(actions), 20, lambda: page.wait_for_timeout(50))
    assert console.kept() == list(actions)


# Asking


def test_evidence_is_there_before_the_answer_and_does_not_move(page: Page, console: Any, tmp_path: Path) -> None:
    console.site.assistant.held = {"폐기물"}
    ask(page, WASTE_QUESTION)
    expect(page.locator("#card-1 mark")).to_have_text("수수료 전액을 돌려준다")
    expect(page.get_by_text("답변 작성 중…", exact=True)).to_be_visible()
    expect(page.locator(".cite")).to_have_count(0)
    before = page.locator("#card-1").bounding_box()
    page.screenshot(path=tmp_path / "panel-generating.png")
    console.site.assistant.release("폐기물")
    expect(page.locator(".answer .badge")).to_have_text("생성")
    assert page.locator("#card-1").bounding_box() == before
    page.screenshot(path=tmp_path / "panel-light.png")


def test_checked_sentences_appear_one_by_one(page: Page, console: Any) -> None:
    console.site.assistant.held = {"폐기물/1"}
    ask(page, WASTE_QUESTION)
    expect(page.locator(".cite")).to_have_text(["[1]"])
    console.site.assistant.release("폐기물/1")
    expect(page.locator(".cite")).to_have_text(["[1]", "[1]", "[3]"])


def test_stop_keeps_what_is_there(page: Page, console: Any) -> None:
    console.site.assistant.held = {"폐기물/1"}
    ask(page, WASTE_QUESTION)
    expect(page.locator(".cite")).to_have_count(1)
    page.get_by_role("button", name="중지").click()
    expect(page.locator(".answer .problem:visible")).to_contain_text("답변이 중지되었습니다")
    expect(page.locator(".cite")).to_have_count(1)
    console.site.assistant.release("폐기물/1")
    answered(page, FEE_QUESTION)
    expect(page.locator(".answer .badge")).to_have_text("FAQ")


def test_a_new_question_replaces_the_running_one_for_good(page: Page, console: Any) -> None:
    console.site.assistant.held = {"폐기물/1"}
    ask(page, WASTE_QUESTION)
    expect(page.locator(".cite")).to_have_count(1)
    answered(page, FEE_QUESTION)
    console.site.assistant.release("폐기물/1")
    answered(page, LOST_QUESTION)  # by now the old one has ended too
    page.wait_for_timeout(300)
    expect(page.locator(".answer .badge")).to_have_text("확인 필요")
    page.locator(".history summary").click()
    expect(page.locator(".history .badge")).to_have_text(["확인 필요", "FAQ", "중지"])


def test_shift_enter_writes_a_new_line(page: Page, console: Any) -> None:
    page.keyboard.insert_text("첫 줄")
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text("등본")
    expect(page.locator("#question")).to_have_value("첫 줄\n등본")
    assert console.site.assistant.asked == []


def test_what_is_asked_before_the_scripts_are_there_is_asked_when_they_are(page: Page, console: Any) -> None:
    held: list[Route] = []
    page.route("**/scripts/ask.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    box = page.get_by_label("시민의 질문")
    box.fill("등본")
    box.press("Enter")
    assert becomes(lambda: held, rest=lambda: page.wait_for_timeout(50))
    expect(page.get_by_role("button", name="질문", exact=True)).to_be_disabled()
    held.pop().continue_()
    expect(page.locator(".answer.done")).to_be_visible()
    expect(box).to_have_value("등본")
    assert len(console.site.assistant.asked) == 1


def test_enter_that_ends_a_hangul_syllable_does_not_ask(page: Page, console: Any) -> None:
    page.keyboard.insert_text("등본")
    page.locator("#question").dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    page.keyboard.press("Enter")
    expect(page.locator(".answer.done")).to_be_visible()
    assert len(console.site.assistant.asked) == 1


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    page.get_by_role("button", name="대형폐기물은 어떻게 버리나요?").click()
    expect(page.locator(".answer .badge")).to_have_text("생성")
    expect(page.locator("#question")).to_have_value("대형폐기물은 어떻게 버리나요?")


def test_an_error_is_a_sentence_and_the_question_stays(page: Page) -> None:
    for question, sentence in (
        ("ㅁㄴㅇㄹ", "질문에서 찾을 낱말이 없습니다."),
        ("고장", "답변을 만들지 못했습니다. 다시 질문하거나"),
    ):
        ask(page, question)
        expect(page.locator(".answer .problem:visible")).to_contain_text(sentence)
        expect(page.locator("#announcer")).to_contain_text(sentence)
        expect(page.locator("#question")).to_have_value(question)
        expect(page.locator("#question")).to_be_focused()
        answered(page, FEE_QUESTION)


def test_a_lost_server_is_noticed_and_the_question_stays(page: Page) -> None:
    page.route("**/ask", lambda route: route.abort())
    ask(page, FEE_QUESTION)
    expect(page.locator("#silence")).to_be_visible()
    expect(page.locator("#question")).to_have_value(FEE_QUESTION)
    page.unroute("**/ask")
    page.locator("#question").press("Enter")
    expect(page.locator(".answer.done")).to_be_visible()
    expect(page.locator("#silence")).to_be_hidden()
    assert page.evaluate("sessionStorage.length") == 0


# Evidence


def test_a_citation_leads_to_the_cited_words(page: Page, console: Any) -> None:
    page.set_viewport_size({"width": 400, "height": 480})
    answered(page, WASTE_QUESTION)
    third = page.locator(".cite").nth(2)
    third.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-3")).to_be_focused()
    expect(page.locator("#card-3")).to_have_class(re.compile("flash"))
    page.wait_for_timeout(600)
    page.wait_for_function(IN_VIEW, arg=page.locator("#card-3").element_handle())
    assert page.evaluate(CITED) == ["화요일과 금요일에 수거합니다."]
    journal_gets(page, console, (Action.OPENED, "faq/3.csv#3"))
    page.locator(".cite").nth(1).click()
    assert page.evaluate(CITED) == ["수수료 전액을 돌려준다."]
    expect(page.locator("#card-1 .more")).to_have_attribute("aria-expanded", "true")


def test_alt_digits_lead_to_cards(page: Page) -> None:
    answered(page, WASTE_QUESTION)
    page.keyboard.press("Alt+2")
    expect(page.locator("#card-2")).to_be_focused()
    page.keyboard.press("Alt+1")
    expect(page.locator("#card-1")).to_be_focused()
    page.keyboard.press("Alt+5")
    expect(page.locator("#card-1")).to_be_focused()


def test_long_text_is_folded_around_its_highlight(page: Page) -> None:
    answered(page, WASTE_QUESTION)
    text, mark = page.locator("#card-text-1"), page.locator("#card-text-1 mark")
    box, marked = text.bounding_box(), mark.bounding_box()
    assert box
    assert marked
    assert box["y"] <= marked["y"]
    assert marked["y"] + marked["height"] <= box["y"] + box["height"]
    page.get_by_role("button", name="근거 1 펼치기").click()
    expect(page.get_by_role("button", name="근거 1 접기")).to_be_visible()
    assert text.evaluate("(e) => e.scrollHeight <= e.clientHeight + 1")
    expect(text).to_have_text(WASTE)


def test_abstaining_names_whom_to_connect_to(page: Page, tmp_path: Path) -> None:
    answered(page, LOST_QUESTION)
    expect(page.locator("#announcer")).to_have_attribute("aria-live", "polite")
    expect(page.locator("#announcer")).to_have_text("확인 필요. 연결: 민원과 061-749-3114")
    expect(page.locator(".transfer")).to_have_text("연결: 민원과 061-749-3114")
    expect(page.get_by_role("heading", name="가까운 문서 (답이 아닐 수 있음)")).to_be_visible()
    page.screenshot(path=tmp_path / "panel-abstained.png")


def test_hostile_documents_are_inert(page: Page, console: Any) -> None:
    answered(page, "수상한 문서")
    expect(page.locator("#card-text-1")).to_have_text(HOSTILE)
    expect(page.locator(".answer-text")).to_contain_text(HOSTILE)
    assert page.locator("#answer a, #answer img, #evidence a, #evidence img").count() == 0
    assert page.evaluate("window.hacked") is None
    assert console.hosts == {"127.0.0.1"}


# Copying and feedback


def test_copy_puts_the_answer_on_the_clipboard(page: Page, console: Any) -> None:
    questions = (("Alt+c", WASTE_QUESTION, "폐기물"), ("Control+Shift+C", FEE_QUESTION, "등본"))
    for copied, (keys, question, script) in enumerate(questions, start=1):
        answered(page, question)
        page.keyboard.press(keys)
        expect(page.locator("#announcer")).to_have_text("복사했습니다")
        assert page.evaluate("navigator.clipboard.readText()") == SCRIPTS[script].answer
        journal_gets(page, console, *[(Action.COPIED, "")] * copied)


def test_copy_works_where_the_clipboard_is_withheld(page: Page) -> None:
    """As on a page served over plain http from another machine."""
    answered(page, FEE_QUESTION)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('insecure')); }")
    page.get_by_role("button", name="복사").click()
    expect(page.locator("#announcer")).to_have_text("복사했습니다")
    assert page.evaluate("navigator.clipboard.readText()") == SCRIPTS["등본"].answer


def test_an_opinion_can_be_given_explained_and_changed(page: Page, console: Any) -> None:
    answered(page, FEE_QUESTION)
    page.get_by_role("button", name="아님").click()
    expect(page.locator("#question")).to_be_focused()  # ready for the next words
    page.get_by_role("button", name="오래된 내용").click()
    expect(page.locator(".thanks")).to_have_text("‘오래된 내용’ 이유로 기록했습니다.")
    page.get_by_label("기타 이유 직접 입력").fill("수수료가 올랐음")
    page.keyboard.press("Enter")
    expect(page.locator(".thanks")).to_have_text("‘수수료가 올랐음’ 이유로 기록했습니다.")
    page.get_by_role("button", name="도움됨").click()
    expect(page.get_by_role("button", name="도움됨")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="아님")).to_have_attribute("aria-pressed", "false")
    rejected = [(Action.REJECTED, reason) for reason in ("", "오래된 내용", "수수료가 올랐음")]
    journal_gets(page, console, *rejected, (Action.ACCEPTED, ""))
    [(call, _)] = console.site.assistant.asked
    assert [row["call"] for row in console.site.journal.suggestions()[console.before :]] == [call]


def test_why_an_answer_is_wrong_is_told_by_key_alone(page: Page, console: Any) -> None:
    answered(page, FEE_QUESTION)
    page.keyboard.press("Alt+Shift+Digit3")  # no reason is asked for yet
    page.keyboard.press("Alt+KeyX")
    expect(page.locator(".thanks")).to_have_text("기록했습니다. 이유도 골라 주세요(Alt+Shift+숫자).")
    expect(page.locator(".chip kbd")).to_have_text(["1", "2", "3", "4"])
    page.keyboard.press("Alt+Shift+Digit3")
    expect(page.locator(".thanks")).to_have_text("‘오래된 내용’ 이유로 기록했습니다.")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value(FEE_QUESTION)
    journal_gets(page, console, (Action.REJECTED, ""), (Action.REJECTED, "오래된 내용"))
    page.keyboard.press("Alt+KeyH")
    expect(page.locator("#help")).to_contain_text("Alt+Shift+1–4아닌 이유")


def test_feedback_that_is_not_kept_says_so(page: Page, console: Any) -> None:
    answered(page, FEE_QUESTION)
    console.site.journal.broken = True
    page.get_by_role("button", name="도움됨").click()
    expect(page.locator(".answer .problem")).to_have_text("기록하지 못했습니다. 다시 눌러 주세요.")
    console.site.journal.broken = False
    page.get_by_role("button", name="도움됨").click()
    expect(page.locator(".thanks")).to_be_visible()


# The call


def test_an_earlier_question_comes_back_without_asking_anew(page: Page, console: Any) -> None:
    answered(page, WASTE_QUESTION)
    answered(page, FEE_QUESTION)
    page.locator(".history summary").click()
    page.get_by_role("button", name=f"생성 {WASTE_QUESTION}").click()
    expect(page.locator(".answer .badge")).to_have_text("생성")
    expect(page.locator("#card-1 h3")).to_contain_text("폐기물 관리 조례")
    page.get_by_role("button", name="최근 제안으로").click()
    expect(page.locator(".answer .badge")).to_have_text("FAQ")
    assert len(console.site.assistant.asked) == 2


def test_a_new_call_starts_empty_and_can_be_undone(page: Page, console: Any) -> None:
    answered(page, WASTE_QUESTION)
    page.get_by_role("button", name="새 상담").click()
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("")
    page.get_by_role("button", name="되돌리기").click()
    expect(page.locator(".answer .badge")).to_have_text("생성")
    expect(page.locator("#question")).to_have_value(WASTE_QUESTION)
    page.get_by_role("button", name="새 상담").click()
    expect(page.locator(".card")).to_have_count(0)
    answered(page, FEE_QUESTION)
    (first, _), (second, _) = console.site.assistant.asked
    assert first != second


def test_two_agents_neither_see_nor_wait_for_each_other(opened: Opens, console: Any) -> None:
    one, other = opened("kim"), opened("lee")
    console.site.assistant.held = {"폐기물/1"}
    ask(one, WASTE_QUESTION)
    expect(one.locator(".cite")).to_have_count(1)
    answered(other, FEE_QUESTION)  # begins and ends while the first answer is being written
    expect(one.get_by_text("답변 작성 중…", exact=True)).to_be_visible()
    console.site.assistant.release("폐기물/1")
    expect(one.locator(".answer.done")).to_be_visible()
    for page, own, foreign in ((one, WASTE_QUESTION, "등본 떼는"), (other, FEE_QUESTION, "폐기물")):
        answered(page, LOST_QUESTION)
        page.locator(".history summary").click()
        expect(page.locator(".history li")).to_have_count(2)
        expect(page.locator(".history")).to_contain_text(own)
        expect(page.locator("#history")).not_to_contain_text(foreign)
    assert len({call for call, _ in console.site.assistant.asked}) == 2


# The page


def test_keys_lead_back_to_the_question(page: Page) -> None:
    answered(page, FEE_QUESTION)
    page.keyboard.press("Alt+1")
    page.keyboard.press("Slash")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value(FEE_QUESTION)
    page.keyboard.press("Alt+1")
    page.keyboard.press("Escape")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value(FEE_QUESTION)
    page.keyboard.press("Escape")
    expect(page.locator("#question")).to_have_value("")


def test_narrow_page_never_scrolls_sideways_and_everything_has_a_name(page: Page) -> None:
    def holds() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        assert page.evaluate(NAMELESS) == []

    assert page.evaluate("document.documentElement.lang") == "ko"
    holds()
    for question in (FEE_QUESTION, WASTE_QUESTION, LOST_QUESTION, "수상한", "고장"):
        ask(page, question)
        expect(page.locator(".answer[aria-busy=false]")).to_be_visible()
        if page.get_by_role("button", name="아님").count():
            page.get_by_role("button", name="아님").click()
            expect(page.locator(".chips")).to_be_visible()
        holds()
        page.get_by_role("button", name="새 상담").click()
        expect(page.locator(".answer")).to_have_count(0)


def test_dark_is_dark(opened: Opens, tmp_path: Path) -> None:
    page = opened(color_scheme="dark")
    answered(page, FEE_QUESTION)
    expect(page.locator("#card-text-1")).to_have_text(FEE)
    assert page.locator(".gradio-container").evaluate("(e) => getComputedStyle(e).backgroundColor") == (
        "rgb(18, 23, 29)"
    )
    page.screenshot(path=tmp_path / "panel-dark.png")


def test_nothing_leaves_this_machine_and_no_trace_stays_in_the_browser(page: Page, console: Any) -> None:
    answered(page, WASTE_QUESTION)
    assert console.hosts == {"127.0.0.1"}
    stored = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, await indexedDB.databases()])"
    )
    assert "폐기물" not in stored
    assert page.locator("footer a, footer button:has-text('API')").count() == 0


def test_calm_for_those_who_ask_for_less_motion(opened: Opens) -> None:
    page = opened(reduced_motion="reduce")
    answered(page, WASTE_QUESTION)
    page.keyboard.press("Alt+3")
    assert page.locator("#card-3").evaluate("(e) => getComputedStyle(e).animationTimingFunction") == "steps(1)"
