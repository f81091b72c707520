"""Journal, audit, calls and accounts keep the same promises in SQLite and in a real PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from kept_exchanges import kept_exchanges
from people import CHEAP, PASSWORD, TERMINAL, Clock
from postgres_server import PostgresServer
from scripted_assistant import SCRIPTS
from waiting import becomes

from assistant.accounts.access import Access
from assistant.accounts.attempts import PER_NAME, Locked
from assistant.accounts.passwords import Passwords
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar
from assistant.accounts.tables import ACCOUNTS, AccountTables
from assistant.audit.log import AUDIT, AuditLog
from assistant.backup.archive import back_up, restore
from assistant.backup.database_copy import DatabaseCopy
from assistant.calls.call_events import CallEvent, UtteranceEvent
from assistant.calls.records import CALLS, CallInfo, CallRecords, now
from assistant.calls.utterance import Speaker, Utterance
from assistant.database import Place, opened
from assistant.database.postgresql import PostgreSQL
from assistant.database.schema import Schema
from assistant.journal import JOURNAL, Action, Journal
from assistant.knowledge_gaps.decisions import GAPS
from assistant.knowledge_gaps.journal_gaps import JournalGaps
from assistant.llm.exchange import Exchange
from assistant.retention import NightlyForgetting, Retention
from eval.qa_panel.calls import CallQuery
from eval.qa_panel.calls import CallRecords as Suggestions
from eval.qa_panel.verdicts import VERDICTS, Verdict, Verdicts
from indexing.gaps import Remedy
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AccountError, AssistantError, InvalidSettings
from knowledge_base.home import Home

FINAL = SCRIPTS["등본"].final("등본 수수료는 얼마인가요?", "call-1", 3)
WORDS = "순천만국가정원에서잃어버린지갑"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def replica(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Place]]:
    """Each call is another process's way to the same tables."""
    if request.param == "sqlite":
        yield lambda: tmp_path / "journal.db"
        return
    address = request.getfixturevalue("server").address()
    made: list[PostgreSQL] = []

    def new() -> PostgreSQL:
        made.append(PostgreSQL(address))
        return made[-1]

    yield new
    for each in made:
        each.close()


@pytest.fixture
def place(replica: Callable[[], Place]) -> Place:
    return replica()


def suggested(journal: Journal, name: str, call: str = "call-1", **fields: object) -> None:
    journal.add_suggestion(FINAL.model_copy(update={"suggestion": name, "call": call, **fields}), ("faq.csv#1",), "kim")


def test_suggestions_and_opinions_come_back_in_order(place: Place) -> None:
    journal = Journal(place)
    for name in ("b", "a"):
        suggested(journal, name)
        journal.add_exchange(name, "qwen", Exchange(prompt="전화 010-1234-5678", response="네"))
        journal.add_feedback(name, Action.REJECTED, f"{name}\0", "lee")
    journal.add_feedback("b", Action.ACCEPTED)
    assert [row["id"] for row in journal.suggestions()] == ["b", "a"]
    assert [(row["action"], str(row["reason"]).rstrip("\0")) for row in journal.feedback("b")] == [
        ("rejected", "b"),
        ("accepted", ""),
    ]
    assert [row["suggestion"] for row in journal.feedback_on("call-1")] == ["b", "a", "b"]
    assert kept_exchanges(place, "a")[0]["prompt"] == "전화 [전화번호]"
    shown = journal.suggestion("a")
    assert shown is not None and shown["documents"] == '["faq.csv#1"]' and "rowid" not in shown
    assert journal.suggestion("c") is None


def test_calls_come_back_as_they_were(place: Place) -> None:
    records = CallRecords(place)
    call = CallInfo("c1", "CTI-1", "kim", "cti", now())
    records.add_call(call)
    said = Utterance(line=0, speaker=Speaker.CALLER, text="등본 얼마예요?", at=1.25)
    events: list[CallEvent] = [
        UtteranceEvent(call="c1", seq=1, at=1.3, speaker=Speaker.CALLER, text="등본 얼마예요?", line=0, final=True),
        FINAL.model_copy(update={"call": "c1", "seq": 2}),
    ]
    records.add("c1", [said], events)
    records.add("c1", [said])  # sent again
    with pytest.raises(AssistantError):
        records.add("c1", events=events)  # another's numbers: never two histories of one call
    assert (records.utterances("c1"), records.events("c1"), records.call("c1")) == ([said], events, call)
    for text in ("초안", "고침"):
        records.add_summary("c1", "kim", now(), text)
    found = records.summary("c1")
    assert found is not None and found.summary == "고침"
    ended = replace(call, ended=now())
    records.end_call(ended)
    assert records.open_calls() == records.calls_of("kim", now() - timedelta(hours=1)) == []
    assert records.call("c1") == ended
    records.close()


