"""Knowledge gaps in the admin panel, without a browser: from a question in vain to the FAQ that answers it."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from panel_seat import Seat

from assistant.journal import Action, Journal
from assistant.knowledge_gaps.journal_gaps import JournalGaps
from indexing.admin_panel.acts import ACTS, UNKNOWN_TEXT
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.page import frame
from indexing.admin_panel.state import Tab
from indexing.retrieval.search import SearchService
from knowledge_base.audit import AuditAction
from knowledge_base.document import Document, Kind
from knowledge_base.home import Home

QUESTION = "드론 허가 어디서"
FORM = {"title": "드론 허가는 어디서 받나요?", "text": "안전총괄과에서 받습니다.", "department": "안전총괄과"}


@pytest.fixture
def admin(home: Home) -> Seat:
    embedder, words = HashingEmbedder(), WordAnalyzer()
    service = SearchService(home, embedder, words)
    gaps = JournalGaps(home.journal, home.knowledge, lambda: embedder, lambda: words)
    return Seat(Desk(home, lambda: embedder, lambda: words, lambda: service, gaps))


@pytest.fixture
def ask(home: Home) -> Callable[..., None]:
    """Questions that were abstained on, some days ago."""

    def asked(*questions: str, days: float = 0) -> None:
        Journal(home.journal).suggestions()  # makes the tables
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
        with closing(sqlite3.connect(home.journal)) as connection, connection:
            connection.executemany(
                "insert into suggestions (id, call, question, status, at) values (hex(randomblob(8)), ?, ?, ?, ?)",
                [(question, question, "abstained", at) for question in questions],
            )

    return asked


@pytest.fixture
def indexed(admin: Seat, store: Callable[..., None]) -> None:
    store(a="여권 수수료", b="주차 요금")
    admin.built()


def listed(admin: Seat) -> Sequence[str]:
    return re.findall(r'<tr data-do="gap".*?class="title"[^>]*>([^<]*)<', admin.shown())


def opened(admin: Seat) -> None:
    admin.do("tab", name="gaps")
    admin.press(QUESTION)


@pytest.mark.usefixtures("indexed")
def test_listed_by_count_or_latest_of_a_period(admin: Seat, ask: Callable[..., None]) -> None:
    ask(QUESTION, QUESTION, "반려견 놀이터", days=40)
    ask("전입신고 야간", days=1)
    admin.do("tab", name="gaps")
    assert listed(admin) == [QUESTION, "전입신고 야간", "반려견 놀이터"]
    assert "질문 4번을 3묶음으로" in admin.shown()
    admin.do("gaps", order="latest")
    assert listed(admin)[0] == "전입신고 야간"
    admin.do("gaps", period="30")
    assert listed(admin) == ["전입신고 야간"]
    admin.do("gaps", shown="closed")
    assert "아직 닫은 질문이 없습니다" in admin.shown()
    admin.press("모두 보기")
    assert len(listed(admin)) == 3


@pytest.mark.usefixtures("indexed")
def test_a_gap_becomes_an_faq_that_answers(admin: Seat, ask: Callable[..., None], home: Home) -> None:
    ask(QUESTION, "드론 허가 어디서?")
    suggestion = Journal(home.journal).suggestions()[0]["id"]
    Journal(home.journal).add_feedback(str(suggestion), Action.EDITED, "시청 4층 안전총괄과입니다.")
    opened(admin)
    side = admin.shown("side")
    assert "물은 말" in side
    assert "시청 4층 안전총괄과입니다." in side
    assert 'data-id="a"' in side, "the nearest documents"
    admin.press("FAQ로 만들기")
    assert ">시청 4층 안전총괄과입니다.</textarea>" in admin.shown("side")
    gap = admin.session.gap
    assert "비울 수 없습니다" in admin.do("save-faq", id=gap, title="질문", text=" ")
    assert "달력에 없는" in admin.do("save-faq", id=gap, **FORM, effective_to="2026-02-30")
    assert "<textarea" in admin.shown("side"), "the form stays"
    assert "저장했습니다. 색인을 만들면" in admin.do("save-faq", id=gap, **FORM)
    assert "색인 대기" in admin.shown("side")
    (name,) = admin.desk.store.ids() - {"a", "b"}
    found = admin.desk.store.get(name).document
    assert re.fullmatch(r"knowledge-gaps/드론-허가-어디서-\w{8}", name)
    assert (found.kind, found.title, found.department, str(found.as_of)) == (
        Kind.FAQ,
        FORM["title"],
        "안전총괄과",
        str(datetime.now().date()),
    )
    assert (AuditAction.WRITTEN, name, {"question": FORM["title"]}) in admin.audited
    admin.press("지금 색인 만들기")
    admin.desk.builds.wait(10)
    assert admin.found("드론 허가는 어디서 받나요?")[0] == name
    assert "FAQ가 답합니다" in admin.shown("side")
    admin.do("gaps", shown="closed")
    assert "답함" in admin.shown()
    admin.do("gaps")
    assert listed(admin) == []


@pytest.mark.usefixtures("indexed")
def test_saving_is_undone_also_that_of_a_better_answer(admin: Seat, ask: Callable[..., None]) -> None:
    ask(QUESTION)
    opened(admin)
    admin.do("save-faq", id=admin.session.gap, **FORM)
    admin.press("답변 고치기")
    assert FORM["text"] in admin.shown("side")
    admin.do("save-faq", id=admin.session.gap, **{**FORM, "text": "4층입니다."})
    (name,) = admin.desk.store.ids() - {"a", "b"}
    assert admin.desk.store.get(name).document.text == "4층입니다."
    admin.undo()
    assert admin.desk.store.get(name).document.text == FORM["text"]
    assert "색인 대기" in admin.shown("side")
    admin.do("withdraw", id=name, reason="틀림")
    admin.do("gaps")
    assert listed(admin) == [QUESTION], "open again once nothing answers it"
    admin.press(QUESTION)
    admin.do("save-faq", id=admin.session.gap, **FORM)
    assert name in admin.desk.store.ids(), "the same id, in service again"
    admin.undo()
    assert name not in admin.desk.store.ids()
    assert "열림" in admin.shown("side")


@pytest.mark.usefixtures("indexed")
def test_what_somebody_else_wrote_meanwhile_is_told_before_it_is_replaced(
    admin: Seat, ask: Callable[..., None]
) -> None:
    ask(QUESTION)
    opened(admin)
    admin.press("FAQ로 만들기")
    other = Seat(admin.desk)
    other.do("tab", name="gaps")
    other.do("save-faq", id=admin.session.gap, **{**FORM, "text": "시청 1층입니다."})
    told = admin.do("save-faq", id=admin.session.gap, version="", **FORM)
    assert told == "그사이 이 FAQ가 바뀌어 저장하지 않았습니다. 지금 답변은 ‘시청 1층입니다.’입니다."
    assert "<textarea" in admin.shown("side"), "the form stays"
    (name,) = admin.desk.store.ids() - {"a", "b"}
    assert admin.desk.store.get(name).document.text == "시청 1층입니다."
    assert "저장했습니다" in admin.press("그래도 저장")
    assert admin.desk.store.get(name).document.text == FORM["text"]
    admin.undo()
    assert admin.desk.store.get(name).document.text == "시청 1층입니다."


@pytest.mark.usefixtures("indexed")
def test_what_was_masked_is_never_read_out(admin: Seat, ask: Callable[..., None]) -> None:
    ask("[이름] 드론 허가", days=1)
    admin.do("tab", name="gaps")
    admin.press("[이름] 드론 허가")
    admin.press("FAQ로 만들기")
    assert "가려진 [이름] 자리는" in admin.shown("side")
    left = {**FORM, "title": "[이름] 드론 허가"}
    assert "가려진 [이름] 자리가 남아" in admin.do("save-faq", id=admin.session.gap, **left)
    assert "저장했습니다" in admin.do("save-faq", id=admin.session.gap, **{**FORM, "text": "[별지 1]을 냅니다."})


@pytest.mark.usefixtures("indexed")
def test_dismissed_with_a_reason_and_back(admin: Seat, ask: Callable[..., None]) -> None:
    ask(QUESTION)
    opened(admin)
    assert "이유가 비어" in admin.do("dismiss", id=admin.session.gap, reason=" ")
    assert "다시 물으면" in admin.do("dismiss", id=admin.session.gap, reason="시 업무가 아님")
    assert listed(admin) == []
    assert "시 업무가 아님" in admin.shown("side")
    admin.undo()
    assert listed(admin) == [QUESTION]
    admin.do("dismiss", id=admin.session.gap, reason="시 업무가 아님")
    admin.press("다시 열기")
    admin.do("dismiss", id=admin.session.gap, reason="시 업무가 아님")
    ask(QUESTION)
    admin.do("gaps")
    assert "다시 물음" in admin.shown()
    assert [action for action, _, _ in admin.audited][-4:] == [
        AuditAction.GAP_REOPENED,
        AuditAction.GAP_DISMISSED,
        AuditAction.GAP_REOPENED,
        AuditAction.GAP_DISMISSED,
    ]


@pytest.mark.usefixtures("indexed")
def test_what_cannot_be_audited_is_not_written(admin: Seat, ask: Callable[..., None]) -> None:
    ask(QUESTION)
    opened(admin)
    admin.audit_fails = True
    assert admin.do("save-faq", id=admin.session.gap, **FORM) == "감사 기록을 쓸 수 없습니다."
    assert admin.do("dismiss", id=admin.session.gap, reason="이유") == "감사 기록을 쓸 수 없습니다."
    assert admin.desk.store.ids() == {"a", "b"}
    assert listed(admin) == [QUESTION]


def test_without_an_index_a_gap_can_still_be_answered(admin: Seat, ask: Callable[..., None]) -> None:
    ask(QUESTION)
    opened(admin)
    assert "FAQ로 만들기" in admin.shown("side")
    admin.do("save-faq", id=admin.session.gap, **FORM)
    assert len(admin.desk.store.ids()) == 1


def test_the_first_grouping_shows_how_far_it_is(
    admin: Seat, ask: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexing.admin_panel.gaps.PATIENCE_S", 0.0)
    ask(QUESTION)
    admin.session.tab = Tab.GAPS
    assert "data-running" in admin.shown()
    admin.desk.listing.job.wait(10)
    assert listed(admin) == [QUESTION]


@pytest.mark.usefixtures("indexed")
def test_hostile_questions_are_words_and_what_the_browser_sends_is_checked(
    admin: Seat, ask: Callable[..., None]
) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    ask(hostile)
    admin.do("tab", name="gaps")
    admin.do("gap", id=str(Journal(admin.desk.home.journal).suggestions()[0]["id"]))
    for _ in pages(admin, hostile):
        page = "".join(frame(admin.desk, admin.session))
        assert "<img" not in page
        assert set(re.findall('data-do="([^"]*)"', page)) <= ACTS.keys()
    assert "다시 고르세요" in admin.do("gap", id="없음")
    for values in ({"period": "x"}, {"order": "x"}, {"shown": "x"}):
        assert admin.do("gaps", **values) == UNKNOWN_TEXT


def pages(admin: Seat, hostile: str) -> Iterator[None]:
    yield
    admin.press("FAQ로 만들기")
    yield
    admin.do("save-faq", id=admin.session.gap, title=hostile, text=hostile, department=hostile)
    yield
    admin.press("답변 고치기")
    yield


def test_an_faq_of_a_form_is_a_document(admin: Seat, ask: Callable[..., None]) -> None:
    ask(QUESTION)
    opened(admin)
    form = {**FORM, "phone": "061-749-0000", "source": "조례", "category": "안전"}
    admin.do("save-faq", id=admin.session.gap, **form, effective_from="2026. 1. 1.", effective_to="2027-12-31")
    (stored,) = admin.desk.store.documents()
    found: Document = stored.document
    assert (found.phone, found.source, found.category) == ("061-749-0000", "조례", "안전")
    assert (str(found.effective_from), str(found.effective_to)) == ("2026-01-01", "2027-12-31")
