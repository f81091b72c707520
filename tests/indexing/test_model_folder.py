"""What is read from a sentence-transformers folder, in the old and the new spelling."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexing.embedding import model_folder
from indexing.embedding.model_folder import Pooling, Recipe

MODULES = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]


def folder_with(folder: Path, modules: list[tuple[str, str]] = MODULES, **files: Any) -> Path:
    """``files`` by name without .json, beside the least that makes a convertible model."""
    entries = [{"path": path, "type": f"sentence_transformers.models.{kind}"} for path, kind in modules]
    content = {
        "modules": entries,
        "config": {"model_type": "bert", "max_position_embeddings": 512, "pad_token_id": 0},
        "1_Pooling/config": {"pooling_mode_mean_tokens": True},
        "tokenizer": {},
        **files,
    }
    for name, value in content.items():
        file = folder / f"{name}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(value), encoding="utf-8")
    (folder / "model.safetensors").touch()
    return folder


def test_the_least_that_makes_a_model(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    assert model_folder.is_convertible(folder)
    assert model_folder.recipe(folder) == Recipe(Pooling.MEAN, max_tokens=512, padding=0)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ({"pooling_mode": "mean"}, Pooling.MEAN),
        ({"pooling_mode": ["cls"]}, Pooling.CLS),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, Pooling.CLS),
        ({"pooling_mode": "lasttoken"}, None),
        ({"pooling_mode": ["mean", "max"]}, None),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True}, None),
        ({"pooling_mode_mean_tokens": True, "include_prompt": False}, None),
        ({}, None),
    ],
)
def test_poolings(tmp_path: Path, pooling: dict[str, Any], expected: Pooling | None) -> None:
    recipe = model_folder.recipe(folder_with(tmp_path, **{"1_Pooling/config": pooling}))
    assert (recipe and recipe.pooling) == expected


@pytest.mark.parametrize(
    ("files", "tokens"),
    [
        ({"sentence_bert_config": {"max_seq_length": 128}}, 128),
        ({"tokenizer_config": {"model_max_length": 256}}, 256),
        ({"tokenizer_config": {"model_max_length": 10**30}}, 512),  # transformers' way to say "none"
        ({"config": {"model_type": "xlm-roberta", "max_position_embeddings": 514, "pad_token_id": 1}}, 512),
        ({"config": {"model_type": "bert", "max_position_embeddings": 300}}, 300),
        ({"sentence_bert_config": {"max_seq_length": 8192}}, 512),
        (
            {
                "config": {"model_type": "xlm-roberta", "max_position_embeddings": 8194, "pad_token_id": 1},
                "sentence_bert_config": {"max_seq_length": 8192},
            },
            8192,
        ),
    ],
)
def test_limits(tmp_path: Path, files: dict[str, Any], tokens: int) -> None:
    assert model_folder.max_tokens(folder_with(tmp_path, **files)) == tokens


@pytest.mark.parametrize(
    "change",
    [
        {"modules": [*MODULES, ("3_Dense", "Dense")]},
        {"sentence_bert_config": {"do_lower_case": True}},
    ],
)
def test_models_that_take_more_than_a_recipe(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = folder_with(tmp_path, **change)
    assert model_folder.is_convertible(folder)
    assert model_folder.recipe(folder) is None


def test_without_its_tokenizer_file_a_model_needs_transformers(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "tokenizer.json").unlink()
    assert model_folder.recipe(folder) is None


@pytest.mark.parametrize(
    "change",
    [
        {"config": {"model_type": "qwen3"}},
        {"config": []},
        {"modules": [("0_Transformer", "Transformer")]},
        {"modules": [("", "StaticEmbedding")]},
        {"modules": []},
    ],
)
def test_what_openvino_is_not_known_to_run(tmp_path: Path, change: dict[str, Any]) -> None:
    assert not model_folder.is_convertible(folder_with(tmp_path, **change))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"path": ""}', "null"])
def test_a_broken_list_of_modules(tmp_path: Path, content: str) -> None:
    folder = folder_with(tmp_path)
    (folder / "modules.json").write_text(content, encoding="utf-8")
    assert not model_folder.is_convertible(folder)


def test_an_empty_folder_holds_no_model(tmp_path: Path) -> None:
    assert not model_folder.is_convertible(tmp_path)
    assert model_folder.read(tmp_path, "config.json") == {}


def test_declared_prompts_are_kept(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, config_sentence_transformers={"prompts": {"query": "찾기: ", "STS": "비교: "}})
    assert model_folder.declared_prompts(folder) == {"query": "찾기: ", "STS": "비교: ", "document": ""}
