"""Words of a question that the knowledge base does not know, mended to the nearest one that it knows.

A typing or hearing error mostly hits one letter of one syllable (장헉금, 임필란트). It costs twice: the words
are not found, and Kiwi takes what it does not know apart.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexing.lexical.tokens import Token

SHORTEST, LONGEST = 3, 10  # syllables; of two, too many are one letter apart (여권, 여건)
FIRMEST = 4  # syllables from which the last one may be wrong; in shorter words it is often an ending (자세히, 자세하)
FREQUENT = 2  # chunks; a word that is there once may itself be an error

_WORD = re.compile(r"(?<!\w)[가-힣]+")
_FIRST, _VOWELS, _FINALS = ord("가"), 21, 28


class Spelling:
    """The words of an index, by how many chunks each occurs in; may be asked by several threads at once."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._frequencies = frequencies
        by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word, frequency in frequencies.items():
            if SHORTEST <= len(word) <= LONGEST and frequency >= FREQUENT and _WORD.fullmatch(word):
                by_length[len(word)].append(word)
        self._words = {length: (words, np.stack(list(map(_codes, words)))) for length, words in by_length.items()}

    def mended(self, question: str, tokens: Sequence[Token]) -> str:
        """``question`` with its strange words mended; ``tokens`` are its own.

        >>> Spelling({"장학금": 5, "신청": 9}).mended("장헉금을 신청", [Token("장헉금", 0, 3, True, is_known=False)])
        '장학금을 신청'
        """
        strange = _strange(tokens)
        return _WORD.sub(lambda word: self._mended(word[0]) if word.start() in strange else word[0], question)

    def _mended(self, word: str) -> str:
        for length in range(min(len(word), LONGEST), SHORTEST - 1, -1):
            if word[:length] in self._frequencies:
                break
            if nearest := self._nearest(word[:length]):
                return nearest + word[length:]
        return word

    def _nearest(self, word: str) -> str | None:
        """The most frequent of the words that are one letter of one syllable apart; None when there is none."""
        words, codes = self._words.get(len(word), ((), None))
        if codes is None:
            return None
        wrong = codes != _codes(word)
        candidates = wrong.sum(axis=1) == 1
        if len(word) < FIRMEST:
            candidates &= ~wrong[:, -1]
        places = np.flatnonzero(candidates)
        near = [words[place] for place in places if _one_letter_apart(words[place], word)]
        return max(near, key=self._frequencies.__getitem__, default=None)


def _strange(tokens: Sequence[Token]) -> frozenset[int]:
    """Where tokens begin that no dictionary has, or that are single syllables side by side (임필란트)."""
    crumbs = (
        first.start
        for first, second in pairwise(tokens)
        if first.end == second.start == first.start + 1 and second.end == second.start + 1
    )
    return frozenset(token.start for token in tokens if not token.is_known).union(crumbs)


def _codes(word: str) -> NDArray[np.uint16]:
    return np.frombuffer(word.encode("utf-16-le"), dtype=np.uint16)


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether two words of the same length, apart in one syllable, differ in one letter of it.

    >>> _one_letter_apart("장학금", "장헉금"), _one_letter_apart("장학금", "장님금")
    (True, False)
    """
    ((a, b),) = ((_letters(a), _letters(b)) for a, b in zip(one, other, strict=True) if a != b)
    return sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _letters(syllable: str) -> tuple[int, int, int]:
    """Initial consonant, vowel and final consonant, numbered."""
    number = ord(syllable) - _FIRST
    return number // (_VOWELS * _FINALS), number // _FINALS % _VOWELS, number % _FINALS
