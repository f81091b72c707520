"""``onnuri eval run`` from the command line to the files it leaves."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner, Result

from assistant.events import Status
from assistant.settings import LLMChoice
from eval.answers import Suggests
from eval.cli import LLMName, app
from eval.retrieval import Searches
from knowledge_base.errors import EvaluationError
from knowledge_base.home import Home

SCORES = ["recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10"]


@dataclass
class FakeConsole:
    home: Home
    search: Searches
    answers: Suggests
    llms: list[LLMChoice] = field(default_factory=list)

    def searcher(self) -> Searches:
        return self.search

    def assistant(self, llm: LLMChoice) -> Suggests:
        self.llms.append(llm)
        return self.answers


@pytest.fixture
def console(tmp_path: Path, searcher: Callable[..., Searches], assistant: Callable[..., Suggests]) -> FakeConsole:
    texts = [f"질문 {number}" for number in range(20)]
    return FakeConsole(
        home=Home(tmp_path / "home"),
        search=searcher({text: ["요금"] for text in texts[1:]}),  # 질문 0 fails
        answers=assistant(dict.fromkeys(texts, (Status.EXTRACTIVE, "3만원"))),
    )


@pytest.fixture
def questions(question_file: Callable[..., Path]) -> Path:
    return question_file(
        *(
            {
                "id": f"q{number}",
                "question": f"질문 {number}",
                "answer": "3만원",
                "documents": ["요금"] if number < 15 else [],
                "answerable": number < 15,
                "category": "",
            }
            for number in range(20)
        )
    )


def invoke(console: FakeConsole, *arguments: object) -> Result:
    return CliRunner().invoke(app, ["run", *map(str, arguments)], obj=console)


def scores(console: FakeConsole, *arguments: object) -> dict[str, Any]:
    result = invoke(console, *arguments, "--json")
    assert result.exit_code == 0, result.output
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_json_has_the_agreed_keys(console: FakeConsole, questions: Path) -> None:
    printed = scores(console, questions, "--retrieval-only")
    assert {name: printed[name] for name in SCORES} == dict.fromkeys(SCORES, 14 / 15)
    assert (printed["n_total"], printed["n_failed"], printed["n_unanswerable"]) == (20, 1, 5)
    assert set(printed["latency_ms"]["total"]) == {"p50", "p95", "p99"}
    assert set(printed["ci95"]) == set(SCORES)
    assert "answers" not in printed
    assert console.llms == []


def test_answers_are_measured_too_unless_told_otherwise(console: FakeConsole, questions: Path) -> None:
    printed = scores(console, questions, "--llm", "none")
    assert printed["answers"]["status"]["extractive"] == 20
    assert printed["answers"]["abstention"]["recall"] == 0
    assert console.llms == [LLMChoice.NONE]


def test_the_run_is_kept_in_the_data_folder(console: FakeConsole, questions: Path) -> None:
    printed = scores(console, questions, "--retrieval-only", "--limit", 5)
    (folder,) = (console.home.root / "runs").iterdir()
    assert printed["out"] == str(folder)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["id"] == folder.name
    assert (run["limit"], run["seed"]) == (5, 0)
    assert run["settings"] == {"retrieval_only": True, "llm": "auto"}
    assert len((folder / "results.jsonl").read_text(encoding="utf-8").splitlines()) == 5


def test_the_seed_decides_the_questions_and_0_is_a_seed(console: FakeConsole, questions: Path, tmp_path: Path) -> None:
    def asked(name: str, seed: int) -> list[str]:
        out = tmp_path / name
        scores(console, questions, "--retrieval-only", "--limit", 5, "--seed", seed, "--out", out)
        lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["id"] for line in lines]

    assert asked("first", 0) == asked("again", 0) != asked("other", 1)


def test_a_person_reads_a_korean_table(console: FakeConsole, questions: Path) -> None:
    result = invoke(console, questions)
    assert result.exit_code == 0, result.output
    for text in (
        "질문 20개 · 실패 1개",
        "recall@10",
        "0.933",
        "95% 신뢰구간",
        "total",
        "발췌",
        "기록:",
    ):
        assert text in result.stdout


def test_faults_end_before_anything_is_asked(console: FakeConsole, questions: Path, tmp_path: Path) -> None:
    missing = invoke(console, tmp_path / "none.jsonl")
    assert isinstance(missing.exception, EvaluationError)
    none = invoke(console, questions, "--limit", 0)
    assert isinstance(none.exception, EvaluationError)
    scores(console, questions, "--retrieval-only", "--out", tmp_path / "out")
    again = invoke(console, questions, "--retrieval-only", "--out", tmp_path / "out")
    assert "이미 평가 기록이 있습니다" in str(again.exception)


def test_an_unknown_llm_is_refused_with_the_valid_names(console: FakeConsole, questions: Path) -> None:
    result = invoke(console, questions, "--llm", "gpt")
    assert result.exit_code == 2
    assert "none" in result.stderr
    assert "auto" in result.stderr


def test_the_llms_offered_are_those_of_the_settings() -> None:
    assert list(get_args(LLMName)) == [choice.value for choice in LLMChoice]


def test_importing_the_commands_loads_nothing_heavy() -> None:
    code = "import sys, eval.cli; print({'numpy', 'tqdm', 'rich.table', 'pydantic'} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "set()"
