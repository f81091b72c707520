"""Personal numbers disappear; the city's own numbers stay."""

import pytest

from assistant.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("900101-1234567", "[주민등록번호]"),
        ("9001011234567", "[주민등록번호]"),
        ("900101 - 5234567", "[주민등록번호]"),
        ("제 번호는 010-1234-5678이에요", "제 번호는 [전화번호]이에요"),
        ("01012345678", "[전화번호]"),
        ("02-123-4567", "[전화번호]"),
        ("hong.gildong@example.com로 보내 주세요", "[이메일]로 보내 주세요"),
        ("1234-5678-9012-3456", "[카드번호]"),
        ("농협은행 302-1234-5678-91", "농협은행 [계좌번호]"),
        ("계좌는 123456789012예요", "계좌는 [계좌번호]예요"),
        ("여권 M123A4567", "여권 [여권번호]"),
        ("12가 3456 차량", "[차량번호] 차량"),
        ("123가4567", "[차량번호]"),
        ("11-12-345678-90", "[운전면허번호]"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "061-749-3114로 전화하세요",
        "국번 없이 110, 120, 129",
        "1577-1000, 1588-2188",
        "제12조제3항",
        "2026-11-27부터 2027-01-31까지",
        "수수료 52,000원",
        "58면 10년",
        "30일 이내에 3만원",
        "2026년 11월 27일 18:00",
    ],
)
def test_public_numbers_stay(text: str) -> None:
    assert mask(text) == text
