"""The record of a run: complete, written whole, never overwritten."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.events import Status
from eval import measure, provenance
from eval.answers import Suggests
from eval.dataset import Dataset, Question
from eval.retrieval import Searches
from eval.run import RECORD, RESULTS, Run, new_id, reserve, save
from knowledge_base.errors import EvaluationError


@pytest.fixture
def found(
    ask: Callable[..., Question], searcher: Callable[..., Searches], assistant: Callable[..., Suggests]
) -> measure.Outcomes:
    """A hit, a question that only search fails on, one that both fail on, an unanswerable one."""
    questions = (ask("요금?", "요금"), ask("감면?", "감면"), ask("???", "요금"), ask("날씨?"))
    search = searcher({"요금?": ["안내", "요금"], "날씨?": [f"문서{number}" for number in range(12)]})
    answers = assistant(
        dict.fromkeys(("요금?", "감면?", "날씨?"), (Status.EXTRACTIVE, "발췌")),
    )
    dataset = Dataset(path=Path("q.jsonl"), questions=questions, sha256="0" * 64)
    return measure.outcomes(dataset, search, answers, "eval")


@pytest.fixture
def run(found: measure.Outcomes) -> Run:
    dataset = Dataset(path=Path("q.jsonl"), questions=(), sha256="0" * 64)
    return measure.record(found, dataset, run_id="r1", settings={"llm": "auto"}, seed=0, limit=4)


def test_the_record_says_how_to_repeat_the_run(run: Run) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", run.created)
    assert (run.dataset, run.dataset_sha256, run.seed, run.limit) == ("q.jsonl", "0" * 64, 0, 4)
    assert run.packages["numpy"] == sys.modules["numpy"].__version__
    assert run.machine["cpus"]
    assert run.snapshot == "s1"
    assert run.settings == {"llm": "auto"}


def test_a_question_that_failed_twice_counts_once(run: Run) -> None:
    assert run.counts == {"n_total": 4, "n_failed": 2, "n_unanswerable": 1}
    assert run.scores["recall@3"] == pytest.approx(1 / 3)
    assert run.scores["n_total"] == 4


def test_there_is_one_result_a_question(found: measure.Outcomes) -> None:
    rows = measure.results(found)
    assert [row["id"] for row in rows] == ["요금?", "감면?", "???", "날씨?"]
    assert (rows[0]["ranked"], rows[0]["rank"], rows[0]["error"]) == (("안내", "요금"), 2, None)
    assert (rows[1]["rank"], rows[1]["error"]) == (None, "'감면?'에는 찾을 말이 없습니다.")
    assert rows[3]["ranked"] == tuple(f"문서{number}" for number in range(10))
    answer = rows[0]["answer"]
    assert isinstance(answer, dict)
    assert (answer["status"], answer["text"], answer["error"]) == ("extractive", "발췌", None)


def test_a_saved_run_reads_as_it_was(run: Run, found: measure.Outcomes, tmp_path: Path) -> None:
    folder = reserve(tmp_path / "runs" / "r1")
    save(run, measure.results(found), folder)
    assert sorted(path.name for path in folder.iterdir()) == [RESULTS, RECORD]
    assert json.loads((folder / RECORD).read_text(encoding="utf-8")) == asdict(run)
    lines = (folder / RESULTS).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["요금?", "감면?", "???", "날씨?"]


def test_a_folder_with_a_run_is_refused(run: Run, tmp_path: Path) -> None:
    save(run, [], reserve(tmp_path))
    with pytest.raises(EvaluationError) as caught:
        reserve(tmp_path)
    assert str(caught.value) == (f"{tmp_path} 폴더에 이미 평가 기록이 있습니다. --out에 다른 폴더를 지정하세요.")


def test_a_folder_that_cannot_be_made_or_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvaluationError, match="쓸 수 없습니다"):
        reserve(tmp_path / "file" / "run")
    with pytest.raises(EvaluationError, match="쓸 수 없습니다"):
        save(run, [], tmp_path / "gone")


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
