"""How the agent dealt with a call: what was told, and what is still to be done, in the agent's own sentences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.calls.summary.content import Content, content
from assistant.calls.summary.deeds import Deed, deeds
from assistant.calls.summary.sentences import Sentence, sentences, turns
from assistant.calls.summary.wishes import wishes
from assistant.calls.utterance import Utterance
from assistant.events import EvidenceEvent
from indexing.lexical.tokens import Analyzer
from knowledge_base.facts.finding import facts

MOST_TURNS = 12
MOST_FOLLOW_UPS = 8
_OPEN = frozenset({Deed.PROMISES, Deed.PUTS_THROUGH, Deed.ASKS})
_DONE = frozenset({Deed.TELLS, Deed.PUTS_THROUGH})


class Handling(NamedTuple):
    """``told`` has one turn of the agent an entry, ``follow_ups`` one promise or duty."""

    told: list[str]
    follow_ups: list[str]


class _Done(NamedTuple):
    sentence: Sentence
    deeds: frozenset[Deed]


def handling(said: Sequence[Utterance], shown: Sequence[EvidenceEvent], analyzer: Analyzer) -> Handling:
    """What the agent told and promised from the first question on; the greeting before it is no answer.

    Of a call too long for the form the turns with figures stay. Promises alone are told when nothing else was.
    """
    since = _first_need(said, shown, analyzer)
    done = [
        [_Done(sentence, deeds(sentence)) for sentence in sentences(turn, analyzer)]
        for turn in turns(each for each in said if each.line >= since)
    ]
    open_ones = [each.sentence.text for turn in done for each in turn if each.deeds & _OPEN]
    follow_ups = list(dict.fromkeys(open_ones))[-MOST_FOLLOW_UPS:]
    told = _fitting(list(_fresh(done)))
    return Handling(told or follow_ups, follow_ups)


def _first_need(said: Sequence[Utterance], shown: Sequence[EvidenceEvent], analyzer: Analyzer) -> int:
    """The line in which the caller first says what it is about; past the last one when that never happens."""
    asked = [each.line for event in shown for each in event.heard]
    past = said[-1].line + 1 if said else 0
    return min(asked) if asked else next((wish.line for wish in wishes(said, analyzer)), past)


def _fresh(done: Iterable[Sequence[_Done]]) -> Iterator[str]:
    """What each turn told that no sentence before it did: an agent says an address twice when the line is bad."""
    known: list[Content] = []
    for turn in done:
        told: list[Sentence] = []
        for sentence in (each.sentence for each in turn if each.deeds & _DONE):
            said = content(sentence)
            if not any(said.repeats(before) for before in known):
                told.append(sentence)
                known.append(said)
        if told:
            yield " ".join([*(each.text for each in told[:-1]), told[-1].closed])


def _fitting(told: list[str]) -> list[str]:
    if len(told) <= MOST_TURNS:
        return told
    telling = sorted(range(len(told)), key=lambda place: not facts(told[place]))[:MOST_TURNS]
    return [told[place] for place in sorted(telling)]
