"""Hangul syllables by how they end: Korean grammar is often told by a final consonant alone (신청한, 신청할, 됐)."""


def syllables(final: int) -> str:
    """Every Hangul syllable with the final consonant of this number (0 to 27).

    >>> [letter in syllables(4) for letter in "간가각"]
    [True, False, False]
    """
    return "".join(chr(code) for code in range(0xAC00 + final, 0xD7A4, 28))
