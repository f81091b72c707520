"""Which rows and columns of a table the conditions of a question pick: the ones that name the most of them."""

import re
from collections.abc import Collection, Mapping, Sequence

from assistant.extraction.size import Size, rules_out, sizes

_RATE = re.compile(r"마다|당(?:\s|$)")


def most_named(about: Mapping[int, frozenset[str]]) -> list[int]:
    """The places that are about the most of what is named, and not all are about.

    >>> most_named({1: frozenset({"매트리스", "2인용"}), 2: frozenset({"매트리스"})})
    [1]
    """
    shared = frozenset.intersection(*about.values()) if len(about) > 1 else frozenset()
    most = max((len(each - shared) for each in about.values()), default=0)
    return [n for n, each in about.items() if len(each - shared) == most]


def unasked(names: Mapping[int, str], things: Collection[str], asked: Sequence[Size]) -> set[int]:
    """The places of those columns of prices, by their ``names``, that are for other ``things`` or sizes than asked.

    A rate for each hour or kilometre more goes with the price before it, and beside one no size rules a column out.

    >>> unasked({1: "평일 주간", 2: "평일 야간", 3: "월 정기권"}, {"평일"}, ())
    {3}
    """
    fitting = [n for n, name in names.items() if not rules_out(sizes(name), asked)]
    rates = {n for n, name in names.items() if _RATE.search(name)}
    about = {n: frozenset(thing for thing in things if _begins_word(thing, name)) for n, name in names.items()}
    meant = set(most_named(about if rates or not fitting else {n: about[n] for n in fitting}))
    return names.keys() - meant - {n for n in rates if n - 1 in meant}


def _begins_word(thing: str, text: str) -> bool:
    """Whether a word of ``text`` begins with ``thing``: 봉투 does not tell a 재사용봉투 from others."""
    return re.search(rf"(?<![가-힣]){re.escape(thing)}", text) is not None
