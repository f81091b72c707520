"""A text as the masking rules read it, with the way back to the text as it was written.

Full-width digits, decomposed Hangul, odd dashes and spaces, and invisible characters all read like their plain
forms; what is masked already reads as one mark that no rule looks through.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

MASKED = "\ue000"
"""Stands for one masked datum. Rules take it for a digit and for a letter, so that nothing new is found next to
it when a masked text is masked again."""

_DASHES = "\u00ad\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u30fc\u3161\ufe58\ufe63\uff0d\uff70"
_ODD = re.compile(
    "\\[[가-힣]{2,7}\\]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]|[^\n -~가-힣]"
)


class View(NamedTuple):
    """``text[i]`` stands for ``original[starts[i]:ends[i]]``."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` stands for; it must not be empty."""
        return self.starts[start], self.ends[end - 1]


def view(text: str, names: frozenset[str]) -> View:
    """``text`` as the rules read it; ``[name]`` of one of ``names`` reads as MASKED.

    >>> view("０１０－1234 [전화번호]", frozenset({"전화번호"})).text == "010-1234 " + MASKED
    True
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0

    def plain(until: int) -> None:
        parts.append(text[at:until])
        starts.extend(range(at, until))
        ends.extend(range(at + 1, until + 1))

    for odd in _ODD.finditer(text):
        shown = _shown(odd[0], names)
        if shown is not None:
            plain(odd.start())
            at = odd.end()
            parts.append(shown)
            starts.extend([odd.start()] * len(shown))
            ends.extend([odd.end()] * len(shown))
    plain(len(text))
    return View("".join(parts), starts, ends)


def _shown(odd: str, names: frozenset[str]) -> str | None:
    """What an odd piece of text reads as: '' for nothing, None for what it is."""
    if odd[0] == "[":
        return MASKED if odd[1:-1] in names else None
    if len(odd) > 1:
        return unicodedata.normalize("NFC", odd)
    if odd in _DASHES:
        return "-"
    category = unicodedata.category(odd)
    if odd in "\r\u2028\u2029\u0085":
        return "\n"
    if category == "Zs" or odd == "\t":
        return " "
    if category in ("Cf", "Cc", "Mn", "Me", "Cn"):
        return ""
    if category == "Co":
        return "\ufffd"
    shown = unicodedata.normalize("NFKC", odd)
    return shown if len(shown) == 1 and shown not in " \n" else None
