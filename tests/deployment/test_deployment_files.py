"""What an operator copies is sound: scripts, container files, units, and the wheel's list of contents."""

import json
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
ROOMS = ("assistant", "eval", "indexing", "knowledge_base")
PACKED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


@pytest.mark.parametrize(
    "command",
    [
        ["shellcheck", "--severity=style", "install.sh"],
        ["hadolint", "Dockerfile"],
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
    ],
    ids=lambda command: command[0],
)
def test_the_linters_of_the_field_find_nothing(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=DEPLOY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("service", ["web", "onnuri"])
def test_a_container_can_write_nowhere_but_where_it_must(service: str) -> None:
    settings = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"][service]
    assert settings["read_only"] and settings["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in settings["security_opt"]
    assert settings["mem_limit"] and settings["pids_limit"]


@pytest.mark.parametrize("unit", sorted(path.name for path in (DEPLOY / "systemd").glob("*.service")))
def test_a_service_runs_as_nobody_special_in_a_cage(unit: str) -> None:
    parser = ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DEPLOY / "systemd" / unit, encoding="utf-8")
    service = parser["Service"]
    assert service["User"] == "onnuri"
    assert service["EnvironmentFile"] == "/opt/onnuri/onnuri.env"
    assert service["ProtectSystem"] == "strict" and service["NoNewPrivileges"] == "yes"
    assert (service["CapabilityBoundingSet"], service["IPAddressDeny"]) == ("", "any")
    assert "/opt/onnuri/current/bin/onnuri" in (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")


def test_every_package_is_in_the_wheel() -> None:
    there = {
        ".".join(path.parent.relative_to(ROOT).parts) for room in ROOMS for path in (ROOT / room).rglob("__init__.py")
    }
    assert there - set(PACKED["packages"]) == set()


def test_every_file_that_code_reads_is_in_the_wheel() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-zco", "--exclude-standard", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    left_out = [
        path for path in map(Path, filter(None, listed.split("\0"))) if path.suffix != ".py" and not is_packed(path)
    ]
    only_for_development = [path for path in left_out if path.parts[:2] == ("eval", "data")]
    assert left_out == only_for_development


def is_packed(path: Path) -> bool:
    """Whether a glob of its package, the nearest folder that is one, takes the file into the wheel."""
    package = next(parent for parent in path.parents if ".".join(parent.parts) in PACKED["packages"])
    globs = PACKED["package-data"].get(".".join(package.parts), [])
    return any(fnmatch(str(path.relative_to(package)), glob) for glob in globs)


def test_the_models_page_names_the_model_that_is_packed() -> None:
    from assistant.llm.bundled import QWEN

    assert QWEN.sha256 in (DEPLOY / "MODELS.md").read_text(encoding="utf-8")
    assert json.loads((DEPLOY / "grafana" / "onnuri.json").read_text(encoding="utf-8"))["uid"] == "onnuri"
