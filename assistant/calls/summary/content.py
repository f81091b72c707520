"""What a sentence says, whatever its endings: to see whether it was said before."""

from itertools import groupby
from typing import NamedTuple

from assistant.calls.summary.sentences import Sentence
from assistant.grounding.polarity import denies

_NUMBERS = frozenset({"NR", "SN", "W_SERIAL"})
_WORDS = frozenset({"NNG", "NNP", "SL", "VV", "VA", "XR", "MAG"})


class Content(NamedTuple):
    """Words and whole numbers, and whether they are denied."""

    words: frozenset[str]
    denied: bool

    def repeats(self, other: "Content") -> bool:
        """Whether all of it was in ``other``, and as it is here: 십오만 원 is not in 오십만 원."""
        return self.denied is other.denied and self.words <= other.words


def content(sentence: Sentence) -> Content:
    """The content of a sentence."""
    words = {each.form for each in sentence.morphemes if each.tag in _WORDS}
    for is_number, run in groupby(sentence.morphemes, key=lambda each: each.tag in _NUMBERS):
        if is_number:
            words.add("".join(each.form for each in run))
    return Content(frozenset(words), denies(sentence.text))
