"""What a sentence says: its clauses, and all that it and the question mention."""

from typing import NamedTuple

from assistant.grounding.figures import Figure
from assistant.grounding.mentions import Words
from indexing.lexical.tokens import Token
from knowledge_base.facts.finding import Fact


class Clause(NamedTuple):
    """A clause of the sentence with its content words.

    The words are placed as in ``text``. ``limited`` tells that sentence or question speak of a limit (상한, 최대);
    ``subject`` are its nouns up to the first particle of a subject.
    """

    text: str
    words: tuple[Token, ...]
    figures: tuple[Figure, ...]
    subject: tuple[str, ...]
    limited: bool


class Said(NamedTuple):
    """All that the sentence and the question mention and state; ``asked`` are the question's facts."""

    words: Words
    facts: tuple[Fact, ...]
    asked: tuple[Fact, ...] = ()
