"""``onnuri calls forget``: by age or by id, never both, and never without a word to the audit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from scripted_assistant import SCRIPTS
from typer.testing import CliRunner

from assistant.audit.log import AuditLog
from assistant.calls.cli import app
from assistant.calls.records import CallInfo, CallRecords, now
from assistant.journal import Journal
from assistant.retention import Retention
from knowledge_base.errors import AssistantError

Runs = Callable[..., Result]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def run(path: Path) -> Runs:
    records, journal = CallRecords(path), Journal(path)
    for name, days in (("a" * 32, 100), ("b" * 32, 5)):
        call = CallInfo(name, "", "kim", "cti", now() - timedelta(days=days))
        records.add_call(call)
        records.end_call(replace(call, ended=call.started))
        journal.add_suggestion(SCRIPTS["등본"].final("등본 얼마예요?", name, 1), (), "kim")
    records.close()
    console = SimpleNamespace(retention=lambda: Retention(path, AuditLog(path)))
    return lambda *words: CliRunner().invoke(app, ["forget", *words], obj=console)


def left(path: Path) -> list[str]:
    return [str(row["call"])[0] for row in Journal(path).suggestions()]


def test_by_age(run: Runs, path: Path) -> None:
    told = run("--older-than", "90d")
    assert told.exit_code == 0 and "통화 1건과 제안 1건을 지웠습니다." in told.output and "백업" in told.output
    assert left(path) == ["b"]
    assert [row.action for row in AuditLog(path).rows()] == ["forgotten"]


def test_one_call(run: Runs, path: Path) -> None:
    assert run("--call", "b" * 32).exit_code == 0
    assert left(path) == ["a"]
    unknown = run("--call", "c" * 32)
    assert isinstance(unknown.exception, AssistantError) and "통화 id를 확인" in str(unknown.exception)


@pytest.mark.parametrize(
    "words", [(), ("--older-than", "90d", "--call", "x"), ("--older-than", "90"), ("--older-than", "0d")]
)
def test_what_is_to_go_is_said_exactly(run: Runs, path: Path, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert left(path) == ["a", "b"]
