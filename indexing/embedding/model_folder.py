"""What a sentence-transformers folder says about its model, read without sentence-transformers."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

ENCODERS = frozenset({"bert", "distilbert", "electra", "roberta", "xlm-roberta"})
"""The ``model_type`` of the models known to convert to OpenVINO."""

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
E5_PROMPTS = {"query": "query: ", "document": "passage: "}

_LONG = 512
"""Tokens of a text where the folder names no limit."""


class Pooling(StrEnum):
    """How the vectors of a text's tokens become one."""

    MEAN = "mean"
    CLS = "cls"


class Recipe(NamedTuple):
    """From text to vector, for a model that is a transformer, a pooling and nothing else but normalising."""

    pooling: Pooling
    max_tokens: int
    padding: int
    """The id that fills short texts up."""


def is_convertible(folder: Path) -> bool:
    """True when ``folder`` holds a sentence-transformers model that OpenVINO can run."""
    try:
        first, *_ = _modules(folder)
    except (OSError, ValueError, LookupError, TypeError):
        return False
    known = read(folder, "config.json").get("model_type") in ENCODERS and (folder / WEIGHTS).is_file()
    return known and first == ("Transformer", "")


def recipe(folder: Path) -> Recipe | None:
    """How the convertible model in ``folder`` makes its vectors; None when it takes more than a recipe can say."""
    modules = dict(_modules(folder)[1:])
    pooling = _pooling(read(folder, f"{modules.pop('Pooling', '')}/config.json"))
    modules.pop("Normalize", None)
    transformer = read(folder, "sentence_bert_config.json")
    if modules or pooling is None or transformer.get("do_lower_case") or not (folder / TOKENIZER).is_file():
        return None
    return Recipe(pooling, max_tokens(folder), read(folder, "config.json").get("pad_token_id") or 0)


def max_tokens(folder: Path) -> int:
    """Where texts are cut."""
    config, tokenizer = read(folder, "config.json"), read(folder, "tokenizer_config.json")
    positions = config.get("max_position_embeddings", _LONG)
    if "roberta" in config["model_type"]:  # its positions begin behind that of the padding
        positions -= config.get("pad_token_id", 1) + 1
    declared = read(folder, "sentence_bert_config.json").get("max_seq_length")
    limit: int = min(positions, declared or min(_LONG, tokenizer.get("model_max_length") or _LONG))
    return limit


def prompts(name: str, declared: Mapping[str, str]) -> dict[str, str]:
    """What goes before a text, for ``query`` and ``document`` at least, of the model called ``name``.

    The E5 models on the hub need theirs but do not declare them; others declare ``passage`` alone.

    >>> prompts("intfloat/multilingual-e5-base", {})
    {'query': 'query: ', 'document': 'passage: '}
    >>> prompts("snowflake", {"query": "q: ", "passage": "p: "})["document"]
    'p: '
    """
    if "e5" in name.lower() and not any(declared.values()):
        return dict(E5_PROMPTS)
    document = next((declared[kind] for kind in ("document", "passage", "corpus") if declared.get(kind)), "")
    return {"query": "", **declared, "document": document}


def declared_prompts(folder: Path) -> dict[str, str]:
    """The prompts of the model in ``folder``."""
    return prompts(folder.name, read(folder, "config_sentence_transformers.json").get("prompts") or {})


def read(folder: Path, name: str) -> dict[str, Any]:
    """The JSON object in a file of ``folder``; {} where there is none that can be read."""
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _modules(folder: Path) -> list[tuple[str, str]]:
    """Class name and subfolder of each module, in order."""
    entries = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    return [(entry["type"].rpartition(".")[2], entry["path"]) for entry in entries]


def _pooling(config: Mapping[str, Any]) -> Pooling | None:
    """The pooling in the new form (``pooling_mode``) or the old one (``pooling_mode_mean_tokens: true``)."""
    old = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean"}
    mode = config.get("pooling_mode")
    if mode is None:
        mode = [old.get(key) for key, chosen in config.items() if key.startswith("pooling_mode_") and chosen]
    elif isinstance(mode, str):
        mode = [mode]
    alone = len(mode) == 1 and mode[0] in set(Pooling)
    return Pooling(mode[0]) if alone and config.get("include_prompt", True) else None
