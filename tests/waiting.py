"""For what other threads and processes bring about."""

import time
from collections.abc import Callable


def becomes(
    condition: Callable[[], object], seconds: float = 60, rest: Callable[[], object] = lambda: time.sleep(0.01)
) -> bool:
    """Whether a condition comes true within some seconds; on a busy machine that takes long."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        rest()
    return False
