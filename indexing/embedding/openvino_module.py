"""A model on OpenVINO behind the interface of sentence-transformers; importing this loads torch.

:func:`load` returns a ``SentenceTransformer`` in which only the transformer itself is exchanged, so that
``encode``, prompts and evaluators work as ever. The program uses it for models that
:class:`indexing.embedding.encoder.Encoder` cannot run, with a pooling or layers of their own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import modules
from sentence_transformers.sentence_transformer.modules import Transformer

from indexing.embedding import model_folder
from indexing.embedding.openvino import CompiledTransformer
from knowledge_base.errors import ModelUnavailable


def load(folder: Path, threads: int | None = None, exact: bool = False) -> SentenceTransformer:
    """The model in ``folder``, for several threads at once; see ``CompiledTransformer`` for the options.

    :class:`ModelUnavailable` when ``folder`` holds no convertible model.
    """
    if not model_folder.is_convertible(folder):
        raise ModelUnavailable(
            f"{folder}에 OpenVINO로 바꿀 수 있는 임베딩 모델이 없습니다. "
            f"모델 폴더의 경로를 확인하세요. 지원하는 모델: {', '.join(sorted(model_folder.ENCODERS))}."
        )
    settings = model_folder.read(folder, "config_sentence_transformers.json")
    options = {"threads": threads, "exact": exact}
    first = OpenVinoTransformer.load(str(folder), local_files_only=True, model_kwargs=options)
    return SentenceTransformer(
        modules=[first, *_later_modules(folder)],
        device="cpu",
        prompts=model_folder.declared_prompts(folder),
        default_prompt_name=settings.get("default_prompt_name"),
        similarity_fn_name=settings.get("similarity_fn_name"),
    ).eval()


class OpenVinoTransformer(Transformer):  # type: ignore[misc]
    """A ``Transformer`` whose model runs on OpenVINO; tokenisation and the rest are inherited."""

    def _load_model(
        self,
        model_name_or_path: str,
        transformer_task: Any,
        config: Any,
        backend: str,
        is_peft_model: bool,
        **model_kwargs: Any,
    ) -> Any:
        transformer = CompiledTransformer(Path(model_name_or_path), model_kwargs["threads"], model_kwargs["exact"])
        return _Encoder(transformer, config)


class _Encoder(torch.nn.Module):
    """Ids and mask, both (batch, tokens) → ``last_hidden_state`` (batch, tokens, dimensions), float32."""

    def __init__(self, transformer: CompiledTransformer, config: Any) -> None:
        super().__init__()
        self.config = config
        self._transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: Any) -> dict[str, torch.Tensor]:
        with self._transformer.token_vectors(input_ids.numpy(), attention_mask.numpy()) as tokens:
            return {"last_hidden_state": torch.from_numpy(tokens.copy())}


def _later_modules(folder: Path) -> list[Any]:
    """Pooling, normalisation and the like, by the names of sentence-transformers' own modules."""
    entries = json.loads((folder / "modules.json").read_text(encoding="utf-8"))[1:]
    return [
        getattr(modules, entry["type"].rpartition(".")[2]).load(
            str(folder), subfolder=entry["path"], local_files_only=True
        )
        for entry in entries
    ]
