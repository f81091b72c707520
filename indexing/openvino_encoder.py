"""The sentence-transformers module behind :mod:`indexing.openvino`; importing it loads torch."""

from __future__ import annotations

from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

import torch
from sentence_transformers.sentence_transformer.modules import Transformer

from indexing import openvino

if TYPE_CHECKING:
    import openvino as ov
    from transformers import PretrainedConfig

REQUESTS = 4
"""Inferences that may be under way at once; further callers wait."""


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
        compiled = openvino.compiled(Path(model_name_or_path), model_kwargs["threads"], model_kwargs["exact"])
        return Encoder(compiled, config)


class Encoder(torch.nn.Module):
    """Ids and mask, both (batch, tokens) → ``last_hidden_state`` (batch, tokens, dimensions), float32."""

    def __init__(self, compiled: ov.CompiledModel, config: PretrainedConfig) -> None:
        super().__init__()
        self.config = config
        self._requests: LifoQueue[Any] = LifoQueue()
        for _ in range(REQUESTS):
            self._requests.put(compiled.create_infer_request())

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: Any) -> dict[str, torch.Tensor]:
        request = self._requests.get()
        try:  # infer() releases the GIL; the output belongs to the request, hence the copy
            outputs = request.infer([input_ids.numpy(), attention_mask.numpy()], share_inputs=True)
            return {"last_hidden_state": torch.from_numpy(outputs[0].copy())}
        finally:
            self._requests.put(request)
