"""Words that say the same, and words that say nothing, as readable lists beside this file."""

from functools import cache
from importlib import resources


def _lines(name: str) -> list[list[str]]:
    text = resources.files("assistant.grounding").joinpath(name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def light_words() -> frozenset[str]:
    """Stems that claim nothing by themselves: 경우, 되다, 드리다."""
    return frozenset(word for line in _lines("light_words.txt") for word in line)


@cache
def same_words() -> dict[str, frozenset[str]]:
    """For each stem, those that may say the same in the evidence."""
    found: dict[str, set[str]] = {}
    for first, *others in _lines("same_words.txt"):
        found.setdefault(first, {first}).update(others)
        for other in others:
            found.setdefault(other, {other}).add(first)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def asking_words() -> frozenset[str]:
    """What a question asks for rather than about: 기간, 나이, 비용; an answer may name it unasked."""
    return frozenset(word for line in _lines("asking_words.txt") for word in line)
