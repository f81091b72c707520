"""What a text names, and how much of that another text mentions."""

from collections.abc import Collection

from indexing.lexical.tokens import Analyzer


def named(text: str, analyzer: Analyzer) -> frozenset[str]:
    """The things ``text`` names, as morphemes; numbers are facts, not things."""
    return frozenset(
        token.form
        for token in analyzer.tokens(text)
        if token.names_thing and not any(character.isdecimal() for character in token.form)
    )


def covered(things: Collection[str], text: str) -> float:
    """The share of ``things`` that ``text`` mentions, also inside compounds; 1 when nothing is named.

    >>> covered({"여권", "수수료"}, "여권발급 안내")
    0.5
    """
    compact = "".join(text.lower().split())
    return sum(thing in compact for thing in things) / len(things) if things else 1.0
