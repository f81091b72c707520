"""The table of citizens' words, and where a question uses them."""

import re

import pytest

from indexing.lexical import synonyms as module
from indexing.lexical.synonyms import synonyms
from indexing.lexical.tokens import Analyzer

ROWS = module._rows()


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("딱지를 떼였는데 얼마예요?", ["주정차 위반 과태료"]),
        ("차에 주차딱지가 붙었어요", ["주정차 위반 과태료"]),  # the longer one, without its space
        ("강아지 등록이랑 물세", ["반려견 반려동물", "수도요금 상수도 사용료"]),
        ("빌리는  값이 얼마죠", ["사용료 대여료"]),
        ("과태료가 얼마예요?", []),
        ("사진딱지", []),  # only where a word begins
        ("", []),
    ],
)
def test_citizens_words_are_found_where_a_word_begins(question: str, official: list[str]) -> None:
    assert [synonym.official for synonym in synonyms(question)] == official


def test_the_places_are_those_of_what_was_said() -> None:
    (found,) = synonyms("혹시 주차 딱지요")
    assert "혹시 주차 딱지요"[found.start : found.end] == "주차 딱지"


def test_every_row_is_a_citizens_word_and_other_words() -> None:
    said = [row.replace(" ", "") for row, _ in ROWS]
    assert len(said) == len(set(said)) > 200
    for row, official in ROWS:
        assert re.fullmatch(r"[가-힣]+( [가-힣]+)*", row), row
        assert len(row) > 1, row  # one syllable begins too many words
        assert row not in official.split(), row


def test_official_words_are_words_to_search_for(analyzer: Analyzer) -> None:
    assert [official for _, official in ROWS if not analyzer.tokens(official)] == []
