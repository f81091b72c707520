"""One piece of work at a time, done in a thread of its own: it outlives the browser that started it."""

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from indexing.maintenance.errand import NICENESS
from indexing.progress import Progress, ProgressMeter, StageProgress
from knowledge_base.errors import BuildCancelled, IndexingError, OnnuriError

FAILED_TEXT = "작업을 끝내지 못했습니다. 잠시 뒤 다시 해 보고, 계속되면 서버 기록을 확인하세요."

Result = TypeVar("Result")
Cancelled = Callable[[], bool]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus(Generic[Result]):
    """How the last piece of work goes or went. ``number`` counts them, ``by`` is who began it.

    ``progress`` is None before the first news, ``seconds`` how long it has taken so far or took in all.
    ``problem`` is the sentence for what ended without a ``result``; ``error`` what was raised.
    """

    number: int
    by: str
    is_running: bool = True
    is_cancelling: bool = False
    progress: StageProgress | None = None
    seconds: float = 0.0
    result: Result | None = None
    problem: str = ""
    error: OnnuriError | None = None

    @property
    def was_cancelled(self) -> bool:
        """Whether someone called it off."""
        return isinstance(self.error, BuildCancelled)


class Job(Generic[Result]):
    """Runs ``work(progress, cancelled)``; safe for any number of threads that start, watch or cancel it."""

    def __init__(self, busy_text: str) -> None:
        self._busy_text = busy_text
        self._lock = threading.Lock()
        self._cancel = threading.Event()
        self._meter = ProgressMeter()
        self._began = 0.0
        self._status: JobStatus[Result] | None = None
        self._thread: threading.Thread | None = None

    def start(
        self,
        work: Callable[[Progress, Cancelled], Result],
        by: str,
        ended: Callable[[JobStatus[Result]], object] = lambda status: None,
    ) -> None:
        """Begin; raises IndexingError while another one runs. ``ended`` is called, in its thread, with the outcome."""
        with self._lock:
            if self._status and self._status.is_running:
                raise IndexingError(f"{self._busy_text}({self._status.by} 님이 시작). 끝난 뒤 다시 하세요.")
            self._cancel.clear()
            self._meter, self._began = ProgressMeter(), time.monotonic()
            self._status = JobStatus(number=self._status.number + 1 if self._status else 1, by=by)
            self._thread = threading.Thread(target=self._run, args=(work, ended), name="panel job", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Have it stop at the next batch; nothing happens when none is running."""
        self._cancel.set()

    def status(self) -> JobStatus[Result] | None:
        """None before the first one."""
        with self._lock:
            status = self._status
            if status is None or not status.is_running:
                return status
            seconds = time.monotonic() - self._began
            return replace(status, progress=self._meter.now(), seconds=seconds, is_cancelling=self._cancel.is_set())

    def wait(self, seconds: float | None = None) -> None:
        """Return when it has ended, or after ``seconds``."""
        if self._thread:
            self._thread.join(seconds)

    def _run(self, work: Callable[[Progress, Cancelled], Result], ended: Callable[[JobStatus[Result]], object]) -> None:
        with suppress(OSError):  # on Linux a thread has a priority of its own: searches come first
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        result, error, problem = None, None, ""
        try:
            result = work(self._meter, self._cancel.is_set)
        except OnnuriError as raised:
            error, problem = raised, str(raised)
        except Exception:
            _log.exception("A job failed")
            problem = FAILED_TEXT
        status = replace(self._running(), is_running=False, result=result, problem=problem, error=error)
        try:
            ended(status)
        except OnnuriError as raised:
            status = replace(status, problem=status.problem or str(raised))
        finally:
            with self._lock:
                self._status = status

    def _running(self) -> JobStatus[Result]:
        status = self.status()
        if status is None:
            raise RuntimeError("a job that was never started has ended")
        return status
