"""Hangul syllables by how they end: Korean grammar is often told by a final consonant alone (신청한, 신청할, 됐)."""

NIEUN, RIEUL, BIEUP = 4, 8, 17
"""Final consonants by their number in Unicode's order, in which 0 is none."""
_FIRST, _AFTER, _FINALS = 0xAC00, 0xD7A4, 28


def final(letter: str) -> int:
    """The number (0 to 27) of the final consonant of ``letter``; 0 also where that is no Hangul syllable, or nothing.

    >>> [final(letter) for letter in "가간갑a"]
    [0, 4, 17, 0]
    """
    return (ord(letter) - _FIRST) % _FINALS if "가" <= letter <= "힣" else 0


def with_final(syllable: str, number: int) -> str:
    """A Hangul syllable with this final consonant in the place of its own.

    >>> with_final("하", BIEUP), with_final("한", BIEUP)
    ('합', '합')
    """
    return chr(ord(syllable) - final(syllable) + number)


def syllables(number: int) -> str:
    """Every Hangul syllable with the final consonant of this number (0 to 27).

    >>> [letter in syllables(NIEUN) for letter in "간가각"]
    [True, False, False]
    """
    return "".join(chr(code) for code in range(_FIRST + number, _AFTER, _FINALS))
