"""Words that say the same, and words that say nothing, as readable lists beside this file."""

from functools import cache
from pathlib import Path

from indexing.lexical.word_list import words

_HERE = Path(__file__).parent


@cache
def light_words() -> frozenset[str]:
    """Stems that claim nothing by themselves: 경우, 되다, 드리다."""
    return frozenset(words(_HERE / "light_words.txt"))


@cache
def same_words() -> dict[str, frozenset[str]]:
    """For each stem, those that may say the same in the evidence."""
    found: dict[str, set[str]] = {}
    lines = (_HERE / "same_words.txt").read_text(encoding="utf-8").splitlines()
    for first, *others in (line.split() for line in lines if line.strip() and not line.startswith("#")):
        found.setdefault(first, {first}).update(others)
        for other in others:
            found.setdefault(other, {other}).add(first)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def asking_words() -> frozenset[str]:
    """What a question asks for rather than about: 기간, 나이, 비용; an answer may name it unasked."""
    return frozenset(words(_HERE / "asking_words.txt"))
