"""The transformer of a sentence-transformers folder, run by OpenVINO on the CPU."""

from __future__ import annotations

import ctypes
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexing.embedding.openvino_conversion import MODEL, converted, package
from indexing.embedding.word_table import WordVectors

if TYPE_CHECKING:
    import openvino as ov

Ids = NDArray[np.int64]
"""Shape (texts, tokens)."""
TokenVectors = NDArray[np.float32]
"""Shape (texts, tokens, dimensions)."""

REQUESTS = 4
"""Inferences that may be under way at once; further callers wait."""
QUESTION = 1, 32
"""The shape that most texts that come alone are filled up to; the model is compiled for it once more."""


class CompiledTransformer:
    """Ids and mask to token vectors; may be called from several threads at once.

    ``threads`` limits the CPU threads, all cores by default. It computes in eight bits (cosine .998)
    unless ``exact`` or where that would hurt the vectors. A folder that was not converted yet is
    converted first (about a minute).
    """

    def __init__(self, folder: Path, threads: int | None = None, exact: bool = False) -> None:
        self.folder = converted(folder, exact)
        """Where the conversion is."""
        self._model = self.folder / MODEL
        # what is compiled is kept beside it: the next start takes .4 s for 1.6, where the folder can be written
        self._settings = _settings(threads) | {"CACHE_DIR": str(self.folder)}
        self._words = WordVectors(self.folder)
        self._any = _Requests(package().Core().compile_model(self._model, "CPU", self._settings))
        self.dimension: int = self._any.dimension
        self._compiling = threading.Lock()
        # While one thread has the package for itself: its bindings set up their table of types at the first
        # inference, and two threads that come to it together wait for each other for good (OpenVINO 2026.4).
        self._infer_once(self._any)

    @contextmanager
    def token_vectors(self, ids: Ids, mask: Ids) -> Iterator[TokenVectors]:
        """The vectors of the tokens, valid inside the ``with`` alone: the next inference overwrites them."""
        requests = self._of_questions() if ids.shape == QUESTION else self._any
        with requests.inferred([ids, mask, self._words.of(ids)]) as tokens:
            yield tokens

    def _of_questions(self) -> _Requests:
        with self._compiling:
            return self._compiled_for_questions

    @cached_property
    def _compiled_for_questions(self) -> _Requests:
        """Of one shape alone, whose layers need not be set up at each question; builds do without (80 MB)."""
        core = package().Core()
        model = core.read_model(self._model)
        shapes = {given: [*QUESTION, *list(given.partial_shape)[len(QUESTION) :]] for given in model.inputs}
        model.reshape(shapes)
        requests = _Requests(core.compile_model(model, "CPU", self._settings))
        self._infer_once(requests)
        return requests

    def _infer_once(self, requests: _Requests) -> None:
        ids = np.zeros(QUESTION, np.int64)
        with requests.inferred([ids, np.ones_like(ids), self._words.of(ids)]):
            _let_go(self.folder)


class _Requests:
    """A compiled model, by which REQUESTS inferences are under way at most."""

    def __init__(self, compiled: ov.CompiledModel) -> None:
        self.dimension: int = compiled.output(0).partial_shape[-1].get_length()
        self._idle: LifoQueue[ov.InferRequest] = LifoQueue()
        for _ in range(REQUESTS):
            self._idle.put(compiled.create_infer_request())

    @contextmanager
    def inferred(self, inputs: list[NDArray[Any]]) -> Iterator[TokenVectors]:
        """What it makes of the inputs, until the ``with`` ends."""
        request = self._idle.get()
        try:  # infer() releases the GIL
            yield request.infer(inputs, share_inputs=True, share_outputs=True)[0]
        finally:
            self._idle.put(request)


def _let_go(folder: Path) -> None:
    """Unload the files in ``folder`` that are mapped: OpenVINO has packed the weights by then and keeps 22 MB of them
    a second time. Whatever is read again comes back by itself."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text(encoding="utf-8").splitlines() if maps.is_file() else []
    for line in lines:
        if line.endswith((".blob", ".bin")) and str(folder.resolve()) in line:
            start, end = (int(address, 16) for address in line.split()[0].split("-"))
            ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)


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
