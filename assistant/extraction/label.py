"""What a line says first that it is on: 신청기간 of "2. 신청기간: 12. 1. ~ 12. 7.".

A label is the question that its line answers, so it is read as one: 신청기간 asks when, 접수처 where, 보수 how much.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from assistant.extraction.answer_type import MONEY, WHEN, Wanted, wanted
from assistant.extraction.aspect import Aspect, aspects

_SORTS = (
    (re.compile(r"[가-힣]일$|납기"), WHEN),
    (
        re.compile(
            r"금액|세액|임금|보수|급여|[시일월]급|일당|수당|보조금|지원금|장려금|보증금|단가|[가-힣][료비]$|요금|가격|지원\s?내용"
        ),
        MONEY,
    ),
    (re.compile("인원|정원"), Wanted(frozenset(), frozenset({"명"}))),
)
"""What is asked for by a label alone: nobody who asks about 아동수당 need mean its amount."""
_BEFORE = re.compile(r"당초|종전|기존$|(?:변경|정정|조정|인상)\s?전")
_ALIKE = (("신청", "접수", "모집", "예약", "예매", "응모", "원서"), ("결과", "발표", "통보"))
"""What a notice may call one thing that it does."""


def is_before(label: str) -> bool:
    """Whether the line tells what was before a change."""
    return _BEFORE.match(label) is not None


def is_asked(label: str, sort: Wanted | None, asked: frozenset[Aspect]) -> bool | None:
    """Whether a label asks for this sort of fact or one of these sides; None where one of the two asks for nothing.

    >>> when = wanted("언제 해요?")
    >>> [is_asked(label, when, frozenset()) for label in ("일시", "준비물", "개막식")]
    [True, False, None]
    """
    named, sides = _asks(label)
    if (sort is not None and named is not None and sort.is_within(named)) or sides & asked:
        return True
    return False if (named or sides) and (sort or asked) else None


def asks(label: str) -> bool:
    """Whether a label asks for anything known: 신청기간 does, 개막식 and 장애인 do not."""
    return any(_asks(label))


def named_share(things: Collection[str], label: str) -> float:
    """The share of ``things`` that a label names, by another word too; a syllable alone is found anywhere.

    >>> named_share({"신청", "교실"}, "접수기간")
    0.5
    """
    words = [thing for thing in things if len(thing) > 1]
    return sum(any(each in label for each in _alike(word)) for word in words) / len(words) if words else 0.0


def _alike(word: str) -> tuple[str, ...]:
    return next((group for group in _ALIKE if word in group), (word,))


@lru_cache(maxsize=4096)
def _asks(label: str) -> tuple[Wanted | None, frozenset[Aspect]]:
    named = wanted(label) or next((sort for pattern, sort in _SORTS if pattern.search(label)), None)
    return named, aspects(label)
