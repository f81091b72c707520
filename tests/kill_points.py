"""Kills an operation on an index just before each of its steps that touch the disk; a program for the tests.

    kill_points.py HOME build|full|activate|rollback MOST   writes at how many points it was killed, of how many

Processes are forked, so that nothing is loaded twice. After each kill the index must serve what it served
before, or what the operation was to serve, whole; and a build must finish the work. At most MOST points are
tried, evenly spread, the first and the last among them.
"""

import gc
import os
import shutil
import signal
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import numpy as np
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building import embedding_cache
from indexing.building.build import build
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle, manifest
from knowledge_base.home import Home

STEPS = frozenset(
    {"execute", "executemany", "executescript", "commit", "open", "write", "writelines", "flush", "fsync"}
    | {"sendfile", "copy_file_range", "mkdir", "rename", "replace", "unlink", "remove", "rmdir"}
)
ROWS = frozenset({"_row"})  # within executemany: a table half written

Operation = Callable[[Home], object]
OPERATIONS: dict[str, Operation] = {
    "build": lambda home: build(home, HashingEmbedder(), WordAnalyzer()),
    "full": lambda home: build(home, HashingEmbedder(), WordAnalyzer(), full=True),
    "activate": lambda home: life_cycle.activate(home, life_cycle.ids(home)[0]),
    "rollback": life_cycle.rollback,
}


class Steps:
    """Counts the steps of an operation and dies before the one numbered ``fatal``."""

    def __init__(self, fatal: int = -1) -> None:
        self.count, self._fatal = 0, fatal

    def __call__(self, frame: FrameType, event: str, called: object) -> None:
        is_container = isinstance(getattr(called, "__self__", None), list | set | deque)  # threads wait in one
        name = getattr(called, "__name__", "") if event == "c_call" and not is_container else ""
        if name in STEPS or (event == "call" and frame.f_code.co_name in ROWS):
            if self.count == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1


def forked(work: Callable[[], object]) -> int:
    """Run ``work`` in a process of its own; the signal that killed it, 0 when it ended well, else 1."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def stepwise(operation: Operation, home: Home, steps: Steps) -> None:
    embedding_cache.EMBEDDING_BATCH = 2
    gc.disable()  # what it closes, and when, is not the same every time
    sys.setprofile(steps)
    operation(home)
    sys.setprofile(None)


def served(home: Home) -> frozenset[str]:
    service = SearchService(home, HashingEmbedder(), WordAnalyzer())
    manifest.verify(life_cycle.folder(home, life_cycle.current_id(home)))
    numbers = range(len(service.snapshot()))
    return frozenset(service.snapshot().passage(number).chunk.text for number in numbers)


def survived(home: Home, before: frozenset[str], after: frozenset[str], finished: frozenset[str]) -> None:
    found = served(home)
    if found not in (before, after):
        raise AssertionError(f"serves neither the old nor the new: {sorted(found)}")
    build(home, HashingEmbedder(), WordAnalyzer())
    if served(home) != finished:
        raise AssertionError("the next build does not finish the work")
    if leftovers := {path.name for path in home.snapshots.iterdir()} - set(life_cycle.ids(home)):
        raise AssertionError(f"left behind: {leftovers}")


def told(work: Callable[[], object], folder: Path) -> list[str]:
    """The lines that ``work``, run in a process of its own, returns."""
    note = folder / "note"

    def write() -> None:
        note.write_text("\n".join(map(str, work())))  # type: ignore[call-overload]

    if forked(write) != 0:
        sys.exit(1)
    return note.read_text().split("\n")


def main(given: Home, operation: Operation, most: int) -> None:
    with_copy = given.root.with_name("killed")

    def copy() -> Home:
        shutil.rmtree(with_copy, ignore_errors=True)
        shutil.copytree(given.root, with_copy)
        return Home(with_copy)

    def rehearsed() -> list[object]:
        home, steps = copy(), Steps()
        before = served(home)
        stepwise(operation, home, steps)
        after = served(home)
        build(home, HashingEmbedder(), WordAnalyzer())
        return [steps.count, *("|".join(sorted(texts)) for texts in (before, after, served(home)))]

    count, *texts = told(rehearsed, given.root.parent)
    before, after, finished = (frozenset(line.split("|")) for line in texts)
    points = sorted(set(np.linspace(0, int(count) - 1, most, dtype=int).tolist()))
    for fatal in points:
        home = copy()
        if forked(lambda: stepwise(operation, home, Steps(fatal))) != signal.SIGKILL:  # noqa: B023
            sys.exit(f"not killed at {fatal}")
        if forked(lambda: survived(home, before, after, finished)) != 0:  # noqa: B023
            sys.exit(f"did not survive a kill at {fatal} of {count}")
    sys.stdout.write(f"{len(points)} {count}")


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])), OPERATIONS[sys.argv[2]], int(sys.argv[3]))
