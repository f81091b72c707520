"""The journal knows whose suggestion and whose opinion it was."""

from pathlib import Path

import pytest
from scripted_assistant import SCRIPTS
from sqlite_utils import Database

from assistant.journal import Action, Journal

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
