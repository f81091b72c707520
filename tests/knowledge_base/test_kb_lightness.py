"""What importing costs: nothing heavy, nothing made."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("bs4", "lxml", "markdownify", "openpyxl", "sqlite_utils", "yaml", "tqdm", "numpy")
IMPORT = """
import sys, time
started = time.process_time()
import {module}
print(time.process_time() - started)
print(*[name for name in {heavy} if name in sys.modules])
"""


@pytest.mark.parametrize("module", ["knowledge_base", "knowledge_base.cli"])
def test_importing_is_quick_and_makes_nothing(module: str, tmp_path: Path) -> None:
    script = IMPORT.format(module=module, heavy=HEAVY)
    root = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
        )
        for _ in range(3)
    ]
    assert min(float(run.stdout.splitlines()[0]) for run in runs) < 0.3
    assert {run.stdout.splitlines()[1] for run in runs} == {""}
    assert list(tmp_path.iterdir()) == []
