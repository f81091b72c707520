"""The figures of a load test: latencies, faults, what the server used, and whether the load generator kept up."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from assistant.calls.switchboard import KEPT_AFTER_END
from eval.load.result import STAGES, LoadedCall, Sample
from eval.load.slope import slope
from eval.load.trace import FaultKind
from eval.metrics.confidence import interval_of
from eval.metrics.latency import percentiles
from eval.runs.run import Plan, Run, now

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUESTION_STAGES = ("question_evidence", "question_final")
"""From the post of the utterance that ends a question to its evidence and its answer."""


def finished(plan: Plan, calls: Sequence[LoadedCall], samples: Sequence[Sample], *, was_stopped: bool) -> Run:
    """The run with its figures; ``n_failed`` are the calls on which anything went wrong."""
    return Run(
        **plan.model_dump(),
        finished=now(),
        seconds=round(_seconds(calls, samples), 1),
        counts={
            "n_total": len(calls),
            "n_failed": sum(bool(each.faults) for each in calls),
            "n_unanswerable": 0,
        },
        metrics={**metrics(calls, samples), "was_stopped": was_stopped},
    )


def waits(call: LoadedCall, stage: str) -> list[float]:
    """The milliseconds of one stage on one call."""
    if stage == "question_evidence":
        return [each.evidence_ms for each in call.questions if each.evidence_ms is not None]
    if stage == "question_final":
        return [each.final_ms for each in call.questions if each.final_ms is not None]
    return list(call.waits.get(stage, ()))


def metrics(calls: Sequence[LoadedCall], samples: Sequence[Sample]) -> dict[str, Any]:
    """The figures as a program reads them; ``ci95`` are intervals of the p95 of a stage, over calls."""
    by_stage = {stage: [waits(call, stage) for call in calls] for stage in (*QUESTION_STAGES, *STAGES)}
    measured = {stage: found for stage, found in by_stage.items() if any(found)}
    asked = [each for call in calls for each in call.questions]
    kinds = Counter(each.kind for call in calls for each in call.faults)
    seconds = _seconds(calls, samples)
    return {
        "latency_ms": {stage: percentiles(list(chain.from_iterable(found))) for stage, found in measured.items()},
        "ci95": {stage: p95_interval(measured[stage]) for stage in QUESTION_STAGES if stage in measured},
        "n_measured": {stage: sum(map(len, found)) for stage, found in measured.items()},
        "questions": {
            "asked": len(asked),
            "shown_before": sum(each.early for each in asked),
            "without_evidence": sum(each.evidence_ms is None and not each.early for each in asked),
        },
        "faults": {kind.name.lower(): kinds[kind] for kind in FaultKind},
        "cuts": sum(each.cuts for each in calls),
        "concurrency": _concurrency(samples),
        "throughput": _rates(calls, seconds) if seconds else {},
        "server": server(calls, samples) if len(samples) > 1 else None,
        "generator": _generator(samples) if len(samples) > 1 else None,
    }


def p95_interval(found: Sequence[Sequence[float]]) -> list[float]:
    """The 95 % interval of the p95 by resampling whole calls: what happens on one call is not independent."""
    import numpy as np

    measured = [np.asarray(each, dtype=np.float64) for each in found if each]
    low, high = interval_of(_p95_of(measured), len(measured))
    return [round(low, 3), round(high, 3)]


def _p95_of(measured: "Sequence[NDArray[np.float64]]") -> "Callable[[NDArray[np.intp]], float]":
    import numpy as np

    return lambda drawn: float(np.percentile(np.concatenate([measured[place] for place in drawn]), 95))


def server(calls: Sequence[LoadedCall], samples: Sequence[Sample]) -> dict[str, Any]:
    """What the server used between the first sample and the last, per unit of what it did, and how its memory grew.

    The server keeps a call for a while after its end, for panels that come back; only once the first are forgotten does
    memory say whether anything stays for good. So a shorter test has no growth.
    """
    first, last = samples[0], samples[-1]
    cpu, seconds = last.cpu_seconds - first.cpu_seconds, last.at - first.at
    spoken = sum(each.seconds for each in calls)
    settled = [each for each in samples if each.at >= KEPT_AFTER_END]
    grown = slope([each.calls for each in settled], memory(settled))
    return {
        "cpu_seconds": round(cpu, 2),
        "cores": round(cpu / seconds, 3) if seconds else 0.0,
        "cpu_ms_per_post": _each(cpu, sum(each.posts for each in calls)),
        "cpu_ms_per_evidence": _each(cpu, sum(len(waits(each, "evidence")) for each in calls)),
        "cpu_ms_per_call_second": _each(cpu, spoken),
        "memory_mb": {"first": memory(samples)[0], "last": memory(samples)[-1], "most": max(memory(samples))},
        "growth_mb_per_1000_calls": {**grown._asdict(), "is_flat": grown.is_flat} if grown else None,
        "threads": max(each.threads for each in samples),
        "files": max(each.files for each in samples),
    }


def memory(samples: Sequence[Sample]) -> list[float]:
    """Megabytes resident. PSS would be fairer in size, but moves with whatever else maps the same files."""
    return [each.rss_mb for each in samples]


def _generator(samples: Sequence[Sample]) -> dict[str, Any]:
    cpu, seconds = samples[-1].own_cpu_seconds - samples[0].own_cpu_seconds, samples[-1].at - samples[0].at
    return {
        "cpu_seconds": round(cpu, 2),
        "cores": round(cpu / seconds, 3) if seconds else 0.0,
        "lag_ms": percentiles([each.lag_ms for each in samples]),
    }


def _concurrency(samples: Sequence[Sample]) -> dict[str, float]:
    there = [each.open_calls for each in samples] or [0]
    waiting = max((each.waiting_calls for each in samples), default=0)
    return {"mean": round(sum(there) / len(there), 1), "most": max(there), "most_waiting": waiting}


def _rates(calls: Sequence[LoadedCall], seconds: float) -> dict[str, float]:
    return {
        "calls_per_hour": round(3600 * len(calls) / seconds, 1),
        "posts_per_second": round(sum(each.posts for each in calls) / seconds, 2),
        "events_per_second": round(sum(each.events for each in calls) / seconds, 2),
    }


def _seconds(calls: Sequence[LoadedCall], samples: Sequence[Sample]) -> float:
    """How long the test took."""
    ends = [*(each.began + each.seconds for each in calls), *(each.at for each in samples[-1:])]
    return max(ends, default=0.0)


def _each(seconds: float, count: float) -> float | None:
    return round(1000 * seconds / count, 3) if count else None
