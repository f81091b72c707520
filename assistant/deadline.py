"""A stream that may hang, read under time limits."""

import queue
import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import NamedTuple

from knowledge_base.errors import LLMUnavailable


class Limits(NamedTuple):
    """Seconds until the first item, and until the last."""

    first: float
    total: float


class _Failed(NamedTuple):
    error: Exception


_END = object()


def within(limits: Limits, open_stream: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The items of ``open_stream()``, read in a thread of their own.

    Raises LLMUnavailable when a limit passes; errors of the stream are raised as they are. The stream is
    closed when it ends, fails, or is no longer read; one that hangs is left to its own time-out.
    """
    items: queue.SimpleQueue[object] = queue.SimpleQueue()
    abandoned = threading.Event()
    threading.Thread(target=_read, args=(open_stream, items, abandoned), daemon=True).start()
    ends = monotonic() + limits.total
    wait = limits.first
    try:
        while True:
            try:
                item = items.get(timeout=max(0.0, min(wait, ends - monotonic())))
            except queue.Empty:
                raise LLMUnavailable("LLM이 제시간에 답하지 않았습니다") from None
            if item is _END:
                return
            if isinstance(item, _Failed):
                raise item.error
            yield str(item)
            wait = limits.total
    finally:
        abandoned.set()


def _read(
    open_stream: Callable[[], Iterator[str]], items: "queue.SimpleQueue[object]", abandoned: threading.Event
) -> None:
    try:
        for item in open_stream():
            if abandoned.is_set():
                return  # drops the iterator, which closes the connection
            items.put(item)
    except Exception as error:  # raised again where the items are read
        items.put(_Failed(error))
    else:
        items.put(_END)
