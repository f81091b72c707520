"""When the time of a file tells it from its next change."""

import time

SETTLED_NS = 3 * 10**9
"""A file changed twice within one tick of its file system's clock (2 s on FAT) may keep its time."""


def is_settled(changed_ns: int) -> bool:
    """Whether a file last changed at ``changed_ns``, in nanoseconds since 1970, would get another time by now."""
    return time.time_ns() - changed_ns > SETTLED_NS
