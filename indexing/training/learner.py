"""An embedding model while it learns from pairs of questions and passages (torch, on the GPU or on all cores)."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

from indexing.embedding import model_folder
from indexing.embedding.embedder import Vectors
from indexing.embedding.model_folder import Pooling
from indexing.training.pairs import Pair
from knowledge_base.errors import ModelUnavailable

BATCH = 32
ALIKE = 16  # texts of about the same length that go through the model together
RATE = 2e-5
TEMPERATURE = 0.02
QUESTION_TOKENS, PASSAGE_TOKENS = 64, 176
WARM_UP = 0.1  # of the steps


class Learner:
    """The model in ``folder``; its word vectors and lower half stay as they are, which makes it sturdy and quick.

    Raises ModelUnavailable for a model that is more than a transformer and a pooling.
    """

    def __init__(self, folder: Path, steps: int) -> None:
        recipe = model_folder.recipe(folder) if model_folder.is_convertible(folder) else None
        if recipe is None:
            raise ModelUnavailable(
                f"임베딩 모델 '{folder}'은(는) 학습할 수 없는 구조입니다. "
                "변환기와 풀링만으로 된 모델 폴더를 ONNURI_EMBEDDING_MODEL에 지정하세요."
            )
        logging.disable_progress_bar()
        self._pooling, self._prompts = recipe.pooling, model_folder.declared_prompts(folder)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        model: Any = AutoModel.from_pretrained(folder, local_files_only=True)
        self._model = model.float().eval().to(self._device)  # without dropout
        layers = next(module for module in self._model.modules() if isinstance(module, torch.nn.ModuleList))
        for frozen in (self._model.embeddings, *layers[: len(layers) // 2]):
            frozen.requires_grad_(False)
        self._learning = [weight for weight in self._model.parameters() if weight.requires_grad]
        self._optimizer = torch.optim.AdamW(self._learning, lr=RATE, weight_decay=0.01)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: min((step + 1) / max(1, WARM_UP * steps), 1 - step / (steps + 1))
        )
        self._in_bfloat16 = self._device.type == "cuda" or _is_bfloat16_quicker()

    def learn(self, pairs: Sequence[Pair]) -> None:
        """One step: each question nearer to its passage than to those of other documents in the batch.

        A passage that several of the questions share is read once.
        """
        places = {key: place for place, key in enumerate(dict.fromkeys(pair[1:] for pair in pairs))}
        right = torch.tensor([places[pair[1:]] for pair in pairs], device=self._device)
        same = torch.tensor(
            [[pair.document == document for _, document in places] for pair in pairs], device=self._device
        )
        same[torch.arange(len(pairs)), right] = False
        questions = self._embedded([pair.question for pair in pairs], "query", QUESTION_TOKENS)
        passages = self._embedded([passage for passage, _ in places], "document", PASSAGE_TOKENS)
        self._optimizer.zero_grad()
        likeness = (questions @ passages.T / TEMPERATURE).masked_fill(same, -1e4)
        loss = functional.cross_entropy(likeness, right)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._learning, 1.0)
        self._optimizer.step()
        self._schedule.step()

    @torch.no_grad()
    def questions(self, texts: Sequence[str]) -> Vectors:
        """Their vectors, of length 1, shape (len(texts), dimension)."""
        vectors: Vectors = self._embedded(texts, "query", QUESTION_TOKENS).cpu().numpy()
        return vectors

    @torch.no_grad()
    def passages(self, texts: Sequence[str]) -> Vectors:
        """The same of passages."""
        vectors: Vectors = self._embedded(texts, "document", PASSAGE_TOKENS).cpu().numpy()
        return vectors

    def save(self, folder: Path) -> None:
        """Write weights and configuration into ``folder``, over those that are there."""
        self._model.save_pretrained(folder)

    def _embedded(self, texts: Sequence[str], kind: str, longest: int) -> torch.Tensor:
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [by_length[start : start + ALIKE] for start in range(0, len(texts), ALIKE)]
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._in_bfloat16):
            found = [self._pooled([self._prompts[kind] + texts[n] for n in batch], longest) for batch in batches]
        return torch.cat(found)[np.argsort(by_length)]

    def _pooled(self, texts: Sequence[str], longest: int) -> torch.Tensor:
        inputs = self._tokenizer(texts, truncation=True, max_length=longest, padding=True, return_tensors="pt")
        inputs = inputs.to(self._device)
        tokens = self._model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])[0].float()
        mask = inputs["attention_mask"][..., None].float()
        pooled = tokens[:, 0] if self._pooling is Pooling.CLS else (tokens * mask).sum(1) / mask.sum(1)
        return functional.normalize(pooled, dim=-1)


def _is_bfloat16_quicker() -> bool:
    """Whether the CPU takes less time for a layer in bfloat16; by the CPU it takes half as long or twice."""
    inputs, weights = torch.ones(1024, 384), torch.ones(1536, 384)

    def seconds(kind: torch.dtype) -> float:
        given = inputs.to(kind), weights.to(kind)
        started = [time.perf_counter()]
        for _ in range(4):  # the first one sets up
            functional.linear(*given)
            started.append(time.perf_counter())
        return min(np.diff(started))

    return bool(seconds(torch.bfloat16) < seconds(torch.float32))
