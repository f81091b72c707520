"""The load test: arrivals, scripts, what is noticed when an event is lost or astray, figures, and a real server."""

import asyncio
import json
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from command import onnuri
from openpyxl import load_workbook

from app import Console
from assistant.calls.live_call import RESTART_GAP
from assistant.calls.utterance import Speaker, Utterance
from eval.calls.transcripts import Question, Transcript
from eval.load import arrivals, report, workbook
from eval.load.centre import Centre, Workload
from eval.load.client import Client
from eval.load.comparison import compare
from eval.load.record import LoadFolder, LoadRecord
from eval.load.result import LoadedCall, Sample
from eval.load.script import Script, Scripts, script
from eval.load.slope import slope
from eval.load.trace import FaultKind, Received, Trace, faults
from eval.report.published import table
from eval.runs.run import Plan, RunKind
from eval.runs.store import RunFolder, RunStore
from knowledge_base.errors import EvaluationError

PERSONAL = "제 번호는 010-1234-5678이고 수수료가 얼마예요"


def transcript(name: str = "t1") -> Transcript:
    said = (
        Utterance(line=0, speaker=Speaker.AGENT, text="네 상담원입니다", at=2.0),
        Utterance(line=1, speaker=Speaker.CALLER, text="여권", final=False, at=4.0),
        Utterance(line=2, speaker=Speaker.CALLER, text=PERSONAL, at=8.0),
    )
    asked = Question(line=2, at=8.0, question="수수료?", documents=("여권.md",), starts=1)
    return Transcript(id=name, kind="fillers", utterances=said, questions=(asked,))


def test_calls_come_as_often_as_on_a_whole_day_and_independently() -> None:
    times = list(arrivals.poisson(20_000, 9 * 3600, Random(1)))
    assert abs(len(times) - 20_000) < 4 * math.sqrt(20_000)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    assert abs(spread / mean - 1) < 0.05  # exponential
    assert list(arrivals.poisson(600, 1000, Random(1))) == list(arrivals.poisson(600, 1000, Random(1)))


def test_a_script_keeps_the_transcripts_own_times_or_divides_them() -> None:
    assert [line.due for line in script(transcript()).lines] == [2.0, 4.0, 8.0]
    fast = script(transcript(), speed=4, first=1)
    assert [line.due for line in fast.lines] == [0.0, 1.0]
    assert [line.said.at for line in fast.lines] == [4.0, 8.0]  # the call's own clock stays
    assert script(transcript(), first=2).asked == ()  # its beginning was not heard
    assert "010-1234" not in script(transcript()).heard[2].text


def test_every_transcript_is_played_before_one_comes_again() -> None:
    calls = [transcript(f"t{number}") for number in range(5)]
    scripts = Scripts(calls, speed=1, seed=3)
    played = [scripts.next().transcript for _ in range(10)]
    assert sorted(played[:5]) == sorted(played[5:]) == [each.id for each in calls]
    assert played == [each.transcript for each in _drawn(calls)]


def _drawn(calls: list[Transcript]) -> list[Script]:
    scripts = Scripts(calls, speed=1, seed=3)
    return [scripts.next() for _ in range(10)]


def trace() -> Trace:
    """A call on which everything is right; evidence 50 ms after the question was posted, the answer 70 ms."""
    played = script(transcript())
    found = Trace(played, "load-001", "load-001-1", began=0.0, call="c1", ended=9.0)
    found.posted = {0: 2.0, 1: 4.0, 2: 8.0}
    found.answered = dict.fromkeys(found.posted, 0.004)
    events: list[tuple[float, dict[str, Any]]] = [(0.1, {"type": "started", "line": None, "external": "load-001-1"})]
    for line, said in played.heard.items():
        words = {"speaker": said.speaker, "text": said.text, "final": said.final}
        events.append((found.posted[line] + 0.01, {"type": "utterance", "line": line, **words}))
    events += [(8.05, {"type": "evidence", "line": 2}), (8.07, {"type": "final", "line": 2})]
    events.append((9.0, {"type": "ended", "line": None}))
    found.received = [
        Received({"call": "c1", "seq": seq, "slot": 0, **event}, at, is_late=False)
        for seq, (at, event) in enumerate(events)
    ]
    return found


def test_a_sound_call_has_no_fault_and_its_waits_are_from_the_post() -> None:
    assert faults(trace()) == []
    call = LoadedCall.of(trace())
    (asked,) = call.questions
    assert (asked.evidence_ms, asked.final_ms, asked.early) == (50.0, 70.0, False)
    assert (call.waits["post"], call.waits["echo"]) == ((4.0, 4.0, 4.0), (10.0, 10.0, 10.0))


