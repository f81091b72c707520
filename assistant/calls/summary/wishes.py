"""What a caller says of their own accord that is about something, for a call in which no question was found."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.calls.clauses import clauses
from assistant.calls.needs import says_nothing
from assistant.calls.utterance import Speaker, Utterance
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer

LEAST_NAMED = 2
"""Things that a clause must name to be about something."""


class Wish(NamedTuple):
    """A clause of the caller, cleaned, and the line it was said in."""

    line: int
    text: str


def wishes(said: Sequence[Utterance], analyzer: Analyzer) -> Iterator[Wish]:
    """The clauses that are about something, in order."""
    for each in said:
        if each.speaker is Speaker.CALLER:
            for clause in clauses(each):
                if not says_nothing(clause.text) and len(named(clause.text, analyzer)) >= LEAST_NAMED:
                    yield Wish(each.line, clause.text)
