"""Automatic numbers of paragraphs (제1조, 가., ①): shown by a word processor, but not stored in the text."""

import re
from enum import StrEnum
from typing import NamedTuple


class Figures(StrEnum):
    """How a number is written; in the order of the codes of an HWP file, named as in HWPX."""

    DIGIT = "DIGIT"
    CIRCLED_DIGIT = "CIRCLED_DIGIT"
    ROMAN_CAPITAL = "ROMAN_CAPITAL"
    ROMAN_SMALL = "ROMAN_SMALL"
    LATIN_CAPITAL = "LATIN_CAPITAL"
    LATIN_SMALL = "LATIN_SMALL"
    CIRCLED_LATIN_CAPITAL = "CIRCLED_LATIN_CAPITAL"
    CIRCLED_LATIN_SMALL = "CIRCLED_LATIN_SMALL"
    HANGUL_SYLLABLE = "HANGUL_SYLLABLE"
    CIRCLED_HANGUL_SYLLABLE = "CIRCLED_HANGUL_SYLLABLE"
    HANGUL_JAMO = "HANGUL_JAMO"
    CIRCLED_HANGUL_JAMO = "CIRCLED_HANGUL_JAMO"
    HANGUL_PHONETIC = "HANGUL_PHONETIC"
    IDEOGRAPH = "IDEOGRAPH"
    CIRCLED_IDEOGRAPH = "CIRCLED_IDEOGRAPH"

    @classmethod
    def named(cls, name: str) -> "Figures":
        """Of an attribute of HWPX (``HANGUL_SYLLABLE``) or HWPML (``HangulSyllable``); digits for one unknown."""
        plain = name.replace("_", "").upper()
        return next((figures for figures in cls if figures.replace("_", "") == plain), cls.DIGIT)

    @classmethod
    def coded(cls, code: int) -> "Figures":
        """Of a code in an HWP file; digits for one unknown."""
        return list(cls)[code] if code < len(cls) else cls.DIGIT


_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_INITIALS = (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)  # ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ among the 19 of Unicode
_VOWELS = (0, 4, 8, 13, 18, 20)  # 가…하, then 거…허, 고…호, 구…후, 그…흐, 기…히, as laws count their 목
_RUNS = {
    Figures.LATIN_CAPITAL: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    Figures.LATIN_SMALL: "abcdefghijklmnopqrstuvwxyz",
    Figures.CIRCLED_LATIN_CAPITAL: "".join(map(chr, range(0x24B6, 0x24D0))),
    Figures.CIRCLED_LATIN_SMALL: "".join(map(chr, range(0x24D0, 0x24EA))),
    Figures.HANGUL_SYLLABLE: "".join(chr(0xAC00 + i * 588 + v * 28) for v in _VOWELS for i in _INITIALS),
    Figures.CIRCLED_HANGUL_SYLLABLE: "".join(map(chr, range(0x326E, 0x327C))),
    Figures.HANGUL_JAMO: "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    Figures.CIRCLED_HANGUL_JAMO: "".join(map(chr, range(0x3260, 0x326E))),
    Figures.CIRCLED_IDEOGRAPH: "".join(map(chr, range(0x3280, 0x328A))),
    Figures.CIRCLED_DIGIT: "".join(map(chr, [*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)])),
}
_TENS = {Figures.HANGUL_PHONETIC: ("일이삼사오육칠팔구", "십"), Figures.IDEOGRAPH: ("一二三四五六七八九", "十")}
_PLACE = re.compile(r"\^([1-9nN])")


def written(number: int, figures: Figures) -> str:
    """A number in figures, in digits where those have no sign for it.

    >>> [written(4, figures) for figures in (Figures.HANGUL_SYLLABLE, Figures.ROMAN_CAPITAL, Figures.CIRCLED_DIGIT)]
    ['라', 'IV', '④']
    """
    if figures in (Figures.ROMAN_CAPITAL, Figures.ROMAN_SMALL) and 0 < number < 4000:
        return _roman(number) if figures is Figures.ROMAN_CAPITAL else _roman(number).lower()
    if figures in _TENS and 0 < number < 100:
        ones, ten = _TENS[figures]
        tens, one = divmod(number, 10)
        return ("" if tens < 2 else ones[tens - 1]) + (ten if tens else "") + (ones[one - 1] if one else "")
    run = _RUNS.get(figures, "")
    return run[number - 1] if 0 < number <= len(run) else str(number)


def _roman(number: int) -> str:
    letters = ""
    for value, letter in _ROMAN:
        letters += letter * (number // value)
        number %= value
    return letters


class Level(NamedTuple):
    """How one depth of a numbering reads: ``^1`` in the template is the number at the first depth."""

    template: str
    figures: Figures = Figures.DIGIT
    start: int = 1


Numbering = tuple[Level, ...]
_PLAIN: Numbering = (Level("^1."),)


class Counter:
    """The numbers of one document so far, each numbering on its own."""

    def __init__(self) -> None:
        self._numbers: dict[object, list[int]] = {}

    def label(self, key: object, numbering: Numbering, depth: int) -> str:
        """What stands before the next paragraph ``depth`` (from 0) levels deep; empty for a level without number.

        >>> counter, law = Counter(), (Level("제^1조"), Level("^2", Figures.CIRCLED_DIGIT))
        >>> [counter.label(1, law, depth) for depth in (0, 1, 1, 0, 1)]
        ['제1조', '①', '②', '제2조', '①']
        """
        levels = numbering or _PLAIN
        depth = min(depth, len(levels) - 1)
        numbers = self._numbers.setdefault(key, [])
        if len(numbers) > depth:
            numbers[depth:] = [numbers[depth] + 1]
        else:  # depths left out count as begun: 4. is followed by 4.1.1.
            numbers += [level.start for level in levels[len(numbers) : depth + 1]]
        return _PLACE.sub(lambda place: _number(place[1], numbers, levels), levels[depth].template).strip()


def _number(place: str, numbers: list[int], levels: Numbering) -> str:
    depth = int(place) - 1 if place.isdecimal() else len(numbers) - 1
    if depth >= len(numbers):
        return ""
    return written(numbers[depth], levels[depth].figures)
