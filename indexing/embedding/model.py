"""The embedding model of the settings: a folder or a hub id, run in the quickest way this machine has."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from indexing.embedding import model_folder
from indexing.embedding.embedder import Embedding, Vectors
from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

HUB_TIMEOUT = 10  # seconds
CPU_BATCH, GPU_BATCH = 16, 128  # on an H200 2,000 chunks a second in batches of 128, 1,370 in batches of 16


class EmbeddingModel:
    """A sentence-transformers folder or hub id, loaded at first use.

    On the CPU OpenVINO runs it where it can; torch runs it on a GPU, and whatever OpenVINO cannot. Safe to
    call from several threads. Raises ModelUnavailable when it cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        self._model_name = model
        self._loading = threading.Lock()

    def __reduce__(self) -> tuple[type["EmbeddingModel"], tuple[str]]:
        """Another process loads it for itself, from the same place."""
        folder = Path(self._model_name)
        return EmbeddingModel, (str(folder.resolve()) if folder.is_dir() else self._model_name,)

    @cached_property
    def name(self) -> str:
        """Known without loading the model."""
        folder = Path(self._model_name)
        return f"{folder.name}-{_fingerprint(folder)}" if folder.is_dir() else self._model_name

    @property
    def folder(self) -> Path:
        """Where the model is; raises ModelUnavailable for one that is known by its hub id alone."""
        if not Path(self._model_name).is_dir():
            raise ModelUnavailable(
                f"임베딩 모델 '{self._model_name}'의 폴더가 없습니다. 내려받은 모델 폴더를 "
                "ONNURI_EMBEDDING_MODEL에 지정하세요."
            )
        return Path(self._model_name)

    @property
    def _model(self) -> "_Loaded":
        with self._loading:  # two threads asking first must not load it, or convert it, twice
            return self._loaded_model

    @cached_property
    def _loaded_model(self) -> "_Loaded":
        folder = Path(self._model_name)
        if not model_folder.is_convertible(folder) or _has_gpu():
            return _of_library(_load_with_torch(self._model_name))
        if recipe := model_folder.recipe(folder):
            return _of_encoder(folder, recipe)
        from indexing.embedding import openvino_module

        return _of_library(openvino_module.load(folder))

    def embed_query(self, text: str) -> Vectors:
        return self.embed_query_tokens(text).vector

    def embed_query_tokens(self, text: str) -> Embedding:
        return self._model.queries([text])[0]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._model.passages(texts)

    def embed_passage_tokens(self, texts: Sequence[str]) -> Sequence[Embedding]:
        return self._model.passage_tokens(texts)


class _Loaded(NamedTuple):
    """A model ready for use: texts, without their prompts, to vectors of length 1, and to those of their tokens."""

    queries: Callable[[Sequence[str]], list[Embedding]]
    passages: Callable[[Sequence[str]], Vectors]
    passage_tokens: Callable[[Sequence[str]], list[Embedding]]


def _of_encoder(folder: Path, recipe: model_folder.Recipe) -> _Loaded:
    from indexing.embedding.encoder import Encoder

    encoder, prompts = Encoder(folder, recipe), model_folder.declared_prompts(folder)
    passage = {"prompt": prompts["document"]}
    return _Loaded(
        partial(encoder.encode_tokens, prompt=prompts["query"]),
        partial(encoder.encode, **passage),
        partial(encoder.encode_tokens, **passage),
    )


def _of_library(model: "SentenceTransformer") -> _Loaded:
    options = {
        "normalize_embeddings": True,
        "show_progress_bar": False,
        "batch_size": GPU_BATCH if model.device.type == "cuda" else CPU_BATCH,
    }

    def vectors(texts: Sequence[str]) -> Vectors:
        return np.ascontiguousarray(model.encode_document(list(texts), **options), dtype=np.float32)

    def tokens(kind: str, texts: Sequence[str]) -> list[Embedding]:
        prompt = model.prompts.get(kind) or ""
        before = model.tokenizer(prompt)["input_ids"]
        encoded = model.encode(list(texts), prompt=prompt, output_value=None, **options)
        return [_embedding(features, before) for features in encoded]

    return _Loaded(partial(tokens, "query"), vectors, partial(tokens, "document"))


def _embedding(features: "dict[str, Tensor]", prompt: list[int]) -> Embedding:
    """What sentence-transformers tells of one text, which is filled up to the length of others."""
    from torch.nn.functional import normalize

    from indexing.embedding.encoder import own_tokens

    said = features["attention_mask"].bool()
    own = own_tokens(prompt, features["input_ids"][said].tolist())
    tokens = normalize(features["token_embeddings"][said][own].float(), dim=1)
    return Embedding(normalize(features["sentence_embedding"].float(), dim=0).cpu().numpy(), tokens.cpu().numpy())


def _has_gpu() -> bool:
    """True when torch can compute on a GPU; torch is loaded only where there is one at all."""
    if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/kfd")):
        return False
    import torch

    return torch.cuda.is_available()


def _load_with_torch(name: str) -> "SentenceTransformer":
    from httpx import HTTPError
    from huggingface_hub import HfApi
    from sentence_transformers import SentenceTransformer

    try:
        try:  # what this machine has is used as it is
            model = SentenceTransformer(name, local_files_only=True)
        except OSError:
            HfApi().model_info(name, timeout=HUB_TIMEOUT)  # without a network loading would try for a minute
            model = SentenceTransformer(name)
    except (OSError, ValueError, HTTPError) as error:
        raise ModelUnavailable(
            f"임베딩 모델 '{name}'을(를) 불러올 수 없습니다. 폴더 경로나 모델 이름을 확인하고, "
            "인터넷이 없는 곳에서는 내려받은 모델 폴더를 ONNURI_EMBEDDING_MODEL에 지정하세요."
        ) from error
    model.prompts = model_folder.prompts(name, model.prompts)
    return model


def _fingerprint(folder: Path) -> str:
    """12 hex digits over names, sizes, and both ends of each weight file (a full read takes a second)."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or "openvino" in file.relative_to(folder).parts:
            continue
        size = file.stat().st_size
        digest.update(f"{file.relative_to(folder)} {size}\n".encode())
        with file.open("rb") as content:
            digest.update(content.read(2**16))
            content.seek(max(0, size - 2**16))
            digest.update(content.read())
    return digest.hexdigest()[:12]
