"""``onnuri eval`` from the command line to the files it leaves."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from typer.testing import CliRunner, Result

from assistant.answering.assistant import Searches
from assistant.events import Status
from assistant.settings import LLMChoice, Settings
from eval.cli import LLMName, app
from eval.examination.answers import Suggests
from eval.examination.examiner import WARM_UP
from knowledge_base.errors import EvaluationError, NoSnapshot
from knowledge_base.home import Home

SCORES = ["recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10"]


@dataclass
class FakeConsole:
    home: Home
    search: Searches
    answers: Suggests
    llms: list[LLMChoice] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)

    def embedder(self) -> HashingEmbedder:
        return HashingEmbedder()

    def analyzer(self) -> WordAnalyzer:
        return WordAnalyzer()

    def searcher(self) -> Searches:
        return self.search

    def assistant(self, llm: LLMChoice, journal: None = None, searcher: Searches | None = None) -> Suggests:
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


def command(console: FakeConsole, *arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), obj=console)


def invoke(console: FakeConsole, *arguments: object) -> Result:
    return command(console, "run", *arguments)


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


def test_a_run_that_cannot_begin_leaves_nothing(
    console: FakeConsole, questions: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def search(question: str, **rest: Any) -> Any:
        raise NoSnapshot("아직 색인이 없습니다.")

    monkeypatch.setattr(console.search, "search", search)
    for options in ((), ("--out", tmp_path / "out")):
        failed = invoke(console, questions, "--retrieval-only", *options)
        assert isinstance(failed.exception, NoSnapshot)
    unjudged = invoke(console, questions, "--judge", "--out", tmp_path / "out")
    assert "심사 LLM이 정해지지 않았습니다" in str(unjudged.exception)
    assert not (tmp_path / "out").exists()
    assert "아직 평가가 없습니다" in command(console, "list").stdout


def test_an_unknown_llm_is_refused_with_the_valid_names(console: FakeConsole, questions: Path) -> None:
    result = invoke(console, questions, "--llm", "gpt")
    assert result.exit_code == 2
    assert "none" in result.stderr
    assert "auto" in result.stderr


def test_the_llms_offered_are_those_of_the_settings() -> None:
    assert list(get_args(LLMName)) == [choice.value for choice in LLMChoice]


def test_runs_are_listed_compared_and_reported(console: FakeConsole, questions: Path, tmp_path: Path) -> None:
    assert "아직 평가가 없습니다" in command(console, "list").stdout
    before, after = (scores(console, questions, "--retrieval-only")["run"] for _ in range(2))
    listed = json.loads(command(console, "list", "--json").stdout)
    assert [each["id"] for each in listed] == sorted([before, after])
    assert before in command(console, "list").stdout
    compared = json.loads(command(console, "compare", before, after, "--json").stdout)
    assert compared["n_common"] == 20
    assert compared["differences"]["recall@1"] == {
        "before": 14 / 15, "after": 14 / 15, "difference": 0.0, "low": 0.0, "high": 0.0, "p": 1.0, "n": 15,
        "p_adjusted": 1.0, "verdict": "undecided",
    }  # fmt: skip
    assert "차이 없음" in command(console, "compare", before, after).stdout
    page, book = tmp_path / "r.html", tmp_path / "r.xlsx"
    made = command(console, "report", after, "--baseline", before, "--out", page, "--xlsx", book)
    assert made.stdout == f"보고서: {page}\n엑셀: {book}\n"
    assert page.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    assert book.read_bytes().startswith(b"PK")


def test_the_gate_says_which_condition_failed(console: FakeConsole, questions: Path, tmp_path: Path) -> None:
    baseline = scores(console, questions, "--retrieval-only")["run"]
    report = tmp_path / "junit.xml"
    gate = ["--retrieval-only", "--baseline", baseline, "--junit", report, "--json"]
    passed = invoke(console, questions, *gate, "--fail-under", "recall@5=.9")
    assert passed.exit_code == 0, passed.output
    assert json.loads(passed.stdout)["recall@5"] == 14 / 15
    console.search.found = {}  # type: ignore[attr-defined]
    failed = invoke(console, questions, *gate, "--fail-under", "recall@5=.9", "--fail-under", "mrr@10=0")
    assert failed.exit_code == 1
    assert "실패  정답 문서가 5위 안(recall@5) 0.000, 최저 기준 0.900" in failed.stderr
    assert "나빠짐" in failed.stderr
    suite = ET.parse(report).getroot()[0]
    wrong = [case.get("name", "") for case in suite if case.find("failure") is not None]
    assert wrong == ["recall@5=0.9", *(f"{name} vs {baseline}" for name in ("recall@1", "recall@5", "mrr@10"))]
    assert (suite.get("tests"), suite.get("failures")) == ("5", "4")


def test_a_gate_that_cannot_be_written_down_is_one_sentence(
    console: FakeConsole, questions: Path, tmp_path: Path
) -> None:
    (blocked := tmp_path / "file").touch()
    gate = ["--retrieval-only", "--fail-under", "recall@5=.9", "--junit", blocked / "junit.xml"]
    failure = invoke(console, questions, *gate).exception
    assert isinstance(failure, EvaluationError), failure
    assert f"{blocked}/junit.xml" in str(failure)


def test_a_wrong_floor_or_baseline_ends_before_anything_is_asked(console: FakeConsole, questions: Path) -> None:
    for option, value, said in (
        ("--fail-under", "recal@5=.9", "쓸 수 있는 지표: recall@1"),
        ("--fail-under", "recall@5=90", "0에서 1 사이"),
        ("--baseline", "없는것", "'onnuri eval list'"),
        ("--junit", "junit.xml", "--fail-under"),
    ):
        failure = invoke(console, questions, option, value).exception
        assert isinstance(failure, EvaluationError)
        assert said in str(failure)
    assert not (console.home.root / "runs").exists()


def test_a_stop_says_how_to_go_on(
    console: FakeConsole, questions: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = []
    whole = console.search.search

    def stopped(question: str, **rest: Any) -> Any:
        asked.append(question)
        if len(asked) == 9:
            raise KeyboardInterrupt
        return whole(question, **rest)

    monkeypatch.setattr(console.search, "search", stopped)
    halted = invoke(console, questions, "--retrieval-only", "--jobs", 1, "--out", tmp_path / "out")
    assert asked[0] == WARM_UP, "before the first clock starts"
    assert halted.exit_code == 130
    assert f"onnuri eval resume {tmp_path / 'out'}" in halted.stderr
    monkeypatch.setattr(console.search, "search", whole)
    resumed = json.loads(command(console, "resume", tmp_path / "out", "--json").stdout)
    assert (resumed["n_total"], resumed["n_failed"], resumed["recall@1"]) == (20, 1, 14 / 15)


def test_questions_are_checked(console: FakeConsole, questions: Path) -> None:
    found = json.loads(command(console, "check", questions, "--json").stdout)
    assert found["n_total"] == 20
    assert {doubt for doubt, _, _ in (each.values() for each in found["findings"])} == {"없는 문서"}
    shown = command(console, "check", questions).stdout
    assert "[없는 문서] q3: 정답 문서 '요금'이(가) 지식에 없습니다." in shown
    assert "질문 20개(판 " in shown


def test_importing_the_commands_loads_nothing_heavy() -> None:
    heavy = {"numpy", "tqdm", "rich.table", "pydantic", "matplotlib", "jinja2"}
    code = f"import sys, eval.cli; print({heavy} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "set()"
