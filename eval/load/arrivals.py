"""When calls come in, and how long an agent rests between two of them."""

from collections.abc import Iterator
from random import Random

DAY_SECONDS = 9 * 3600
"""The call centre answers from 09 to 18."""
PAUSE = 5.0
"""Mean seconds between two calls of an agent who always has one waiting."""
RAMP = 5.0
"""Seconds within which the first calls begin."""


def poisson(calls_per_day: float, seconds: float, random: Random) -> Iterator[float]:
    """The seconds at which calls come in, of a Poisson process with the mean rate of a whole day.

    >>> len(list(poisson(DAY_SECONDS, 10_000, Random(0)))) in range(9_700, 10_300)
    True
    """
    at = random.expovariate(calls_per_day / DAY_SECONDS)
    while at < seconds:
        yield at
        at += random.expovariate(calls_per_day / DAY_SECONDS)


def pause(random: Random, speed: float) -> float:
    """Seconds until a busy agent's next call, exponentially distributed."""
    return random.expovariate(1 / PAUSE) / speed
