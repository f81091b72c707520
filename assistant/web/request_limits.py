"""How much a request may bring, how slowly, and how many may come: for whatever has no narrower limits of its own."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import anyio
from starlette.types import Message, Receive

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes; routes of ours refuse less, and say so."""
SLOWEST_BODY = 30.0
"""Seconds until a body must be there."""
SHORTEST_WAIT = 1.0
MOST_REMEMBERED = 10_000


class Rate(NamedTuple):
    """``at_once`` requests may come together, ``a_second`` for as long as anybody likes."""

    at_once: int
    a_second: float


STRANGER = Rate(300, 20)
"""By address: a whole call centre may log in from behind one."""
MEMBER = Rate(1000, 100)
"""By account: opening a panel takes some 150 requests."""
PROGRAM = Rate(10_000, 2000)
"""Hundreds of calls, each with several pieces of speech a second."""


class Rates:
    """A leaky bucket for each of the callers seen last; thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allows(self, caller: str, rate: Rate) -> bool:
        """Count a request of ``caller``; False when there are too many, and then it is not counted."""
        now = self._clock()
        with self._lock:
            level, at = self._levels.pop(caller, (0.0, now))
            level = max(0.0, level - (now - at) * rate.a_second)
            is_allowed = level + 1 <= rate.at_once
            self._levels[caller] = (level + is_allowed, now)
            if len(self._levels) > MOST_REMEMBERED:
                del self._levels[next(iter(self._levels))]  # who has not come for longest
        return is_allowed


class BoundedBody:
    """``receive`` for a body of limited size and duration: beyond either limit the connection seems to be gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = LARGEST_BODY
        self._until = anyio.current_time() + SLOWEST_BODY
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:  # what comes now is the end of the connection, however late
            return await self._receive()
        gone: Message = {"type": "http.disconnect"}
        with anyio.move_on_after(max(self._until - anyio.current_time(), SHORTEST_WAIT)) as wait:
            message = await self._receive()
        if wait.cancelled_caught or message["type"] != "http.request":
            return gone
        self._left -= len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message if self._left >= 0 else gone
