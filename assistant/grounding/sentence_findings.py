"""What speaks against a sentence as a whole: a topic lost on the way, nothing that ties it to one place, an echo."""

import math
import re
from collections.abc import Iterator, Sequence

from assistant.grounding.clauses import has_topic
from assistant.grounding.comparison import Comparison
from assistant.grounding.findings import Finding, Sort
from assistant.grounding.mentions import Words
from assistant.grounding.order import Roles, exchanged
from indexing.lexical.tokens import Token

_POLITE = re.compile(
    r"(?:하시면\s됩니다|하실\s수\s있습니다|할\s수\s있습니다|하셔야\s합니다|하시면|해\s주세요|합니다|입니다|됩니다|드립니다|있습니다|습니다|"
    r"주세요|이에요|예요|아요|어요|해요|네요|으시면|시면|이고|이며)"
)
_SYLLABLES = re.compile(r"[가-힣a-z0-9]")

CLEAR_LEAD = 3.0
LONGEST_LEAD = 9.0
"""In units of :attr:`Comparison.distance`."""


def uprooted(best: Comparison, others: Sequence[Comparison], topic: Sequence[str]) -> Iterator[Finding]:
    """A figure told of the ``topic`` of the clause before, of which the evidence gives another."""
    if has_topic(best.clause.text) or not topic or all(map(best.part.around.mention, topic)):
        return
    sorts = {figure.sort for figure in best.clause.figures}
    for other in others:
        if all(map(other.part.around.mention, topic)) and sorts & {each.sort for each in other.part.statement_figures}:
            figure = best.clause.figures[0].fact.text
            yield Finding(Sort.CROSSED, 1, f"근거의 '{figure}'은(는) '{topic[0]}'에 관한 내용이 아닙니다")
            return


def turned_round(best: Comparison, said: Roles) -> Iterator[Finding]:
    """Who does it to whom, the other way round than in the statement a clause is held against."""
    for name in exchanged(said, best.part.roles):
        yield Finding(Sort.OPPOSITE, 1, f"근거에서는 '{name}'이(가) 하는 일이 아닙니다: {best.part.text}")


def unclear(best: Sequence[tuple[Comparison, Sequence[Comparison]]]) -> Iterator[Finding]:
    """How little tells the parts that the clauses are held against from the other parts, over all clauses.

    A clause with but one part to go with is clear, and so is one whose part leads by ``CLEAR_LEAD``.
    """
    leads = [
        min((each.distance for each in others if not _repeats(each, fit)), default=math.inf) - fit.distance
        for fit, others in best
    ]
    amount = CLEAR_LEAD - math.fsum(min(lead, LONGEST_LEAD) for lead in leads) / max(len(leads), 1)
    said = [pair for fit, _ in best for pair in _pairs(_POLITE.sub("", fit.clause.text))]
    known = frozenset(_pairs("\n".join(f"{fit.part.titles}\n{fit.part.statement}" for fit, _ in best)))
    reworded = sum(pair not in known for pair in said) / max(len(said), 1)
    if leads and amount > 0:
        yield Finding(Sort.UNCLEAR, amount * reworded, "근거의 어느 내용을 말하는지 분명하지 않습니다")


def echoed(content: Sequence[Token], known: Words, asked: Words) -> Iterator[Finding]:
    """The share of a sentence's content that it takes from the question and the statements it rests on do not say."""
    only = [token.form for token in content if not known.mention(token.form) and asked.mention(token.form)]
    if only:
        yield Finding(
            Sort.ECHOED, len(only) / len(content), f"질문에만 있는 말입니다: {', '.join(dict.fromkeys(only))}"
        )


def _pairs(text: str) -> list[str]:
    """The pairs of neighbouring syllables, letters and digits.

    >>> _pairs("두 달.")
    ['두달']
    """
    known = "".join(_SYLLABLES.findall(text.lower()))
    return [known[place : place + 2] for place in range(len(known) - 1)]


def _repeats(other: Comparison, best: Comparison) -> bool:
    """Whether the other part says word for word what the best one says, or a piece of it."""
    one, two = other.part.bare, best.part.bare
    return one in two or two in one