def test_writers_of_several_replicas_leave_one_audit(replica: Callable[[], Place]) -> None:
    logs = [AuditLog(replica()) for _ in range(4)]

    def write(log: AuditLog) -> None:
        for number in range(10):
            log.record(TERMINAL, AuditAction.BUILT, f"{number}\0", {"사유": "시험"})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, logs))
    assert {log.verified() for log in logs} == {logs[0].verified()} and logs[0].verified().rows == 40


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set subject = 'x'",
        "delete from audit where number = 1",
        "insert into audit select 9, at, actor, address, action, subject, details, seal from audit where number = 1",
        "truncate audit",
    ],
)
def test_the_audit_refuses_changes_in_postgresql_too(server: PostgresServer, statement: str) -> None:
    place = PostgreSQL(server.address())
    log = AuditLog(place)
    log.record(TERMINAL, AuditAction.BUILT, "1")
    with pytest.raises(AssistantError), place.connected() as connection:
        connection.execute(statement)
    assert log.verified().rows == 1
    place.close()


def access(place: Place, audit: Place, clock: Clock) -> Access:
    return Access(AccountTables(place, clock), AuditLog(audit, clock.utc), Passwords(CHEAP))


def test_accounts_hold_for_every_replica(replica: Callable[[], Place], tmp_path: Path) -> None:
    clock = Clock()
    ways = [replica(), replica()]
    audits = [way if isinstance(way, PostgreSQL) else tmp_path / "audit.db" for way in ways]
    first, second = (access(way, audit, clock) for way, audit in zip(ways, audits, strict=True))
    registrar = Registrar(first, TERMINAL)
    link = registrar.add("kim", [Role.AGENT])
    ready = threading.Barrier(2)

    def set_up(here: Access) -> str:
        ready.wait()
        try:
            return here.set_up(link, "", PASSWORD, "192.0.2.1")
        except AccountError:
            return ""

    with ThreadPoolExecutor(2) as pool:  # one link, two replicas: used once
        [session] = [token for token in pool.map(set_up, (first, second)) if token]
    for here in (first, second):
        person = here.sessions.person(session)
        assert person is not None and person.name == "kim"
    old, new = (registrar.add("cti", [Role.MACHINE]), first.tokens.issue("cti"))
    assert second.tokens.person(old) is None and second.tokens.person(new) is not None
    for number in range(PER_NAME):
        with pytest.raises(AccountError):
            (first, second)[number % 2].log_in("kim", "틀린 비밀번호", "192.0.2.2")
    with pytest.raises(Locked):
        second.log_in("kim", PASSWORD, "192.0.2.2")
    registrar.disable("kim")
    assert second.sessions.person(session) is None
    assert first.audit.verified() == second.audit.verified()


def test_what_is_recorded_and_what_is_done_are_one_transaction(server: PostgresServer) -> None:
    place = PostgreSQL(server.address())
    here = access(place, place, Clock())
    Registrar(here, TERMINAL).add("kim", [Role.AGENT], PASSWORD)
    before = here.audit.verified()
    with pytest.raises(RuntimeError), here.tables.writing():
        here.accounts.set_disabled("kim", True)
        here.audit.record(TERMINAL, AuditAction.ACCOUNT_DISABLED, "kim")
        raise RuntimeError
    assert here.audit.verified() == before and here.accounts.get("kim").disabled is None
    place.close()


