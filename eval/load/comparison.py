"""One load test against another: every figure before and after, and how far the p95 may differ by chance."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from eval.load.record import LoadRecord
from eval.load.summary import QUESTION_STAGES, waits
from eval.metrics.confidence import LEVELS, RESAMPLES
from eval.metrics.latency import percentiles

STAGE_LABELS = {
    "question_evidence": "질문이 끝나고 근거까지",
    "question_final": "질문이 끝나고 답까지",
    "post": "보낸 말을 받기까지",
    "echo": "보낸 말이 화면에 뜨기까지",
    "evidence": "말마다 근거까지",
    "final": "말마다 답까지",
}


class Shift(NamedTuple):
    """A figure in both tests; ``low`` and ``high`` bound the difference (95 %) where it was resampled."""

    label: str
    before: float | None
    after: float | None
    unit: str
    low: float | None = None
    high: float | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the difference is more than chance."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def compare(before: LoadRecord, after: LoadRecord) -> list[Shift]:
    """The figures of both, latencies first."""
    return [*_latencies(before, after), *_others(before.run.metrics, after.run.metrics)]


def _latencies(before: LoadRecord, after: LoadRecord) -> Iterator[Shift]:
    for stage in QUESTION_STAGES:
        groups = [[found for call in each.calls if (found := waits(call, stage))] for each in (before, after)]
        if all(groups):
            old, new = (percentiles([each for call in group for each in call])["p95"] for group in groups)
            yield Shift(f"{STAGE_LABELS[stage]} p95", old, new, "ms", *_difference(*groups))


def _difference(before: Sequence[Sequence[float]], after: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The interval of the difference of two p95, by resampling the calls of each test."""
    import numpy as np

    random = np.random.default_rng(0)

    def drawn(calls: Sequence[Sequence[float]]) -> float:
        return float(np.percentile(np.concatenate([calls[n] for n in random.integers(0, len(calls), len(calls))]), 95))

    low, high = np.percentile([drawn(after) - drawn(before) for _ in range(RESAMPLES)], LEVELS)
    return round(float(low), 1), round(float(high), 1)


def _others(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Shift]:
    for label, unit, path in (
        ("잘못된 것", "건", ("faults",)),
        ("동시에 하던 통화(평균)", "건", ("concurrency", "mean")),
        ("서버가 쓴 CPU", "코어", ("server", "cores")),
        ("근거 하나에 쓴 CPU", "ms", ("server", "cpu_ms_per_evidence")),
        ("메모리", "MB", ("server", "memory_mb", "most")),
        ("통화 1,000건마다 늘어난 메모리", "MB", ("server", "growth_mb_per_1000_calls", "mean")),
    ):
        yield Shift(label, _figure(before, path), _figure(after, path), unit)


def _figure(metrics: dict[str, Any], path: Sequence[str]) -> float | None:
    found: Any = metrics
    for name in path:
        found = found.get(name) if found else None
    return float(sum(found.values())) if isinstance(found, dict) else found
