"""What agents asked in vain, as the admin sees it."""

import sqlite3
from pathlib import Path

import pytest

from assistant.journal import Journal
from assistant.unanswered import unanswered
from knowledge_base.errors import AssistantError


def ask(path: Path, *asked: tuple[str, str, str]) -> None:
    Journal(path).suggestions()  # makes the tables
    with sqlite3.connect(path) as connection:
        connection.executemany(
            "insert into suggestions (id, question, status, at) values (hex(randomblob(8)), ?, ?, ?)", asked
        )
    connection.close()


def test_only_what_was_abstained_on_counts_whatever_the_spacing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    ask(
        path,
        ("드론 허가는?", "abstained", "2026-11-01T00:00:00"),
        ("반려견 등록은?", "abstained", "2026-11-02T00:00:00"),
        ("드론허가는?", "abstained", "2026-11-03T00:00:00"),
        ("등본 수수료는?", "faq", "2026-11-04T00:00:00"),
    )
    found = unanswered(path)
    assert [(asked.question.replace(" ", ""), asked.times, asked.last[:10]) for asked in found] == [
        ("드론허가는?", 2, "2026-11-03"),
        ("반려견등록은?", 1, "2026-11-02"),
    ]


def test_nothing_before_the_first_call(tmp_path: Path) -> None:
    assert unanswered(tmp_path / "journal.db") == []
    sqlite3.connect(tmp_path / "journal.db").close()
    assert unanswered(tmp_path / "journal.db") == []


def test_a_broken_journal_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"no database" * 100)
    with pytest.raises(AssistantError, match="읽을 수 없습니다"):
        unanswered(tmp_path / "journal.db")
