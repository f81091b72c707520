"""``install.sh`` over a bundle as small as can be: a program of one file that stands for the real one's packages.

The archive is made by the functions that make the real one. What the program answers to ``doctor`` is set by a file.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from deploy import bundle

PROGRAM = """
import os, sys
def main():
    if sys.argv[1:] == ["doctor"]:
        print("[고장] 시험" if os.path.exists(os.environ["ONNURI_HOME"] + "/sick-{version}") else "[정상] 시험")
        sys.exit(os.path.exists(os.environ["ONNURI_HOME"] + "/sick-{version}"))
    print("{version}", os.environ.get("ONNURI_LLM"))
"""


def wheel(folder: Path, version: str) -> None:
    """A program ``onnuri`` of that version."""
    info = f"onnuri-{version}.dist-info"
    content = {
        "tiny.py": PROGRAM.replace("{version}", version),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: onnuri\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nonnuri = tiny:main\n",
    }
    rows = [f"{name},sha256={_record_digest(text)},{len(text.encode())}" for name, text in content.items()]
    with zipfile.ZipFile(folder / f"onnuri-{version}-py3-none-any.whl", "w") as packed:
        for name, text in content.items():
            packed.writestr(name, text)
        packed.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,"]))


def _record_digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


Unpacked = Callable[[str], Path]


@pytest.fixture
def unpacked(tmp_path: Path) -> Unpacked:
    """Makes the bundle of a version, and unpacks it as an operator does; where ``install.sh`` is."""

    def make(version: str) -> Path:
        work = tmp_path / "dist" / "work"
        wheels = work / "wheels"
        wheels.mkdir(parents=True)
        wheel(wheels, version)
        for pip in (files("ensurepip") / "_bundled").iterdir():
            if pip.name.startswith("pip-"):
                shutil.copy(str(pip), wheels)
        made = bundle.Bundle(work, f"{version}-test")
        (work / "requirements.txt").write_text(f"{bundle.pinned(wheels).splitlines()[0]}\n")
        (work / "sbom.cdx.json").write_text('{"components": []}')
        model = tmp_path / "e5"
        model.mkdir(exist_ok=True)
        (model / "modules.json").write_text("[]")
        (model / "compiled-here.blob").write_text("for another processor")
        gguf = tmp_path / "tiny.gguf"
        gguf.write_text("LLM")
        bundle.add_models(made, model, gguf)
        bundle.add_deployment(made, "gguf")
        target = tmp_path / f"usb-{version}"
        with tarfile.open(bundle.packed(made, tmp_path / "dist")) as archive:
            archive.extractall(target, filter="data")
        (folder,) = target.iterdir()
        return folder

    return make


class Machine:
    """Where the program is installed."""

    def __init__(self, root: Path) -> None:
        self.prefix, self.home = root / "opt", root / "data"

    def install(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        where = [] if "--rollback" in arguments else ["--home", str(self.home)]
        command = ["sh", str(folder / "install.sh"), "--prefix", str(self.prefix), *where, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    def runs(self) -> str:
        """What the installed command says."""
        return subprocess.run(
            [self.prefix / "bin" / "onnuri"], capture_output=True, text=True, check=True
        ).stdout.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_bundle_that_was_changed_on_the_way_is_refused_before_anything_runs(
    unpacked: Unpacked, machine: Machine
) -> None:
    folder = unpacked("1.0")
    (own,) = (folder / "wheels").glob("onnuri-*.whl")
    sound = own.read_bytes()
    own.write_bytes(sound + b"\0")
    done = machine.install(folder)
    assert done.returncode == 1
    assert done.stderr.startswith("오류: 꾸러미가 온전하지 않습니다(wheels/onnuri-1.0")
    own.write_bytes(sound)
    (folder / "wheels" / "planted-1.0-py3-none-any.whl").touch()
    done = machine.install(folder)
    assert "꾸러미에 없던 파일이 있습니다(./wheels/planted-1.0" in done.stderr
    assert not machine.prefix.exists() and not machine.home.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--prefx", "/opt"],
            "오류: 모르는 인자입니다: --prefx. 쓸 수 있는 것: --prefix 폴더, --home 폴더, --rollback",
        ),
        (["--home", "data"], "오류: --home 에는 /로 시작하는 경로를 적으세요. 받은 값: data"),
        (["--home"], "오류: --home 다음에 폴더를 적으세요."),
        (["--rollback"], "설치된 판이 없습니다"),
    ],
)
def test_a_mistake_is_one_sentence(machine: Machine, arguments: list[str], told: str) -> None:
    script = ["sh", str(bundle.DEPLOY / "install.sh"), "--prefix", str(machine.prefix), *arguments]
    done = subprocess.run(script, capture_output=True, text=True)
    assert done.returncode == 1
    assert told in done.stderr and done.stderr.count("\n") == 1


def test_the_pages_for_people_come_along_with_all_that_they_link_to(unpacked: Unpacked) -> None:
    folder = unpacked("1.0")
    for page in ("operations.md", "settings.md", "api.md"):
        links = re.findall(r"\]\(([^)#:]+)", (folder / "docs" / page).read_text(encoding="utf-8"))
        assert links and [link for link in links if not (folder / "docs" / link).exists()] == []


def test_another_python_is_named(unpacked: Unpacked, machine: Machine) -> None:
    folder = unpacked("1.0")
    for name in ("BUNDLE", "SHA256SUMS"):
        (folder / name).write_text((folder / name).read_text().replace("python=3.", "python=9."))
    sums = folder / "SHA256SUMS"
    listed = bundle.digest(folder / "BUNDLE")
    sums.write_text(
        "\n".join(f"{listed}  BUNDLE" if line.endswith("  BUNDLE") else line for line in sums.read_text().splitlines())
    )
    done = machine.install(folder)
    assert done.stderr.startswith("오류: Python 9.") and "PYTHON=경로" in done.stderr


@pytest.mark.slow
def test_install_again_upgrade_and_roll_back(unpacked: Unpacked, machine: Machine) -> None:
    first, second = unpacked("1.0"), unpacked("2.0")
    done = machine.install(first)
    assert done.returncode == 0, done.stderr
    assert machine.runs() == "1.0 gguf"
    assert (machine.home / "models" / "e5" / "modules.json").read_text() == "[]"
    assert (machine.home / "models" / "tiny.gguf").read_text() == "LLM"
    assert (machine.prefix / "onnuri.env").stat().st_mode & 0o077 == 0

    (machine.home / "journal.db").write_text("기록")
    (machine.home / "current").write_text("색인")
    with (machine.prefix / "onnuri.env").open("a") as settings:
        settings.write("ONNURI_LLM=none\n")
    model = machine.home / "models" / "e5"
    (model / "made-by-the-server").touch()
    assert machine.install(first).returncode == 0  # again: nothing changes
    assert sorted(file.name for file in model.iterdir()) == ["made-by-the-server", "modules.json"]
    (model / "modules.json").write_text("[old]")
    assert machine.runs() == "1.0 none"
    assert not (machine.prefix / "previous").exists()

    (machine.home / "sick-2.0").touch()
    done = machine.install(second)
    assert (done.returncode, "[고장] 시험" in done.stdout, "쓰던 판을 그대로 둡니다" in done.stderr) == (1, True, True)
    assert machine.runs() == "1.0 none"

    (machine.home / "sick-2.0").unlink()
    (machine.prefix / ".current.new").symlink_to("releases/1.0-test")  # an installation was killed before it switched
    assert machine.install(second).returncode == 0
    assert machine.runs() == "2.0 none"
    assert (model / "modules.json").read_text() == "[]"

    kept = machine.prefix / "current"
    (machine.home / "sick-1.0").touch()
    assert "바로 전 판이 지금 데이터로 점검을 통과하지 못해" in machine.install(kept, "--rollback").stderr
    (machine.home / "sick-1.0").unlink()
    assert machine.install(kept, "--rollback").returncode == 0
    assert machine.runs() == "1.0 none"
    assert machine.install(kept, "--rollback").returncode == 0  # and forth
    assert machine.runs() == "2.0 none"
    assert (machine.home / "journal.db").read_text() == "기록"
