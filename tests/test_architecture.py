"""Imports go one way, heavy libraries stay where they are needed, and every command is documented."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("knowledge_base", "indexing", "assistant", "eval")
HEAVY = ("torch", "transformers", "faiss", "langchain", "langchain_core", "openvino", "gradio", "kiwipiepy", "numpy")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=folder, capture_output=True, text=True
    )


def test_imports_go_one_way_only() -> None:
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_a_planted_violation_is_caught(tmp_path: Path) -> None:
    for folder in (tmp_path / room / part for room in ROOMS for part in ("", "planted")):
        folder.mkdir()
        (folder / "__init__.py").write_text("")
    planted = tmp_path / "knowledge_base" / "planted"
    (planted / "one.py").write_text("import assistant\nimport knowledge_base.planted.other\n")
    (planted / "other.py").write_text("import knowledge_base.planted.one\n")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    outcome = lint_imports(tmp_path)
    assert outcome.returncode == 1
    assert "knowledge_base.planted.one -> assistant" in outcome.stdout
    assert "No cycles are allowed in knowledge_base.planted" in outcome.stdout


@cache
def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_nothing_imports_the_composition_root() -> None:
    offenders = [str(file) for room in ROOMS for file in (ROOT / room).rglob("*.py") if "app" in imported(file)]
    assert offenders == []


def test_gradio_is_imported_by_panels_alone() -> None:
    users = {file.name for room in ROOMS for file in (ROOT / room).rglob("*.py") if "gradio" in imported(file)}
    assert users == {"panel.py"}


@pytest.mark.parametrize("module", ["knowledge_base", "app", *(f"{room}.cli" for room in ROOMS)])
def test_heavy_libraries_are_not_loaded_on_import(module: str) -> None:
    script = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    outcome = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "[]"


def test_nothing_unpickles() -> None:
    offenders = [str(file) for room in ROOMS for file in (ROOT / room).rglob("*.py") if "pickle" in imported(file)]
    assert offenders == []


def test_the_command_line_is_documented() -> None:
    outcome = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stderr
