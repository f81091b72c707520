"""The index kept up to date while the program serves: when watched folders change, and every night.

The work is done by the commands an admin would type, in processes of their own at low priority: they do not
slow searches down, and whatever happens to them cannot take the server along.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from watchfiles import watch

from indexing.maintenance.errand import Outcome, run
from indexing.maintenance.schedule import next_moment

_log = logging.getLogger(__name__)

QUIET_S = 3.0  # how long nothing may have changed before a folder is imported: files are copied bit by bit
LONGEST_S = 60.0  # so long do changes that never cease put an import off
POLL_S = 2.0  # network drives tell nobody of changes that others make: the folders are looked through
TICK_S = 5.0  # how often the clock is looked at
RETRY_S = 300.0  # after a failure: another build was running, a drive was away


class Report(NamedTuple):
    """What was done last, when (local time), and the line to show for it."""

    at: datetime
    succeeded: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepStatus:
    """What is watched and planned, and how it went last."""

    folders: tuple[Path, ...]
    next_build: datetime | None
    last: Report | None


class Upkeep:
    """Imports ``folders`` when they change and builds the index then, at the start, and daily at ``build_at``.

    ``command`` starts the program (``onnuri``); ``built`` is called after each build that succeeds. With
    neither folders nor a time there is nothing to do. A failure is logged, shown and tried again, never raised.
    """

    def __init__(
        self,
        command: Sequence[str],
        folders: Sequence[Path],
        build_at: time | None,
        built: Callable[[], object] = lambda: None,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._command, self._folders, self._build_at = tuple(command), tuple(folders), build_at
        self._built, self._now = built, now
        self._due = next_moment(now(), build_at) if build_at else None
        # changes while the program was off are looked for as soon as those from now on are watched for
        self._soon = now() if folders else None
        self._last: Report | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        if self._folders or self._build_at:
            self._thread.start()

    def stop(self) -> None:
        """End it, and the command under way; what that leaves unfinished the next build makes good."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def status(self) -> UpkeepStatus:
        """What is watched and planned, and how it went last."""
        return UpkeepStatus(folders=self._folders, next_build=self._due, last=self._last)

    def _run(self) -> None:
        for have_changed in self._looks():
            if have_changed or self._is_due():
                self._work()

    def _looks(self) -> Iterator[bool]:
        """Every few seconds, whether folders have changed and are quiet again; ends when stopped."""
        while not self._stopped.is_set():
            present = self._present()
            for changes in self._watch(present) if present else self._ticks():
                yield bool(changes)
                if self._present() != present:  # a drive that went or came back, and may have changed
                    self._soon = self._now()
                    break

    def _watch(self, folders: Sequence[Path]) -> Iterator[object]:
        return watch(
            *folders,
            watch_filter=_is_document,
            step=int(QUIET_S * 1000),
            debounce=int(LONGEST_S * 1000),
            rust_timeout=int(TICK_S * 1000),
            yield_on_timeout=True,
            stop_event=self._stopped,
            raise_interrupt=False,
            force_polling=True,
            poll_delay_ms=int(POLL_S * 1000),
        )

    def _ticks(self) -> Iterator[object]:
        while not self._stopped.wait(TICK_S):
            yield ()

    def _present(self) -> list[Path]:
        return [folder for folder in self._folders if folder.is_dir()]

    def _is_due(self) -> bool:
        return any(moment is not None and moment <= self._now() for moment in (self._due, self._soon))

    def _work(self) -> None:
        """Import every folder and build; also what the others brought when one fails."""
        if self._build_at:
            self._due = next_moment(self._now(), self._build_at)
        errands = [*(("kb", "import", str(folder)) for folder in self._folders), ("index", "build")]
        outcomes = [self._run_errand(errand) for errand in errands if not self._stopped.is_set()]
        if self._stopped.is_set():
            return
        self._report(next((outcome for outcome in outcomes if not outcome.succeeded), outcomes[-1]))
        if outcomes[-1].succeeded:
            self._built()

    def _run_errand(self, arguments: Sequence[str]) -> Outcome:
        try:
            return run([*self._command, *arguments], self._stopped)
        except OSError as error:
            return Outcome(False, f"'{' '.join(arguments)}' 작업을 시작하지 못했습니다({error}).")

    def _report(self, outcome: Outcome) -> None:
        is_news = self._last is None or self._last.message != outcome.message
        self._last = Report(self._now(), *outcome)
        self._soon = None if outcome.succeeded else self._now() + timedelta(seconds=RETRY_S)
        if is_news:  # not every five minutes that a drive is away
            _log.log(logging.INFO if outcome.succeeded else logging.WARNING, "%s", outcome.message)


def _is_document(change: object, path: str) -> bool:
    """Not a folder, nor the lock files and hidden files that an import passes over."""
    return not Path(path).name.startswith((".", "~$")) and not Path(path).is_dir()
