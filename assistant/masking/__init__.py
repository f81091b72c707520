"""Personal data out of a text before it is stored, logged or sent anywhere.

What institutions publish stays: the city's own phones, nationwide lines, laws and notices, amounts, dates, and the
addresses of public buildings. They are answers, not people. Where a rule cannot tell, it masks.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

from assistant.masking.home_addresses import ADDRESS, addresses
from assistant.masking.person_names import NAME, names
from assistant.masking.spoken import NUMBER, broken_off_numbers, spoken_numbers
from assistant.masking.spoken_email import spoken_emails
from assistant.masking.view import MASKED, View, view
from assistant.masking.written import CITY_EXCHANGE, PUBLIC, RULES

__all__ = ["CITY_EXCHANGE", "NAMES", "Datum", "mask", "replaced", "spans"]

Datum = tuple[int, int, str]
"""``text[start:end]`` is a personal datum called by this Korean name."""

NAMES = frozenset({ADDRESS, NAME, NUMBER, *(rule.name for rule in RULES if rule.name)})


def mask(text: str) -> str:
    """``text`` with each personal datum replaced by its name in brackets; masking twice changes nothing more.

    >>> mask("900101-1234567이고 공일공에 일이삼사에 오육칠팔로 연락 주세요. 시청은 061-749-3114죠?")
    '[주민등록번호]이고 [전화번호]로 연락 주세요. 시청은 061-749-3114죠?'
    """
    return replaced(text, spans(text))


def replaced(text: str, data: Sequence[Datum]) -> str:
    """``text`` with the given data, in order, replaced by their names in brackets."""
    parts = []
    at = 0
    for start, end, name in data:
        parts += [text[at:start], f"[{name}]"]
        at = end
    return "".join([*parts, text[at:]])


def spans(text: str, edges: Sequence[int] = ()) -> list[Datum]:
    """The personal data in ``text``, in order, without overlaps, as half-open spans of characters.

    At ``edges``, offsets at which somebody stopped speaking, a number may be broken off: there its beginning counts.
    """
    seen = view(text, NAMES)
    found: list[Datum] = []
    while more := _found(seen.text):
        found += [(*seen.original(start, end), name) for start, end, name in more]
        seen = _masked(seen, more)  # what was hidden behind a longer match shows now
    if edges:
        seen_edges = [bisect_left(seen.starts, edge) for edge in edges]
        broken = broken_off_numbers(seen.text, seen_edges)
        found += [(*seen.original(start, end), name) for start, end, name in broken]
    return sorted(found)


def _found(text: str) -> list[Datum]:
    """The data that the rules see at once; where two overlap, the earlier rule wins."""
    taken = bytearray(len(text))
    found = []
    for start, end, name in chain(
        _written(text), spoken_emails(text), spoken_numbers(text), addresses(text), names(text)
    ):
        if start < end and taken.find(1, start, end) < 0 and MASKED not in text[start:end]:
            taken[start:end] = b"\x01" * (end - start)
            if name != PUBLIC:
                found.append((start, end, name))
    return sorted(found)


def _written(text: str) -> Iterator[Datum]:
    for name, pattern, _ in RULES:
        group = "datum" if "datum" in pattern.groupindex else 0
        yield from ((*match.span(group), name) for match in pattern.finditer(text))


def _masked(seen: View, data: list[Datum]) -> View:
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, _ in [*data, (len(seen.text), len(seen.text), "")]:
        text.append(seen.text[at:start])
        starts += seen.starts[at:start]
        ends += seen.ends[at:start]
        if start < end:
            text.append(MASKED)
            starts.append(seen.starts[start])
            ends.append(seen.ends[end - 1])
        at = end
    return View("".join(text), starts, ends)
