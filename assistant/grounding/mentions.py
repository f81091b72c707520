"""What a text mentions: its morphemes, and the text itself without blanks, in every spelling of a name."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from assistant.grounding.vocabulary import same_words
from indexing.lexical.tokens import Token

_WEEKDAY = re.compile(r"\(([월화수목금토일])(?=[,)])")
_OFFICES = re.compile(r"(시[·,/ㆍ]?군[·,/ㆍ]?구)청")
_OPTIONAL = re.compile(r"([가-힣]+)\((\w{1,4})\)([가-힣]+)")


class Words(NamedTuple):
    """What a text mentions: its morphemes, and the text itself without blanks."""

    forms: frozenset[str]
    compact: str

    def mention(self, form: str) -> bool:
        """Whether ``form`` or a word that says the same is mentioned, also inside a compound.

        심하다 is not mentioned by 심하지 않은, whose form is ¬심하, nor 예약 by 예약 없이.
        """
        if f"¬{form}" in self.forms and form not in self.forms:
            return False
        if len(form) > 2 and form[-1] in "와과랑나" and form[:-1] in self.compact:
            return True
        return any(each in self.forms or (len(each) > 1 and each in self.compact) for each in _alike(form))

    def joined(self, other: "Words") -> "Words":
        """What both mention together."""
        return Words(self.forms | other.forms, f"{self.compact}\n{other.compact}")


@cache
def _alike(form: str) -> frozenset[str]:
    plain = form.removeprefix("¬")
    denial = form[: len(form) - len(plain)]
    return frozenset(f"{denial}{each}" for each in same_words().get(plain, (plain,)))


def names(tokens: Iterable[Token]) -> list[str]:
    """The names of things among the tokens of a text, what is written as one word as one: 예방접종관리과.

    >>> names([Token("예방", 0, 2, True), Token("접종", 2, 4, True), Token("번호", 5, 7, True)])
    ['예방접종', '번호']
    """
    return [name for name, _ in placed_names(tokens)]


def placed_names(tokens: Iterable[Token]) -> list[tuple[str, int]]:
    """The names with the place where each ends."""
    found: list[tuple[str, int]] = []
    end = -1
    for token in tokens:
        if token.names_thing:
            before = found.pop()[0] if token.start == end else ""
            found.append((before + token.form, token.end))
        end = token.end if token.names_thing else -1
    return found


def compact(text: str) -> str:
    """The text without blanks, in lower case, (목) as 목요일."""
    return "".join(_WEEKDAY.sub(r"\1요일", text).lower().split())


def spellings(text: str) -> str:
    """The compact text, and after it what it abbreviates: 시·군·구청 is 시청, 군청 or 구청, 보훈(지)청 also 보훈지청.

    >>> spellings("보훈(지)청")
    '보훈(지)청\\n보훈청\\n보훈지청'
    """
    known = compact(text)
    found = [f"{first}청" for each in _OFFICES.finditer(known) for first in each[1] if first.isalpha()]
    for optional in _OPTIONAL.finditer(known):
        found += [optional[1] + optional[3], optional[1] + optional[2] + optional[3]]
    return "\n".join((known, *found))
