"""Bytes to clean text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.errors import UnreadableFile
from knowledge_base.text import clean, decode, one_line

KOREAN = "여권 재발급 수수료는 5만원입니다."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949", "euc-kr"])
def test_decodes_the_encodings_of_korean_offices(encoding: str) -> None:
    assert decode(KOREAN.encode(encoding)) == KOREAN


def test_decodes_utf_16_big_endian_with_its_mark() -> None:
    assert decode(b"\xfe\xff" + KOREAN.encode("utf-16-be")) == KOREAN


def test_cp949_syllables_outside_euc_kr_are_read() -> None:
    assert decode("똠방각하 펲시".encode("cp949")) == "똠방각하 펲시"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        KOREAN.encode("utf-16-le"),  # no byte order mark
        b"x" * 5000 + b"\x00",  # however late the binary part begins
    ],
)
def test_binary_data_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"이진 파일입니다.*CSV, XLSX, Markdown, HTML"):
        decode(data)


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\xef\xbb\xbf\xff", b"\xff\xfea", KOREAN.encode()[:-2] + b"\xff"])
def test_wrong_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="UTF-8로 저장해"):
        decode(data)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (unicodedata.normalize("NFD", "순천시 여권"), "순천시 여권"),
        ("여\u200b권\ufeff 수\u00ad수료", "여권 수수료"),
        ("\u1112\u200b\u1161\u11ab", "한"),  # jamo kept apart by a zero-width space
        ("5만\u00a0원\u3000입\t니다\u2009끝", "5만 원 입 니다 끝"),
        ("가\r\n나\r다\u2028라\u2029마\x0b바\x85사", "가\n나\n다\n라\n마\n바\n사"),
        ("가  \n\n \n\n나   ", "가\n\n나"),
        ("가\x00\x07\x9f나", "가나"),
        ("\u202e민원\u202c", "민원"),
        ("  들여쓴 줄은\n  그대로", "들여쓴 줄은\n  그대로"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text())
def test_clean_text_stays_as_it_is_and_is_nfc(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert len(once.splitlines()) == (once.count("\n") + 1 if once else 0)


@given(st.text())
def test_one_line_has_single_spaces(text: str) -> None:
    assert one_line(text) == " ".join(one_line(text).split(" "))
    assert "\n" not in one_line(text)
    assert "  " not in one_line(text)


def test_a_long_run_of_spaces_is_cleaned_in_no_time() -> None:
    started = time.process_time()
    clean("가" + " " * 300_000 + "나")
    assert time.process_time() - started < 1
