"""The transformer of a sentence-transformers folder, run by OpenVINO on the CPU."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from indexing.embedding.word_table import WordVectors

if TYPE_CHECKING:
    import openvino as ov

Ids = NDArray[np.int64]
"""Shape (texts, tokens)."""
TokenVectors = NDArray[np.float32]
"""Shape (texts, tokens, dimensions)."""

REQUESTS = 4
"""Inferences that may be under way at once; further callers wait."""


def package() -> Any:
    """OpenVINO, kept from telling Google Analytics about every conversion, as it does unasked."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))
    import openvino

    return openvino


class CompiledTransformer:
    """Ids and mask to token vectors; may be called from several threads at once.

    ``threads`` limits the CPU threads, all cores by default. It computes in eight bits (cosine .998)
    unless ``exact`` or where that would hurt the vectors. A folder that was not converted yet is
    converted first (about a minute).
    """

    def __init__(self, folder: Path, threads: int | None = None, exact: bool = False) -> None:
        from indexing.embedding import openvino_conversion

        self.folder = openvino_conversion.converted(folder, exact)
        """Where the conversion is."""
        model = self.folder / openvino_conversion.MODEL
        compiled: ov.CompiledModel = package().Core().compile_model(model, "CPU", _settings(threads))
        self._words = WordVectors(self.folder)
        self.dimension: int = compiled.output(0).partial_shape[-1].get_length()
        self._requests: LifoQueue[ov.InferRequest] = LifoQueue()
        for _ in range(REQUESTS):
            self._requests.put(compiled.create_infer_request())
        self._infer_once()

    def _infer_once(self) -> None:
        """While one thread has the package for itself: its bindings set up their table of types at the first
        inference, and two threads that come to it together wait for each other for good (OpenVINO 2026.4)."""
        ids = np.zeros((1, 32), np.int64)  # the width of most questions
        with self.token_vectors(ids, np.ones_like(ids)):
            pass

    @contextmanager
    def token_vectors(self, ids: Ids, mask: Ids) -> Iterator[TokenVectors]:
        """The vectors of the tokens, valid inside the ``with`` alone: the next inference overwrites them."""
        words = self._words.of(ids)
        request = self._requests.get()
        try:  # infer() releases the GIL
            yield request.infer([ids, mask, words], share_inputs=True, share_outputs=True)[0]
        finally:
            self._requests.put(request)


def _settings(threads: int | None) -> dict[str, Any]:
    cores = threads or os.cpu_count() or 1  # OpenVINO itself would leave every second hyper-thread idle
    return {
        "INFERENCE_PRECISION_HINT": _precision(_cpu()),
        "INFERENCE_NUM_THREADS": cores,
        # two cores a question: it takes 3.9 ms instead of 5.6, and as many come through as with a core for each
        "NUM_STREAMS": min(max(1, cores // 2), REQUESTS),
        "ENABLE_HYPER_THREADING": True,  # a single stream would leave half of a small machine idle
        "ENABLE_CPU_PINNING": False,  # pinned threads wait for a core that another process is using
    }


def _precision(cpu: str) -> str:
    """``bf16`` where that is faster, else the exact ``f32``.

    OpenVINO's own choice is no guide: on an Intel Xeon without AMX it reports BF16 and takes it, at less
    than half the speed of float32. AMX and AMD's AVX-512 do gain from it (cosine to float32 .9999).
    """
    amd = "AuthenticAMD" in cpu and "avx512_bf16" in cpu
    return "bf16" if amd or "amx_bf16" in cpu else "f32"


def _cpu() -> str:
    """Vendor and flags of the first core; empty where there is no ``/proc``."""
    file = Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8").partition("\n\n")[0] if file.is_file() else ""
