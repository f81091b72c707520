"""How the words of a clause fit a part of the evidence: which it does not mention, or only elsewhere."""

from typing import NamedTuple

from assistant.grounding.reading import Part, Source
from assistant.grounding.said import Clause
from assistant.grounding.vocabulary import asking_words


class WordFit(NamedTuple):
    """The clause's words that the evidence does not mention, mentions elsewhere or beside the part."""

    new: tuple[str, ...]
    elsewhere: tuple[str, ...]
    beside: tuple[str, ...]
    matched: float


def word_fit(clause: Clause, part: Part, source: Source) -> WordFit:
    """The words of ``clause`` against ``part``; what questions only ask for (기간, 금액) is never new."""
    new, elsewhere, beside = [], [], []
    matched = 0.0
    for word in clause.words:
        if part.context.mention(word.form):
            exact = 1.0 if word.form in part.context.forms else 0.7
            near = 1.0 if part.own.mention(word.form) else 0.6
            matched += (1.0 if word.names_thing else 0.7) * exact * near
        elif part.around.mention(word.form):
            beside.append(word.form)
        elif source.whole.mention(word.form):
            elsewhere.append(word.form)
        elif word.names_thing and len(word.form) > 1 and word.form not in asking_words():
            # one syllable is as likely a piece of a compound
            new.append(word.form)
    return WordFit(tuple(new), tuple(elsewhere), tuple(beside), matched)
