"""Make one archive that installs the program on a machine without a network: ``make bundle``.

What is in it: the wheels of this program and of everything it needs, the models, a list of licences, an SBOM
(CycloneDX), ``install.sh`` and the files of this folder. ``requirements.txt`` names every wheel with its hash,
``SHA256SUMS`` every file. The set is proved whole by installing it, and nothing else, into an environment of its own.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

DEPLOY = Path(__file__).parent
ROOT = DEPLOY.parent
BIN = Path(sys.executable).parent
INSTALLED_TIMES = 4
"""Disk that a release takes, in sizes of its wheels: 3.4 unpacked and compiled (measured), rounded up."""


class Bundle(NamedTuple):
    """The folder that becomes the archive; ``release`` names this set of wheels and no other."""

    folder: Path
    release: str


def made(target: Path, embedding: Path, gguf: Path | None, extras: Sequence[str]) -> Path:
    """Build everything below ``target``; the archive. ``gguf`` is None for a bundle that answers without an LLM."""
    work = target / "work"  # on the disk of the archive
    shutil.rmtree(work, ignore_errors=True)
    wheels = work / "wheels"
    build_wheels(wheels, extras)
    requirements = pinned(wheels)
    bundle = Bundle(work, f"{version_of(wheels)}-{hashlib.sha256(requirements.encode()).hexdigest()[:8]}")
    (work / "requirements.txt").write_text(requirements, encoding="utf-8")
    describe_packages(bundle)
    add_models(bundle, embedding, gguf)
    add_deployment(bundle, "gguf" if gguf else "none")
    return packed(bundle, target)


def build_wheels(wheels: Path, extras: Sequence[str]) -> None:
    """This program as a wheel, and every wheel it needs, pinned; pip too, which installs them."""
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)  # setuptools would pack what was deleted since
    wanted = f".[{','.join(extras)}]" if extras else "."
    _run(BIN / "pip", "wheel", "-q", "-c", "constraints.txt", "-w", wheels, wanted, "pip")


def pinned(wheels: Path) -> str:
    """The lines of a requirements file: each wheel by name, version and hash."""
    found = sorted(wheels.glob("*.whl"))
    return "".join(f"{name_and_version(each.name)} --hash=sha256:{digest(each)}\n" for each in found)


def name_and_version(wheel: str) -> str:
    """What a wheel's file name pins.

    >>> name_and_version("torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl")
    'torch==2.13.0+cpu'
    """
    name, version = wheel.split("-")[:2]
    return f"{name}=={version}"


def version_of(wheels: Path) -> str:
    """The version of this program among ``wheels``."""
    (own,) = wheels.glob("onnuri-*.whl")
    return own.name.split("-")[1]


def describe_packages(bundle: Bundle) -> None:
    """Install the wheels as ``install.sh`` will, and write down what is there: licences and an SBOM."""
    trial = bundle.folder.with_name("trial")
    shutil.rmtree(trial, ignore_errors=True)
    _run(sys.executable, "-m", "venv", "--without-pip", trial)
    python = trial / "bin" / "python"
    (pip,) = (bundle.folder / "wheels").glob("pip-*.whl")
    options = ["--no-index", "--no-deps", "--require-hashes", "--no-compile", "-q", "-f", bundle.folder / "wheels"]
    _run(python, pip / "pip", "install", *options, "-r", bundle.folder / "requirements.txt")
    _run(python, "-m", "pip", "check")
    licences = bundle.folder / "licenses"
    licences.mkdir()
    shutil.copy(ROOT / "LICENSE", licences / "onnuri.txt")
    shutil.copy(DEPLOY / "MODELS.md", licences / "MODELS.md")
    listing = ["--with-license-file", "--no-license-path", "--with-urls", "--format=plain-vertical"]
    _run(BIN / "pip-licenses", "--python", python, *listing, "--output-file", licences / "packages.txt")
    _run(
        BIN / "pip-licenses",
        "--python",
        python,
        "--with-urls",
        "--format=csv",
        "--output-file",
        licences / "packages.csv",
    )
    bill = ["--pyproject", ROOT / "pyproject.toml", "--output-reproducible", "--of", "JSON"]
    _run(BIN / "cyclonedx-py", "environment", *bill, "-o", bundle.folder / "sbom.cdx.json", python)
    shutil.rmtree(trial)


def add_models(bundle: Bundle, embedding: Path, gguf: Path | None) -> None:
    """The embedding model packed (its weights shrink by half), the LLM as it is; both into the SBOM."""
    models = bundle.folder / "models"
    models.mkdir()
    archive = models / f"{embedding.name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(embedding, embedding.name, filter=_for_any_processor)
    if gguf:
        _linked(gguf, models / gguf.name)
    bill = bundle.folder / "sbom.cdx.json"
    content = json.loads(bill.read_text(encoding="utf-8"))
    content["components"] += [
        {"type": "machine-learning-model", "name": each.name, "hashes": [{"alg": "SHA-256", "content": digest(each)}]}
        for each in sorted(models.iterdir())
    ]
    bill.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def add_deployment(bundle: Bundle, llm: str) -> None:
    """``install.sh``, what it has to know, the other files of this folder, and what people read."""
    shutil.copytree(DEPLOY, bundle.folder / "deploy", ignore=shutil.ignore_patterns("__pycache__", "bundle.py"))
    (bundle.folder / "deploy" / "install.sh").rename(bundle.folder / "install.sh")
    for name in ("docs", "examples"):
        shutil.copytree(ROOT / name, bundle.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "CHANGELOG.md", bundle.folder)
    wheels = sum(wheel.stat().st_size for wheel in (bundle.folder / "wheels").iterdir())
    told = {
        "release": bundle.release,
        "python": "{}.{}".format(*sys.version_info),
        "machine": platform.machine(),
        "llm": llm,
        "needs_mb": wheels * INSTALLED_TIMES >> 20,
    }
    (bundle.folder / "BUNDLE").write_text("".join(f"{name}={value}\n" for name, value in told.items()))


def packed(bundle: Bundle, target: Path) -> Path:
    """One uncompressed tar: wheels and models are compressed already, and unpacking is copying."""
    sums = "".join(f"{digest(path)}  {path.relative_to(bundle.folder)}\n" for path in _files(bundle.folder))
    (bundle.folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    python = "cp{}{}".format(*sys.version_info)
    archive = target / f"onnuri-{bundle.release}-{python}-{platform.machine()}.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(bundle.folder, f"onnuri-{bundle.release}", filter=_anonymous)
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest(archive)}  {archive.name}\n")
    shutil.rmtree(bundle.folder)
    return archive


def served_extras() -> list[str]:
    """The optional packages of an installation that serves: all but those for development."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(set(project["optional-dependencies"]) - {"dev"})


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _for_any_processor(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without what OpenVINO compiled for the processor that built it."""
    return None if member.name.endswith(".blob") else _anonymous(member)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the account that built it."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _linked(source: Path, target: Path) -> None:
    """A second name for a big file, a copy where the disk is another."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="네트워크 없이 설치할 꾸러미를 만듭니다.")
    parser.add_argument("--embedding", type=Path, required=True, help="임베딩 모델 폴더")
    parser.add_argument("--gguf", type=Path, help="LLM 파일. 없으면 LLM 없는 꾸러미")
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="꾸러미를 만들 폴더")
    given = parser.parse_args()
    archive = made(given.to, given.embedding, given.gguf, served_extras())
    print(f"{archive}: {archive.stat().st_size / 1e9:.2f}GB")


if __name__ == "__main__":
    main()