def test_gaps_and_verdicts_are_found(place: Place, tmp_path: Path) -> None:
    journal, records = Journal(place), CallRecords(place)
    suggested(journal, "s1", question="드론 허가는 어디서 받나요?")
    suggested(journal, "s2", question="여권은 얼마예요?")
    suggested(journal, "s3", question="여권은 얼마예요?")
    records.add("call-1", events=[FINAL.model_copy(update={"suggestion": n, "slot": 1, "seq": i}) for i, n in
                                  enumerate(("s2", "s3"))])  # fmt: skip
    for name, action, reason in (
        ("s1", Action.REJECTED, "오래됨"),
        ("s1", Action.EDITED, "항공과로 안내"),
        ("s2", Action.REJECTED, "틀림"),  # understood better a moment later
        ("s3", Action.REJECTED, "틀림"),
        ("s3", Action.ACCEPTED, ""),
    ):
        journal.add_feedback(name, action, reason)
    gaps = JournalGaps(place, tmp_path / "knowledge.db", HashingEmbedder, WordAnalyzer)
    before = gaps.state()

    def listed() -> list[tuple[str, str, bool]]:
        found = gaps.listed((), (), lambda *_: None, lambda: False)
        return [(gap.question, gap.draft.text if gap.draft else "", gap.decision is not None) for gap in found]

    assert listed() == [("드론 허가는 어디서 받나요?", "항공과로 안내", False)]
    [gap] = gaps.listed((), (), lambda *_: None, lambda: False)
    decision = gaps.decide(gap, Remedy.DISMISSED, "", "lee")
    assert gaps.state() != before and listed()[0][2]
    gaps.reopen(decision)
    assert not listed()[0][2]

    verdicts, suggestions = Verdicts(place), Suggestions(place)
    verdicts.add("s1", Verdict.WRONG, "", "qa")
    verdicts.add("s1", Verdict.RIGHT, "다시 봄", "qa")
    verdicts.add("s2", Verdict.RIGHT, "", "qa")
    verdicts.add("s2", None, "", "qa")
    page = suggestions.page(CallQuery(feedback="accepted"))
    assert [(row.id, row.opinion) for row in page.rows] == [("s3", Action.ACCEPTED)]
    assert {row.id: row.verdict for row in suggestions.page(CallQuery()).rows} == {
        "s1": Verdict.RIGHT,
        "s2": None,
        "s3": None,
    }
    assert suggestions.tally(CallQuery()).by_verdict == {Verdict.RIGHT: 1} and suggestions.agents() == ("kim",)
    assert [judged.verdict for judged in suggestions.read("s1").judged] == [Verdict.WRONG, Verdict.RIGHT]


