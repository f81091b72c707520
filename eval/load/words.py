"""What a load test says, in sentences for the head of a call centre and in tables for an engineer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.calls.switchboard import KEPT_AFTER_END
from eval.load.comparison import STAGE_LABELS
from eval.load.trace import FaultKind
from eval.report.words import made_with, seconds
from eval.runs.run import Run

MUCH_LAG = 50.0
"""Milliseconds: from here on the load generator itself makes the server look slow."""


def sentences(run: Run) -> list[str]:
    """Most important first."""
    return [*_waits(run), *_sound(run), *_memory(run), *_caveats(run)]


def _waits(run: Run) -> Iterator[str]:
    metrics: dict[str, Any] = run.metrics
    settings = run.settings
    busy = (
        f"하루 {settings['calls_per_day']:,}건이 올 때처럼"
        if settings.get("calls_per_day")
        else "쉬지 않고 통화를 받는 동안"
    )
    yield f"상담원 {settings['agents']}명이 {busy} 한꺼번에 평균 {metrics['concurrency']['mean']:g}건을 통화했습니다."
    for stage, what in (("question_evidence", "근거가 뜨기까지"), ("question_final", "답이 뜨기까지")):
        if points := metrics["latency_ms"].get(stage):
            low, high = metrics["ci95"][stage]
            yield (
                f"질문이 끝난 말을 보내고 {what} 보통 {seconds(points['p50'])}, 느려도(100번에 95번) "
                f"{seconds(points['p95'])} 걸렸습니다(95% 신뢰구간 {seconds(low)}–{seconds(high)})."
            )


def _sound(run: Run) -> Iterator[str]:
    wrong = {FaultKind[name.upper()].value: count for name, count in _counted(run).items() if count}
    total, failed = run.counts["n_total"], run.counts["n_failed"]
    cuts = run.metrics["cuts"]
    again = f" 일부러 끊은 접속 {cuts}개도 빠짐없이 이어졌습니다." if cuts and not wrong else ""
    if wrong:
        yield (
            f"통화 {total:,}건 가운데 {failed:,}건에서 문제가 있었습니다: "
            + ", ".join(f"{name} {count:,}건" for name, count in wrong.items())
            + "."
        )
    else:
        yield f"통화 {total:,}건에서 빠지거나 다른 통화로 간 이벤트가 없습니다.{again}"


def _counted(run: Run) -> dict[str, int]:
    found: Any = run.metrics["faults"]
    return dict(found)


def _memory(run: Run) -> Iterator[str]:
    server: Any = run.metrics["server"]
    if server is None:
        return
    used = server["memory_mb"]
    yield f"서버의 메모리는 {used['first']:,.0f}MB에서 {used['last']:,.0f}MB가 되었습니다."
    if grown := server["growth_mb_per_1000_calls"]:
        told = "늘고 있다고 볼 수 없습니다" if grown["is_flat"] else "늘고 있습니다"
        yield f"끝난 통화를 지우기 시작한 뒤로는 통화 1,000건마다 {growth(grown)}로, {told}."
    else:
        minutes = KEPT_AFTER_END / 60
        yield (
            f"끝난 통화를 {minutes:g}분 동안 남겨 두므로, 계속 늘어나는지는 {2 * minutes:g}분 넘게"
            f"(--seconds {2 * KEPT_AFTER_END:g}) 재야 알 수 있습니다."
        )


def _caveats(run: Run) -> Iterator[str]:
    metrics: dict[str, Any] = run.metrics
    if (speed := run.settings["speed"]) != 1:
        yield (
            f"말 사이의 쉼을 {speed:g}배 줄여 쟀습니다. 서버가 그만큼 바빴고 한 통화의 말이 밀릴 수 있었으므로, "
            "기다린 시간은 실제 통화보다 나쁩니다. 빠진 이벤트와 메모리를 보는 데 쓰세요."
        )
    if metrics["generator"] and (lag := metrics["generator"]["lag_ms"]["p95"]) > MUCH_LAG:
        yield (
            f"부하를 거는 쪽도 {lag:,.0f}ms까지 늦었습니다(p95). "
            "컴퓨터가 바빴으므로 한가할 때 다시 재면 더 빠를 수 있습니다."
        )
    if metrics.get("was_stopped"):  # runs of earlier releases do not say
        yield "끝나기 전에 멈춰, 그때까지 잰 것만 담았습니다."


def latency_rows(run: Run) -> list[tuple[str, int, dict[str, float]]]:
    """Every stage with how often it was measured and its percentiles."""
    metrics: dict[str, Any] = run.metrics
    return [
        (STAGE_LABELS[stage], metrics["n_measured"][stage], points) for stage, points in metrics["latency_ms"].items()
    ]


def figure_rows(run: Run) -> list[tuple[str, str]]:
    """What else was counted, as names and values."""
    metrics: dict[str, Any] = run.metrics
    asked, rates = metrics["questions"], metrics["throughput"]
    rows = [
        (
            "한꺼번에 하던 통화",
            f"평균 {metrics['concurrency']['mean']:g}건, 많을 때 {metrics['concurrency']['most']}건",
        ),
        ("빈 상담원을 기다린 통화", f"많을 때 {metrics['concurrency']['most_waiting']}건"),
        (
            "질문",
            f"{asked['asked']:,}개(그 말이 끝나기 전에 근거가 떠 있던 것 {asked['shown_before']:,}개, "
            f"근거가 없던 것 {asked['without_evidence']:,}개)",
        ),
    ]
    if rates:
        rows.append(
            (
                "처리량",
                f"1시간에 통화 {rates['calls_per_hour']:,.0f}건, 1초에 말 {rates['posts_per_second']:,.1f}마디와 "
                f"이벤트 {rates['events_per_second']:,.1f}개",
            )
        )
    return [*rows, *_server_rows(metrics["server"]), *_generator_rows(metrics["generator"])]


def growth(grown: dict[str, float]) -> str:
    """
    >>> growth({"mean": 1.5, "low": -0.5, "high": 3.5})
    '+1.5MB(95% 신뢰구간 -0.5 – +3.5)'
    """
    return f"{grown['mean']:+,.1f}MB(95% 신뢰구간 {grown['low']:+,.1f} – {grown['high']:+,.1f})"


def _server_rows(server: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if server is None:
        yield "서버의 CPU와 메모리", "다른 곳에서 도는 서버라 재지 못했습니다."
        return
    yield "서버의 CPU", f"{server['cpu_seconds']:,.1f}초, 평균 {server['cores']:.2f}코어"
    each = {"말 한 마디": "cpu_ms_per_post", "근거 하나": "cpu_ms_per_evidence", "통화 1초": "cpu_ms_per_call_second"}
    found = [f"{name} {server[key]:,.1f}ms" for name, key in each.items() if server[key] is not None]
    yield "CPU를 나누면", ", ".join(found)
    memory = server["memory_mb"]
    yield (
        "서버의 메모리(RSS)",
        f"처음 {memory['first']:,.0f}MB, 끝 {memory['last']:,.0f}MB, 많을 때 {memory['most']:,.0f}MB",
    )
    if grown := server["growth_mb_per_1000_calls"]:
        yield "통화 1,000건마다 늘어난 메모리", growth(grown)
    yield "스레드와 열린 파일", f"많을 때 {server['threads']}개와 {server['files']}개"


def _generator_rows(generator: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if generator:
        lag = generator["lag_ms"]
        yield (
            "부하를 거는 쪽",
            f"CPU {generator['cpu_seconds']:,.1f}초, 평균 {generator['cores']:.2f}코어, "
            f"1초마다 가장 늦은 때 p50 {lag['p50']:,.0f}ms, p95 {lag['p95']:,.0f}ms",
        )


def provenance(run: Run) -> list[tuple[str, str]]:
    """What is needed to repeat the test."""
    return [
        ("평가", run.id),
        ("때", f"{run.created} – {run.finished}"),
        ("걸린 시간", f"{run.seconds:,.0f}초"),
        ("통화 파일", f"{Path(run.dataset).name} · 판 {run.dataset_sha256[:12]}"),
        ("색인", run.snapshot or "없음"),
        *made_with(run),
    ]
