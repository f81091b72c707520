"""How long the stages of one question take."""

import time
from collections.abc import Iterator


class Stopwatch:
    """Milliseconds since the question came, noted by stage."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.notes: dict[str, float] = {}

    def seconds(self) -> float:
        """Since the question came."""
        return time.perf_counter() - self._started

    def note(self, stage: str) -> None:
        """A stage ended now: since the last one, or for ``total`` since the start."""
        now = time.perf_counter()
        self.notes[stage] = (now - (self._started if stage == "total" else self._last)) * 1000
        self._last = now

    def first(self, pieces: Iterator[str], stage: str) -> Iterator[str]:
        """``pieces``, noting when the first of them came, since the question."""
        for piece in pieces:
            self.notes.setdefault(stage, self.seconds() * 1000)
            yield piece
