"""``onnuri user`` and ``onnuri audit`` as typed, and what the first start says."""

import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import ROOT, environment
from people import PASSWORD, office
from typer.testing import CliRunner, Result

from app import cli
from assistant.accounts.access import Access
from assistant.accounts.passwords import Passwords
from assistant.accounts.person import Person, Role
from assistant.accounts.tables import AccountTables
from assistant.audit.log import AuditLog
from assistant.serving.opening import invite
from knowledge_base.errors import AccountError, AssistantError
from knowledge_base.home import Home

LINK = re.compile(r"http://127\.0\.0\.1:7860/setup/([\w-]{43})")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONNURI_HOME", str(tmp_path))


def run(*arguments: str, typed: str = "") -> Result:
    """One command; raises what it raises."""
    return CliRunner().invoke(cli, arguments, input=typed, catch_exceptions=False)


def access(folder: Path) -> Access:
    return Access(AccountTables(folder / "accounts.db"), AuditLog(folder / "journal.db"), Passwords())


def test_a_person_with_a_password(tmp_path: Path) -> None:
    added = run("user", "add", "Kim", "--role", "agent", "--role", "qa", "--password-stdin", typed=f"{PASSWORD}\n")
    assert PASSWORD not in added.output
    assert "setup" not in added.output
    here = access(tmp_path)
    person = here.sessions.person(here.log_in("kim", PASSWORD, ""))
    assert person == Person("kim", frozenset({Role.AGENT, Role.QA}))


def test_a_person_who_chooses_the_password(tmp_path: Path) -> None:
    token = LINK.search(run("user", "add", "kim", "--role", "agent").output)[1]  # type: ignore[index]
    here = access(tmp_path)
    assert here.links.name(token) == "kim"
    newer = LINK.search(run("user", "reset", "kim").output)[1]  # type: ignore[index]
    with pytest.raises(AccountError):
        here.links.name(token)
    assert here.set_up(newer, "", PASSWORD, "")
    Home(tmp_path).address.write_text("http://127.0.0.1:8080")  # as left by the last server
    assert "http://127.0.0.1:8080/setup/" in run("user", "reset", "kim").output


@dataclass
class Typist:
    """``onnuri user add kim`` in a terminal, its answers typed when asked."""

    folder: Path

    def types(self, *answers: str) -> subprocess.CompletedProcess[str]:
        keyboard, terminal = pty.openpty()
        command = [sys.executable, "-m", "app", "user", "add", "kim", "--role", "agent"]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(self.folder),
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=terminal,
            start_new_session=True,
            text=True,
        ) as process:
            shown = b""
            for number, answer in enumerate(answers, start=1):
                while shown.count(b": ") < number and select.select([keyboard], [], [], 30)[0]:
                    shown += os.read(keyboard, 1000)
                os.write(keyboard, f"{answer}\n".encode())  # before the question it would be dropped
            try:
                output, _ = process.communicate(timeout=30)
            finally:
                process.kill()
        os.close(terminal)
        while select.select([keyboard], [], [], 0)[0]:
            try:
                shown += os.read(keyboard, 1000)
            except OSError:  # nothing more, and nobody at the other end
                break
        os.close(keyboard)
        return subprocess.CompletedProcess(command, process.returncode, output, shown.decode())


def test_on_a_terminal_the_password_is_asked_for_unseen(tmp_path: Path) -> None:
    outcome = Typist(tmp_path).types(PASSWORD, "something else")
    assert (outcome.returncode, "두 번 적은" in outcome.stderr) == (1, True)
    assert access(tmp_path).accounts.is_empty()
    outcome = Typist(tmp_path).types(PASSWORD, PASSWORD)
    assert (outcome.returncode, LINK.search(outcome.stdout)) == (0, None)
    assert PASSWORD not in outcome.stdout + outcome.stderr
    assert access(tmp_path).log_in("kim", PASSWORD, "")


def test_on_a_terminal_nothing_typed_means_a_link(tmp_path: Path) -> None:
    assert LINK.search(Typist(tmp_path).types("").stdout)


def test_the_list_and_the_states(tmp_path: Path) -> None:
    assert "아직 계정이 없습니다" in run("user", "list").output
    run("user", "add", "kim", "--role", "agent", "--password-stdin", typed=f"{PASSWORD}\n")
    run("user", "add", "lee", "--role", "qa")
    run("user", "add", "cti", "--role", "machine")
    run("user", "disable", "kim")
    shown = run("user", "list").output
    for line in ("cti\tmachine\t사용 중", "kim\tagent\t막힘", "lee\tqa\t비밀번호 정하기 전"):
        assert line in shown
    rows = {row["name"]: row for row in json.loads(run("user", "list", "--json").output)}
    assert (rows["kim"]["disabled"], rows["kim"]["has_password"], rows["lee"]["has_password"]) == (True, True, False)
    assert not re.search("argon2|digest", json.dumps(rows))
    run("user", "enable", "kim")
    run("user", "roles", "kim", "--role", "admin")
    assert "kim\tadmin\t사용 중" in run("user", "list").output


def test_a_machine_gets_a_token_once(tmp_path: Path) -> None:
    first = re.search(r"onnuri_[\w-]{43}", run("user", "add", "cti", "--role", "machine").output)
    assert first
    second = re.search(r"onnuri_[\w-]{43}", run("user", "token", "cti").output)
    assert second
    here = access(tmp_path)
    assert here.tokens.person(first[0]) is None
    assert here.tokens.person(second[0])
    run("user", "token", "cti", "--revoke")
    assert here.tokens.person(second[0]) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("user", "add", "a b", "--role", "agent"), "이름으로 쓸 수 없습니다"),
        (("user", "add", "kim", "--role", "agent", "--password-stdin"), "10자에서"),
        (("user", "disable", "nobody"), "'nobody' 계정이 없습니다"),
        (("user", "roles", "nobody", "--role", "qa"), "user list"),
        (("user", "reset", "nobody"), "user list"),
        (("user", "token", "nobody"), "user list"),
    ],
)
def test_mistakes_are_told_in_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(AccountError, match=said):
        run(*arguments)


def test_a_role_that_does_not_exist_is_wrong_usage() -> None:
    outcome = run("user", "add", "kim", "--role", "root")
    assert outcome.exit_code == 2
    assert "agent" in outcome.output


def test_the_audit_is_exported_checked_and_recorded(tmp_path: Path) -> None:
    run("user", "add", "kim", "--role", "agent")
    assert "1건이 모두 이어집니다" in run("audit", "verify").output
    out = tmp_path / "audit.jsonl"
    assert f"{out}: 2건" in run("audit", "export", "--out", str(out)).output
    added, exported = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert (added["action"], added["subject"], added["address"]) == ("account-added", "kim", "local")
    assert (exported["action"], json.loads(exported["details"])["file"]) == ("exported", "audit.jsonl")
    assert "0건" in run("audit", "export", "--since", "2999-01-01", "--out", str(out)).output
    with pytest.raises(AssistantError, match=r"\.csv"):
        run("audit", "export", "--out", "audit.xlsx")


class Terminal(io.StringIO):
    """Standard output as a person sees it."""

    def isatty(self) -> bool:
        return True


def test_the_first_link_goes_to_a_terminal_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = office(tmp_path).access
    invite(here, "http://127.0.0.1:7860")  # pytest's capture stands for a log file
    told = capsys.readouterr()
    assert "setup" not in told.out + told.err
    assert "onnuri user add" in told.err
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    invite(here, "http://127.0.0.1:7860")
    token = LINK.search(terminal.getvalue())[1]  # type: ignore[index]
    assert here.links.name(token) is None
