"""One call: what is said is posted when its time has come, while a listener takes the events in."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter

from eval.load.client import Client, Refused
from eval.load.script import Script
from eval.load.trace import Fault, FaultKind, Received, Trace

TRIES = 3
RETRY = 0.5
"""Seconds before a post or a listener is tried again, as a recogniser or a panel would."""
FAREWELL = 30.0
"""Seconds that the last events may take after the end of a call."""


class Caller:
    """Plays calls on ``client`` until ``hang_up`` is set. Times are seconds since the caller was made."""

    def __init__(self, client: Client, hang_up: asyncio.Event) -> None:
        self._client = client
        self._hang_up = hang_up
        self._began = perf_counter()

    def now(self) -> float:
        """Seconds since the caller was made."""
        return perf_counter() - self._began

    async def play(self, script: Script, agent: str, external: str) -> Trace:
        """A whole call, or as much of it as is said before everybody hangs up; nothing raises."""
        trace = Trace(script, agent, external, self.now())
        listening = None
        if await self._tried(trace, lambda: self._start(trace)):
            listening = asyncio.create_task(self._listen(trace))
            await self._speak(trace)
            await self._tried(trace, lambda: self._client.end(trace.call))
            await asyncio.wait({listening}, timeout=FAREWELL)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        trace.ended = self.now()
        return trace

    async def _start(self, trace: Trace) -> None:
        trace.call = await self._client.start(trace.agent, trace.external)

    async def _speak(self, trace: Trace) -> None:
        began = self.now()
        for due, said in trace.script.lines:
            if await self._hangs_up(began + due):
                return
            posted = trace.posted[said.line] = self.now()
            if await self._tried(trace, partial(self._client.say, trace.call, said)):
                trace.answered[said.line] = self.now() - posted

    async def _hangs_up(self, at: float) -> bool:
        """Wait until it is time for the next words; True when the call is to end before."""
        try:
            await asyncio.wait_for(self._hang_up.wait(), max(0.0, at - self.now()))
        except TimeoutError:
            return False
        return True

    async def _listen(self, trace: Trace) -> None:
        """Take events in until the last one, over as many connections as it takes."""
        connected, failures = 0.0, 0
        while not trace.has_ended and failures < TRIES:
            try:
                await self._follow(trace, connected)
            except Refused as error:
                failures += 1
                trace.errors.append(Fault(kind=FaultKind.HTTP, detail=f"이벤트: {error}"))
                await asyncio.sleep(RETRY)
            connected = self.now()

    async def _follow(self, trace: Trace, connected: float) -> None:
        """One connection. What was posted before it was made is late: it waited for the connection."""
        cut_after = trace.script.cut_after if not trace.cuts else None
        async for event in self._client.events(trace.call, trace.last_seq):
            posted = trace.posted.get(event["line"] if event["line"] is not None else -1)
            trace.received.append(Received(event, self.now(), posted is not None and posted < connected))
            if cut_after and len(trace.received) >= cut_after:
                trace.cuts += 1
                return

    async def _tried(self, trace: Trace, request: Callable[[], Awaitable[None]]) -> bool:
        """Whether a request got through in the end; every refusal is noted."""
        for number in range(TRIES):
            if number:
                await asyncio.sleep(RETRY)
            try:
                await request()
            except Refused as error:
                trace.errors.append(Fault(kind=FaultKind.HTTP, detail=f"보냄: {error}"))
            else:
                return True
        return False
