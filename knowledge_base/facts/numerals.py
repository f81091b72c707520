"""Korean numbers to values: 30,000 = 3만 = 삼만, 예순다섯 = 65, 사흘 = 3 (days)."""

import re
from decimal import Decimal

_DIGITS = {character: value for value, character in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
_ONES = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "서": 3, "넷": 4, "네": 4, "넉": 4, "너": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90,
}  # fmt: skip
_NATIVE = _ONES | _TENS | {ten + one: _TENS[ten] + _ONES[one] for ten in _TENS for one in _ONES}
_DAYS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
}  # fmt: skip
DAY_WORDS: dict[str, int] = (
    _DAYS
    | {f"열{word}": 10 + days for word, days in _DAYS.items()}
    | {"열흘": 10, "보름": 15, "스무날": 20, "스무하루": 21, "일주일": 7}
)
"""Words that count days by themselves."""

_FIGURES = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_SCALE = r"(?:[억만천백]|조(?=[\s\d,억만천백]*원)|십(?=[\s\d]*[만원]))"
ARABIC = rf"{_FIGURES}(?:\s?{_SCALE}(?:\s?{_FIGURES})?)*"
"""A number with figures. 2,3 are two; 조 and 십 count only what is paid, not 제32조 or 십자."""
SINO = r"[일이삼사오육륙칠팔구십백천만억][일이삼사오육륙칠팔구십백천만억\s]*"
NATIVE = "|".join(sorted(_NATIVE, key=len, reverse=True))


def value(text: str) -> Decimal | None:
    """The value of a number in any spelling, or None when ``text`` is not one.

    >>> [str(value(text)) for text in ("30,000", "3만 5천", "1.5만", "삼만오천", "스무", "예순다섯", "1.2.3", "장롱")]
    ['30000', '35000', '15000', '35000', '20', '65', 'None', 'None']
    """
    compact = re.sub(r"[\s,]", "", text)
    if compact in _NATIVE:
        return Decimal(_NATIVE[compact])
    total = section = Decimal(0)
    digits = ""
    for character in compact:
        if character.isdecimal() or (character == "." and "." not in digits):
            digits += character
        elif character in _DIGITS:
            digits += str(_DIGITS[character])
        elif character in _SMALL:
            section += _number(digits, 1) * _SMALL[character]
            digits = ""
        elif character in _LARGE:
            total += (section + _number(digits, 0 if section else 1)) * _LARGE[character]
            section, digits = Decimal(0), ""
        else:
            return None
    result = total + section + _number(digits, 0)
    return result.normalize() + 0 if compact else None


def _number(digits: str, empty: int) -> Decimal:
    return Decimal(digits.strip(".")) if digits.strip(".") else Decimal(empty)