def _changed(found: Trace, place: int, **fields: object) -> None:
    found.received[place] = found.received[place]._replace(event={**found.received[place].event, **fields})


@pytest.mark.parametrize(
    ("plant", "kinds"),
    [
        (lambda found: found.received.pop(2), {FaultKind.LOST}),  # a partial: only its number is missed
        (lambda found: found.received.insert(2, found.received[1]), {FaultKind.DISORDERED}),
        (lambda found: _changed(found, 4, call="c2"), {FaultKind.MISDELIVERED}),
        (lambda found: _changed(found, 1, text="다른 통화의 말"), {FaultKind.MISDELIVERED}),
        (lambda found: _changed(found, 0, external="load-002-1"), {FaultKind.MISDELIVERED}),
        (lambda found: found.received.pop(3), {FaultKind.LOST, FaultKind.NOT_HEARD}),
        (lambda found: found.received.pop(5), {FaultKind.LOST, FaultKind.NOT_ANSWERED}),
        (lambda found: found.received.pop(), {FaultKind.NOT_ENDED}),
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[Trace], object], kinds: set[FaultKind]) -> None:
    found = trace()
    plant(found)
    assert {each.kind for each in faults(found)} == kinds


def test_a_replica_that_takes_a_call_over_leaves_numbers_out() -> None:
    found = trace()
    for place in range(3, len(found.received)):
        _changed(found, place, seq=place - 1 + RESTART_GAP)
    assert faults(found) == []
    found.received.pop(2)  # the last that came from the one before
    assert {each.kind for each in faults(found)} == {FaultKind.LOST}


def test_what_waited_for_a_cut_connection_is_checked_but_not_timed() -> None:
    found = trace()
    found.received[4] = found.received[4]._replace(is_late=True)
    assert faults(found) == []
    assert LoadedCall.of(found).questions[0].evidence_ms is None


def test_growth_is_told_from_noise() -> None:
    random = Random(0)
    calls = [float(number) for number in range(400)]
    flat = slope(calls, [700 + random.gauss(0, 3) for _ in calls])
    leak = slope(calls, [700 + call / 20 + random.gauss(0, 3) for call in calls])
    assert flat and leak
    assert flat.low < 0 < flat.high
    assert not leak.is_flat and leak.low < 50 < leak.high
    assert slope(calls[:10], calls[:10]) is None
    assert slope([5.0] * 50, [1.0] * 50) is None
    assert slope(calls, [700.0] * len(calls)) == (0.0, 0.0, 0.0)


def look(at: float, megabytes: float) -> Sample:
    counted = {"calls": int(at), "open_calls": 3, "waiting_calls": 0, "threads": 9, "files": 30}
    used = {"rss_mb": megabytes, "pss_mb": None, "cpu_seconds": at / 4, "own_cpu_seconds": at / 50, "lag_ms": 2.0}
    return Sample.model_validate({"at": at, **counted, **used})


@pytest.fixture
def folder(tmp_path: Path) -> LoadFolder:
    return _written(RunStore(tmp_path).new("20261127T1-load"), seconds=1300)


def _written(place: RunFolder, seconds: int) -> LoadFolder:
    folder = LoadFolder(place)
    settings = {"agents": 3, "calls_per_day": None, "seconds": 60.0, "speed": 1.0, "url": ""}
    plan = Plan(
        id=place.path.name,
        kind=RunKind.LOAD,
        created="2026-11-27T00:00:00+00:00",
        commit="",
        packages={},
        machine={"cpus": 2, "platform": "Linux", "python": "3.11", "cpu": "Xeon", "load": 0.1},
        dataset="tuning.jsonl",
        dataset_sha256="0" * 64,
        snapshot="s1",
        settings=settings,
        seed=0,
        limit=None,
    )
    folder.reserve(plan)
    broken = trace()
    broken.received.pop(5)
    for each in (trace(), broken, trace()):
        folder.keep(LoadedCall.of(each))
    for at in range(0, seconds, 10):
        folder.keep(look(float(at), 700.0))
    return folder


