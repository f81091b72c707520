"""``make bench``: the figures of the README's table, measured on this machine, as a Markdown table.

``python -m eval.benchmark DOCUMENTS QUESTIONS.jsonl`` builds an index of DOCUMENTS in a temporary home with
the installed models and asks every question, through the same commands that people use.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from assistant.settings import load


def measure(documents: Path, questions: Path, models: Path) -> dict[str, str]:
    """Figure by name; each command runs in a process of its own, as in service."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(models.resolve())
        _onnuri(home, "kb", "import", str(documents))
        built = _onnuri(home, "index", "build", "--json")
        started = time.perf_counter()
        _onnuri(home, "search", "여권 재발급 수수료가 얼마예요?", "--json")
        first = time.perf_counter() - started
        found = _onnuri(home, "eval", "run", str(questions), "--retrieval-only", "--jobs", "1", "--json")
    latency = found["latency_ms"]["total"]
    return {
        "recall@1 / @5 / MRR@10": f"{found['recall@1']:.3f} / {found['recall@5']:.3f} / {found['mrr@10']:.3f}",
        "질문": f"{found['n_total']:,}개(실패 {found['n_failed']})",
        "검색 p50 / p95": f"{latency['p50']:.1f} / {latency['p95']:.1f} ms",
        "색인": f"{built['chunks']:,}조각, 초당 {built['chunks'] / built['seconds']:.1f}조각(모델 읽기 포함)",
        "명령 하나의 시작부터 첫 결과까지": f"{first:.1f}초",
    }


def _onnuri(home: Path, *arguments: str) -> Any:
    """What a command printed, as JSON where it is."""
    command = [sys.executable, "-m", "app", *arguments]
    environment = {**os.environ, "ONNURI_HOME": str(home)}
    text = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(text) if "--json" in arguments else text


def main() -> None:
    """Measure and print."""
    documents, questions = map(Path, sys.argv[1:3])
    figures = measure(documents, questions, load().home_folder().models)
    lines = [f"| {documents} · {os.cpu_count()}코어 · {date.today()} | |", "|---|---|"]
    sys.stdout.write("\n".join([*lines, *(f"| {name} | {figure} |" for name, figure in figures.items())]) + "\n")


if __name__ == "__main__":
    main()
