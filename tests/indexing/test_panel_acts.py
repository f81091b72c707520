"""What an admin can do, without a browser: acts against a real knowledge base and index, with fakes of the models."""

import json
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from panel_seat import Seat
from waiting import becomes

from assistant.knowledge_gaps.journal_gaps import JournalGaps
from indexing.admin_panel import import_acts
from indexing.admin_panel.acts import ACTS, FAILED_TEXT, UNKNOWN_TEXT, perform
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.index_acts import NEXT_TEXT
from indexing.admin_panel.page import frame, hears_news, looked
from indexing.admin_panel.state import Part, Tab
from indexing.embedding.embedder import Vectors
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from knowledge_base.audit import AuditAction
from knowledge_base.document import Document, Kind
from knowledge_base.home import Home

Store = Callable[..., None]


class HeldEmbedder(HashingEmbedder):
    """Embeds passages only while it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let, self.asked = threading.Event(), threading.Event()
        self.let.set()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.asked.set()
        assert self.let.wait(10)
        return super().embed_passages(texts)


@pytest.fixture
def embedder() -> HeldEmbedder:
    return HeldEmbedder()


@pytest.fixture
def admin(home: Home, embedder: HeldEmbedder) -> Seat:
    words = WordAnalyzer()
    service = SearchService(home, embedder, words)
    gaps = JournalGaps(home.journal, home.knowledge, lambda: embedder, lambda: words)
    return Seat(Desk(home, lambda: embedder, lambda: words, lambda: service, gaps))


def send(admin: Seat, name: str, text: str) -> None:
    with admin.desk.uploads.receiving(name) as incoming:
        incoming.write(text.encode())
        incoming.keep()


def imported(admin: Seat, *names: str, refused: Sequence[dict[str, str]] = (), kind: str = "") -> str:
    admin.do("tab", name="import")
    admin.do("import", names=json.dumps(names), refused=json.dumps(refused), kind=kind)
    assert becomes(lambda: not admin.session.batches or import_acts.hears_import(admin.session))
    return admin.session.notice.text if admin.session.notice else ""


# Importing


def test_every_file_has_its_result_and_one_that_fails_stops_none(admin: Seat) -> None:
    send(admin, "표.csv", "질문,답변\n여권은?,5만원\n등본은?,400원\n")
    send(admin, "빈.txt", " ")
    told = imported(admin, "빈.txt", "표.csv", "없음.md", refused=[{"name": "큰.pdf", "problem": "너무 큽니다."}])
    assert told == "파일 1개를 가져왔습니다. 3개는 가져오지 못했습니다. 색인을 만들면 검색에 반영됩니다."
    results = {result.name: result for result in admin.desk.imports.now().files}
    assert list(results) == ["큰.pdf", "빈.txt", "표.csv", "없음.md"]
    assert results["표.csv"].changes == (2, 0, 0, 0)
    assert admin.desk.store.faults() == []
    assert [path.name for path in admin.desk.uploads.folder.iterdir()] == ["표.csv"], "what gives nothing is not kept"
    assert "빈 파일" in results["빈.txt"].problem
    assert "다시 올려" in results["없음.md"].problem
    page = admin.shown()
    assert page.index("없음.md") < page.index("큰.pdf"), "the latest first"
    assert page.index("큰.pdf") < page.index("표.csv"), "what asks for something before that"
    send(admin, "빈.txt", "이제 글이 있습니다.")
    imported(admin, "빈.txt")
    assert "빈 파일" not in admin.shown(), "it is mended"
    admin.press("표.csv")
    assert "5만원" in admin.shown("side")
    assert "색인에 없는 변경" in admin.shown("head")
    assert [(action, subject) for action, subject, _ in admin.audited] == [
        (AuditAction.IMPORTED, "빈.txt"),
        (AuditAction.IMPORTED, "표.csv"),
        (AuditAction.IMPORTED, "빈.txt"),
    ]


def test_what_is_read_meanwhile_leaves_the_reader_their_document(admin: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_acts, "AT_ONCE_S", 0)
    send(admin, "표.csv", "질문,답변\n여권은?,5만원\n등본은?,\n")
    admin.do("import", names='["표.csv"]', refused="[]")
    admin.do("tab", name="documents")
    assert becomes(lambda: bool(admin.desk.store.ids()))
    admin.do("open", id="표.csv#1")
    admin.do("part", name="edit")
    assert becomes(lambda: hears_news(admin.desk, admin.session) and not admin.session.batches)
    assert "파일 1개를 가져왔습니다. 그 가운데 1개는 일부만 가져왔습니다." in admin.shown("notice")
    assert (admin.session.tab, admin.session.document, admin.session.part) == (Tab.DOCUMENTS, "표.csv#1", Part.EDIT)


def test_what_was_sent_but_never_read_is_shown_and_read(admin: Seat) -> None:
    for name in ("가.md", "나.md"):
        send(admin, name, "요금은 500원")
    imported(admin, "가.md")
    assert admin.desk.imports.unread() == ["나.md"]
    assert "아직 가져오지 않은 파일 1개: 나.md" in admin.shown()
    admin.submit("가져오기", kind="regulation")
    assert admin.desk.store.get("나.md").document.kind is Kind.REGULATION
    assert admin.desk.store.ids() == {"가.md", "나.md"}
    later = time.time() + 2
    os.utime(admin.desk.uploads.folder / "가.md", (later, later))  # a new version, sent two seconds after the first
    assert admin.desk.imports.unread() == ["가.md"]


def test_an_import_goes_on_when_its_browser_is_gone(admin: Seat) -> None:
    for number in range(3):
        send(admin, f"{number}.md", f"{number}호")
    values = {"do": "import", "names": '["0.md", "1.md", "2.md"]', "refused": "[]"}
    acts = perform(admin.desk, admin.session, Admin("kim", admin.audit), values)
    next(acts)
    acts.close()  # as Gradio does
    assert becomes(lambda: len(admin.desk.imports.now().files) == 3)
    assert admin.desk.store.ids() == {"0.md", "1.md", "2.md"}
    late = Seat(admin.desk)
    late.do("tab", name="import")
    assert "2.md" in late.shown()


def test_a_cancelled_import_keeps_what_was_read_and_offers_the_rest(
    admin: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_acts, "AT_ONCE_S", 0)
    names = [f"{number}.md" for number in range(4)]
    for name in names:
        send(admin, name, f"{name} 요금은 500원")
    reached, let = threading.Event(), threading.Event()

    def audit(action: AuditAction, subject: str, details: object = None) -> None:
        if subject == "1.md":
            reached.set()
            assert let.wait(10)

    values = {"do": "import", "names": json.dumps(names), "refused": "[]", "kind": "regulation"}
    admin.do("tab", name="import")
    list(perform(admin.desk, admin.session, Admin("kim", audit), values))
    assert reached.wait(10)
    other = Seat(admin.desk)
    other.press("취소")
    assert "취소하는 중" in admin.shown("job")
    let.set()
    assert becomes(lambda: hears_news(admin.desk, admin.session) and not admin.session.batches)
    assert admin.desk.store.ids() == {"0.md", "1.md"}, "the one being read is read to its end"
    assert admin.session.notice
    assert admin.session.notice.text == (
        "파일 2개를 가져왔습니다. 취소하여 2개가 남았습니다. 가져오기 화면에서 이어서 가져오거나 지울 수 있습니다. "
        "색인을 만들면 검색에 반영됩니다."
    )
    assert admin.shown("job") == ""
    assert "아직 가져오지 않은 파일 2개: 2.md, 3.md" in admin.shown()
    imported(admin, "2.md")
    assert admin.desk.store.ids() == {"0.md", "1.md", "2.md"}, "the next import is not cancelled"
    assert admin.press("지우기") == "가져오지 않은 파일 1개를 지웠습니다."
    assert admin.audited[-1] == (AuditAction.REMOVED, "uploads", {"files": ["3.md"]})
    assert "아직 가져오지 않은" not in admin.shown()
    assert sorted(path.name for path in admin.desk.uploads.folder.iterdir()) == ["0.md", "1.md", "2.md"]


def test_what_was_read_meanwhile_is_not_discarded(admin: Seat) -> None:
    send(admin, "가.md", "요금은 500원")
    send(admin, "나.md", "요금은 700원")
    late = Seat(admin.desk)
    imported(admin, "가.md")
    assert late.do("discard", names='["가.md", "나.md"]', refused="[]") == "가져오지 않은 파일 1개를 지웠습니다."
    assert [path.name for path in admin.desk.uploads.folder.iterdir()] == ["가.md"]


def test_the_same_name_again_is_a_new_version_and_the_kind_can_be_chosen(admin: Seat) -> None:
    send(admin, "안내.md", "# 안내\n\n요금은 500원")
    imported(admin, "안내.md", kind="regulation")
    send(admin, "안내.md", "# 안내\n\n요금은 700원")
    imported(admin, "안내.md", kind="regulation")
    assert admin.desk.imports.now().files[-1].changes == (0, 1, 0, 0)
    assert admin.desk.store.get("안내.md").document.kind is Kind.REGULATION
    admin.press("안내.md")
    admin.press("안내")
    admin.press("판 2")
    admin.press("바뀐 점")
    side = admin.shown("side")
    assert "<del>요금은 <b>500원</b></del>" in side
    assert "<ins>요금은 <b>700원</b></ins>" in side
    assert "이전 판으로 되돌렸습니다" in admin.press("이 판으로 되돌리기")
    assert "500원" in admin.desk.store.get("안내.md").document.text
    admin.undo()
    assert "700원" in admin.desk.store.get("안내.md").document.text


def test_a_broken_new_version_is_no_success(admin: Seat) -> None:
    send(admin, "안내.md", "요금은 500원")
    imported(admin, "안내.md")
    send(admin, "안내.md", " ")
    told = imported(admin, "안내.md")
    assert told == "가져온 파일이 없습니다. 1개는 가져오지 못했습니다."
    (result,) = admin.desk.imports.now().files
    assert result.problem == "빈 파일입니다. 내용을 확인해 주세요. 앞서 가져온 문서 1건은 그대로 쓰입니다."
    assert admin.desk.store.ids() == {"안내.md"}
    send(admin, "안내.md", "요금은 700원")
    imported(admin, "안내.md")
    assert "700원" in admin.desk.store.get("안내.md").document.text


def test_an_import_of_new_documents_can_be_taken_back(admin: Seat) -> None:
    send(admin, "안내.md", "요금은 500원")
    imported(admin, "안내.md")
    assert "바로 빠집니다" in admin.press("빼기")
    assert admin.desk.uploads.size() == 0
    assert admin.desk.store.ids() == frozenset()
    assert admin.audited[-1] == (AuditAction.REMOVED, "안내.md", {})


# Documents


def test_withdrawn_at_once_and_back_at_once(admin: Seat, store: Store) -> None:
    store(a="여권 수수료", b="주차 요금")
    admin.built()
    assert "바로 빠집니다" in admin.do("withdraw", id="a", reason="옛 규정")
    assert "a" not in admin.found("여권 수수료")
    assert "바로 다시 검색됩니다" in admin.undo()
    assert "a" in admin.found("여권 수수료")
    admin.undo()
    assert admin.desk.store.standing("a").withdrawn == "옛 규정"
    assert [(action, details) for action, _, details in admin.audited if action is not AuditAction.BUILT] == [
        (AuditAction.WITHDRAWN, {"reason": "옛 규정"}),
        (AuditAction.RESTORED, {"version": None}),
        (AuditAction.WITHDRAWN, {"reason": "옛 규정"}),
    ]


def test_a_whole_file_is_withdrawn_and_back(admin: Seat) -> None:
    send(admin, "표.csv", "질문,답변\n여권은?,5만원\n등본은?,400원\n")
    imported(admin, "표.csv")
    admin.do("open", id="표.csv#1")
    admin.do("part", name="edit")
    assert "이 파일의 2건 모두" in admin.shown("side")
    assert "‘표.csv’의 문서 2건을 내렸습니다" in admin.do("withdraw", id="표.csv#1", reason="옛 표", whole="yes")
    assert admin.desk.store.standing("표.csv#2").withdrawn == "옛 표"
    assert "문서 2건을 다시 올렸습니다" in admin.press("이 파일의 2건 모두")
    admin.do("withdraw", id="표.csv#2", reason="틀림")
    assert "모두" not in admin.shown("side"), "one was decided about by itself"


def test_a_document_withdrawn_before_it_was_indexed_waits_for_a_build(admin: Seat, store: Store) -> None:
    store(a="글")
    admin.do("withdraw", id="a", reason="까닭")
    assert "색인을 만들면" in admin.do("restore", id="a")


def test_only_what_differs_is_corrected_and_undone(admin: Seat, store: Store) -> None:
    store(Document(id="a", kind=Kind.NOTICE, title="제목", text="글", department="민원과"))
    assert admin.do("correct", id="a", title="제목", department="민원과", phone="") == "바뀐 값이 없습니다."
    assert "담당부서 값을 고쳤습니다. 색인을 만들면" in admin.do("correct", id="a", title="제목", department="교통과")
    assert admin.desk.store.standing("a").corrected == ("department",)
    admin.do("correct", id="a", department="환경과", phone="749-0000")
    admin.undo()
    found = admin.desk.store.standing("a")
    assert (found.document.department, found.document.phone, found.corrected) == ("교통과", "", ("department",))
    admin.do("open", id="a")
    admin.press("고치기")
    admin.press("원래대로")
    assert admin.desk.store.standing("a").corrected == ()
    admin.undo()
    assert admin.desk.store.get("a").document.department == "교통과"
    admin.press("고친 것 모두 되돌리기")
    assert admin.desk.store.get("a").document.department == "민원과"


def test_what_somebody_else_made_of_a_field_is_told_before_it_is_changed(admin: Seat, store: Store) -> None:
    store(Document(id="a", kind=Kind.NOTICE, title="제목", text="글", phone="749-0000"))
    other = Seat(admin.desk)
    other.do("correct", id="a", phone="749-1111", department="민원과", seen='{"phone": "749-0000", "department": ""}')
    told = admin.do("correct", id="a", phone="749-2222", category="여권", seen='{"phone": "749-0000", "category": ""}')
    assert told == "그사이 바뀐 값이 있어 저장하지 않았습니다. 전화 ‘749-0000’ → ‘749-1111’."
    assert admin.session.notice
    assert admin.session.notice.is_problem
    assert admin.desk.store.get("a").document.category == ""
    assert "분야, 전화 값을 고쳤습니다" in admin.press("그래도 바꾸기")
    found = admin.desk.store.get("a").document
    assert (found.phone, found.category, found.department) == ("749-2222", "여권", "민원과")
    assert "전화 ‘749-1111’ → ‘749-2222’" in other.undo(), "also before one's own change is undone"
    assert admin.desk.store.get("a").document.phone == "749-2222"


def test_a_field_is_made_the_files_own_only_as_it_was_seen(admin: Seat, store: Store) -> None:
    store(Document(id="a", kind=Kind.NOTICE, title="제목", text="글", phone="749-0000"))
    admin.do("correct", id="a", phone="749-1111")
    stale = {"id": "a", "undo": "phone", "seen": '{"phone": "749-1111"}'}
    Seat(admin.desk).do("correct", id="a", phone="749-2222")
    assert "‘749-1111’ → ‘749-2222’" in admin.do("correct", **stale)
    admin.do("open", id="a")
    admin.do("part", name="edit")
    admin.press("원래대로")
    assert admin.desk.store.get("a").document.phone == "749-0000"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"effective_from": "2026-02-30"}, "달력에 없는 날짜입니다"),
        ({"effective_from": "2026-02-01", "effective_to": "2026-01-01"}, "시행일"),
        ({"title": " "}, "제목은 비울 수 없습니다"),
    ],
)
def test_an_impossible_correction_is_one_sentence(
    admin: Seat, store: Store, values: dict[str, str], sentence: str
) -> None:
    store(a="글")
    assert sentence in admin.do("correct", id="a", **values)
    assert admin.session.notice
    assert admin.session.notice.is_problem
    assert admin.desk.store.standing("a").corrected == ()
    assert "failed" in admin.audited[-1][2]


def test_what_cannot_be_audited_is_not_done(admin: Seat, store: Store) -> None:
    store(a="글")
    admin.audit_fails = True
    for act in ({"do": "withdraw", "reason": "까닭"}, {"do": "correct", "title": "새"}, {"do": "build"}):
        assert admin.do(act.pop("do"), id="a", **act) == "감사 기록을 쓸 수 없습니다."
    assert admin.desk.store.standing("a").withdrawn is None
    assert admin.desk.builds.status() is None


def test_the_list_is_filtered_and_turned(admin: Seat, store: Store) -> None:
    soon = date.today() + timedelta(days=5)
    store(
        *(Document(id=f"표.csv#{n}", kind=Kind.FAQ, title=f"질문 {n}", text="답") for n in range(1, 121)),
        Document(id="공지", kind=Kind.NOTICE, title="곧 끝남", text="글", effective_to=soon, department="교통과"),
    )
    page = admin.shown()
    assert "51–100" not in page
    assert "1–50 / 121건" in page
    admin.press("다음")
    page = admin.shown()
    assert page.index(">질문 50<") < page.index(">질문 51<"), "rows in their order, not 1, 10, 100"
    assert "51–100 / 121건" in page
    admin.do("page", number="99")
    assert "101–121 / 121건" in admin.shown()
    admin.do("filter", kind="notice", department="교통과", state="ending", text="끝 남")
    assert "1–1 / 1건" in admin.shown()
    assert "기한 임박" in admin.shown()
    admin.do("filter", text="없는 말")
    assert "찾는 문서가 없습니다" in admin.shown()


@pytest.mark.parametrize(
    "values",
    [
        {"do": "nonsense"},
        {"do": "page", "number": "x"},
        {"do": "tab", "name": "x"},
        {"do": "open"},
        {"do": "import"},
        {"do": "filter", "kind": "<script>"},
        {"do": "import", "names": "[", "refused": "[]"},
        {"do": "import", "names": "{}", "refused": "[1]"},
    ],
)
def test_whatever_the_browser_sends_is_a_sentence(admin: Seat, values: dict[str, str]) -> None:
    assert admin.do(values.pop("do"), **values) == UNKNOWN_TEXT


def test_a_bug_is_a_sentence_too(admin: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin.desk, "start_scan", lambda admin: 1 / 0)
    assert admin.do("scan") == FAILED_TEXT


# The index


def test_a_build_goes_on_while_everybody_looks_on(admin: Seat, embedder: HeldEmbedder, store: Store) -> None:
    store(a="글")
    embedder.let.clear()
    admin.do("build")
    assert embedder.asked.wait(10)
    other = Seat(admin.desk)
    assert hears_news(other.desk, other.session), "the first look at it"
    assert "색인 만드는 중" in other.shown("job")
    assert "kim" in other.shown("job")
    assert "kim 님이 시작" in other.do("build")
    other.do("tab", name="documents")
    assert "글" not in other.shown("notice"), "the list is there meanwhile"
    embedder.let.set()
    admin.desk.builds.wait(10)
    assert other.shown("job") == ""
    assert hears_news(other.desk, other.session)
    assert "상담원의 다음 질문부터 쓰입니다" in other.shown("notice")
    assert not hears_news(other.desk, other.session)
    late = Seat(admin.desk)
    hears_news(late.desk, late.session)
    assert late.shown("notice") == "", "no news to a page opened later"
    assert admin.built() == "바뀐 것이 없어 지금 색인을 그대로 씁니다."


@pytest.mark.parametrize(("tab", "drawn"), [("documents", set()), ("index", {"main"})])
def test_a_list_under_the_readers_eyes_stays_when_a_build_ends(
    admin: Seat, store: Store, tab: str, drawn: set[str]
) -> None:
    store(a="글")
    admin.do("tab", name=tab)
    hears_news(admin.desk, admin.session)
    assert looked(admin.desk, admin.session).keys() == {"head", "job"}
    admin.do("build")
    admin.desk.builds.wait(10)
    assert looked(admin.desk, admin.session).keys() == {"head", "job", "notice"} | drawn


def test_cancel_leaves_the_old_index(admin: Seat, embedder: HeldEmbedder, store: Store, home: Home) -> None:
    store(a="글")
    admin.built()
    before = life_cycle.current_id(home)
    store(a="글", b="다른 글")
    embedder.asked.clear()
    embedder.let.clear()
    admin.do("build")
    assert embedder.asked.wait(10)
    admin.press("취소")
    assert "취소하는 중" in admin.shown("job")
    embedder.let.set()
    admin.desk.builds.wait(10)
    hears_news(admin.desk, admin.session)
    assert "취소했습니다" in admin.shown("notice")
    assert life_cycle.current_id(home) == before


def test_snapshots_are_compared_activated_and_rolled_back(admin: Seat, store: Store, home: Home) -> None:
    store(a="글")
    admin.built()
    first = life_cycle.current_id(home)
    store(a="글", b="<b>둘</b>")
    admin.built()
    second = life_cycle.current_id(home)
    admin.do("tab", name="index")
    admin.press("바뀐 점")
    assert "더해짐 1" in admin.shown()
    assert "되돌렸습니다" in admin.press("이전 색인으로 되돌리기")
    assert life_cycle.current_id(home) == first
    admin.undo()
    assert life_cycle.current_id(home) == second
    admin.undo()
    assert life_cycle.current_id(home) == first
    assert "없습니다" in admin.do("activate", id="20200101-000000-000000")
    assert "되돌릴 이전 색인이 없습니다" in admin.do("roll-back")


def test_golden_questions_guard_the_index(admin: Seat, store: Store, home: Home) -> None:
    store(**{f"d{n}": f"주차 요금 {n}" for n in range(8)}, a="여권 수수료")
    admin.do("add-golden", question="주차 요금", documents="a")
    admin.do("tab", name="index")
    assert "주차 요금" in admin.shown()
    admin.built()
    assert admin.shown().count("확인 질문 1개 중 1개를 놓쳐") == 1
    assert admin.shown("notice") == "", "the page tells it by itself"
    admin.press("빼기")
    assert "아직 확인 질문이 없습니다" in admin.shown()
    admin.undo()
    assert [asked.documents for asked in admin.desk.golden.list()] == [("a",)]
    admin.press("그래도 쓰기")
    admin.desk.builds.wait(10)
    lost = life_cycle.current_id(home)
    admin.do("build", full="yes", accept="yes")
    admin.desk.builds.wait(10)
    newer = life_cycle.current_id(home)
    assert "놓쳐" in admin.do("activate", id=lost)
    assert life_cycle.current_id(home) == newer
    assert NEXT_TEXT in admin.press("그래도 쓰기")
    assert life_cycle.current_id(home) == lost
    assert NEXT_TEXT in admin.undo()
    assert life_cycle.current_id(home) == newer, "it was served before: no question is put to it"
    assert "문서가 없습니다" in admin.do("add-golden", question="질문", documents="없음")


# Health


def test_health_leads_to_what_asks_for_a_decision(admin: Seat, store: Store) -> None:
    store(
        Document(id="끝", kind=Kind.NOTICE, title="끝난 공지", text="글", effective_to=date(2020, 1, 1)),
        a="종량제봉투 10리터 240원",
    )
    admin.built()
    admin.do("tab", name="health")
    page = admin.shown()
    assert "만료됨" in page
    assert 'data-id="끝"' in page
    assert "hashing" in page
    admin.press("찾기")
    admin.desk.scans.wait(10)
    assert "서로 어긋나는 문서를 찾지 못했습니다" in admin.shown()
    admin.do("open", id="a")
    assert admin.session.tab is Tab.HEALTH
    assert admin.session.part is Part.TEXT
    admin.press("닫기")
    assert admin.shown("side") == ""
    admin.press("끝난 공지")
    assert admin.session.document == "끝"


def test_before_anything_is_there_every_page_says_what_to_do(admin: Seat) -> None:
    for tab, sentence in {
        "import": "끌어다 놓거나",
        "documents": "아직 문서가 없습니다",
        "index": "색인할 문서가 없습니다",
        "gaps": "답하지 못한 질문이 없습니다",
        "health": "살펴볼 것이 없습니다",
    }.items():
        admin.do("tab", name=tab)
        assert sentence in admin.shown()
    assert admin.built() == "색인할 문서가 없습니다. ‘가져오기’ 화면에서 먼저 문서를 올리세요."
    assert "문서를 올린 뒤 ‘색인 만들기’를 누르세요" in admin.do("scan")


def test_hostile_titles_are_words(admin: Seat, store: Store) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    store(Document(id=hostile, kind=Kind.NOTICE, title=hostile, text=hostile, department=hostile, phone=hostile))
    admin.built()
    admin.do("add-golden", question=hostile, documents=hostile)
    admin.do("open", id=hostile)
    for tab in ("import", "documents", "index", "gaps", "health"):
        admin.session.tab = Tab(tab)
        for part in Part:
            admin.session.part = part
            page = "".join(frame(admin.desk, admin.session))
            assert "<img" not in page
            assert set(re.findall('data-do="([^"]*)"', page)) <= ACTS.keys()
    admin.do("withdraw", id=hostile, reason=hostile)
    assert "<img" not in "".join(frame(admin.desk, admin.session))
