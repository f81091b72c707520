"""What speaks against a sentence, each with how much of it there is and a reason a person can check."""

import math
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from assistant.grounding.comparison import Comparison, ambiguous
from assistant.grounding.figures import Figure, figures
from assistant.grounding.scope import unfounded
from knowledge_base.facts import same


class Sort(StrEnum):
    """The sorts of findings; ``weights.json`` says how much one of each weighs."""

    ABSENT = "absent"  # a figure that the evidence does not state
    COUNTED = "counted"  # a count of things (두 군데) that it does not state
    ASKED = "asked"  # a figure of the caller's own case, of which it states none
    OFFICE = "office"  # an office that it does not name
    QUESTION = "question"  # what the question is about does not occur in it
    UNBOUND = "unbound"  # a figure that it states about something else
    NEARBY = "nearby"  # a figure that the same sentence states about something else
    BOUND = "bound"  # 이하 for 이상, an amount for a limit
    CROSSED = "crossed"  # a figure told of what the evidence gives another figure of the sort
    RATE = "rate"  # 매월 for 매년
    NEW = "new"  # a thing that it does not mention
    ELSEWHERE = "elsewhere"  # a thing that it mentions elsewhere
    SUBJECT = "subject"  # another subject
    FLIPPED = "flipped"  # denied what it affirms, or the other way round
    OPPOSITE = "opposite"  # free for charged, 상한 for 하한
    SCOPE = "scope"  # 누구나, 매일, 만 that it does not say
    CONDITION = "condition"  # a condition left out
    AMBIGUOUS = "ambiguous"  # what tells one figure from another is left out
    UNCLEAR = "unclear"  # it fits other parts nearly as well: nothing ties it to this one
    ECHOED = "echoed"  # the share of it that only repeats the question: the statement it rests on does not say it
    OMITTED = "omitted"  # how much else is left out


FATAL = frozenset({Sort.ABSENT, Sort.OFFICE})
"""One of these refuses a sentence, whatever else speaks for it."""

_POLITE = re.compile(
    r"(?:하시면\s됩니다|하실\s수\s있습니다|할\s수\s있습니다|하셔야\s합니다|하시면|해\s주세요|합니다|입니다|됩니다|드립니다|있습니다|습니다|"
    r"주세요|이에요|예요|아요|어요|해요|네요|으시면|시면|이고|이며)"
)
_SYLLABLES = re.compile(r"[가-힣a-z0-9]")

CLEAR_LEAD = 3.0
LONGEST_LEAD = 9.0
"""In units of :attr:`Comparison.distance`."""


class Finding(NamedTuple):
    """One thing that speaks against a sentence."""

    sort: Sort
    amount: float
    reason: str


def findings(best: Comparison, others: Sequence[Comparison]) -> Iterator[Finding]:
    """What speaks against a clause; ``best`` is the part it is held against, ``others`` are the other parts."""
    yield from _of_figures(best)
    yield from _of_words(best)
    yield from _of_meaning(best)
    yield from _of_conditions(best)
    yield from _of_rivals(best, others)


def _of_figures(best: Comparison) -> Iterator[Finding]:
    fit, told = best.figures, _short(best.part.text)
    for figure in fit.absent:
        yield Finding(Sort.ABSENT, 1, f"'{figure.fact.text}'이(가) 근거에 없습니다")
    for sort, untold in ((Sort.COUNTED, fit.counted), (Sort.ASKED, fit.asked)):
        for figure in untold:
            yield Finding(sort, 1, f"'{figure.fact.text}'은(는) 근거에 적혀 있지 않습니다")
    for sort, misplaced in ((Sort.UNBOUND, fit.unbound), (Sort.NEARBY, fit.nearby)):
        for figure in misplaced:
            yield Finding(sort, 1, f"근거의 '{figure.fact.text}'은(는) 다른 것에 관한 내용입니다")
    for figure in fit.bounds:
        yield Finding(Sort.BOUND, 1, f"'{_bounded(figure)}'의 범위가 근거와 다릅니다: {told}")
    for figure in fit.rates:
        yield Finding(Sort.RATE, 1, f"'{figure.fact.text}'을(를) 세는 단위가 근거와 다릅니다: {told}")


