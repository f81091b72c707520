"""What the bundled encoder learnt: written small, added to weights, and the file that is shipped."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from indexing.citizen_questions import CHANGE, about, added, write
from knowledge_base.errors import ModelUnavailable

RANK = 3
UPPER_HALF = {f"encoder.layer.{layer}" for layer in range(6, 12)}


def random(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


@pytest.fixture
def change(tmp_path: Path) -> Path:
    """A matrix that three factors tell whole, and a bias."""
    write(
        tmp_path / "change.safetensors",
        {"dense.weight": 1e-4 * random(8, RANK) @ random(RANK, 6), "dense.bias": np.float32([0.5, -0.25])},
        RANK,
        {"licence": "MIT"},
    )
    return tmp_path / "change.safetensors"


def test_a_change_of_low_rank_is_added_whole(change: Path) -> None:
    weights = {"dense.weight": random(8, 6), "dense.bias": np.float32([1, 1]), "other": random(4)}
    changed = added(weights, change)
    expected = 1e-4 * random(8, RANK) @ random(RANK, 6)
    np.testing.assert_allclose(changed["dense.weight"] - weights["dense.weight"], expected, atol=2e-6)
    assert np.abs(expected).max() > 2e-4
    assert changed["dense.bias"].tolist() == [1.5, 0.75]
    assert changed["other"] is weights["other"]


def test_the_strongest_part_is_kept(tmp_path: Path) -> None:
    whole = random(20, 10)
    write(tmp_path / "change", {"w": whole}, 4, {})
    kept = added({"w": np.zeros((20, 10), np.float32)}, tmp_path / "change")["w"]
    assert np.linalg.matrix_rank(kept, tol=1e-2) == 4
    strengths = np.linalg.svd(whole, compute_uv=False)
    lost = np.sqrt((strengths[4:] ** 2).sum())  # no four factors lose less
    assert np.linalg.norm(whole - kept) == pytest.approx(lost, rel=1e-3)


def test_it_tells_where_it_comes_from(change: Path) -> None:
    assert about(change) == {"licence": "MIT"}


@pytest.mark.parametrize(
    "weights", [{}, {"dense.weight": random(8, 7), "dense.bias": random(2)}], ids=["other names", "other shapes"]
)
def test_a_change_of_another_model_is_refused(change: Path, weights: dict[str, NDArray[np.float32]]) -> None:
    with pytest.raises(ModelUnavailable, match="make install"):
        added(weights, change)


@pytest.mark.parametrize("content", [None, b"", b"\x08\0\0\0\0\0\0\0not json"], ids=["absent", "empty", "damaged"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "change").write_bytes(content)
    with pytest.raises(ModelUnavailable, match="make install"):
        added({"w": random(2)}, tmp_path / "change")


def test_the_shipped_change_is_small_and_of_the_upper_half_alone() -> None:
    assert CHANGE.stat().st_size < 3_000_000
    parts = load_file(CHANGE)
    assert {".".join(name.split(".")[:3]) for name in parts} == UPPER_HALF
    assert all(np.isfinite(part).all() for part in parts.values())
    assert about(CHANGE)["licence"].startswith("MIT")
