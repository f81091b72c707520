"""Runs each stack in its own process, and the peers' stacks in their own virtual environment."""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.bench import figures
from eval.bench.stacks.protocol import Task

STACKS = Path(__file__).with_name("stacks")


@dataclass(frozen=True)
class Stack:
    """A way to search: its script, and what the script is told besides the task."""

    name: str
    script: str
    arguments: tuple[str, ...] = ()
    is_peer: bool = True


OURS = Stack(figures.OURS, "onnuri_stack.py", is_peer=False)
PEERS = (
    Stack("LangChain 튜토리얼", "langchain_stack.py"),
    Stack("LangChain + BM25", "langchain_stack.py", ("ensemble",)),
    Stack("Haystack 하이브리드", "haystack_stack.py"),
)


class Environment:
    """The peers' virtual environment, made when first needed and again when ``peers.txt`` changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def python(self) -> str:
        """Its interpreter."""
        wanted = (STACKS / "peers.txt").read_text("utf-8")
        installed = self._folder / "peers.txt"
        python = self._folder / "bin" / "python"
        if not installed.exists() or installed.read_text("utf-8") != wanted:
            venv.create(self._folder, with_pip=True, clear=True)
            install = ["install", "--disable-pip-version-check", "-q", "-r", str(STACKS / "peers.txt")]
            subprocess.run([str(python), "-m", "pip", *install], check=True)
            installed.write_text(wanted, "utf-8")
        return str(python)


def measured(
    stack: Stack,
    documents: Path,
    questions: Sequence[tuple[str, list[str]]],
    model: Path,
    environment: Environment,
    patience: float | None = None,
) -> dict[str, Any]:
    """The figures of a stack; see ``stacks/protocol.py``. Nothing of it reaches the network.

    With ``patience`` (seconds) only what a search costs is asked, with vectors made up; raises TimeoutExpired after it.
    """
    python = environment.python() if stack.is_peer else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        task = Task(
            folder=str(documents.resolve()),
            questions=list(questions),
            model=str(model.resolve()),
            home=str(home),
            random_vectors=patience is not None,
        )
        file = Path(folder) / "task.json"
        file.write_text(json.dumps(asdict(task), ensure_ascii=False), "utf-8")
        offline = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
        paths = {} if stack.is_peer else {"PYTHONPATH": str(Path.cwd())}
        command = [python, str(STACKS / stack.script), str(file), *stack.arguments]
        environ = {**os.environ, **offline, **paths}
        run = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True, timeout=patience)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found
