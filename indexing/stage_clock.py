"""How long each stage of a question took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StageClock:
    """Milliseconds per named stage, and since the question came, which is when the clock is made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.milliseconds[name] = (time.perf_counter() - started) * 1000

    def seconds(self) -> float:
        """Since the question came."""
        return time.perf_counter() - self._started

    def reached(self, moment: str) -> None:
        """Note when something came, counted from the question; only its first time counts."""
        self.milliseconds.setdefault(moment, self.seconds() * 1000)
