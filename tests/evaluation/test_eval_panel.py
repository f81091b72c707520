"""The QA panel without a browser: calls are filtered and judged, runs started, stopped and compared."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import console_for
from hashing_embedder import HashingEmbedder, WordAnalyzer

from assistant.audit.log import Actor, AuditLog
from assistant.events import FinalEvent, Status
from assistant.journal import Action, Journal
from eval.examination.result import Result
from eval.qa_panel.acts import perform
from eval.qa_panel.calls import NOT_JUDGED, CallQuery
from eval.qa_panel.cases import Asked, Way, asked, page, way_of, ways
from eval.qa_panel.desk import Desk, Opened, Reviewer
from eval.qa_panel.measure_view import checked_html
from eval.qa_panel.page import frame, hears_news
from eval.qa_panel.questions import GOLDEN
from eval.qa_panel.run_view import cases_html, shown_options
from eval.qa_panel.runs_view import runs_html
from eval.qa_panel.state import CaseQuery, Checked, Session, Tab
from eval.qa_panel.verdicts import Verdict
from eval.questions.question import Question
from eval.report.report import report
from eval.runs.comparison import Change, compare
from eval.runs.store import Record
from indexing.building.build import build
from knowledge_base.document import Document, Kind
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two documents, not indexed; no run and no call yet."""
    (tmp_path / "faq.csv").write_text(
        "질문,답변\n여권 수수료,53000원입니다.\n주차 요금,500원입니다.\n", encoding="utf-8"
    )
    console = console_for(tmp_path / "home", llm="none")
    console.__dict__ |= {"_embedder": HashingEmbedder(), "_analyzer": WordAnalyzer()}
    console.home.create()
    import_path(KnowledgeStore(console.home.knowledge), tmp_path / "faq.csv")
    return Desk(console)


@pytest.fixture
def reviewer(desk: Desk) -> Reviewer:
    return Reviewer("park", AuditLog(desk.console.home.journal).by(Actor("park", "test")))


@pytest.fixture
def act(desk: Desk, reviewer: Reviewer) -> Callable[..., str]:
    """Does something in a session and returns the notice."""

    def done(session: Session, do: str, **values: str) -> str:
        session.notice = None
        for _ in perform(desk, session, reviewer, {"do": do, **values}):
            pass
        return session.notice.text if session.notice else ""

    return done


def send(desk: Desk, name: str, content: bytes) -> None:
    with desk.questions.sent.receiving(name) as incoming:
        incoming.write(content)
        incoming.keep()


def lines(*questions: tuple[str, str]) -> bytes:
    rows = (
        {"id": f"q{number}", "question": text, "answer": "", "documents": [right], "answerable": True, "category": ""}
        for number, (text, right) in enumerate(questions)
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def names(*files: str) -> dict[str, str]:
    return {"names": json.dumps(files), "refused": "[]"}


def shown(name: str, question: str, status: Status = Status.EXTRACTIVE) -> FinalEvent:
    return FinalEvent(
        call="c",
        seq=1,
        at=0.0,
        suggestion=name,
        question=question,
        status=status,
        answer="53000원입니다.",
        reason="",
        citations=(),
        checks=(),
        transfer=None,
        timings={"total": 12.0},
        snapshot="s",
        model="",
    )


@pytest.fixture
def journal(desk: Desk) -> Journal:
    """Three suggestions: kim's accepted, then rejected; lee's accepted; lee's abstention."""
    kept = Journal(desk.console.home.journal)
    kept.add_suggestion(shown("a", "여권 수수료"), ("faq.csv#1",), "kim")
    kept.add_suggestion(shown("b", f"{HOSTILE} 주차"), ("faq.csv#2",), "lee")
    kept.add_suggestion(shown("c", "화성 이주", Status.ABSTAINED), (), "lee")
    kept.add_feedback("a", Action.ACCEPTED, agent="kim")
    kept.add_feedback("a", Action.REJECTED, "오래된 내용", agent="kim")
    kept.add_feedback("b", Action.ACCEPTED, agent="lee")
    kept.add_feedback("b", Action.COPIED, agent="lee")
    return kept


# calls


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (CallQuery(), "cba"),
        (CallQuery(status="abstained"), "c"),
        (CallQuery(feedback="rejected"), "a"),
        (CallQuery(feedback="accepted"), "b"),
        (CallQuery(feedback="none"), "c"),
        (CallQuery(agent="lee"), "cb"),
        (CallQuery(agent="lee", feedback="rejected"), ""),
        (CallQuery(verdict="wrong"), "b"),
        (CallQuery(verdict=NOT_JUDGED), "ca"),
        (CallQuery(since=date.today(), until=date.today()), "cba"),
        (CallQuery(since=date.today() + timedelta(days=1)), ""),
        (CallQuery(until=date.today() - timedelta(days=1)), ""),
        (CallQuery(page=9), "cba"),
    ],
)
def test_calls_are_filtered_newest_first(desk: Desk, journal: Journal, query: CallQuery, found: str) -> None:
    desk.verdicts.add("b", Verdict.WRONG, "", "park")
    assert "".join(call.id for call in desk.calls.page(query).rows) == found