def _of_words(best: Comparison) -> Iterator[Finding]:
    new, elsewhere = best.words.new, best.words.elsewhere
    if new:
        yield Finding(Sort.NEW, len(new), f"근거에 없는 내용입니다: {', '.join(new)}")
        for figure in best.clause.figures[:1] if not best.figures.absent else ():
            yield Finding(Sort.NEW, 0, f"근거의 '{figure.fact.text}'은(는) 다른 것에 관한 내용입니다")
    if elsewhere:
        reason = f"근거의 다른 곳에 있는 말을 섞었습니다: {', '.join(elsewhere)}"
        yield Finding(Sort.ELSEWHERE, len(elsewhere), reason)
    missing = [word for word in best.clause.subject if not best.part.own.mention(word)]
    unsaid = [word for word in best.part.subject if word in best.omitted or not _says(best, word)]
    if missing and unsaid:
        known = any(word in best.words.beside or word in elsewhere for word in missing)
        yield Finding(Sort.SUBJECT, 2 if known else 1, f"근거는 다른 것({', '.join(unsaid)})에 관한 내용입니다")


def _of_meaning(best: Comparison) -> Iterator[Finding]:
    told = _short(best.part.text)
    if best.flipped:
        yield Finding(Sort.FLIPPED, 1, f"근거와 반대로 말합니다: {told}")
    for word in best.opposed:
        yield Finding(Sort.OPPOSITE, 1, f"근거와 반대로 말합니다('{word}'): {told}")
    if best.charged:
        yield Finding(Sort.OPPOSITE, 1, f"비용이 드는지를 근거와 반대로 말합니다: {told}")
    for scope in unfounded(best.clause.text, best.part.statement):
        yield Finding(Sort.SCOPE, 1, f"근거에 없는 범위('{scope.name}')를 말합니다: {told}")


def _of_conditions(best: Comparison) -> Iterator[Finding]:
    for condition in best.unsaid:
        yield Finding(Sort.CONDITION, 1, f"조건({_short(condition.text)})이 빠졌습니다")
    if best.part.listed and best.part.content and len(best.omitted) == len(best.part.content):
        yield Finding(Sort.CONDITION, 1, f"열거된 것({_short(best.part.text)})에 해당해야 한다는 말이 빠졌습니다")
    if best.omitted:
        amount = len(best.omitted) / (len(best.part.content) + 1)
        yield Finding(Sort.OMITTED, amount, f"근거에 함께 적힌 말이 빠졌습니다: {', '.join(best.omitted)}")


def _of_rivals(best: Comparison, others: Sequence[Comparison]) -> Iterator[Finding]:
    if best.figures.misplaced:
        return
    if crossed := [*_exchanged(best), *(word for other in others for word in _crossing(best, other))]:
        figure = best.clause.figures[0].fact.text
        yield Finding(Sort.CROSSED, 1, f"근거의 '{figure}'은(는) '{crossed[0]}'에 관한 내용이 아닙니다")
    for other in others:
        if only := ambiguous(best, other):
            figure = other.figures.misplaced[0].fact.text
            sized = sum(any(each.isdecimal() for each in word) for word in only)
            yield Finding(
                Sort.AMBIGUOUS, 2 if sized else 1, f"'{figure}'의 조건({', '.join(dict.fromkeys(only))})이 빠졌습니다"
            )
            return


def _crossing(best: Comparison, other: Comparison) -> list[str]:
    """The things of a clause with a figure that only another part names, with another figure of that sort.

    Of "A센터(02-1), B센터(02-2)" the sentence "A센터는 02-2" takes the figure of the second and the name of the first.
    """
    said = {figure.fact.value for figure in best.clause.figures}
    sorts = {figure.sort for figure in best.clause.figures}
    if not any(figure.sort in sorts and figure.fact.value not in said for figure in other.part.figures):
        return []
    return [
        word.form
        for word in best.clause.words
        if word.names_thing and not best.part.own.mention(word.form) and other.part.own.mention(word.form)
    ]


