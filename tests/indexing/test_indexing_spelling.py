"""Mended words: typing errors are put right by what the index knows, and sound words never are."""

import pytest

from indexing.lexical.spelling import Spelling
from indexing.lexical.tokens import Analyzer

WORDS = {
    "장학금": 4,
    "임플란트": 3,
    "중증장애인": 9,
    "장애인": 20,
    "보훈대상자": 5,
    "부담금": 6,
    "한번쓴말": 1,
    "여권": 9,
}


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("장헉금을 받나요", "장학금을 받나요"),  # a vowel
        ("임필란트", "임플란트"),  # Kiwi takes it to pieces
        ("보훈데상자의 자격", "보훈대상자의 자격"),
        ("준증장애인 지원", "중증장애인 지원"),
        ("창애인", "장애인"),  # a consonant
        ("장헉금과 임필란트", "장학금과 임플란트"),
    ],
)
def test_a_word_with_one_wrong_letter_is_mended(spelling: Spelling, analyzer: Analyzer, typed: str, meant: str) -> None:
    assert spelling.mended(typed, analyzer.tokens(typed)) == meant


@pytest.mark.parametrize(
    "sound",
    [
        "장학금을 받나요",
        "부담감이 큽니다",  # a word of its own, beside 부담금
        "부담감",
        "여건",  # two syllables
        "장헉글",  # two wrong
        "2장헉금",  # no word begins there
        "한번쓸말",  # what the index has once may be wrong itself
        "",
        "!?",
    ],
)
def test_other_words_stay(spelling: Spelling, analyzer: Analyzer, sound: str) -> None:
    assert spelling.mended(sound, analyzer.tokens(sound)) == sound


def test_the_more_frequent_of_two_words_is_meant(analyzer: Analyzer) -> None:
    spelling = Spelling({"프로그램": 2, "프로그람": 7})
    assert spelling.mended("프로그렘", analyzer.tokens("프로그렘")) == "프로그람"


def test_an_empty_index_mends_nothing(analyzer: Analyzer) -> None:
    assert Spelling({}).mended("장헉금", analyzer.tokens("장헉금")) == "장헉금"
