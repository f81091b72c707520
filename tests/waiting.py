"""For what other threads and processes bring about."""

import time
from collections.abc import Callable


def becomes(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether a condition comes true within some seconds."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.01)
    return False
