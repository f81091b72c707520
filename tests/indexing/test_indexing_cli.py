"""The commands an admin types, against fakes of the model and the tokeniser."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import typer
from hashing_embedder import HashingEmbedder, WordAnalyzer
from typer.testing import CliRunner

import indexing.cli
import indexing.retrieval.cli
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from knowledge_base.audit import Audit
from knowledge_base.document import Document
from knowledge_base.errors import BrokenSnapshot, GoldenQuestionsLost, NoSnapshot
from knowledge_base.home import Home

Run = Callable[..., str]
Store = Callable[..., None]


@dataclass
class FakeConsole:
    home: Home
    audited: list[str]

    def audit(self) -> Audit:
        return lambda action, subject, details=None: self.audited.append(action.value)

    def embedder(self) -> HashingEmbedder:
        return HashingEmbedder()

    def analyzer(self) -> WordAnalyzer:
        return WordAnalyzer()

    def searcher(self) -> SearchService:
        return SearchService(self.home, self.embedder(), self.analyzer())


cli = typer.Typer()
cli.add_typer(indexing.cli.app, name="index")
cli.command()(indexing.retrieval.cli.search)


@pytest.fixture
def audited() -> list[str]:
    return []


@pytest.fixture
def run(home: Home, audited: list[str]) -> Run:
    """Runs a command and returns its standard output; what it raises is raised here."""

    def ran(*args: str, exit_code: int = 0) -> str:
        result = CliRunner().invoke(cli, args, obj=FakeConsole(home, audited))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exit_code, result.output
        return result.stdout

    return ran


def read(printed: str) -> Any:
    return json.loads(printed)


def test_build_tells_what_is_served_from_now_on(run: Run, home: Home, store: Store) -> None:
    store(a="글")
    printed = run("index", "build")
    assert life_cycle.current_id(home) in printed
    assert "문서 1개, 조각 1개" in printed
    assert "--full" in run("index", "build")
    assert "지금부터 쓰입니다" in run("index", "build", "--full")


def test_build_as_json_is_json_alone(run: Run, home: Home, store: Store) -> None:
    store(a="글", b="글")
    built = read(run("index", "build", "--json"))
    assert built["id"] == life_cycle.current_id(home)
    assert (built["documents"], built["chunks"], built["changed"]) == (2, 2, True)
    assert built["seconds"] >= 0
    assert read(run("index", "build", "--json"))["changed"] is False


def test_status_shows_the_current_snapshot(run: Run, home: Home, store: Store) -> None:
    store(a="글")
    run("index", "build")
    assert "문서: 1" in run("index", "status")
    status = read(run("index", "status", "--json"))
    assert (status["id"], status["model"], status["tokenizer"]) == (life_cycle.current_id(home), "hashing", "words")


def test_list_marks_the_current_and_shows_the_broken(run: Run, home: Home, store: Store) -> None:
    assert read(run("index", "list", "--json")) == []
    assert "onnuri index build" in run("index", "list")
    store(a="글")
    ids = [read(run("index", "build", "--full", "--json"))["id"] for _ in range(3)]
    (home.snapshots / ids[0] / "manifest.json").unlink()
    run("index", "activate", ids[1])
    rows = read(run("index", "list", "--json"))
    assert [row["id"] for row in rows] == ids
    assert [row["current"] for row in rows] == [False, True, False]
    assert "manifest.json" in rows[0]["error"]
    lines = run("index", "list").splitlines()
    assert [line[0] for line in lines] == [" ", "*", " "]


def test_activate_and_rollback_switch(run: Run, home: Home, store: Store) -> None:
    store(a="글")
    first, second = (read(run("index", "build", "--full", "--json"))["id"] for _ in range(2))
    assert first in run("index", "rollback")
    assert life_cycle.current_id(home) == first
    assert second in run("index", "activate", second)
    assert life_cycle.current_id(home) == second


def test_a_rollback_needs_no_model_and_takes_less_than_a_second(
    run: Run, home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(a="글")
    first, _ = (read(run("index", "build", "--full", "--json"))["id"] for _ in range(2))
    run("index", "golden", "add", "글", "--document", "a")
    monkeypatch.delattr(FakeConsole, "embedder")
    monkeypatch.delattr(FakeConsole, "analyzer")
    started = time.perf_counter()
    assert first in run("index", "rollback")
    assert time.perf_counter() - started < 1


def test_a_build_that_only_removes_documents_is_a_change(run: Run, store: Store) -> None:
    store(a="글", b="글")
    run("index", "build")
    store(a="글")
    assert "문서 1개" in run("index", "build")


def test_golden_questions_guard_build_and_activation(run: Run, home: Home, store: Store) -> None:
    assert "golden add" in run("index", "golden", "list")
    store(a="여권 수수료")
    run("index", "build")
    assert "여권 수수료 → a" in run("index", "golden", "add", "여권 수수료", "--document", "a")
    assert read(run("index", "golden", "list", "--json")) == [
        {"question": "여권 수수료", "documents": ["a"], "orphan": False}
    ]
    store(a="없음", **{f"d{n}": "여권 수수료" for n in range(5)})
    with pytest.raises(GoldenQuestionsLost, match="--accept"):
        run("index", "build")
    lacking = read(run("index", "build", "--accept", "--json"))["id"]
    run("index", "rollback")
    with pytest.raises(GoldenQuestionsLost, match=lacking):
        run("index", "activate", lacking)
    assert lacking in run("index", "activate", lacking, "--accept")
    store(b="글")
    run("index", "build")
    assert "문서가 모두 없어져" in run("index", "golden", "list")
    assert "지웠습니다" in run("index", "golden", "remove", "여권 수수료")
    assert read(run("index", "golden", "list", "--json")) == []
    run("index", "golden", "add", "여권", exit_code=2)


def test_diff_compares_with_the_snapshot_before(run: Run, home: Home, store: Store) -> None:
    store(a="글", b="글")
    first = read(run("index", "build", "--json"))["id"]
    with pytest.raises(NoSnapshot, match="오래된 색인이 없습니다"):
        run("index", "diff")
    store(a="새 글", c="글")
    second = read(run("index", "build", "--json"))["id"]
    assert run("index", "diff").split() == f"{first} → {second} 더해짐: c c 빠짐: b b 바뀜: a a".split()
    assert read(run("index", "diff", second, first, "--json")) == {
        "old": second,
        "new": first,
        "added": [{"id": "b", "title": "b"}],
        "removed": [{"id": "c", "title": "c"}],
        "changed": [{"id": "a", "title": "a"}],
    }
    assert "바뀐 문서가 없습니다" in run("index", "diff", first, first)


def test_verify_names_the_damaged_file(run: Run, home: Home, store: Store) -> None:
    store(a="글")
    first, second = (read(run("index", "build", "--full", "--json"))["id"] for _ in range(2))
    assert "온전합니다" in run("index", "verify")
    (home.snapshots / second / "vectors.faiss").write_bytes(b"damaged")
    with pytest.raises(BrokenSnapshot, match=f"{second}.*vectors.faiss"):
        run("index", "verify")
    assert first in run("index", "verify", first)


@pytest.mark.parametrize("command", [["status"], ["verify"], ["rollback"]])
def test_before_the_first_build_every_command_says_what_to_do(run: Run, command: list[str]) -> None:
    with pytest.raises(NoSnapshot, match="onnuri index build"):
        run("index", *command)


def test_search_as_json_is_a_list_of_hits(run: Run, store: Store) -> None:
    store(**{"안내/가.md": "수수료 는 3천원", "나": "다른 글"})
    run("index", "build")
    hits = read(run("search", "수수료 는", "-k", "1", "--json"))
    assert [set(hit) for hit in hits] == [
        {"document", "chunk", "title", "heading", "text", "score", "bm25", "dense", "coverage", "highlights"}
    ]
    (hit,) = hits
    assert (hit["document"], hit["chunk"], hit["text"]) == ("안내/가.md", "안내/가.md@0", "수수료 는 3천원")
    assert hit["highlights"] == [[0, 3], [4, 5]]
    assert hit["coverage"] == 1
    assert hit["bm25"] > 0
    assert -1 <= hit["dense"] <= 1


def test_search_for_people_shows_title_and_text(run: Run, store: Store, notice: Callable[..., Document]) -> None:
    store(notice("요금", "수수료 안내", ends=date(2026, 1, 31)))
    run("index", "build")
    assert "[공지] 요금" in run("search", "수수료", "--on", "2026-01-31")
    assert "--on" in run("search", "수수료", "--on", "2026-02-01")
    assert read(run("search", "수수료", "--on", "2026-02-01", "--json")) == []


@pytest.mark.parametrize("args", [["-k", "0"], ["-k", "101"], ["-k", "x"], ["--on", "내일"]])
def test_wrong_options_are_usage_errors(run: Run, args: list[str]) -> None:
    run("search", "수수료", *args, exit_code=2)


IMPORT = """
import sys, time
started = time.process_time()
import indexing.cli, indexing.retrieval.cli
print(time.process_time() - started)
print(*{"faiss", "numpy", "torch", "kiwipiepy", "sqlite_utils", "sentence_transformers", "tqdm"} & sys.modules.keys())
"""


def test_importing_the_commands_is_quick_and_loads_nothing_heavy() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    answers = [run.stdout.splitlines() for run in runs]
    assert [heavy for _, heavy in answers] == [""] * 3
    assert min(float(seconds) for seconds, _ in answers) < 0.3


def test_what_changes_the_served_index_is_audited(run: Run, home: Home, store: Store, audited: list[str]) -> None:
    store(a="글")
    run("index", "build")
    first = life_cycle.current_id(home)
    store(a="다른 글")
    run("index", "build", "--full")
    run("index", "rollback")
    run("index", "activate", first)
    run("index", "status")
    assert audited == ["built", "built", "rolled-back", "activated"]
