"""A server killed in the middle of a call and started again loses nothing and doubles nothing."""

import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from command import ROOT, environment
from loopback import free_port
from waiting import becomes

from app import Console
from assistant.accounts.access import Access
from assistant.accounts.passwords import Passwords
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar
from assistant.accounts.tables import AccountTables
from assistant.audit.log import AuditLog, operator
from examples.client import Calls, Event
from knowledge_base.home import Home

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SAID = [
    ("agent", "감사합니다 온누리콜센터입니다"),
    ("caller", "여권을 잃어버렸는데 재발급 수수료가 얼마예요?"),
    ("agent", "여권 종류에 따라 다릅니다"),
    ("caller", "그럼 사진은 몇 장 필요해요?"),
]


@pytest.fixture
def home(sample: Console, make_home: Callable[[], Path]) -> Home:
    """The sample's index with a journal of its own."""
    home = Home(make_home())
    home.snapshots.symlink_to(sample.home.snapshots)
    shutil.copy(sample.home.current, home.current)
    shutil.copy(sample.home.knowledge, home.knowledge)
    return home


def token(home: Home) -> str:
    """Of a telephone system."""
    access = Access(AccountTables(home.accounts), AuditLog(home.journal), Passwords())
    return Registrar(access, operator()).add("telephone", [Role.MACHINE])


@contextmanager
def serving(home: Home, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """``onnuri serve``, once it answers; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment(home.root, llm="none"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        assert process.poll() is None, "the server ended"
        try:
            return httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    try:
        assert becomes(answers, 240)
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_call_goes_on_after_a_kill(home: Home) -> None:
    port, machine = free_port(), token(home)
    calls = Calls(f"http://127.0.0.1:{port}", machine)
    panel: list[Event] = []

    def say(line: int) -> None:
        speaker, text = SAID[line]
        calls.say(call, line, speaker, text, final=True, at=5.0 * (line + 1))

    with serving(home, port) as process:
        call = calls.start("kim")
        threading.Thread(target=lambda: panel.extend(calls.events(call)), daemon=True).start()
        say(0)
        say(1)
        process.send_signal(signal.SIGKILL)  # it has been taken, and perhaps not heard yet
        process.wait()
    with serving(home, port):
        say(1)  # the telephone system cannot know whether that arrived
        say(2)
        say(3)
        calls.end(call)
        assert becomes(lambda: bool(panel) and panel[-1]["type"] == "ended", 30)
        kept = list(calls.events(call))
    calls.close()

    assert [each["seq"] for each in panel] == sorted({each["seq"] for each in panel})
    lines = Counter(each["line"] for each in panel if each["type"] == "utterance")
    assert lines == Counter(range(len(SAID)))
    assert {1, 3} <= {each["line"] for each in panel if each["type"] == "evidence"}
    assert kept == panel
