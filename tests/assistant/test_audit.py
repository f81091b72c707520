"""The audit keeps everything, in order, and notices what was changed behind its back."""

import csv
import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.audit.export import write
from assistant.audit.log import FIRST_SEAL, Actor, AuditLog, operator
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AssistantError

KIM = Actor("kim", "192.0.2.7")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def log(journal: Path) -> AuditLog:
    """Five rows, one of them hostile."""
    log = AuditLog(journal)
    recorded = log.by(KIM)
    recorded(AuditAction.IMPORTED, "자료/faq.csv", {"added": 3})
    recorded(AuditAction.ACTIVATED, "20261127-093000-abcd")
    recorded(AuditAction.WITHDRAWN, "=cmd|'/c calc'!A1", {"사유": "오래된 \ud800 내용"})
    recorded(AuditAction.ROLLED_BACK, "20261126-093000-abcd")
    log.record(operator(), AuditAction.EXPORTED, "audit")
    return log


def changed(journal: Path, statement: str, *values: object) -> None:
    """As somebody would who owns the file and drops its guards."""
    with closing(sqlite3.connect(journal)) as connection:
        for name in ("audit_keeps_rows", "audit_loses_none", "audit_grows_at_its_end"):
            connection.execute(f"drop trigger {name}")
        connection.execute(statement, values)
        connection.commit()


def test_rows_say_who_when_where_and_what(log: AuditLog) -> None:
    first, *_, last = log.rows()
    assert (first.number, first.actor, first.address, first.action) == (1, "kim", "192.0.2.7", "imported")
    assert json.loads(first.details) == {"added": 3}
    assert first.at.endswith("+00:00")
    assert (last.actor.startswith("os:"), last.address) == (True, "local")


def test_a_whole_chain_holds(log: AuditLog, tmp_path: Path) -> None:
    verified = log.verified()
    assert verified.rows == 5
    assert verified.seal == list(log.rows())[-1].seal != FIRST_SEAL
    assert AuditLog(tmp_path / "new.db").verified() == (0, FIRST_SEAL)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set subject = 'x'",
        "update audit set number = 9 where number = 5",
        "delete from audit where number = 5",
        "insert or replace into audit select number, at, 'eve', address, action, subject, details, seal from audit",
        "insert into audit select 99, at, actor, address, action, subject, details, seal from audit limit 1",
    ],
)
def test_the_table_refuses_changes(log: AuditLog, journal: Path, statement: str) -> None:
    before = list(log.rows())
    with closing(sqlite3.connect(journal)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    assert list(log.rows()) == before


@pytest.mark.parametrize("column", ["at", "actor", "address", "action", "subject", "details", "seal"])
def test_a_changed_row_is_found(log: AuditLog, journal: Path, column: str) -> None:
    changed(journal, f"update audit set {column} = ? where number = 3", "2026-01-01T00:00:00.000+00:00")
    with pytest.raises(AssistantError, match="감사 기록 3번"):
        log.verified()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("delete from audit where number = 1", 1),
        ("delete from audit where number = 3", 3),
        ("update audit set number = 7 - number where number in (3, 4)", 3),
    ],
)
def test_a_missing_or_moved_row_is_found(log: AuditLog, journal: Path, statement: str, found: int) -> None:
    if "7 -" in statement:  # in two steps, past the primary key
        changed(journal, "update audit set number = -number where number in (3, 4)")
        with closing(sqlite3.connect(journal)) as connection:
            connection.execute("drop trigger if exists audit_keeps_rows")
            connection.execute("update audit set number = 7 + number where number < 0")
            connection.commit()
    else:
        changed(journal, statement)
    with pytest.raises(AssistantError, match=f"감사 기록 {found}번"):
        log.verified()


def test_a_cut_end_changes_the_last_seal(log: AuditLog, journal: Path) -> None:
    noted = log.verified().seal
    changed(journal, "delete from audit where number = 5")
    assert log.verified().seal != noted


def test_writers_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    def write_some(name: str) -> None:
        log = AuditLog(path)
        for number in range(10):
            log.record(Actor(name, ""), AuditAction.BUILT, str(number))

    threads = [threading.Thread(target=write_some, args=(name,)) for name in ("kim", "lee", "park")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditLog(path).verified().rows == 30


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("audit.csv", lambda text: [row["subject"] for row in csv.DictReader(text.splitlines())]),
        ("audit.jsonl", lambda text: [json.loads(line)["subject"] for line in text.splitlines()]),
    ],
)
def test_exports_hold_every_row(log: AuditLog, tmp_path: Path, name: str, read: Callable[[str], list[str]]) -> None:
    out = tmp_path / name
    assert write(log.rows(), out) == 5
    subjects = read(out.read_text(encoding="utf-8-sig"))
    assert subjects[0] == "자료/faq.csv"
    assert subjects[2] == ("'" if name.endswith(".csv") else "") + "=cmd|'/c calc'!A1"


def test_exports_from_a_day_on(log: AuditLog, tmp_path: Path) -> None:
    [first, *_] = log.rows()
    assert len(list(log.rows(first.at[:10]))) == 5
    assert list(log.rows("2999-01-01")) == []


@pytest.mark.parametrize(("name", "said"), [("audit.xls", r"\.csv나 \.jsonl"), ("no/such/audit.csv", "쓸 수 없습니다")])
def test_an_export_that_cannot_be(log: AuditLog, tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(AssistantError, match=said):
        write(log.rows(), tmp_path / name)
