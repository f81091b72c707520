"""Our whole program, through the same commands that people use, each in a process of its own, as in service."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assistant.llm.choice import BUNDLED_GGUF
from assistant.settings import LLMBackend


def whole(documents: Path, questions: Path, models: Path) -> dict[str, str]:
    """Figure by name, over every question; an index of ``documents`` is built in a temporary home.

    Those of the LLM are there when the bundled one lies in ``models``.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(models.resolve())
        _onnuri(home, "kb", "import", str(documents))
        built = _onnuri(home, "index", "build", "--json")
        started = time.perf_counter()
        _onnuri(home, "search", "여권 재발급 수수료가 얼마예요?", "--json")
        first = time.perf_counter() - started
        found = _onnuri(home, "eval", "run", str(questions), "--retrieval-only", "--jobs", "1", "--json")
        alone = json.loads(_output(home, "eval.bench.serving"))
        if (models / BUNDLED_GGUF).exists():
            alone |= json.loads(_output(home, "eval.bench.first_token", str(questions), llm=LLMBackend.GGUF))
    asked = f"{found['n_total']:,}개, 실패 {found['n_failed']}"
    scores = " / ".join(f"{found[name]:.3f}".removeprefix("0") for name in ("recall@1", "recall@5", "mrr@10"))
    return {
        f"모든 질문({asked}): recall@1 / @5 / MRR@10": scores,
        "색인 명령 전체(모델 읽기 포함)": f"{built['chunks']:,}조각, 초당 {built['chunks'] / built['seconds']:.1f}조각",
        "명령 하나의 시작부터 첫 결과까지": f"{first:.1f}초",
        **alone,
    }


def _onnuri(home: Path, *arguments: str) -> Any:
    """What a command printed, as JSON where it is."""
    text = _output(home, "app", *arguments)
    return json.loads(text) if "--json" in arguments else text


def _output(home: Path, module: str, *arguments: str, llm: LLMBackend = LLMBackend.NONE) -> str:
    environment = {**os.environ, "ONNURI_HOME": str(home), "ONNURI_LLM": llm}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
