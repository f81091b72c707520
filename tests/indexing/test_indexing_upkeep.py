"""Upkeep: what it runs and when, with a command that writes down what it is asked for."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from datetime import time as clock_time
from pathlib import Path

import pytest

from indexing.maintenance import errand, upkeep
from indexing.maintenance.errand import Outcome
from indexing.maintenance.upkeep import Upkeep

SCRIPT = """
import os, pathlib, sys
log, failing = map(pathlib.Path, sys.argv[1:3])
with log.open("a") as file:
    print(*sys.argv[3:], file=file)
if failing.exists():
    sys.exit(f"경고\\n오류: {failing.read_text()}")
print(sys.argv[3], "끝")
"""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("QUIET_S", 0.1), ("POLL_S", 0.05), ("TICK_S", 0.05), ("RETRY_S", 0.3)):
        monkeypatch.setattr(upkeep, name, seconds)


class Office:
    """A watched folder, and a log of the commands that were run."""

    def __init__(self, root: Path) -> None:
        self.folder, self.log, self.failing = root / "문서", root / "log", root / "failing"
        self.folder.mkdir()
        self.command = [sys.executable, "-c", SCRIPT, str(self.log), str(self.failing)]
        self.built = threading.Semaphore(0)

    def ran(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    @property
    def round(self) -> list[str]:
        return [f"kb import {self.folder}", "index build"]

    def until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not reached():
            assert time.monotonic() < deadline, self.ran()
            time.sleep(0.02)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


Keep = Callable[..., Upkeep]


@pytest.fixture
def keep(office: Office) -> Iterator[Keep]:
    started: list[Upkeep] = []

    def start(**changes: object) -> Upkeep:
        given: dict[str, object] = {"folders": [office.folder], "build_at": None, "built": office.built.release}
        kept = Upkeep(office.command, **{**given, **changes})  # type: ignore[arg-type]
        kept.start()
        started.append(kept)
        return kept

    yield start
    for kept in started:
        kept.stop()


def test_a_folder_is_imported_at_the_start_and_once_for_each_burst_of_changes(office: Office, keep: Keep) -> None:
    kept = keep()
    assert office.built.acquire(timeout=30)
    for n in range(5):
        (office.folder / f"{n}.txt").write_text("글")
    assert office.built.acquire(timeout=30)
    (office.folder / "~$lock.docx").write_text("")
    (office.folder / ".hidden").write_text("")
    time.sleep(0.5)
    assert office.ran() == office.round * 2
    office.until(lambda: kept.status().last is not None)
    status = kept.status()
    assert (status.folders, status.next_build) == ((office.folder,), None)
    assert status.last is not None
    assert (status.last.succeeded, status.last.message) == (True, "index 끝")


def test_a_failure_is_one_line_in_the_log_and_in_the_status_and_is_tried_again(
    office: Office, keep: Keep, caplog: pytest.LogCaptureFixture
) -> None:
    office.failing.write_text("디스크가 가득 찼습니다.")
    with caplog.at_level(logging.WARNING):
        kept = keep()
        office.until(lambda: kept.status().last is not None)
        last = kept.status().last
        office.failing.unlink()
        assert office.built.acquire(timeout=30)
    assert last is not None
    assert (last.succeeded, last.message) == (False, "디스크가 가득 찼습니다.")
    assert "디스크가 가득 찼습니다." in caplog.messages
    office.until(lambda: kept.status().last is not None and kept.status().last.succeeded)  # type: ignore[union-attr]


def test_a_folder_that_is_away_is_awaited(office: Office, keep: Keep) -> None:
    office.folder.rmdir()
    keep()
    assert office.built.acquire(timeout=30)
    office.folder.mkdir()
    office.until(lambda: not office.built.acquire(blocking=False))
    (office.folder / "a.txt").write_text("글")
    assert office.built.acquire(timeout=30)


def test_the_nightly_build_comes_once_a_day(office: Office, keep: Keep) -> None:
    now = datetime(2026, 11, 27, 1, 59)
    kept = keep(folders=[], build_at=clock_time(2), now=lambda: now)
    assert kept.status().next_build == datetime(2026, 11, 27, 2)
    time.sleep(0.3)
    assert office.ran() == []
    now = datetime(2026, 11, 27, 2, 0, 1)
    assert office.built.acquire(timeout=30)
    time.sleep(0.3)
    assert office.ran() == ["index build"]
    assert kept.status().next_build == datetime(2026, 11, 28, 2)


def test_with_nothing_to_keep_up_no_thread_is_started(keep: Keep) -> None:
    before = threading.active_count()
    kept = keep(folders=[])
    assert threading.active_count() == before
    kept.stop()


def test_a_command_that_cannot_be_started_is_reported(tmp_path: Path) -> None:
    kept = Upkeep([str(tmp_path / "nothing")], [], clock_time(2), now=lambda: datetime(2026, 11, 27, 1))
    kept._work()
    last = kept.status().last
    assert last is not None
    assert not last.succeeded
    assert "시작하지 못했습니다" in last.message


def test_a_command_runs_at_low_priority() -> None:
    code = "import os, time; time.sleep(0.2); print(os.getpriority(os.PRIO_PROCESS, 0))"
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert errand.run([sys.executable, "-c", code], threading.Event()) == Outcome(True, str(max(mine, errand.NICENESS)))


@pytest.mark.parametrize("stubborn", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN);"])
def test_a_command_under_way_is_ended_when_it_is_to_stop(stubborn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errand, "_PATIENCE_S", 0.3)
    stopped = threading.Event()
    threading.Timer(0.5, stopped.set).start()
    started = time.monotonic()
    outcome = errand.run([sys.executable, "-c", f"import signal, time; {stubborn} time.sleep(60)"], stopped)
    assert not outcome.succeeded
    assert time.monotonic() - started < 20
