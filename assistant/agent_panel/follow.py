"""What one page is told: its agent's calls as they are, then every change, for as long as the page is open.

Events are folded into a ``Board`` for each call; a message is made of each line and suggestion that differs from
what the page was told last. A page that comes back is told all of it again: nothing can be missed in between.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import datetime

import anyio
import anyio.to_thread

from assistant.agent_panel.board import Board, Line
from assistant.agent_panel.desk import Desk
from assistant.agent_panel.messages import (
    AliveMessage,
    CallsMessage,
    DeskCall,
    FaultMessage,
    Message,
    line_message,
    suggestion_message,
)
from assistant.agent_panel.shown import Shown
from assistant.calls.feedback import Feedback
from assistant.calls.live_call import LiveCall
from assistant.calls.records import CallInfo, ServedElsewhere, now

ALIVE = 10.0
"""Seconds after which a page is told that all is well: what it does not hear of may be a broken connection."""
PAUSE = 0.02
"""Seconds of rest after a look: what comes within them is told together."""


class Followed:
    """One call, and what the page knows of it."""

    def __init__(self, live: LiveCall, feedback: Feedback, tell: Callable[[], None]) -> None:
        self._live = live
        self._feedback = feedback
        self._board = Board()
        self._seq = -1
        self._lines: dict[int, Line] = {}
        self._shown: dict[str, Shown] = {}
        self._fault = ""
        self.stop = live.listen(tell)

    def news(self) -> Iterator[Message]:
        """Whatever changed since this was asked last."""
        if self._live.is_lost:
            raise ServedElsewhere
        call = self._live.info.id
        opinions = self._feedback.opinions(call) if self._seq < 0 else {}
        events = self._live.events(self._seq)
        self._board.take(events)
        self._seq = events[-1].seq if events else self._seq
        for key, line in self._board.lines.items():
            if self._lines.get(key) != line:
                self._lines[key] = line
                yield line_message(call, line)
        for name, shown in self._board.shown.items():
            before = self._shown.get(name)
            if before is not shown:
                self._shown[name] = shown
                yield suggestion_message(call, shown, before, opinions.get(shown.suggestion))
        if self._fault != self._board.fault:
            self._fault = self._board.fault
            yield FaultMessage(call=call, text=self._fault)


class Following:
    """All calls of one agent, for one page. Not for several threads at once."""

    def __init__(self, desk: Desk, agent: str, tell: Callable[[], None]) -> None:
        self._desk = desk
        self._agent = agent
        self._tell = tell
        self._calls: list[CallInfo] | None = None
        self._followed: dict[str, Followed] = {}
        self._is_news = True
        self._stop = desk.switchboard.listen_calls(agent, self._changed)

    def news(self) -> list[Message]:
        """The calls when they changed, then what changed on each."""
        found: list[Message] = []
        if self._is_news:
            self._is_news = False
            found += self._look()
        for followed in self._followed.values():
            found += followed.news()
        return found

    def close(self) -> None:
        """Stop listening."""
        self._stop()
        for followed in self._followed.values():
            followed.stop()

    def _changed(self) -> None:
        self._is_news = True
        self._tell()

    def _look(self) -> Iterator[Message]:
        calls = self._desk.calls(self._agent)
        names = {call.id for call in calls}
        for name in self._followed.keys() - names:
            self._followed.pop(name).stop()
        for name in [call.id for call in calls if call.id not in self._followed]:
            self._followed[name] = Followed(self._desk.switchboard.live(name), self._desk.feedback, self._tell)
        if calls != self._calls:
            self._calls = calls
            yield CallsMessage(calls=tuple(_on_desk(call, now()) for call in calls))


def _on_desk(call: CallInfo, at: datetime) -> DeskCall:
    return DeskCall(
        id=call.id,
        label=call.external or f"{call.started.astimezone():%H:%M}",
        seconds=(at - call.started).total_seconds(),
        ended=(at - call.ended).total_seconds() if call.ended else None,
    )


async def followed(desk: Desk, agent: str, threads: anyio.CapacityLimiter) -> AsyncIterator[Message]:
    """What a page of ``agent`` is told, until it goes away."""
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> None:
        with suppress(RuntimeError):  # the server is shutting down
            loop.call_soon_threadsafe(woken.set)

    following = await anyio.to_thread.run_sync(Following, desk, agent, tell, limiter=threads)
    try:
        while True:
            woken.clear()
            try:
                news = await anyio.to_thread.run_sync(following.news, limiter=threads)
            except ServedElsewhere:
                return  # the page asks again, and is told everything where its calls are served
            for message in news:
                yield message
            await asyncio.sleep(PAUSE)
            try:
                await asyncio.wait_for(woken.wait(), ALIVE)
            except TimeoutError:
                yield AliveMessage()
    finally:
        following.close()
