"""Eight-bit models: two and a half times faster on an ordinary CPU, at a cosine of .998 to the exact ones.

NNCF's static quantisation watches the model read some Korean text, here the bundled sample documents, and
sets the ranges of its activations from that.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from indexing.embedding.model_folder import declared_prompts, max_tokens

if TYPE_CHECKING:
    import numpy as np
    import openvino as ov
    from numpy.typing import NDArray

    Inputs = list[NDArray[np.int64]]

ENOUGH = 0.995
"""The cosine to the exact model that every text tried must reach."""

_TEXTS = 100
_LENGTHS = (3, 4, 6, 8, 12, 25, 50, 100, 200, 400)


def quantised(model: ov.Model, folder: Path) -> ov.Model | None:
    """``model`` with eight-bit weights and activations, or None where its vectors would suffer.

    ``model`` maps ids and mask to token embeddings and is left as it is; ``folder`` holds its tokenizer.
    Takes about half a minute.
    """
    import nncf

    *calibration, first, second = _inputs(folder)
    with _quiet():
        smooth = nncf.AdvancedSmoothQuantParameters(matmul=0.75)
        smaller = nncf.quantize(
            model,
            nncf.Dataset(calibration),
            model_type=nncf.ModelType.TRANSFORMER,
            subset_size=len(calibration),
            advanced_parameters=nncf.AdvancedQuantizationParameters(smooth_quant_alphas=smooth),
        )
    tried = (*calibration[:: _TEXTS // 8], first, second)
    return smaller if _agreement(model, smaller, tried) >= ENOUGH else None


def _agreement(exact: ov.Model, smaller: ov.Model, tried: tuple[Inputs, ...]) -> float:
    """The lowest cosine between the mean token embeddings of both models."""
    import numpy as np
    import openvino as ov

    core = ov.Core()
    models = [core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}) for model in (exact, smaller)]
    cosines = []
    for inputs in tried:
        a, b = (model(inputs)[0].mean(axis=(0, 1)) for model in models)
        cosines.append(float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    return min(cosines)


def _inputs(folder: Path) -> list[Inputs]:
    """Ids and mask of the sample's texts, behind the model's prompts in turn."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    inputs = []
    for prompt, text in zip(cycle(sorted(set(declared_prompts(folder).values()))), sample_texts(), strict=False):
        tokens = tokenizer(
            prompt + text,
            truncation=True,
            max_length=max_tokens(folder),
            return_tensors="np",
        )
        inputs.append([tokens["input_ids"], tokens["attention_mask"]])
    return inputs


def sample_texts() -> list[str]:
    """100 pieces from all over the bundled sample documents, from a word to a chunk (3 to 400 characters)."""
    import knowledge_base

    sample = Path(knowledge_base.__file__).with_name("sample")
    files = sorted(file for file in sample.rglob("*") if file.suffix in {".csv", ".md", ".txt"})
    whole = "\n".join(file.read_text(encoding="utf-8-sig") for file in files)
    step = len(whole) // (_TEXTS + 1)
    return [whole[n * step :][: _LENGTHS[n % len(_LENGTHS)]] for n in range(_TEXTS)]


@contextmanager
def _quiet() -> Iterator[None]:
    """NNCF draws progress bars on standard output, where programs read JSON."""
    import logging

    import nncf

    nncf.set_log_level(logging.ERROR)
    with redirect_stdout(io.StringIO()):
        yield
