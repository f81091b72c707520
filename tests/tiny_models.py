"""Sentence-transformers folders with a small random transformer, which convert within a second or two."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

LETTERS = "가나다라마바사아자차카타파하여권수료발급신청서류"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


def write(folder: Path, pooling: dict[str, Any], roberta: bool = False, prompts: dict[str, str] | None = None) -> Path:
    """A model of 2 layers and 32 dimensions over single syllables; the same for the same arguments."""
    torch.manual_seed(7)
    vocabulary = [*SPECIAL, "▁", *LETTERS, *(f"▁{letter}" for letter in LETTERS)]
    sizes: dict[str, Any] = {
        "vocab_size": len(vocabulary),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 66 if roberta else 64,
        "pad_token_id": 1,
        "initializer_range": 0.1,  # or all texts would have nearly the same vector
    }
    model = XLMRobertaModel(XLMRobertaConfig(**sizes)) if roberta else BertModel(BertConfig(**sizes))
    model.save_pretrained(folder)
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    _json(
        folder / "modules.json",
        [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(modules)
        ],
    )
    _json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 32, **pooling})
    _json(folder / "2_Normalize" / "config.json", {})
    _json(folder / "config_sentence_transformers.json", {"prompts": prompts or {}})
    special = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64, **special}
    _json(folder / "tokenizer_config.json", settings)
    return folder


def _tokenizer(vocabulary: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in vocabulary], 3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _json(file: Path, content: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
