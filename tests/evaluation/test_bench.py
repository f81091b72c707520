"""How ways to search are measured and set side by side."""

import time
from pathlib import Path

import pytest

from eval.bench import growth
from eval.bench.figures import OURS, Figures, table
from eval.bench.growth import multiply
from eval.bench.stack_run import Environment, Stack
from eval.bench.stacks import protocol
from eval.bench.stacks.protocol import Task, waits


class Fixed:
    """Finds what it is told to find."""

    def __init__(self, found: dict[str, list[str]]) -> None:
        self._found = found

    def index(self) -> int:
        time.sleep(0.01)
        return 7

    def search(self, question: str, chunks: int) -> list[str]:
        return self._found[question.strip()]


def report(capsys: pytest.CaptureFixture[str], task: Task, stack: Fixed) -> dict[str, float]:
    import json

    protocol.report(task, stack)
    found: dict[str, float] = json.loads(capsys.readouterr().out)
    return found


def test_ranks_count_documents_not_chunks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    questions = [("first", ["a"]), ("second", ["a"]), ("sixth", ["a"]), ("never", ["a"])]
    found = {
        "first": ["a", "b"],
        "second": ["b", "b", "b", "a"],
        "sixth": ["b", "c", "d", "e", "f", "a"],
        "never": ["b"],
    }
    figures = report(capsys, Task(str(tmp_path), questions, "", ""), Fixed(found))
    assert figures["recall@1"] == 1 / 4
    assert figures["recall@5"] == 2 / 4
    assert figures["mrr@10"] == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)
    assert figures["chunks"] == 7


def test_random_vectors_are_asked_only_what_they_cost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    task = Task(str(tmp_path), [("q", ["a"]), ("r", ["a"])], "", "", random_vectors=True)
    assert set(report(capsys, task, Fixed({"q": [], "r": []}))) == {"chunks", "query_ms"}


def test_waits_are_of_the_slow_ones_too() -> None:
    points = waits(lambda question: time.sleep(0.02 if question == "slow" else 0), ["quick"] * 80 + ["slow"] * 20)
    assert points["p50"] < 10 < points["p95"]


def test_documents_are_multiplied_under_other_names(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    files = [tmp_path / "from" / f"{name}.md" for name in "abc"]
    for file in files:
        file.write_text(file.stem)
    (tmp_path / "to").mkdir()
    multiply(files, 7, tmp_path / "to")
    texts = [file.read_text() for file in sorted((tmp_path / "to").rglob("*.md"))]
    assert texts == ["a", "b", "c", "a", "b", "c", "a"]


SLOW_WHEN_LARGE = """
import json, pathlib, sys, time
task = json.loads(pathlib.Path(sys.argv[1]).read_text())
count = len(list(pathlib.Path(task["folder"]).rglob("*.md")))
time.sleep(60 if count > 3 else 0)
print(json.dumps({"chunks": count, "query_ms": {"p50": 1.5, "p95": 2.0}}))
"""


def test_a_curve_ends_before_the_size_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SIZES", (1, 3, 5, 7))
    monkeypatch.setattr(growth, "PATIENCE", 2.0)
    (tmp_path / "slow.py").write_text(SLOW_WHEN_LARGE)
    (tmp_path / "a.md").write_text("a")
    slow = Stack("slow", str(tmp_path / "slow.py"), is_peer=False)
    found = growth.curve(slow, tmp_path, 1, [("q", ["a"])], tmp_path, Environment(tmp_path))
    assert found == {1: 1.5, 3: 1.5}


def stack(recall: float, milliseconds: float) -> dict[str, object]:
    shares = dict.fromkeys(("recall@1", "recall@5", "mrr@10"), recall)
    waited = {"p50": milliseconds, "p95": 2 * milliseconds}
    return {
        **shares,
        "query_ms": waited,
        "searches_per_second": 1000 / milliseconds,
        "chunks_per_second": 40.0,
        "peak_mib": 700.0,
        "chunks": 8000,
    }


def test_the_table_compares_with_the_best_peer() -> None:
    stacks = {OURS: stack(0.8, 10), "slow peer": stack(0.75, 100), "quick peer": stack(0.7, 40)}
    figures = Figures(
        day="2026-11-27",
        machine="CPU",
        documents="d",
        questions="q",
        asked=5,
        stacks=stacks,
        whole={},
        limits={},
        growth={},
    )
    lines = table(figures).splitlines()
    assert "| recall@1 | .800 | .750 | .700 | +0.050 |" in lines
    assert "| 질문 하나 p50 (ms) | 10.0 | 100.0 | 40.0 | 4.0배 |" in lines
    assert "| 동시에 물을 때 초당 질문 | 100 | 10 | 25 | 4.0배 |" in lines
    assert Figures.model_validate_json(figures.model_dump_json()) == figures


def test_the_peers_scripts_stand_alone() -> None:
    """They run where the project is not installed."""
    folder = Path(protocol.__file__).parent
    for script in ("protocol.py", "langchain_stack.py", "haystack_stack.py"):
        text = (folder / script).read_text(encoding="utf-8")
        assert not any(f"import {room}" in text or f"from {room}" in text for room in ("indexing", "eval", "assistant"))