def _exchanged(best: Comparison) -> Iterator[str]:
    """The things before a figure that the part names before another figure of that sort, and not beside this one."""
    known = figures(best.part.text)
    end = 0
    for figure in best.clause.figures:
        before = best.clause.text[end : figure.fact.span[0]]
        end = figure.fact.span[1]
        things = [
            word.form for word in best.clause.words if word.names_thing and len(word.form) > 1 and word.form in before
        ]
        beside = {True: "", False: ""}
        sort = [each for each in known if each.sort == figure.sort]
        edges = [0, *(each.fact.span[1] for each in sort)]
        starts = [*(each.fact.span[0] for each in sort), len(best.part.text)]
        for place, each in enumerate(sort):
            its_own = same(figure.fact, each.fact)
            beside[its_own] += best.part.text[edges[place] : starts[place]] + "\n"
            if its_own:
                beside[True] += best.part.text[edges[place + 1] : starts[place + 1]] + "\n"
        if beside[True] and not any(thing in beside[True] for thing in things):
            yield from (thing for thing in things if thing in beside[False])


def uprooted(best: Comparison, others: Sequence[Comparison], topic: Sequence[str]) -> Iterator[Finding]:
    """A figure told of the ``topic`` of the clause before, of which the evidence gives another."""
    if best.clause.subject or not topic or any(map(best.part.around.mention, topic)):
        return
    sorts = {figure.sort for figure in best.clause.figures}
    for other in others:
        if all(map(other.part.around.mention, topic)) and sorts & {each.sort for each in other.part.statement_figures}:
            figure = best.clause.figures[0].fact.text
            yield Finding(Sort.CROSSED, 1, f"근거의 '{figure}'은(는) '{topic[0]}'에 관한 내용이 아닙니다")
            return


def unclear(best: Sequence[tuple[Comparison, Sequence[Comparison]]]) -> Iterator[Finding]:
    """How little tells the parts that the clauses are held against from the other parts, over all clauses.

    A clause with but one part to go with is clear, and so is one whose part leads by ``CLEAR_LEAD``.
    """
    leads = [min((other.distance for other in others), default=math.inf) - fit.distance for fit, others in best]
    amount = CLEAR_LEAD - math.fsum(min(lead, LONGEST_LEAD) for lead in leads) / max(len(leads), 1)
    if leads and amount > 0:
        yield Finding(Sort.UNCLEAR, amount, "근거의 어느 내용을 말하는지 분명하지 않습니다")


def echoed(sentence: str, question: str, statements: str) -> Iterator[Finding]:
    """What the sentence takes from the question and the statements it rests on do not say, by pairs of syllables."""
    said, known = _pairs(_POLITE.sub("", sentence)), frozenset(_pairs(statements))
    asked = frozenset(_pairs(f"{statements}\n{question}"))
    if only := [pair for pair in said if pair in asked and pair not in known]:
        yield Finding(Sort.ECHOED, len(only) / len(said), f"질문에만 있는 말입니다: {', '.join(dict.fromkeys(only))}")


def _pairs(text: str) -> list[str]:
    """The pairs of neighbouring syllables, letters and digits.

    >>> _pairs("두 달.")
    ['두달']
    """
    known = "".join(_SYLLABLES.findall(text.lower()))
    return [known[place : place + 2] for place in range(len(known) - 1)]


def _says(best: Comparison, word: str) -> bool:
    return any(token.form == word for token in best.clause.words)


def _bounded(figure: Figure) -> str:
    return f"{figure.fact.text} {figure.bound.value}".strip()


def _short(text: str, length: int = 60) -> str:
    """One line of at most ``length`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
