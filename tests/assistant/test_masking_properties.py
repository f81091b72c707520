"""Any text: masked once and for all, in linear time, and never a reason to fail."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.masking import NAMES, mask, spans
from assistant.masking.live import mask_growing

LONG = 100_000
LONGEST_NAME = max(map(len, NAMES)) + 2
SHORTEST_DATUM = 2
pieces = st.sampled_from(
    [
        *(
            "010-1234-5678",
            "900101-1234567",
            "공일공에 ",
            "일이삼사",
            "오육칠팔이요",
            "061-749-3114",
            "1577-1234",
            "12가 3456",
        ),
        *(
            "저는 ",
            "이름은 ",
            "김철수",
            "홍길동",
            "인데요",
            "라고 합니다",
            "님",
            " 씨",
            "주소는 ",
            "순천시 ",
            "장천2길 5",
            " 101동 1203호",
        ),
        *(
            "계좌 ",
            "농협 ",
            "302-1234-5678-91",
            "여권번호 ",
            "M12345678",
            "골뱅이 ",
            "네이버 점 컴",
            "hong@",
            "naver.com",
            "생년월일은 ",
        ),
        *(
            "[전화번호]",
            "[이름]",
            "[",
            "]",
            "\n",
            " ",
            ", ",
            "-",
            "어 ",
            "네 ",
            "1",
            "구",
            "이",
            "각",
            "１",
            "\u200b",
            "\ue000",
            "에",
        ),
    ]
)
texts = st.one_of(st.text(), st.lists(pieces, max_size=12).map("".join))


@settings(max_examples=250, deadline=None)
@given(texts)
def test_masking_is_final(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked


@settings(max_examples=150, deadline=None)
@given(texts)
def test_spans_are_in_order_apart_and_inside(text: str) -> None:
    data = spans(text)
    assert all(start < end <= len(text) and name in NAMES for start, end, name in data)
    assert all(before[1] <= after[0] for before, after in pairwise(data))
    assert len(mask(text)) <= len(text) * LONGEST_NAME / SHORTEST_DATUM


@settings(max_examples=250, deadline=None)
@given(texts, texts)
def test_what_a_growing_text_shows_stays_whatever_is_said_next(heard: str, next_heard: str) -> None:
    assert mask(heard + next_heard).startswith(mask_growing(heard))


HOSTILE = {
    "digits": "1",
    "spoken digits": "일",
    "hyphens": "1-",
    "at signs": "a@",
    "spelled": "에이 ",
    "golbaengi": "골뱅이 ",
    "introductions": "저는 김철수입니다. 저는 박영희입니다. ",
    "places": "순천시 ",
    "streets": "중앙로 1 ",
    "flats": "101동 ",
    "buildings": "아파트 ",
    "syllables": "가",
    "banks": "은행 ",
    "half a phone": "0 1 0 ",
    "half a resident number": "900101-",
    "pauses": "공 어 ",
    "plates": "12가 ",
    "births": "생년월일 ",
    "brackets": "[",
    "masked": "[전화번호]",
    "decomposed": "\u1100\u1161\u11a8",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    """By CPU time, which other processes do not lengthen; quadratic rules take minutes here."""
    text = (unit * (LONG // len(unit)))[:LONG]
    began = time.process_time()
    mask(text)
    mask_growing(text[: LONG // 10])
    assert time.process_time() - began < 5


def test_an_ordinary_utterance_takes_less_than_a_millisecond() -> None:
    said = "여권 재발급 수수료가 얼마인지 궁금해서 전화드렸는데요 제가 잃어버린 지 한 달쯤 됐거든요 어떻게 하면 될까요?"
    mask(said)
    took = []
    for _ in range(50):
        began = time.process_time()
        mask(said)
        took.append(time.process_time() - began)
    assert sorted(took)[25] < 0.001
