"""A command run on the side, at low priority, for what it has to say at its end."""

import os
import subprocess
import threading
from collections.abc import Sequence
from typing import NamedTuple

NICENESS = 10
_PATIENCE_S = 10


class Outcome(NamedTuple):
    """Whether a command succeeded, and the line to show for it."""

    succeeded: bool
    message: str


def run(command: Sequence[str], stopped: threading.Event) -> Outcome:
    """Run ``command`` until it ends, or until ``stopped``, when it is terminated.

    The message is the first line of what it printed, or of a failure the last line of its errors.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        while True:
            try:
                printed, errors = process.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                if stopped.is_set():
                    _end(process)
    if process.returncode == 0:
        return Outcome(True, next(iter(printed.splitlines()), ""))
    said = (errors.strip() or f"종료 코드 {process.returncode}로 끝났습니다").splitlines()[-1]
    return Outcome(False, said.removeprefix("오류: "))


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
