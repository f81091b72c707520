"""A call centre at work: agents who take calls as they come in, all in one asyncio process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from random import Random
from time import perf_counter

from eval.load import arrivals
from eval.load.caller import Caller
from eval.load.client import Client
from eval.load.result import LoadedCall, Sample
from eval.load.script import Script, Scripts
from eval.load.usage import Usage

LOOK = 1.0
"""Seconds between two looks at the server."""
TICK = 0.1
"""Seconds that a timer is set to, to see how late the load generator itself is."""

Keeps = Callable[[LoadedCall | Sample], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """``agents`` people at work for ``seconds``; with ``calls_per_day`` None all of them are kept busy.

    ``speed`` divides the waits within and between calls.
    """

    agents: int
    calls_per_day: int | None
    seconds: float
    speed: float
    seed: int


@dataclass
class Progress:
    """How the test stands."""

    at: float = 0.0
    open_calls: int = 0
    calls: int = 0
    faults: int = 0
    waiting: int = 0
    lag_ms: float = 0.0


class Centre:
    """One load test. What has been measured is handed to ``keep`` call by call, a sample a second."""

    def __init__(self, client: Client, scripts: Scripts, workload: Workload, usage: Usage | None, keep: Keeps) -> None:
        self._client = client
        self._scripts = scripts
        self._workload = workload
        self._usage = usage
        self._keep = keep
        self._random = Random(f"centre {workload.seed}")
        self._calls: asyncio.Queue[Script] = asyncio.Queue()
        self.hang_up = asyncio.Event()
        self.progress = Progress()

    async def work(self, tell: Callable[[Progress], None]) -> bool:
        """Run the test until its time is over or somebody sets ``hang_up``; whether it was stopped so."""
        caller = Caller(self._client, self.hang_up)
        watching = [asyncio.create_task(each) for each in (self._look(caller, tell), self._tick())]
        agents = [asyncio.create_task(self._agent(caller, number)) for number in range(self._workload.agents)]
        coming = asyncio.create_task(self._come_in(caller))
        await self._rest(self._workload.seconds)
        was_stopped = self.hang_up.is_set()
        self.hang_up.set()
        await asyncio.gather(coming, *agents)
        for each in watching:
            each.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        return was_stopped

    async def _come_in(self, caller: Caller) -> None:
        """Calls as people make them, at times that no agent decides."""
        if self._workload.calls_per_day is None:
            return
        per_day = self._workload.calls_per_day * self._workload.speed
        for at in arrivals.poisson(per_day, self._workload.seconds, self._random):
            await self._rest(at - caller.now())
            if self.hang_up.is_set():
                return
            self._calls.put_nowait(self._scripts.next())

    async def _agent(self, caller: Caller, number: int) -> None:
        name, taken = f"load-{number + 1:03}", 0
        async for script in self._taken(number):
            taken += 1
            self.progress.open_calls += 1
            trace = await caller.play(script, name, f"{name}-{taken}")
            self.progress.open_calls -= 1
            call = LoadedCall.of(trace)
            self.progress.calls += 1
            self.progress.faults += len(call.faults)
            self._keep(call)

    async def _taken(self, number: int) -> AsyncIterator[Script]:
        """The calls of one agent, until it is time to go home."""
        if self._workload.calls_per_day is None:
            await self._rest(self._random.random() * arrivals.RAMP / self._workload.speed)
            yield self._scripts.next(from_the_middle=True)
            while not self.hang_up.is_set():
                await self._rest(arrivals.pause(self._random, self._workload.speed))
                if not self.hang_up.is_set():
                    yield self._scripts.next()
        while not self.hang_up.is_set():
            going = asyncio.create_task(self.hang_up.wait())
            coming = asyncio.create_task(self._calls.get())
            await asyncio.wait({going, coming}, return_when=asyncio.FIRST_COMPLETED)
            going.cancel()
            if not coming.done():
                coming.cancel()
            elif not self.hang_up.is_set():
                yield coming.result()

    async def _rest(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        try:
            await asyncio.wait_for(self.hang_up.wait(), max(0.0, seconds))
        except TimeoutError:
            return

    async def _look(self, caller: Caller, tell: Callable[[Progress], None]) -> None:
        while True:
            self.progress.at, self.progress.waiting = caller.now(), self._calls.qsize()
            if self._usage:
                self._keep(await self._sample(self._usage))
            tell(self.progress)
            await asyncio.sleep(LOOK)

    async def _sample(self, usage: Usage) -> Sample:
        now, lag = self.progress, round(self.progress.lag_ms, 2)
        now.lag_ms = 0.0
        used = await asyncio.to_thread(usage.now)
        counted = {"calls": now.calls, "open_calls": now.open_calls, "waiting_calls": now.waiting}
        return Sample(at=round(now.at, 3), lag_ms=lag, **counted, **used._asdict())

    async def _tick(self) -> None:
        while True:
            due = perf_counter() + TICK
            await asyncio.sleep(TICK)
            self.progress.lag_ms = max(self.progress.lag_ms, (perf_counter() - due) * 1000)
