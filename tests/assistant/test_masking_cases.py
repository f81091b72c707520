"""What callers say, case by case: ``data/masking_cases.jsonl`` marks each personal datum as ``«…»`` or ``«kind|…»``.

The kind ``아님`` holds what looks personal and is not: none of it may be masked.
"""

import json
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.masking import NAMES, mask, spans
from assistant.masking.live import mask_growing

_DATUM = re.compile(r"«(?:([^|»]+)\|)?([^»]+)»")
_NOT = "아님"
CASES = [
    (case["kind"], case["said"])
    for line in (Path(__file__).parent / "data" / "masking_cases.jsonl").read_text(encoding="utf-8").splitlines()
    for case in [json.loads(line)]
]


def said(marked: str) -> str:
    return _DATUM.sub(r"\2", marked)


def expected(kind: str, marked: str) -> str:
    return _DATUM.sub(lambda datum: f"[{datum[1] or kind}]", marked)


@pytest.mark.parametrize(("kind", "marked"), CASES)
def test_personal_data_and_nothing_else_is_masked(kind: str, marked: str) -> None:
    masked = mask(said(marked))
    assert masked == expected(kind, marked)
    assert mask(masked) == masked


@pytest.mark.parametrize(("kind", "marked"), CASES)
def test_a_growing_transcript_never_takes_back_what_it_showed(kind: str, marked: str) -> None:
    """Whatever part has been heard so far: what is shown is the beginning of the whole, masked."""
    text = said(marked)
    whole = mask(text)
    shown = [mask_growing(text[:heard]) for heard in range(len(text) + 1)]
    assert all(whole.startswith(part) for part in shown)
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))


@pytest.mark.parametrize(("kind", "marked"), CASES)
def test_decomposed_hangul_is_masked_all_the_same(kind: str, marked: str) -> None:
    masked = mask(unicodedata.normalize("NFD", said(marked)))
    assert unicodedata.normalize("NFC", masked) == expected(kind, marked)


def test_spans_are_of_the_text_as_written() -> None:
    text = "저는 김철수이고\u200b 번호는 ０１０－１２３４-5678이에요"
    assert [(text[start:end], name) for start, end, name in spans(text)] == [
        ("김철수", "이름"),
        ("０１０－１２３４-5678", "전화번호"),
    ]


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = Counter(kind for kind, _ in CASES)
    assert len(CASES) == len(set(CASES)) >= 250
    assert kinds[_NOT] >= 100
    assert kinds.keys() >= NAMES


def test_a_live_caption_is_shown_up_to_the_number_being_read_out() -> None:
    said_so_far = "저는 김철수인데요 여권을 잃어버려서 전화했는데요 제 번호가 공일공에 일이삼사"
    assert mask_growing(said_so_far) == "저는 [이름]인데요 여권을 잃어버려서 전화했는데요 "
