"""How every stack is measured, with what every environment has: index, ask one by one, then several at once."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DIMENSION = 384
WARM_UP = 20
DEPTH = 10
CHUNKS = 50
"""How many chunks a stack finds, so that they hold DEPTH documents."""


@dataclass(frozen=True)
class Task:
    """What a stack is to do. ``questions`` are pairs of a question and the ids of the right documents, ``model`` is a
    sentence-transformers folder, ``home`` an empty folder to work in.

    ``random_vectors``: only what a search costs is asked, whatever it finds, and vectors are made up.
    """

    folder: str
    questions: list[tuple[str, list[str]]]
    model: str
    home: str
    threads: int = 4
    random_vectors: bool = False

    def documents(self) -> dict[str, str]:
        """The texts by their path in the folder."""
        root = Path(self.folder)
        return {str(file.relative_to(root)): file.read_text("utf-8") for file in sorted(root.rglob("*.md"))}


class Stack(Protocol):
    """One way to search."""

    def index(self) -> int:
        """Make the index of the task's documents; returns the number of chunks."""

    def search(self, question: str, chunks: int) -> Sequence[str]:
        """The documents of the best chunks, best first, some more than once."""


def read_task() -> Task:
    """The task in the file that the command line names."""
    return Task(**json.loads(Path(sys.argv[1]).read_text("utf-8")))


def report(task: Task, stack: Stack) -> None:
    """Print all figures of a stack; times in seconds and milliseconds, memory in MiB."""
    started = time.perf_counter()
    chunks = stack.index()
    indexing = time.perf_counter() - started
    questions = [question for question, _ in task.questions]
    for question in questions[:WARM_UP]:
        stack.search(f"{question} ", DEPTH)  # no cache may know a measured question
    measured: dict[str, Any] = {
        "chunks": chunks,
        "query_ms": waits(lambda asked: stack.search(asked, DEPTH), questions),
    }
    if not task.random_vectors:
        ranks = [_rank(stack.search(f"{question} ", CHUNKS), right) for question, right in task.questions]
        measured |= {
            "chunks_per_second": chunks / indexing,
            "searches_per_second": _sustained(task, stack),
            "recall@1": _share(ranks, 1),
            "recall@5": _share(ranks, 5),
            "mrr@10": sum(1 / rank for rank in ranks if rank) / len(ranks),
            "peak_mib": _peak() / 2**20,
        }
    json.dump(measured, sys.stdout)


def _peak() -> int:
    """Bytes of memory at most. Not ``ru_maxrss``: a process inherits that from the one that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def waits(ask: Callable[[str], object], questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds a question, asked one after the other."""
    took = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        took.append((time.perf_counter() - started) * 1000)
    points = quantiles(took, n=100, method="inclusive")
    return {"p50": points[49], "p95": points[94]}


def random_vectors(count: int) -> Vectors:
    """Vectors of length 1, shape (count, DIMENSION), that mean nothing."""
    vectors = np.random.default_rng(count).standard_normal((count, DIMENSION), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _sustained(task: Task, stack: Stack) -> float:
    asked = [f"{question}  " for question, _ in task.questions]
    started = time.perf_counter()
    with ThreadPoolExecutor(task.threads) as pool:
        for _ in pool.map(lambda question: stack.search(question, DEPTH), asked):
            pass
    return len(asked) / (time.perf_counter() - started)


def _rank(found: Sequence[str], right: Sequence[str]) -> int | None:
    """The place, from 1, of the first right one among the first DEPTH documents."""
    distinct = list(dict.fromkeys(found))[:DEPTH]
    return next((place for place, document in enumerate(distinct, start=1) if document in right), None)


def _share(ranks: Sequence[int | None], depth: int) -> float:
    return sum(rank is not None and rank <= depth for rank in ranks) / len(ranks)
