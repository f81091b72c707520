"""Conversion of a model for OpenVINO, done once and kept in ``openvino/`` inside the model's folder."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from logging import ERROR
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from indexing.embedding import unigram, word_table
from indexing.embedding.model_folder import TOKENIZER, WEIGHTS
from indexing.embedding.word_table import Table

if TYPE_CHECKING:
    import openvino as ov

FORMAT = 4
"""Raised when a model would convert differently, so that kept conversions are made anew."""

MODEL = "model.xml"


def package() -> Any:
    """OpenVINO, kept from telling Google Analytics about every conversion, as it does unasked."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))
    import openvino

    return openvino


def kept(folder: Path, exact: bool = False) -> Path:
    """Where the conversion of the weights and the tokenizer as they are now belongs."""
    states = [file.stat() for name in (WEIGHTS, TOKENIZER) if (file := folder / name).is_file()]
    key = "-".join(f"{state.st_size:x}-{int(state.st_mtime):x}" for state in states)
    return folder / "openvino" / f"{'exact' if exact else 'int8'}-{FORMAT}-{key}"


def converted(folder: Path, exact: bool = False) -> Path:
    """Where the conversion is, made when there is none yet; a temporary folder where it cannot be kept."""
    target = kept(folder, exact)
    if (target / MODEL).is_file():
        return target
    model, words = word_table.cut_out(_convert(folder) if exact else _smaller(folder))
    try:
        _write(model, words, folder, target)
    except OSError:  # a read-only model folder
        target = Path(tempfile.mkdtemp(prefix="onnuri-")) / target.name
        atexit.register(shutil.rmtree, target.parent, ignore_errors=True)
        _write(model, words, folder, target)
    return target


def _write(model: ov.Model, words: Table, folder: Path, target: Path) -> None:
    with _replacing(target) as built:
        package().save_model(model, built / MODEL, compress_to_fp16=False)
        words.save(built)
        unigram.save(folder / TOKENIZER, built)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A folder to fill, then renamed, so that ``target`` is whole or absent, also with several processes at it."""
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as aside:
        built = Path(aside) / "model"
        built.mkdir()
        yield built
        try:
            built.rename(target)
        except OSError:
            if not (target / MODEL).is_file():  # else another process was faster
                raise
    for older in target.parent.glob("[!.]*"):  # of another format, or made from what is no longer there
        if older.name.partition("-")[2] != target.name.partition("-")[2]:
            shutil.rmtree(older, ignore_errors=True)


def _smaller(folder: Path) -> ov.Model:
    from indexing.embedding.quantising import quantised

    exact = _convert(folder)
    return quantised(exact, folder) or exact


def _convert(folder: Path) -> ov.Model:
    import torch
    from transformers import AutoModel

    with _quiet(), torch.no_grad():
        model = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="sdpa").float().eval()
        model.config.return_dict = False  # then the first output is the token embeddings
        ids = torch.ones((2, 8), dtype=torch.int64)
        mask = torch.ones_like(ids)
        mask[1, 4:] = 0  # padded, or tracing may find the mask superfluous
        converted = package().convert_model(model, example_input={"input_ids": ids, "attention_mask": mask})
    return package().Model([converted.output(0)], converted.get_parameters())


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
