"""The journal knows whose suggestion and whose opinion it was."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scripted_assistant import SCRIPTS
from sqlite_utils import Database

from assistant.audit.log import AuditLog, operator
from assistant.calls.records import CallInfo, CallRecords, now
from assistant.journal import Action, Journal
from knowledge_base.audit import AuditAction

FINAL = SCRIPTS["등본"].final("등본 수수료는 얼마인가요?", "call-1", 3)


@pytest.mark.parametrize("is_old", [False, True])
def test_records_carry_the_agent(tmp_path: Path, is_old: bool) -> None:
    path = tmp_path / "journal.db"
    if is_old:  # from before anybody logged in
        old = Database(path)
        names = ("id", "call", "at", "question", "status", "answer", "documents", "event")
        old.table("suggestions").insert(dict.fromkeys(names, "x"), pk="id")
        old.table("feedback").insert(dict.fromkeys(("suggestion", "at", "action", "reason"), "x"))
        old.close()
    journal = Journal(path)
    journal.add_suggestion(FINAL, ("faq.csv#1",), "kim")
    journal.add_feedback(FINAL.suggestion, Action.REJECTED, "오래된 내용", "lee")
    assert [row["agent"] for row in journal.suggestions()] == ["", "kim"][not is_old :]
    assert [row["agent"] for row in journal.feedback(FINAL.suggestion)] == ["lee"]


def test_all_who_write_to_a_new_file_at_once_are_served(tmp_path: Path) -> None:
    """Suggestions, calls and the audit share journal.db; making it must not fail any of them."""
    path, ready = tmp_path / "journal.db", threading.Barrier(24)

    def suggestion(number: int) -> None:
        ready.wait()
        Journal(path).add_suggestion(FINAL.model_copy(update={"suggestion": f"{number}"}), (), "kim")

    def call(number: int) -> None:
        ready.wait()
        CallRecords(path).add_call(CallInfo(f"{number}", "", "kim", "cti", now()))

    def audited(number: int) -> None:
        ready.wait()
        AuditLog(path).record(operator(), AuditAction.BUILT, f"{number}")

    with ThreadPoolExecutor(24) as pool:
        for done in [pool.submit(write, number) for number in range(8) for write in (suggestion, call, audited)]:
            done.result()
    assert (
        len(Journal(path).suggestions()) == len(CallRecords(path).open_calls()) == AuditLog(path).verified().rows == 8
    )
