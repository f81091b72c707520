"""Progress as people see it."""

from indexing.progress import ProgressMeter, StageProgress


def test_rate_and_time_left_are_those_of_the_stage() -> None:
    seconds = iter([100.0, 101.0, 104.0, 110.0])
    meter = ProgressMeter(clock=lambda: next(seconds))
    assert meter.now() is None
    meter("임베딩", 500, 1000)  # cached: done at once
    assert meter.now() == StageProgress("임베딩", 500, 1000, None)
    assert meter.now() is not None and meter.now().seconds_left is None  # type: ignore[union-attr]
    meter("임베딩", 520, 1000)
    meter("임베딩", 600, 1000)
    found = meter.now()
    assert found == StageProgress("임베딩", 600, 1000, 25.0)
    assert found.seconds_left == 16
    meter("검사", 0, 1000)
    assert meter.now() == StageProgress("검사", 0, 1000, None)