def test_an_agent_who_says_partly_is_heard(desk: Desk, journal: Journal) -> None:
    journal.add_feedback("b", Action.PARTLY, "기간이 빠짐", agent="lee")
    (call,) = desk.calls.page(CallQuery(feedback="partly")).rows
    assert (call.id, call.opinion, call.reason) == ("b", Action.PARTLY, "기간이 빠짐")
    assert desk.calls.page(CallQuery(feedback="accepted")).rows == ()
    assert "일부만 맞음" in frame(desk, Session(tab=Tab.CALLS)).main


def test_a_day_is_a_local_one(desk: Desk, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = datetime.combine(date(2026, 3, 2), datetime.min.time()).astimezone(UTC)
    for name, moment in (("before", midnight - timedelta(milliseconds=1)), ("after", midnight)):
        monkeypatch.setattr("assistant.journal.now", lambda at=moment: at.isoformat(timespec="milliseconds"))
        journal.add_suggestion(shown(name, name), (), "kim")
    on = CallQuery(since=date(2026, 3, 2), until=date(2026, 3, 2))
    assert [call.id for call in desk.calls.page(on).rows] == ["after"]


def test_the_last_verdict_counts_and_all_are_kept(desk: Desk, journal: Journal, act: Callable[..., str]) -> None:
    session = Session(tab=Tab.CALLS)
    assert desk.calls.tally(CallQuery()).share_right is None
    assert act(session, "judge", id="a", verdict="right") == "‘맞음’으로 판정했습니다."
    act(session, "note", id="a", note="홍길동 010-1234-5678에 확인")
    act(session, "judge", id="a", verdict="wrong")
    assert session.notice and session.notice.undo
    undo = session.notice.undo
    act(session, "judge", id="b", verdict="partly")
    assert desk.calls.tally(CallQuery()) == (3, {Verdict.PARTLY: 1, Verdict.WRONG: 1})
    act(session, undo.do, **undo.values)
    said = desk.verdicts.of("a")
    assert [each.verdict for each in said] == [Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG, Verdict.RIGHT]
    assert {each.by for each in said} == {"park"}
    assert said[-1].note == said[1].note
    assert "5678" not in said[1].note
    assert desk.calls.tally(CallQuery()).share_right == 0.5
    assert desk.calls.tally(CallQuery(agent="kim", verdict="wrong")).by_verdict == {Verdict.RIGHT: 1}
    act(session, "judge", id="a", verdict="")
    assert desk.verdicts.latest("a") is None
    assert [call.id for call in desk.calls.page(CallQuery(verdict=NOT_JUDGED)).rows] == ["c", "a"]
    assert act(session, "note", id="a", note="x").startswith("먼저")
    assert (
        act(session, "judge", id="없음", verdict="right") == "상담 기록에 그 제안이 없습니다. 목록에서 다시 고르세요."
    )


def test_a_call_becomes_a_question_of_runs_and_of_the_index(
    desk: Desk, journal: Journal, act: Callable[..., str]
) -> None:
    session = Session(tab=Tab.CALLS)
    right = {"id": "a", "answer": "53,000원입니다.", "documents": "faq.csv#1\n", "category": "여권"}
    assert "'없음' 문서가 없습니다" in act(session, "add-golden", **right | {"documents": "없음"})
    assert not desk.questions.golden().exists()
    assert "더했습니다" in act(session, "add-golden", **right, index="yes")
    assert "이미 있는" in act(session, "add-golden", **right)
    (kept,) = desk.questions.load(GOLDEN).questions
    assert (kept.question, kept.answer, kept.documents) == ("여권 수수료", "53,000원입니다.", ("faq.csv#1",))
    assert [golden.question for golden in desk.index_golden.list()] == ["여권 수수료"]
    assert [file.name for file in desk.questions.all()] == [GOLDEN]


def test_what_callers_say_is_escaped(desk: Desk, journal: Journal) -> None:
    session = Session(tab=Tab.CALLS, call="b")
    drawn = "".join(frame(desk, session))
    assert HOSTILE not in drawn
    assert "&lt;script&gt;" in drawn


def test_pages_say_what_to_do_where_there_is_nothing(desk: Desk) -> None:
    told = {
        Tab.MEASURE: "아직 질문 파일이 없습니다",
        Tab.RUNS: "아직 평가가 없습니다",
        Tab.CALLS: "아직 상담 기록이 없습니다",
    }
    for tab, sentence in told.items():
        assert sentence in frame(desk, Session(tab=tab)).main


# question files


def test_a_file_is_kept_only_when_it_reads_as_questions(desk: Desk, act: Callable[..., str]) -> None:
    session = Session()
    send(desk, "q.jsonl", lines(("여권", "faq.csv#1"), ("여권", "없음")))
    assert act(session, "import", **names("q.jsonl")) == ""
    assert session.checked[0].questions == 2
    assert {finding.doubt.value for finding in session.checked[0].findings} == {"같은 질문", "없는 문서"}
    send(desk, "q.jsonl", b'{"id": 1}')
    told = act(session, "import", **names("q.jsonl"))
    assert told.startswith("'q.jsonl' 1번째 줄: ")
    assert str(desk.console.home.root) not in told
    assert len(desk.questions.load("q.jsonl").questions) == 2
    for name in ("q.txt", "q.xlsx"):
        send(desk, name, b"PK")
        assert act(session, "import", **names(name)).startswith(f"'{name}'")
    assert list(desk.questions.sent.folder.iterdir()) == []


def test_findings_are_counted_and_escaped() -> None:
    assert "걸리는 것이 없습니다" in checked_html([Checked("q.jsonl", 3, ())])
    assert HOSTILE not in checked_html([Checked(HOSTILE, 3, ())])


# runs


def test_a_run_is_stopped_resumed_and_read(desk: Desk, act: Callable[..., str]) -> None:
    build(desk.console.home, desk.console.embedder(), desk.console.analyzer())
    session = Session()
    send(desk, "q.jsonl", lines(*((f"여권 수수료 {number}", "faq.csv#1") for number in range(30))))
    act(session, "import", **names("q.jsonl"))
    hears_news(desk, session)
    form = {"name": "q.jsonl", "configuration": "retrieval", "limit": "20", "seed": "7"}
    assert act(session, "run", **form | {"limit": "많이"}).startswith("질문 수에는 0 이상의 정수")
    assert act(session, "run", **form | {"limit": "0"}).startswith("질문 수 제한은 1 이상")
    assert act(session, "run", **form) == ""
    desk.job.cancel()
    assert act(session, "run", **form).startswith("다른 평가가 돌고 있습니다(park 님이 시작)")
    desk.job.wait()
    status = desk.job.status()
    assert status and status.was_cancelled
    assert hears_news(desk, session)
    assert session.notice and "이어서" in session.notice.text
    (stopped,) = desk.runs().runs
    assert "멈춤" in runs_html(desk.runs(), "")
    assert "진행 중" in runs_html(desk.runs(), stopped.id)
    done = len(desk.store.folder(stopped.id).results())
    assert done < 20

    assert act(session, "resume", id=stopped.id) == ""
    desk.job.wait()
    assert hears_news(desk, session)
    assert session.notice and session.notice.text.startswith("질문 20개의 평가를")
    assert session.notice.then and session.notice.then.label == "결과 보기"
    act(session, session.notice.then.do, **session.notice.then.values)
    drawn = frame(desk, session)
    assert "정답 문서가 1위 안" in drawn.main
    record = desk.opened(stopped.id).record
    assert (record.run.seed, record.run.limit) == (7, 20)
    assert act(session, "open-run", id="../../etc").startswith("그런 평가가 없습니다")


@pytest.fixture
def opened(ask: Callable[..., Question], result: Callable[..., Result], record: Callable[..., Record]) -> Opened:
    """Against a baseline: one question broke, one was mended, one went up, one says other words, one is the same."""
    questions = [ask(name, "요금", category="가" if name == "broke" else "나") for name in _RANKS]
    documents = [Document(id="요금", kind=Kind.FAQ, title="요금", text="본문")]
    before = [
        result(name, rank, answer=text, scores={"mrr@10": 1 / rank if rank else 0.0})
        for name, (rank, _, text, _) in _RANKS.items()
    ]
    after = [
        result(name, rank, answer=text, scores={"mrr@10": 1 / rank if rank else 0.0})
        for name, (_, rank, _, text) in _RANKS.items()
    ]
    now = record(questions, after, documents)
    against = compare(record(questions, before, documents, run_id="r0"), now)
    from eval.diagnosis.cases import cases

    return Opened(now, tuple(cases(now)), against, report(now, against))


_RANKS: dict[str, tuple[int | None, int | None, str, str]] = {
    "same": (1, 1, "가", "가"),
    "reworded": (1, 1, "가", "나"),
    "raised": (3, 1, "가", "가"),
    "mended": (None, 1, "가", "가"),
    "broke": (1, None, "가", "가"),
}


def test_questions_say_which_way_they_changed(opened: Opened) -> None:
    found = {each.case.question.id: each.way for each in asked(opened)}
    assert found == {
        "same": None,
        "reworded": Way.OTHER,
        "raised": Way.BETTER,
        "mended": Way.BETTER,
        "broke": Way.WORSE,
    }
    assert ways(asked(opened)) == {Way.WORSE: 1, Way.BETTER: 2, Way.OTHER: 1}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (CaseQuery(), ["broke"]),
        (CaseQuery(shown="검색 안 됨"), ["broke"]),
        (CaseQuery(shown="나아짐"), ["raised", "mended"]),
        (CaseQuery(shown="changed"), ["broke", "raised", "mended", "reworded"]),
        (CaseQuery(shown="changed", category="가"), ["broke"]),
        (CaseQuery(shown="all", text="MEND"), ["mended"]),
        (CaseQuery(shown="없는 것"), []),
    ],
)
def test_questions_are_filtered_worst_first(opened: Opened, query: CaseQuery, found: list[str]) -> None:
    assert [each.case.question.id for each in page(asked(opened), query).rows] == found


