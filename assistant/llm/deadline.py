"""A stream that may hang, read under time limits."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from time import monotonic
from typing import NamedTuple

from knowledge_base.errors import LLMUnavailable

Stream = Generator[str, None, None]
"""What is read: a generator, because it must be possible to close it."""


class Limits(NamedTuple):
    """Seconds until the first item, and until the last."""

    first: float
    total: float


class _Failed(NamedTuple):
    error: Exception


_END = object()


def within(limits: Limits, open_stream: Callable[[], Stream], done: Callable[[], None] = lambda: None) -> Iterator[str]:
    """The items of ``open_stream()``, read in a thread of their own; empty ones are left out and do not
    count as the first.

    Raises LLMUnavailable when a limit passes; errors of the stream are raised as they are. The stream is
    closed when it ends or fails, and when it is no longer read: at its next item, since nothing can
    interrupt a thread that hangs. What opens the stream must therefore have a time-out of its own; ``done`` is
    called once the stream is really let go of.
    """
    items: queue.SimpleQueue[object] = queue.SimpleQueue()
    abandoned = threading.Event()
    reading = threading.Thread(target=_read, args=(open_stream, items, abandoned, done), name="llm-stream", daemon=True)
    try:
        reading.start()
    except RuntimeError:  # no more threads
        done()
        raise
    ends = monotonic() + limits.total
    first_ends = monotonic() + limits.first
    began = False
    try:
        while (item := _next(items, ends if began else min(first_ends, ends))) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            if item:
                began = True
                yield str(item)
    finally:
        abandoned.set()


def _next(items: "queue.SimpleQueue[object]", ends: float) -> object:
    try:
        return items.get(timeout=max(0.0, ends - monotonic()))
    except queue.Empty:
        raise LLMUnavailable("LLM이 제시간에 답하지 않았습니다") from None


def _read(
    open_stream: Callable[[], Stream],
    items: "queue.SimpleQueue[object]",
    abandoned: threading.Event,
    done: Callable[[], None],
) -> None:
    try:
        with closing(open_stream()) as stream:
            if abandoned.is_set():  # opening may start a server, which takes longer than anyone waits
                return
            for item in stream:
                if abandoned.is_set():
                    return
                items.put(item)
    except Exception as error:  # raised again where the items are read
        items.put(_Failed(error))
    else:
        items.put(_END)
    finally:
        done()
