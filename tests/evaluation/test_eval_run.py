"""Runs on disk: complete, written whole, resumed after a stop, never overwritten."""

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hashing_embedder import WordAnalyzer
from pydantic import SecretStr

from assistant.answering.assistant import Searches
from assistant.events import Status
from assistant.settings import LLMBackend, Settings
from eval.examination.answers import Suggests
from eval.examination.examiner import WARM_UP, Examiner, examined
from eval.examination.grading import Grader
from eval.examination.result import Result
from eval.questions.dataset import Dataset
from eval.questions.question import Question
from eval.runs import provenance
from eval.runs.measurement import measure, planned, refuse_change
from eval.runs.run import Plan, Run, new_id
from eval.runs.store import PLAN, RESULTS, RUN, RunFolder, RunStore
from knowledge_base.errors import EvaluationError

Ask = Callable[..., Question]
Reserve = Callable[..., RunFolder]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def questions(ask: Ask) -> tuple[Question, ...]:
    """A hit, a question that only search fails on, one that both fail on, an unanswerable one."""
    return ask("요금?", "요금"), ask("감면?", "감면"), ask("???", "요금"), ask("날씨?")


@pytest.fixture
def examiner(searcher: Callable[..., Searches], assistant: Callable[..., Suggests]) -> Examiner:
    search = searcher({"요금?": ["안내", "요금"], "날씨?": [f"문서{number}" for number in range(12)]})
    answers = assistant(dict.fromkeys(("요금?", "감면?", "날씨?"), (Status.EXTRACTIVE, "발췌")))
    return Examiner(search, answers, Grader(WordAnalyzer()), "eval")


@pytest.fixture
def reserve(tmp_path: Path) -> Reserve:
    """Reserves a folder for a run of the questions."""

    def reserved(questions: Sequence[Question], jobs: int = 1, name: str = "r1") -> RunFolder:
        dataset = Dataset(path=Path("q.jsonl"), questions=tuple(questions), sha256="0" * 64)
        plan = planned(dataset, run_id=name, settings={"llm": "auto"}, seed=0, limit=4, jobs=jobs, snapshot="s1")
        folder = RunFolder(tmp_path / "runs" / name)
        folder.reserve(plan, questions, ())
        return folder

    return reserved


def test_the_record_says_how_to_repeat_the_run(
    reserve: Reserve, questions: Sequence[Question], examiner: Examiner
) -> None:
    run = measure(reserve(questions), examiner)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", run.created)
    assert (run.dataset, run.dataset_sha256, run.seed, run.limit) == ("q.jsonl", "0" * 64, 0, 4)
    assert run.packages["numpy"] == sys.modules["numpy"].__version__
    assert run.machine["cpus"]
    assert {"cpu", "load"} <= run.machine.keys()
    assert re.fullmatch(r"[0-9a-f]{16}", run.prompt)
    assert (run.snapshot, run.models) == ("s1", {"llm": "scripted"})
    assert run.settings == {"llm": "auto"}
    assert run.created <= run.finished


def test_a_question_that_failed_twice_counts_once(
    reserve: Reserve, questions: Sequence[Question], examiner: Examiner
) -> None:
    run = measure(reserve(questions), examiner)
    assert run.counts == {"n_total": 4, "n_failed": 2, "n_unanswerable": 1}
    assert run.scores["recall@3"] == pytest.approx(1 / 3)
    assert run.scores["n_total"] == 4


def test_there_is_one_result_a_question_in_the_order_of_the_questions(
    reserve: Reserve, questions: Sequence[Question], examiner: Examiner
) -> None:
    folder = reserve(questions, jobs=3)
    run = measure(folder, examiner)
    record = folder.record()
    assert (record.run, record.questions) == (run, tuple(questions))
    assert [each.id for each in record.results] == ["요금?", "감면?", "???", "날씨?"]
    first, second, _, last = record.results
    assert (first.ranked, first.rank, first.error) == (("안내", "요금"), 2, None)
    assert (second.rank, second.error) == (None, "'감면?'에는 찾을 말이 없습니다.")
    assert last.ranked == tuple(f"문서{number}" for number in range(10))
    assert first.answer is not None
    assert (first.answer.status, first.answer.text, first.answer.error) == (Status.EXTRACTIVE, "발췌", None)
    rows = [json.loads(line) for line in (folder.path / RESULTS).read_text(encoding="utf-8").splitlines()]
    assert {"id", "ranked", "rank", "latency_ms", "error", "answer", "scores"} <= rows[0].keys()


