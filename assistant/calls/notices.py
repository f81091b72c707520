"""Who wants to know when an agent's calls change."""

import threading
from collections.abc import Callable

Listener = Callable[[], None]


class Notices:
    """Listeners by the name of an agent. Thread-safe."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._lock = threading.Lock()

    def listen(self, agent: str, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called, from any thread, after a call of the agent begins or ends; returns how to stop.

        >>> notices, heard = Notices(), []
        >>> stop = notices.listen("kim", lambda: heard.append("kim"))
        >>> notices.tell("lee"), notices.tell("kim"), stop(), notices.tell("kim"), heard
        (None, None, None, None, ['kim'])
        """
        with self._lock:
            self._listeners.setdefault(agent, set()).add(listener)

        def stop() -> None:
            with self._lock:
                waiting = self._listeners.get(agent, set())
                waiting.discard(listener)
                if not waiting:
                    self._listeners.pop(agent, None)

        return stop

    def tell(self, agent: str) -> None:
        """The agent's calls have changed."""
        with self._lock:
            waiting = list(self._listeners.get(agent, ()))
        for listener in waiting:
            listener()

    def tell_all(self) -> None:
        """Anybody's calls may have changed."""
        with self._lock:
            agents = list(self._listeners)
        for agent in agents:
            self.tell(agent)
