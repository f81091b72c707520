"""Work in the background: one at a time, watched by anybody, called off when asked."""

import threading

import pytest

from indexing.admin_panel.job import Cancelled, Job
from indexing.progress import Progress
from knowledge_base.errors import BuildCancelled, IndexingError


class Held:
    """Work that goes on until it is released or cancelled."""

    def __init__(self) -> None:
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self, progress: Progress, cancelled: Cancelled) -> str:
        progress("임베딩", 1, 4)
        self.begun.set()
        while not self.released.wait(0.005):
            if cancelled():
                raise BuildCancelled("취소했습니다.")
        return "다 됨"


@pytest.fixture
def job() -> Job[str]:
    return Job("다른 관리자가 하고 있습니다")


def test_progress_is_there_for_everybody_and_the_result_stays(job: Job[str]) -> None:
    held = Held()
    assert job.status() is None
    job.start(held, "kim")
    assert held.begun.wait(5)
    status = job.status()
    assert status
    assert status.progress
    assert (status.by, status.is_running, status.progress.stage, status.progress.total) == ("kim", True, "임베딩", 4)
    held.released.set()
    job.wait(5)
    status = job.status()
    assert status
    assert (status.number, status.is_running, status.result, status.problem) == (1, False, "다 됨", "")


def test_a_second_one_is_refused_with_the_name_of_the_first(job: Job[str]) -> None:
    held = Held()
    job.start(held, "kim")
    with pytest.raises(IndexingError, match="kim 님이 시작"):
        job.start(held, "lee")
    held.released.set()
    job.wait(5)
    job.start(held, "lee")
    job.wait(5)
    status = job.status()
    assert status
    assert (status.number, status.by) == (2, "lee")


def test_cancel_cancels_and_the_next_one_is_not_cancelled(job: Job[str]) -> None:
    held, ended = Held(), []
    job.start(held, "kim", ended.append)
    assert held.begun.wait(5)
    job.cancel()
    job.wait(5)
    status = job.status()
    assert status
    assert status.was_cancelled
    assert status.problem == "취소했습니다."
    assert [told.problem for told in ended] == ["취소했습니다."]
    held.released.set()
    job.start(held, "kim")
    job.wait(5)
    assert (status := job.status())
    assert status.result == "다 됨"


def test_a_bug_is_a_sentence_too_and_never_leaves_it_running(job: Job[str]) -> None:
    def broken(progress: Progress, cancelled: Cancelled) -> str:
        raise ZeroDivisionError

    job.start(broken, "kim")
    job.wait(5)
    status = job.status()
    assert status
    assert not status.is_running
    assert "다시 해 보고" in status.problem


def test_an_audit_that_fails_at_the_end_is_told(job: Job[str]) -> None:
    def ended(status: object) -> None:
        raise IndexingError("기록하지 못했습니다.")

    job.start(lambda progress, cancelled: "다 됨", "kim", ended)
    job.wait(5)
    status = job.status()
    assert status
    assert (status.is_running, status.problem) == (False, "기록하지 못했습니다.")