def test_replicas_that_start_together_make_the_tables_once(replica: Callable[[], Place]) -> None:
    ready = threading.Barrier(6)

    def begin(number: int) -> None:
        journal = Journal(replica())
        ready.wait()
        suggested(journal, f"{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))
    assert len(Journal(replica()).suggestions()) == 6


def test_tables_grow_with_the_program_and_never_back(replica: Callable[[], Place]) -> None:
    newer = JOURNAL._replace(versions=(*JOURNAL.versions, ("alter table feedback add column mood text",)))
    journal = Journal(replica())
    journal.add_feedback("s1", Action.COPIED)
    with opened(replica(), newer).writing() as database:
        database.execute("update feedback set mood = 'good'")
    with pytest.raises(AssistantError, match="새 판"):
        Journal(replica()).suggestions()


def test_a_database_that_is_away_is_one_sentence_and_comes_back(server: PostgresServer) -> None:
    journal, log = Journal(place := PostgreSQL(server.address())), AuditLog(place)
    suggested(journal, "before")
    server.stop()
    try:
        for attempt in range(3):
            began = time.monotonic()
            with pytest.raises(AssistantError, match="데이터베이스에 연결할 수 없습니다"):
                journal.add_feedback("before", Action.COPIED)
            assert attempt < 2 or time.monotonic() - began < 0.5  # nobody waits for what is known to be away
        with pytest.raises(AssistantError):
            log.record(TERMINAL, AuditAction.BUILT, "1")
    finally:
        server.start()

    def works() -> bool:
        try:
            journal.add_feedback("before", Action.ACCEPTED)
        except AssistantError:
            return False
        return True

    assert becomes(works)
    assert [row["action"] for row in journal.feedback("before")] == ["accepted"]
    place.close()


def test_an_address_that_is_none_is_a_sentence_without_its_password() -> None:
    with pytest.raises(InvalidSettings, match="ONNURI_DATABASE") as raised:
        Journal(PostgreSQL("postgresql://kim:geheim@[db/onnuri")).suggestions()
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize("schema", [JOURNAL, CALLS, GAPS, AUDIT, ACCOUNTS, VERDICTS], ids=lambda schema: schema.name)
def test_a_copy_takes_every_table(schema: Schema, tmp_path: Path) -> None:
    with opened(tmp_path / "a.db", schema).reading() as connection:
        made = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    assert made == {*schema.tables, "schema_versions"}


def test_an_installation_moves_to_postgresql_and_back(server: PostgresServer, tmp_path: Path) -> None:
    homes = [Home(tmp_path / name) for name in ("first", "second", "third")]
    for home in homes:
        home.create()
    clock, first = Clock(), homes[0]
    Registrar(access(first.accounts, first.journal, clock), TERMINAL).add("kim", [Role.AGENT], PASSWORD)
    journal, records = Journal(first.journal), CallRecords(first.journal)
    records.add_call(CallInfo("call-1", "", "kim", "cti", now()))
    records.add("call-1", [Utterance(line=0, speaker=Speaker.CALLER, text="네", at=1.0)], [FINAL])
    for name in ("b", "a"):
        suggested(journal, name)
        journal.add_feedback(name, Action.REJECTED, name)
    Verdicts(first.journal).add("a", Verdict.WRONG, "", "qa")
    back_up(first, tmp_path / "sqlite.tar.gz")

    place = PostgreSQL(server.address())
    moved = DatabaseCopy(place, VERDICTS)
    restore(homes[1], tmp_path / "sqlite.tar.gz", database=moved)
    assert not homes[1].journal.exists() and not homes[1].accounts.exists()
    access(place, place, clock).log_in("kim", PASSWORD, "192.0.2.1")
    suggested(Journal(place), "c")
    with pytest.raises(AssistantError, match="빈 데이터베이스"):
        restore(homes[1], tmp_path / "sqlite.tar.gz", replace=True, database=moved)
    back_up(homes[1], tmp_path / "postgresql.tar.gz", moved)

    restore(homes[2], tmp_path / "postgresql.tar.gz")
    audit = AuditLog(homes[2].journal)
    assert audit.verified() == AuditLog(place).verified() and audit.verified().rows == 2
    returned = Journal(homes[2].journal)
    assert [row["id"] for row in returned.suggestions()] == ["b", "a", "c"]
    assert returned.suggestions()[:2] == journal.suggestions()
    assert returned.feedback_on("call-1") == journal.feedback_on("call-1")
    assert CallRecords(homes[2].journal).events("call-1") == [FINAL]
    found = Verdicts(homes[2].journal).latest("a")
    assert found is not None and found.verdict is Verdict.WRONG
    person = access(homes[2].accounts, homes[2].journal, clock).accounts.get("kim")
    assert person.seen == clock.now
    place.close()


def test_what_was_said_is_gone_after_its_time(place: Place, tmp_path: Path) -> None:
    journal, records, audit = Journal(place), CallRecords(place), AuditLog(place)
    verdicts = Verdicts(place)
    day = timedelta(days=1)
    for name, age, ended in (("old", 100, True), ("unended", 100, False), ("new", 10, True)):
        started = datetime.now(UTC) - age * day
        call = CallInfo(name, f"{WORDS} {name}", "kim", "cti", started)
        records.add_call(call)
        text = f"{WORDS} {name}"
        said = UtteranceEvent(call=name, seq=0, at=1.0, line=0, speaker=Speaker.CALLER, text=text, final=True)
        shown = FINAL.model_copy(update={"suggestion": f"s-{name}", "call": name, "question": text, "seq": 1})
        records.add(name, [Utterance(line=0, speaker=Speaker.CALLER, text=text, at=1.0)], [said, shown])
        journal.add_suggestion(shown, (), "kim")
        journal.add_exchange(f"s-{name}", "qwen", Exchange(prompt=text, response=text))
        journal.add_feedback(f"s-{name}", Action.EDITED, text)
        verdicts.add(f"s-{name}", Verdict.WRONG, text, "qa")
        records.add_summary(name, "kim", started, text)
        if ended:
            records.end_call(replace(call, ended=started))
    suggested(journal, "s-typed", "typed-1", question=WORDS)  # between calls, today
    retention = Retention(place, audit, VERDICTS)
    kept = retention.older_than(90)
    assert (sorted(kept.calls), sorted(kept.suggestions)) == (["old", "unended"], ["s-old", "s-unended"])

    nightly = NightlyForgetting(retention, days=90)
    nightly.start()
    assert becomes(lambda: not retention.older_than(90))
    nightly.stop()
    assert [row["id"] for row in journal.suggestions()] == ["s-new", "s-typed"]
    assert len(records.events("new")) == 2 and records.call("old") is None
    with pytest.raises(AssistantError, match="없습니다"):
        retention.of_call("old")
    assert retention.forget(retention.of_call("new"))
    last = list(audit.rows())[-1]
    assert (last.action, last.details) == ("forgotten", '{"calls": 1, "suggestions": 1}') and audit.verified().rows == 2
    tables = ("utterances", "call_events", "call_answers", "call_summaries", "feedback", "exchanges", "verdicts")
    with opened(place, CALLS).reading() as database:
        for table in tables:
            assert database.execute(f"select count(*) from {table}").fetchone()[0] == 0, table
    if isinstance(place, Path):
        files = [file.read_bytes() for file in sorted(place.parent.glob("journal.db*"))]
        assert files and not any(f"{WORDS} ".encode() in content for content in files)
        assert any(WORDS.encode() in content for content in files)  # what is not due is still there


def test_a_call_that_goes_on_is_not_forgotten(place: Place) -> None:
    records = CallRecords(place)
    records.add_call(CallInfo("c1", "", "kim", "cti", now()))
    with pytest.raises(AssistantError, match="진행 중"):
        Retention(place, AuditLog(place)).of_call("c1")
