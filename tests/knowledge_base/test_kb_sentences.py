"""Where sentences end."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.passages import sentences


@pytest.mark.parametrize(
    "parts",
    [
        ["수수료는 5만원입니다.", "문의는 민원과로 하세요."],
        ["얼마예요?", "5만원입니다!", "네."],
        ["2026. 1. 1.부터 시행합니다."],
        ["기한은 2026. 1. 1. 까지입니다.", "늦지 마세요."],
        ["시행일은 2026. 12. 31. 입니다."],
        ["요금은 1.5배입니다."],
        ["3. 수수료는 없습니다."],
        ["가. 신청서를 냅니다.", "나. 심사를 받습니다."],
        ["Q. 얼마인가요?", "A. 5만원입니다."],
        ["사람(예시).", "다음 문장."],
        ['"끝났다."', "그가 말했다."],
        ["누리집은 www.gov.kr 입니다.", "들어오세요."],
        ["할인율은 50%.", "더 없습니다."],
    ],
)
def test_sentences(parts: list[str]) -> None:
    assert sentences.split(" ".join(parts)) == parts
    assert sentences.split("\n".join(parts)) == parts


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences.split("첫 줄\n  둘째 줄 \n\n셋째") == ["첫 줄", "둘째 줄", "셋째"]


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_no_sentence(text: str) -> None:
    assert sentences.spans(text) == []


@given(st.text(st.sampled_from('가나다.?! \n12AQ)"')))
def test_nothing_is_lost_and_spans_are_in_order(text: str) -> None:
    spans = sentences.spans(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    assert sentences.split(text) == [text[a:b] for a, b in spans]


@given(st.dates(), st.sampled_from([" ", ""]))
def test_a_date_never_ends_a_sentence(day: object, space: str) -> None:
    year, month, date = str(day).split("-")
    text = f"요금은 {int(year)}.{space}{int(month)}.{space}{int(date)}. 부터 바뀝니다."
    assert sentences.split(text) == [text]


def test_long_runs_of_spaces_take_no_quadratic_time() -> None:
    started = time.process_time()
    sentences.spans("가" + " " * 200_000 + "나")
    assert time.process_time() - started < 1
