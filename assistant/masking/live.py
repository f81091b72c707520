"""A transcript that is still growing, masked as far as it is settled."""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.masking import NAMES, Datum, replaced, spans
from assistant.masking.home_addresses import PLACE_PART, PLACE_WORD
from assistant.masking.spoken import spoken_tail
from assistant.masking.spoken_email import SPELLED
from assistant.masking.view import view

_WORD = re.compile(r"\S+")
_ALWAYS_OPEN = 3  # words: 김 철 수 is one name
_OPEN = re.compile(r".*[0-9@,].*|.{1,2}|.*골뱅이.*|.*(?:동|호|길|로|번지|점|쩜|닷|성함은|이름은)")
_PART_OF_BUILDING = re.compile("[0-9]{1,2}(?:차|단지)")  # of one whose name comes before it
_MOST_WORDS = 40


def mask_growing(text: str, start: int = 0) -> str:
    """The masked beginning of ``text[start:]`` that stays as it is whatever is said next; it only grows with ``text``.

    What comes before ``start`` was said before, up to a stop. The last words and every number, place or spelled word
    before them wait until what follows says what they are.

    >>> mask_growing("저는 김철수인데요 여권을 잃어버려서 전화했는데요 제 번호가 공일공에 일이삼사")
    '저는 [이름]인데요 여권을 잃어버려서 전화했는데요 '
    """
    data = spans(text, [start])
    settled = _settled(text)
    end = max(start, min([settled, *(first for first, last, _ in data if last > settled)]))
    return replaced(text[start:end], beyond(start, [datum for datum in data if datum[1] <= end]))


def beyond(start: int, data: Sequence[Datum]) -> list[Datum]:
    """What of the data in a text lies in ``text[start:]``, counted from there.

    >>> beyond(10, [(2, 5, "이름"), (6, 14, "전화번호")])
    [(0, 4, '전화번호')]
    """
    return [(max(first - start, 0), last - start, name) for first, last, name in data if last > start]


def _settled(text: str) -> int:
    seen = view(text, NAMES)
    words = list(_WORD.finditer(seen.text))
    start = words[-_ALWAYS_OPEN].start() if len(words) > _ALWAYS_OPEN else 0
    start = min(start, spoken_tail(seen.text))
    for word, following in reversed([pair for pair in pairwise(words) if pair[0].start() < start][-_MOST_WORDS:]):
        if not (_is_open(word[0]) or _PART_OF_BUILDING.match(following[0])):
            break
        start = word.start()
    return seen.starts[start] if start < len(seen.text) else len(text)


def _is_open(word: str) -> bool:
    parts = PLACE_PART.findall(word)
    return bool(_OPEN.fullmatch(word) or SPELLED.fullmatch(word) or (parts and PLACE_WORD.fullmatch(parts[-1])))
