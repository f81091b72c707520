"""Which way a model is run, with small random models, each way against torch."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tiny_models
from safetensors import safe_open
from tokenizers import Tokenizer

from indexing.embedding import model_folder, openvino_conversion, openvino_module, quantising
from indexing.embedding.embedder import Embedding, Vectors
from indexing.embedding.model import EmbeddingModel
from knowledge_base.errors import ModelUnavailable

TEXTS = ["가나다", "여권 수수료 신청", "", "카타 파하 ? 서류 " * 30, "아"]
PROMPTS = {"query": "여권 ", "passage": "서류 "}
MEAN = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}


@pytest.fixture(scope="module", params=["bert", "roberta"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tiny") / request.param
    if request.param == "bert":
        return tiny_models.write(target, MEAN, prompts=PROMPTS)
    return tiny_models.write(target, {"pooling_mode": "cls"}, prompts=PROMPTS, roberta=True)


@pytest.fixture(scope="module")
def torch_vectors(folder: Path) -> Vectors:
    return by_torch(folder)


def by_torch(folder: Path) -> Vectors:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return np.asarray(model.encode([PROMPTS["passage"] + text for text in TEXTS], normalize_embeddings=True))


def lowest_cosine(ours: Vectors, theirs: Vectors) -> float:
    return float((ours * theirs).sum(axis=1).min())


def test_the_encoder_gives_the_vectors_of_torch(folder: Path, torch_vectors: Vectors) -> None:
    """Texts of all lengths in one call, so that padding must not count, and one beyond the limit."""
    assert model_folder.recipe(folder)
    vectors = EmbeddingModel(str(folder)).embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert lowest_cosine(vectors, torch_vectors) >= quantising.ENOUGH
    assert lowest_cosine(vectors[::-1], torch_vectors) < quantising.ENOUGH  # the vectors of other texts


def test_the_module_gives_the_vectors_of_the_encoder(folder: Path) -> None:
    """Both run the same compiled model, one behind the interface of sentence-transformers."""
    model, module = EmbeddingModel(str(folder)), openvino_module.load(folder)
    assert lowest_cosine(model.embed_passages(TEXTS), module.encode_document(TEXTS)) >= 0.9999
    assert model.embed_query("신청") @ module.encode_query("신청") >= 0.9999


def test_both_give_the_same_tokens_without_prompt_and_ends(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(model: EmbeddingModel) -> list[Embedding]:
        return [*model.embed_passage_tokens(["서류 가", "신청"]), model.embed_query_tokens("신청")]

    ours = read(EmbeddingModel(str(folder)))
    monkeypatch.setattr(model_folder, "recipe", lambda folder: None)
    for mine, other in zip(ours, read(EmbeddingModel(str(folder))), strict=True):
        assert mine.vector @ other.vector >= 0.9999
        assert lowest_cosine(mine.tokens, other.tokens) >= 0.9999
    whole = Tokenizer.from_file(str(folder / model_folder.TOKENIZER)).encode("서류 가").ids
    assert len(ours[0].tokens) == len(whole) - 2


def test_an_exact_conversion_is_exact(folder: Path, torch_vectors: Vectors) -> None:
    exact = openvino_module.load(folder, threads=1, exact=True)
    assert lowest_cosine(exact.encode_document(TEXTS), torch_vectors) >= 0.9999


def test_each_kind_of_text_gets_its_prompt(folder: Path) -> None:
    model = EmbeddingModel(str(folder))
    assert model.embed_query("서류 가") @ model.embed_passages(["서류 가"])[0] < 0.999


def test_no_texts_give_no_vectors(folder: Path) -> None:
    assert EmbeddingModel(str(folder)).embed_passages([]).shape == (0, 32)


def test_other_poolings_are_left_to_sentence_transformers(tmp_path: Path) -> None:
    folder = tiny_models.write(tmp_path / "tiny", {"pooling_mode": "max"}, prompts=PROMPTS)
    assert model_folder.recipe(folder) is None
    vectors = EmbeddingModel(str(folder)).embed_passages(TEXTS)
    assert lowest_cosine(vectors, by_torch(folder)) >= quantising.ENOUGH
    assert list((folder / "openvino").iterdir())


def test_a_model_that_openvino_cannot_run_is_run_by_torch(tmp_path: Path) -> None:
    folder = tiny_models.write(tmp_path / "tiny", MEAN, prompts=PROMPTS)
    in_shards(folder)
    assert not model_folder.is_convertible(folder)
    vectors = EmbeddingModel(str(folder)).embed_passages(TEXTS)
    assert lowest_cosine(vectors, by_torch(folder)) >= 0.9999
    assert not (folder / "openvino").exists()


def in_shards(folder: Path) -> None:
    """As the weights of large models are stored."""
    shard = folder / "model-00001-of-00001.safetensors"
    (folder / "model.safetensors").rename(shard)
    with safe_open(shard, "np") as weights:
        index = {"metadata": {}, "weight_map": dict.fromkeys(weights.keys(), shard.name)}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def test_a_conversion_is_kept_until_the_weights_change(tmp_path: Path) -> None:
    folder = tiny_models.write(tmp_path / "tiny", MEAN)
    first = openvino_conversion.converted(folder, exact=True)
    written = (first / "model.xml").stat().st_mtime_ns
    assert openvino_conversion.converted(folder, exact=True) == first
    assert (first / "model.xml").stat().st_mtime_ns == written
    os.utime(folder / "model.safetensors", (1, 1))
    second = openvino_conversion.converted(folder, exact=True)
    assert second != first
    assert list((folder / "openvino").iterdir()) == [second]


def test_what_was_compiled_is_kept_and_made_anew_when_damaged(folder: Path, tmp_path: Path) -> None:
    """The conversion is taken along."""
    copied = Path(shutil.copytree(folder, tmp_path / "model", ignore=shutil.ignore_patterns("*.blob")))
    vector = EmbeddingModel(str(copied)).embed_query("여권 수수료")
    compiled = sorted(openvino_conversion.kept(copied).glob("*.blob"))
    assert len(compiled) == 2  # of any shape, and of a question's
    sound = [file.stat().st_size for file in compiled]
    for file in compiled:
        file.unlink()
        file.write_bytes(b"half of it")
    assert np.array_equal(EmbeddingModel(str(copied)).embed_query("여권 수수료"), vector)
    assert [file.stat().st_size for file in compiled] == sound


def test_a_question_gets_the_same_vector_alone_as_among_others(folder: Path) -> None:
    """Alone it is computed by the model of fixed shape."""
    question = PROMPTS["query"] + "가나다 서류"
    model = EmbeddingModel(str(folder))
    alone = model.embed_passages([question])
    assert lowest_cosine(alone, model.embed_passages([question, question])[:1]) >= 0.999


def test_a_folder_that_cannot_be_written_is_converted_elsewhere(tmp_path: Path) -> None:
    folder = tiny_models.write(tmp_path / "tiny", MEAN)
    (folder / "openvino").write_text("in the way, also of root")
    made = openvino_conversion.converted(folder, exact=True)
    assert (made / "model.xml").is_file()
    assert not made.is_relative_to(folder)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="경로를 확인"):
        openvino_module.load(tmp_path)
    with pytest.raises(ModelUnavailable, match="ONNURI_EMBEDDING_MODEL"):
        EmbeddingModel(str(tmp_path)).embed_query("가")


def test_a_hub_out_of_reach_is_found_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left to itself, the library tries again and again, for a minute."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="nobody/no-such-model"):
        EmbeddingModel("nobody/no-such-model").embed_query("가")
    assert time.monotonic() - started < 20


def test_a_model_is_named_by_its_content(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "openvino").mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(bytes(200_000))
    name = EmbeddingModel(str(folder)).name
    assert name.startswith("model-")
    (folder / "openvino" / "model.bin").write_bytes(b"made from the rest")
    shutil.copytree(folder, tmp_path / "copy" / "model")
    assert EmbeddingModel(str(tmp_path / "copy" / "model")).name == name
    for at in (0, 199_999):
        content = bytearray(200_000)
        content[at] = 1
        (folder / "model.safetensors").write_bytes(content)
        assert EmbeddingModel(str(folder)).name != name
    assert EmbeddingModel("someone/model").name == "someone/model"


@pytest.mark.parametrize("run", range(3))
def test_the_first_texts_of_a_process_do_not_wait_for_each_other(run: int, folder: Path) -> None:
    """Two threads that came to the first inference together hung in a quarter of such processes."""
    program = (
        "import sys; sys.setswitchinterval(1e-6); from indexing.embedding.model import EmbeddingModel; "
        "print(EmbeddingModel(sys.argv[1]).embed_passages(['가나다 서류'] * 64).shape[0])"
    )
    command = [sys.executable, "-c", program, str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2])
    assert finished.stdout.strip() == "64", finished.stderr
