"""The ``onnuri`` command as a person runs it: in a process of its own, or, much sooner, in this one."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app

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


def onnuri_here(*arguments: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in this process, where what it needs is imported already."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patched,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        for name, value in environment(home, **settings).items():
            patched.setenv(name, value)
        patched.setattr("sys.argv", ["onnuri", *arguments])
        app.main()
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue())