def test_filters_count_what_they_would_show(opened: Opened) -> None:
    options = shown_options(asked(opened), has_baseline=True)
    assert options["faults"] == "틀린 질문 1"
    assert options["changed"] == "바뀐 질문 4"
    assert options["나아짐"] == "　나아짐 2"


def test_a_run_that_only_searched_is_compared_by_what_was_found(opened: Opened, result: Callable[..., Result]) -> None:
    searched = result("q", 1, scores={"mrr@10": 1.0})
    answered = result("q", 1, answer="", scores={"mrr@10": 1.0, "fact_recall": 0.0})
    change = Change(opened.cases[0].question, searched, answered)
    assert way_of(change, was_wrong=False, is_wrong=True) is None
    assert way_of(change._replace(before=answered, after=answered), was_wrong=False, is_wrong=True) is Way.WORSE


def test_questions_come_in_pages(opened: Opened) -> None:
    many: list[Asked] = asked(opened) * 12
    first, last = page(many, CaseQuery(shown="all")), page(many, CaseQuery(shown="all", page=99))
    assert (len(first.rows), first.pages, last.number, len(last.rows)) == (25, 3, 2, 10)
    assert "1 / 3쪽" in cases_html(first, CaseQuery(shown="all"), "")


def test_a_recording_without_right_answers_has_no_faults(opened: Opened) -> None:
    from eval.runs.run import RunKind

    run = opened.record.run.model_copy(update={"kind": RunKind.REPLAY})
    replayed = opened._replace(record=opened.record._replace(run=run))
    assert {each.fault for each in asked(replayed)} == {None}


def test_unknown_acts_and_values_are_one_sentence(act: Callable[..., str]) -> None:
    wrong = {"names": "{}", "refused": "[1]"}
    for do, values in (
        *(("없음", {}), ("tab", {"name": "x"}), ("case-page", {"number": "x"})),
        *(("judge", {}), ("import", wrong)),
    ):
        assert act(Session(), do, **values).endswith("다시 해 주세요.")
    assert act(Session(), "calls", since="어제").startswith("'어제'은(는) 날짜가 아닙니다.")
