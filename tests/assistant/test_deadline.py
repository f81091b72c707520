"""A stream read under time limits, whatever it does."""

import threading
from collections.abc import Iterator
from time import monotonic, sleep

import pytest
from waiting import becomes

from assistant.llm.deadline import Limits, Stream, within
from knowledge_base.errors import LLMUnavailable

GENEROUS = Limits(first=30, total=60)
LATE = "LLM이 제시간에 답하지 않았습니다"


class Watched:
    """A stream that waits for ``pause`` before item number ``at``; knows how far it was read and how it ended."""

    def __init__(self, *items: str, at: int | None = None, fails: Exception | None = None) -> None:
        self.items, self.at, self.fails = items, at, fails
        self.pause = threading.Event()
        self.given: list[str] = []
        self.ended = threading.Event()

    def open(self) -> Stream:
        try:
            for number, item in enumerate(self.items):
                if number == self.at:
                    self.pause.wait(30)
                self.given.append(item)
                yield item
            if self.fails is not None:
                raise self.fails
        finally:
            self.ended.set()


def reading_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "llm-stream"]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert becomes(lambda: not reading_threads())


def test_items_come_in_order() -> None:
    items = [str(number) for number in range(500)]
    assert list(within(GENEROUS, Watched(*items).open)) == items


def test_a_stream_may_be_empty() -> None:
    assert list(within(GENEROUS, Watched().open)) == []


def test_an_item_comes_while_the_next_is_awaited() -> None:
    stream = Watched("하나", "둘", at=1)
    items = within(GENEROUS, stream.open)
    assert next(items) == "하나"
    assert stream.given == ["하나"]
    stream.pause.set()
    assert list(items) == ["둘"]


def test_the_first_item_has_a_limit_of_its_own() -> None:
    stream = Watched("하나", at=0)
    began = monotonic()
    with pytest.raises(LLMUnavailable, match=LATE):
        next(within(Limits(first=0.1, total=60), stream.open))
    assert 0.1 <= monotonic() - began < 20
    stream.pause.set()


def test_after_the_first_item_only_the_total_counts() -> None:
    def slow() -> Stream:
        yield "하나"
        sleep(0.7)
        yield "둘"

    assert list(within(Limits(first=0.5, total=30), slow)) == ["하나", "둘"]


def test_empty_items_are_left_out_and_are_no_first_item() -> None:
    assert list(within(GENEROUS, Watched("", "하나", "", "둘").open)) == ["하나", "둘"]
    stream = Watched("", "하나", at=1)
    with pytest.raises(LLMUnavailable, match=LATE):
        next(within(Limits(first=0.1, total=60), stream.open))
    stream.pause.set()


def test_the_total_has_a_limit_however_steadily_items_come() -> None:
    def endless() -> Stream:
        while True:
            sleep(0.02)
            yield "음"

    items = []
    began = monotonic()
    with pytest.raises(LLMUnavailable, match=LATE):
        for item in within(Limits(first=10, total=0.5), endless):
            items.append(item)
    assert items
    assert 0.5 <= monotonic() - began < 20


def test_a_total_shorter_than_the_first_counts_from_the_start() -> None:
    stream = Watched("하나", at=0)
    with pytest.raises(LLMUnavailable, match=LATE):
        next(within(Limits(first=60, total=0.1), stream.open))
    stream.pause.set()


def test_time_spent_by_the_reader_counts_too() -> None:
    stream = Watched("하나", "둘", at=1)
    items = within(Limits(first=10, total=0.5), stream.open)
    next(items)
    sleep(0.6)
    with pytest.raises(LLMUnavailable, match=LATE):
        next(items)
    stream.pause.set()


def test_an_error_of_the_stream_is_raised_as_it_is() -> None:
    error = ValueError("planted")
    stream = Watched("하나", fails=error)
    items = within(GENEROUS, stream.open)
    assert next(items) == "하나"
    with pytest.raises(ValueError, match="planted") as raised:
        next(items)
    assert raised.value is error
    assert stream.ended.is_set()


def test_an_error_in_opening_is_raised_as_it_is() -> None:
    error = OSError("planted")

    def opening() -> Stream:
        raise error

    with pytest.raises(OSError, match="planted") as raised:
        next(within(GENEROUS, opening))
    assert raised.value is error


def test_a_stream_that_ends_is_closed() -> None:
    stream = Watched("하나")
    list(within(GENEROUS, stream.open))
    assert stream.ended.is_set()


def test_an_abandoned_stream_is_closed_at_its_next_item() -> None:
    stream = Watched("하나", "둘", "셋", at=1)
    items = within(GENEROUS, stream.open)
    next(items)
    items.close()  # type: ignore[attr-defined]
    assert not stream.ended.is_set()
    stream.pause.set()
    assert stream.ended.wait(20)
    assert stream.given == ["하나", "둘"]


def test_dropping_it_abandons_it_too() -> None:
    stream = Watched("하나", "둘", "셋", at=1)
    next(within(GENEROUS, stream.open))
    stream.pause.set()
    assert stream.ended.wait(20)
    assert stream.given == ["하나", "둘"]


def test_a_stream_that_was_late_is_closed_at_its_next_item() -> None:
    stream = Watched("하나", "둘", at=0)
    with pytest.raises(LLMUnavailable):
        next(within(Limits(first=0.05, total=60), stream.open))
    stream.pause.set()
    assert stream.ended.wait(20)
    assert stream.given == ["하나"]


def test_what_opens_too_late_is_never_read() -> None:
    opened = threading.Event()
    stream = Watched("하나")

    def opening() -> Stream:
        opened.wait(30)
        return stream.open()

    with pytest.raises(LLMUnavailable, match=LATE):
        next(within(Limits(first=0.05, total=60), opening))
    opened.set()
    assert becomes(lambda: not reading_threads())
    assert stream.given == []


def test_it_is_read_only_once_it_is_asked() -> None:
    stream = Watched("하나")
    items = within(GENEROUS, stream.open)
    assert reading_threads() == []
    assert list(items) == ["하나"]
