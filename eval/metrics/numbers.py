"""Key-number recall: how many of the reference answer's numbers an answer gives.

In a call centre the numbers (fees, ages, days, phone numbers) are what must not be lost. Digits with their
Korean unit are compared by value, so that 3만원 equals 30,000원. Numbers written out in words (삼만원) are
not seen, and sums of units are not put together (1만 5천원 is 10,000 and 5,000).
"""

import re
import unicodedata
from decimal import Decimal

_UNITS = {"천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7, "억": 10**8}
_NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*(십만|백만|천만|천|만|억)?")


def numbers(text: str) -> frozenset[Decimal]:
    """The values of the numbers in ``text``; full-width digits count as digits.

    >>> sorted(numbers("월 3만원(30,000원), 65세 이상"))
    [Decimal('65'), Decimal('30000')]
    """
    found = _NUMBER.findall(unicodedata.normalize("NFKC", text))
    return frozenset(Decimal(digits.replace(",", "")) * _UNITS.get(unit, 1) for digits, unit in found)


def number_recall(reference: str, answer: str) -> float | None:
    """The share of the reference's numbers that the answer gives; None when the reference has none.

    >>> number_recall("65세 이상은 3만원을 감면합니다.", "30,000원이 감면됩니다.")
    0.5
    """
    wanted = numbers(reference)
    return len(wanted & numbers(answer)) / len(wanted) if wanted else None
