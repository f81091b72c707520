"""The ``onnuri`` command as a person runs it: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a command; ``settings`` are ONNURI_ variables, or others in capitals."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONNURI_")}
    given = {name if name.isupper() else f"ONNURI_{name.upper()}": value for name, value in settings.items()}
    return {**kept, "ONNURI_HOME": str(home), **given}


def onnuri(*arguments: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=280,
    )