def test_a_folder_with_a_run_is_refused(reserve: Reserve, questions: Sequence[Question], tmp_path: Path) -> None:
    folder = reserve(questions)
    with pytest.raises(EvaluationError) as caught:
        reserve(questions)
    assert str(caught.value) == (
        f"{folder.path} 폴더에 이미 평가 기록이 있습니다. --out에 다른 폴더를 지정하거나, "
        f"멈춘 평가라면 'onnuri eval resume {folder.path}'로 이어서 하세요."
    )


def test_a_folder_that_cannot_be_made_or_written_is_named(
    reserve: Reserve, questions: Sequence[Question], result: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "runs").touch()
    with pytest.raises(EvaluationError, match="쓸 수 없습니다"):
        reserve(questions)
    with pytest.raises(EvaluationError, match="쓸 수 없습니다"):
        RunFolder(tmp_path / "gone").keep(result("요금?"))


def test_what_goes_wrong_with_a_question_is_not_taken_for_a_full_disk(
    reserve: Reserve, questions: Sequence[Question]
) -> None:
    with pytest.raises(FileNotFoundError, match="model"), reserve(questions).writing():
        raise FileNotFoundError("model")


def test_a_stopped_run_goes_on_where_it_stopped(
    reserve: Reserve, questions: Sequence[Question], examiner: Examiner, searcher: Callable[..., Searches]
) -> None:
    folder = reserve(questions)
    for kept in list(examined(questions, examiner, 1))[:2]:
        folder.keep(kept)
    with (folder.path / RESULTS).open("a", encoding="utf-8") as file:
        file.write('{"id": "???", "ran')  # what a kill leaves
    with pytest.raises(EvaluationError, match="끝나지 않았습니다"):
        folder.record()
    rest = searcher({"날씨?": ["요금"]})
    run = measure(folder, Examiner(rest, None, Grader(WordAnalyzer()), "eval"))
    asked = [question for question, _ in rest.asked]  # type: ignore[attr-defined]
    assert asked == ["???", "날씨?"]
    assert run.counts["n_total"] == 4
    assert [each.id for each in folder.record().results] == ["요금?", "감면?", "???", "날씨?"]


SLOW_RUN = """
import sys, time
sys.path.insert(0, "tests/evaluation")
from pathlib import Path
from conftest import FakeSearcher
from hashing_embedder import WordAnalyzer
from eval.examination.examiner import Examiner
from eval.examination.grading import Grader
from eval.runs.measurement import measure
from eval.runs.store import RunFolder

class Slow(FakeSearcher):
    def search(self, question, **rest):
        time.sleep(0.01)
        return super().search(question, **rest)

folder = RunFolder(Path(sys.argv[1]))
found = {each.question: ["요금"] for each in folder.questions()}
measure(folder, Examiner(Slow(found), None, Grader(WordAnalyzer()), "eval"))
"""


def test_a_run_survives_kill_9(reserve: Reserve, ask: Ask, searcher: Callable[..., Searches]) -> None:
    questions = [ask(f"질문 {number}", "요금") for number in range(400)]
    folder = reserve(questions, jobs=2)
    results = folder.path / RESULTS
    command = [sys.executable, "-c", SLOW_RUN, str(folder.path)]
    process = subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": ".:tests", "PATH": "/usr/bin"})
    try:
        deadline = time.monotonic() + 60
        while not results.exists() or results.read_bytes().count(b"\n") < 20:
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = set(folder.results())
    assert 20 <= len(done) < 400
    rest = searcher({each.question: ["요금"] for each in questions})
    run = measure(folder, Examiner(rest, None, Grader(WordAnalyzer()), "eval"))
    asked = {question for question, _ in rest.asked} - {WARM_UP}  # type: ignore[attr-defined]
    assert asked == {each.id for each in questions} - done
    assert run.counts == {"n_total": 400, "n_failed": 0, "n_unanswerable": 0}
    assert run.metrics["recall@1"] == 1.0
    ids = [json.loads(line)["id"] for line in results.read_text(encoding="utf-8").splitlines()]
    assert sorted(ids) == sorted(each.id for each in questions)


