"""What the server uses of the machine: memory and CPU of its process and its children."""

import time
from typing import NamedTuple

import psutil

MEGABYTE = 1_000_000


class Used(NamedTuple):
    """What a process uses at one moment; see ``Sample``."""

    rss_mb: float
    pss_mb: float | None
    cpu_seconds: float
    threads: int
    files: int
    own_cpu_seconds: float


class Usage:
    """Looks at the process with this id."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)

    def now(self) -> Used:
        """As it is; the CPU of children that have ended is counted with their parent's."""
        there = [self._process, *self._process.children(recursive=True)]
        pss = [_pss(each) for each in there]
        return Used(
            rss_mb=round(sum(each.memory_info().rss for each in there) / MEGABYTE, 2),
            pss_mb=None if None in pss else round(sum(each or 0 for each in pss) / MEGABYTE, 2),
            cpu_seconds=round(sum(_cpu(each) for each in there), 2),
            threads=self._process.num_threads(),
            files=self._process.num_fds(),
            own_cpu_seconds=round(time.process_time(), 2),
        )


def _pss(process: psutil.Process) -> int | None:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return None


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
