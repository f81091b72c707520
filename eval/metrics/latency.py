"""Latency percentiles in milliseconds, a stage at a time.

Source: Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50(4), 1996,
definition 7 (linear interpolation, numpy's default).
"""

from collections.abc import Iterable, Mapping, Sequence


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """The median, p95 and p99, to a microsecond; raises ValueError when nothing was measured.

    >>> percentiles([10.0, 20.0, 30.0])
    {'p50': 20.0, 'p95': 29.0, 'p99': 29.8}
    """
    import numpy as np

    if not milliseconds:
        raise ValueError("no latency was measured")
    points = np.percentile(np.asarray(milliseconds, dtype=np.float64), [50, 95, 99])
    return {name: round(float(point), 3) for name, point in zip(("p50", "p95", "p99"), points, strict=True)}


def by_stage(timings: Iterable[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """The percentiles of each stage over the questions that went through it; empty without any.

    >>> by_stage([{"embed": 4.0, "total": 6.0}, {"total": 8.0}])["total"]["p50"]
    7.0
    """
    stages: dict[str, list[float]] = {}
    for question in timings:
        for stage, milliseconds in question.items():
            stages.setdefault(stage, []).append(milliseconds)
    return {stage: percentiles(measured) for stage, measured in stages.items()}