def test_questions_are_asked_at_once_and_a_reader_that_stops_cancels_the_rest(
    ask: Ask, searcher: Callable[..., Searches]
) -> None:
    inner = searcher({str(number): ["요금"] for number in range(2000)})
    together = threading.Barrier(3, timeout=10)

    class Meeting:
        def search(self, question: str, **rest: object) -> object:
            if not together.broken and question in ("0", "1", "2"):
                together.wait()  # passes only when three are asked at once
            return inner.search(question, **rest)  # type: ignore[arg-type]

    examiner = Examiner(Meeting(), None, Grader(WordAnalyzer()), "eval")  # type: ignore[arg-type]
    results = examined([ask(str(number), "요금") for number in range(2000)], examiner, jobs=3)
    assert next(iter(results)).error is None
    results.close()  # type: ignore[attr-defined]
    assert len(inner.asked) < 2000  # type: ignore[attr-defined]


def test_a_run_is_not_taken_up_again_when_what_it_measures_has_changed(
    reserve: Reserve, questions: Sequence[Question]
) -> None:
    plan = reserve(questions).plan()
    refuse_change(plan, snapshot="s1", configuration={})
    with pytest.raises(EvaluationError, match=r"색인, 설정이\(가\) 바뀌어"):
        refuse_change(plan, snapshot="s2", configuration={"llm": "none"})


def test_runs_are_found_by_id_beginning_and_folder(
    reserve: Reserve, questions: Sequence[Question], examiner: Examiner, tmp_path: Path
) -> None:
    first, second = reserve(questions, name="20261127T1-a"), reserve(questions, name="20261127T2-b")
    measure(first, examiner)
    store = RunStore(tmp_path / "runs")
    assert store.folder("20261127T1").path == first.path
    assert store.folder(str(second.path)).path == second.path
    with pytest.raises(EvaluationError, match="시작하는 평가가 2개"):
        store.folder("2026")
    with pytest.raises(EvaluationError, match="'onnuri eval list'"):
        store.folder("없는것")
    assert [type(each) for each in store.all().runs] == [Run, Plan]
    assert RunStore(tmp_path / "none").all() == ((), ())
    (first.path / RUN).write_text('{"kind": "of tomorrow"}', encoding="utf-8")
    runs, problems = store.all()
    assert [each.id for each in runs] == ["20261127T2-b"]
    assert [str(first.path / RUN) in each for each in problems] == [True]


def test_two_do_not_write_to_one_run(
    reserve: Reserve, questions: Sequence[Question], examiner: Examiner, tmp_path: Path
) -> None:
    folder = reserve(questions)
    with folder.writing(), pytest.raises(EvaluationError, match="지금 다른 곳에서 하고 있습니다"):
        measure(RunFolder(folder.path), examiner)
    assert not (folder.path / RESULTS).exists()
    assert measure(folder, examiner).counts["n_total"] == len(questions)


def test_a_damaged_record_is_named(reserve: Reserve, questions: Sequence[Question], examiner: Examiner) -> None:
    folder = reserve(questions)
    measure(folder, examiner)
    lines = (folder.path / RESULTS).read_text(encoding="utf-8").splitlines()
    (folder.path / RESULTS).write_text("\n".join([lines[0], "{}", *lines[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="2번째 줄이 손상되었습니다"):
        folder.record()
    (folder.path / RUN).write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationError, match="읽을 수 없습니다"):
        folder.record()
    (folder.path / RUN).unlink()
    (folder.path / PLAN).unlink()
    with pytest.raises(EvaluationError, match=r"run\.json 파일이 없습니다"):
        folder.record()


def test_ids_differ_and_begin_with_the_time() -> None:
    first, second = new_id(), new_id()
    assert first != second
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{6}", first)


def test_without_git_the_commit_is_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.commit() == ""


def test_a_package_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "PACKAGES", ("numpy", "no-such-package"))
    assert list(provenance.packages()) == ["numpy"]


def test_no_secret_is_recorded() -> None:
    settings = Settings(
        llm=LLMBackend.OPENAI,
        llm_model="m",
        llm_base_url="http://me:hunter2@127.0.0.1:8000/v1",
        llm_api_key=SecretStr("sk-hunter2"),
        judge_base_url="http://me:hunter2@127.0.0.1:9000/v1",
        judge_api_key=SecretStr("sk-hunter2"),
    )
    kept = json.dumps(provenance.configuration(settings))
    assert "hunter2" not in kept
    assert "127.0.0.1:9000/v1" in kept
