"""A load test from its settings to its record."""

import asyncio
import hashlib
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.calls.transcripts import load
from eval.console import Console
from eval.load.centre import Centre, Progress, Workload
from eval.load.client import Client
from eval.load.record import LoadFolder
from eval.load.script import Scripts
from eval.load.server import Server
from eval.load.usage import Usage
from eval.runs import provenance
from eval.runs.launch import served_snapshot
from eval.runs.run import Plan, RunKind, now

TRANSCRIPTS = Path(__file__).parent.parent / "data" / "calls" / "tuning.jsonl"
"""The half of our calls that everybody may look at."""


def planned(console: Console, run_id: str, workload: Workload, transcripts: Path, url: str | None) -> Plan:
    """What is known of a load test before it begins; raises EvaluationError for transcripts that cannot be read."""
    load(transcripts)
    settings: dict[str, object] = {
        "agents": workload.agents,
        "calls_per_day": workload.calls_per_day,
        "seconds": workload.seconds,
        "speed": workload.speed,
        "url": url or "",
    }
    return Plan(
        id=run_id,
        kind=RunKind.LOAD,
        created=now(),
        commit=provenance.commit(),
        packages=provenance.packages(),
        machine=provenance.machine(),
        dataset=str(transcripts),
        dataset_sha256=hashlib.sha256(transcripts.read_bytes()).hexdigest(),
        snapshot="" if url else served_snapshot(console),
        settings=settings,
        configuration={} if url else provenance.configuration(console.settings),
        seed=workload.seed,
        limit=None,
        jobs=workload.agents,
    )


def measure(
    folder: LoadFolder, workload: Workload, transcripts: Path, server: Server, tell: Callable[[Progress], None]
) -> None:
    """Load the server as the workload says, keeping what is measured; Ctrl-C ends it early and keeps what there is."""
    scripts = Scripts(load(transcripts), workload.speed, workload.seed)
    with folder.folder.writing():
        was_stopped = asyncio.run(_work(folder, workload, scripts, server, tell))
        folder.finish(was_stopped=was_stopped)


async def _work(
    folder: LoadFolder, workload: Workload, scripts: Scripts, server: Server, tell: Callable[[Progress], None]
) -> bool:
    usage = None if server.pid is None else Usage(server.pid)
    async with Client(server.url, server.token) as client:
        centre = Centre(client, scripts, workload, usage, folder.keep)
        with _stops_on_interrupt(centre.hang_up):
            return await centre.work(tell)


@contextmanager
def _stops_on_interrupt(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C ends the test in good order, a second one ends the program."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    loop.add_signal_handler(signal.SIGINT, end)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
