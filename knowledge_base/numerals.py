"""Korean numbers to values: 30,000 = 3만 = 삼만, 한 = 1, 스물 = 20."""

import re
from decimal import Decimal

_DIGITS = {character: value for value, character in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
_NATIVE = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열두": 12, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60,
}  # fmt: skip

ARABIC = r"\d[\d,]*(?:\.\d+)?(?:\s?(?:억|만|천|백)(?:\s?\d[\d,]*(?:\.\d+)?)?)*"
SINO = r"[일이삼사오육륙칠팔구십백천만억][일이삼사오육륙칠팔구십백천만억\s]*"
NATIVE = "|".join(sorted(_NATIVE, key=len, reverse=True))


def value(text: str) -> Decimal | None:
    """The value of a number in any spelling, or None when ``text`` is not one.

    >>> [str(value(text)) for text in ("30,000", "3만 5천", "1.5만", "삼만오천", "스무", "장롱")]
    ['30000', '35000', '15000', '35000', '20', 'None']
    """
    compact = re.sub(r"[\s,]", "", text)
    if compact in _NATIVE:
        return Decimal(_NATIVE[compact])
    total = section = Decimal(0)
    digits = ""
    for character in compact:
        if character.isdecimal() or character == ".":
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