def test_figures_of_a_load_test_by_hand(folder: LoadFolder) -> None:
    folder.finish(was_stopped=False)
    run = folder.record().run
    metrics: Any = run.metrics
    assert run.counts == {"n_total": 3, "n_failed": 1, "n_unanswerable": 0}
    assert metrics["latency_ms"]["question_evidence"] == {"p50": 50.0, "p95": 50.0, "p99": 50.0}
    assert metrics["n_measured"]["question_final"] == 2
    assert (metrics["faults"]["lost"], metrics["faults"]["not_answered"], metrics["faults"]["misdelivered"]) == (
        1,
        1,
        0,
    )
    assert metrics["server"]["cores"] == 0.25
    assert metrics["server"]["growth_mb_per_1000_calls"]["is_flat"]
    assert metrics["generator"]["cores"] == 0.02


def test_before_calls_are_forgotten_nothing_is_said_of_growth(tmp_path: Path) -> None:
    short = _written(RunFolder(tmp_path / "short"), seconds=300).record()
    assert short.run.metrics["server"]["growth_mb_per_1000_calls"] is None  # type: ignore[index]
    assert any("--seconds 1200" in sentence for sentence in report.report(short, None).sentences)


def test_a_load_test_that_was_killed_can_be_read_and_is_no_question_run(folder: LoadFolder, tmp_path: Path) -> None:
    assert len(folder.record().calls) == 3  # no run.json yet
    folder.finish(was_stopped=False)
    with pytest.raises(EvaluationError, match="부하 시험이라 질문이 없습니다"):
        folder.folder.record()
    assert RunStore(tmp_path).all().runs[0].kind is RunKind.LOAD


def test_a_load_test_that_was_stopped_or_killed_says_so(folder: LoadFolder) -> None:
    told = "끝나기 전에 멈춰, 그때까지 잰 것만 담았습니다."
    assert told in report.report(folder.record(), None).sentences  # killed: nobody finished it
    folder.finish(was_stopped=True)
    assert told in report.report(folder.record(), None).sentences


@pytest.mark.parametrize(("seconds", "stopped_after"), [(30.0, 0.05), (0.05, 30.0)])
def test_a_centre_tells_whether_it_was_stopped(seconds: float, stopped_after: float) -> None:
    async def work() -> bool:
        workload = Workload(agents=1, calls_per_day=1, seconds=seconds, speed=1.0, seed=0)
        async with Client("http://127.0.0.1:9", "") as client:  # no call comes in so short a time
            centre = Centre(client, Scripts([transcript()], 1.0, 0), workload, None, lambda kept: None)
            asyncio.get_running_loop().call_later(stopped_after, centre.hang_up.set)
            return await centre.work(lambda progress: None)

    with ThreadPoolExecutor(1) as aside:  # Playwright has a loop running in the main thread
        assert aside.submit(lambda: asyncio.run(work())).result() == (stopped_after < seconds)


def test_the_report_says_it_in_sentences_and_shows_what_went_wrong(folder: LoadFolder, tmp_path: Path) -> None:
    folder.finish(was_stopped=False)
    record: LoadRecord = folder.record()
    page = report.render(report.report(record, record))
    assert "통화 3건 가운데 1건에서 문제가 있었습니다: 빠진 이벤트 1건, 답이 오지 않은 근거 1건." in page
    assert page.count("<svg") == 3
    assert "앞선 시험과" in page
    shifts = compare(record, record)
    assert not any(each.is_certain for each in shifts)
    assert (shifts[0].before, shifts[0].after) == (50.0, 50.0)
    workbook.write(record, record, path := tmp_path / "load.xlsx")
    book = load_workbook(path)
    assert book.sheetnames == ["요약", "기다린 시간", "통화", "문제", "서버", "비교", "무엇으로 쟀나"]
    assert book["문제"].max_row == 3
    assert "| 질문이 끝나고 근거까지 p50 / p95 | 50.0 / 50.0 ms |" in table(record.run)


@pytest.mark.slow
def test_three_agents_on_a_real_server(sample: Console, tmp_path: Path) -> None:
    out = tmp_path / "run"
    options = ("--agents", "3", "--seconds", "5", "--speed", "4", "--out", str(out), "--json")
    ended = onnuri("eval", "load", *options, home=sample.home.root, llm="none")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["n_total"] >= 3
    assert sum(found["faults"].values()) == 0, (out / "calls.jsonl").read_text(encoding="utf-8")
    assert found["latency_ms"]["evidence"]["p50"] > 0
    assert found["server"]["memory_mb"]["most"] > 100
    assert (out / "report.html").exists()
    assert not list(sample.home.root.glob("load-*"))  # the copy is gone, its calls and its account with it
