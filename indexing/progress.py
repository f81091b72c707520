"""How far a build has come: what it calls back with, and the same as something to show."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[str, int, int], None]
"""Called with the stage (Korean), how many chunks of it are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage under way; ``rate`` is how many a second since it began, None until that can be told.

    >>> StageProgress("임베딩", 250, 1000, 50.0).seconds_left
    15.0
    """

    stage: str
    done: int
    total: int
    rate: float | None

    @property
    def seconds_left(self) -> float | None:
        """None until the rate is known."""
        return (self.total - self.done) / self.rate if self.rate else None


@dataclass
class ProgressMeter:
    """A ``Progress`` that another thread may ask how far it is; what was done from the start does not count
    as speed."""

    clock: Callable[[], float] = time.monotonic
    _now: StageProgress | None = field(default=None, init=False)
    _since: tuple[float, int] = field(default=(0.0, 0), init=False)

    def __call__(self, stage: str, done: int, total: int) -> None:
        moment = self.clock()
        if self._now is None or self._now.stage != stage:
            self._since = (moment, done)
        seconds, chunks = moment - self._since[0], done - self._since[1]
        self._now = StageProgress(stage, done, total, chunks / seconds if seconds > 0 and chunks > 0 else None)

    def now(self) -> StageProgress | None:
        """The latest news; None before the first."""
        return self._now
