"""Any BERT-like sentence-transformers model, run by OpenVINO on the CPU behind the ordinary interface.

:func:`load` returns a ``SentenceTransformer`` in which only the transformer itself is exchanged, so that
``encode``, prompts and evaluators work as ever. The converted model is kept in ``openvino/`` inside the
model folder.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from logging import ERROR
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    import openvino as ov
    from sentence_transformers import SentenceTransformer

ENCODERS = frozenset({"bert", "distilbert", "electra", "roberta", "xlm-roberta"})
"""The ``model_type`` of the models known to convert."""

_WEIGHTS = "model.safetensors"


def is_convertible(folder: Path) -> bool:
    """True when ``folder`` holds a sentence-transformers model that :func:`load` can run."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    first = modules[0]["path"] == "" and modules[0]["type"].endswith(".Transformer")
    return first and config.get("model_type") in ENCODERS and (folder / _WEIGHTS).is_file()


def load(folder: Path, threads: int | None = None, exact: bool = False) -> SentenceTransformer:
    """The model in ``folder`` on OpenVINO; converts it first when needed (about a minute, once).

    It computes in eight bits (cosine .998) unless ``exact`` or where that would hurt its vectors.
    ``threads`` limits the CPU threads, all cores by default. The model may be called from several
    threads at once. :class:`ModelUnavailable` when ``folder`` holds no convertible model.
    """
    if not is_convertible(folder):
        raise ModelUnavailable(
            f"{folder}에 OpenVINO로 바꿀 수 있는 임베딩 모델이 없습니다. "
            f"모델 폴더의 경로를 확인하세요. 지원하는 모델: {', '.join(sorted(ENCODERS))}."
        )
    from sentence_transformers import SentenceTransformer

    from indexing.openvino_encoder import OpenVinoTransformer

    settings = _json(folder / "config_sentence_transformers.json")
    first = OpenVinoTransformer.load(
        str(folder), local_files_only=True, model_kwargs={"threads": threads, "exact": exact}
    )
    return SentenceTransformer(
        modules=[first, *_later_modules(folder)],
        device="cpu",
        prompts=settings.get("prompts"),
        default_prompt_name=settings.get("default_prompt_name"),
        similarity_fn_name=settings.get("similarity_fn_name"),
    ).eval()


def compiled(folder: Path, threads: int | None = None, exact: bool = False) -> ov.CompiledModel:
    """The transformer in ``folder`` compiled for this CPU: ids and mask → token embeddings."""
    core = _openvino().Core()
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": _precision(_cpu()),
        "NUM_STREAMS": 1,  # two streams of one core each double a query's time and index no faster
        "ENABLE_CPU_PINNING": False,  # pinned threads wait for a core that another process is using
    }
    if threads is not None:
        settings["INFERENCE_NUM_THREADS"] = threads
    return core.compile_model(_converted(core, folder, exact), "CPU", settings)


def _openvino() -> Any:
    """The package, kept from telling Google Analytics about every conversion, as it does unasked."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))
    import openvino

    return openvino


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


def prepare(folder: Path) -> None:
    """Convert the model in ``folder`` unless that was done, so that the first start need not."""
    if not _kept(folder, exact=False).is_file():
        _converted(_openvino().Core(), folder, exact=False)


def _kept(folder: Path, exact: bool) -> Path:
    """Where the conversion of the weights as they are now belongs."""
    weights = (folder / _WEIGHTS).stat()
    key = f"{weights.st_size:x}-{int(weights.st_mtime):x}"
    return folder / "openvino" / f"{'exact' if exact else 'int8'}-{key}" / "model.xml"


def _converted(core: ov.Core, folder: Path, exact: bool) -> ov.Model:
    """The kept conversion, made when the weights have none yet; in memory where it cannot be kept."""
    kept = _kept(folder, exact)
    if not kept.is_file():
        model = _convert(folder) if exact else _smaller(folder)
        try:
            _keep(model, kept)
        except OSError:  # a read-only model folder
            return model
    return core.read_model(kept)


def _keep(model: ov.Model, kept: Path) -> None:
    """Save beside and rename, so that ``kept`` is whole or absent, also with several processes at it."""
    kept.parent.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent.parent, prefix=".new-") as aside:
        built = Path(aside) / "model"
        _openvino().save_model(model, built / kept.name, compress_to_fp16=False)
        try:
            built.rename(kept.parent)
        except OSError:
            if not kept.is_file():  # else another process was faster
                raise
    for older in kept.parent.parent.glob("[!.]*"):  # made from weights that are no longer there
        if older.name.partition("-")[2] != kept.parent.name.partition("-")[2]:
            shutil.rmtree(older, ignore_errors=True)


def _smaller(folder: Path) -> ov.Model:
    from indexing.quantising import quantised

    exact = _convert(folder)
    return quantised(exact, folder) or exact


def _convert(folder: Path) -> ov.Model:
    import torch
    from transformers import AutoModel

    with _quiet(), torch.no_grad():
        model = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="sdpa").eval()
        model.config.return_dict = False  # then the first output is the token embeddings
        ids = torch.ones((2, 8), dtype=torch.int64)
        mask = torch.ones_like(ids)
        mask[1, 4:] = 0  # padded, or tracing may find the mask superfluous
        converted = _openvino().convert_model(model, example_input={"input_ids": ids, "attention_mask": mask})
    return _openvino().Model([converted.output(0)], converted.get_parameters())


@contextmanager
def _quiet() -> Iterator[None]:
    """Without transformers' progress bars and the warnings of torch's tracer, which nobody can act on."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(ERROR)
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _later_modules(folder: Path) -> list[Any]:
    """Pooling, normalisation and the like, by the names of sentence-transformers' own modules."""
    from sentence_transformers.sentence_transformer import modules

    return [
        getattr(modules, entry["type"].rpartition(".")[2]).load(
            str(folder), subfolder=entry["path"], local_files_only=True
        )
        for entry in _json(folder / "modules.json")[1:]
    ]


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
