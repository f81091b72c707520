"""What a passage claims in figures, and whether two passages contradict each other.

A claim is an amount, rate, count, period, date or time with the words that say what it is about. Two
passages contradict each other when they are about the same thing, state a claim of the same sort under the
same condition, and neither knows the other's value. Precision comes first: an admin has to read the list.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer
from knowledge_base.document import Chunk, Document
from knowledge_base.facts.finding import Fact, FactKind, facts, is_borne_out, same
from knowledge_base.passages import sentences

SAME_SUBJECT = 0.6
"""How much, by weight, of what one names about a claim the other must name too."""
TELLS_APART = 2.5
"""The weight from which a thing named on one side only tells subjects apart (아동수당, 장애아동수당).

Documents of one kind are made to differ, so one such thing in a title is enough. A notice and an FAQ word the
same thing differently: there both sides must have one.
"""

_COMPARED = frozenset({FactKind.MONEY, FactKind.QUANTITY, FactKind.DATE, FactKind.TIME})
_BOUND = re.compile(r"(?:\([^)]*\))?\s?(이상|이하|미만|초과|이내|이전|이후|까지|부터|안에|동안|마다)")
_CHANGE = re.compile(
    r"(?:씩|을|를|이|가|만큼)?\s?(?:더\s?)?(?:오[르른릅]|올[라랐리린려렸]|내[리린렸]|인상|인하|추가|가산|할인|감면|깎|뺀|빼)"
)
_PAST = re.compile(r"(?:이었|였)(?!으면)")
_ROW_HEAD = re.compile(r"\|[^|]*\|")
# The hours of an office and the day a law came into force are everywhere, and everywhere different.
_BOILERPLATE = re.compile(r"(?:부칙|문의|연락)[^>]*$")
_PRICE = frozenset({"값", "가격", "요금", "비용", "수수료", "사용료", "이용료", "금액", "입장료", "관람료"})
_WEEKDAY = re.compile(r"[월화수목금토일]요일")

Weigh = Callable[[str], float]
"""How well a thing tells texts apart: its inverse document frequency, above 0."""


class Claim(NamedTuple):
    """One figure in its ``sentence``, which names ``said``.

    What stands between the figure of the same sort before it and itself, and at the head of its row of a table, names
    ``label`` and counts ``given``;
    ``bound`` is the word after it that bounds it (이상, 까지, …), '' without one.
    """

    fact: Fact
    label: frozenset[str]
    given: tuple[Fact, ...]
    bound: str
    said: frozenset[str]
    sentence: str


class Statement(NamedTuple):
    """A passage with its claims and every figure it knows; ``subject`` is what its titles name."""

    document: Document
    chunk: Chunk
    subject: frozenset[str]
    claims: tuple[Claim, ...]
    known: tuple[Fact, ...]


class Contradiction(NamedTuple):
    """The claims in which two passages disagree."""

    left: Statement
    right: Statement
    left_claim: Claim
    right_claim: Claim


def statement(document: Document, chunk: Chunk, analyzer: Analyzer) -> Statement:
    """What ``chunk`` claims; nothing where it is boilerplate."""
    subject = _named(f"{document.title}\n{chunk.heading}", analyzer)
    spans = [] if _BOILERPLATE.search(chunk.heading) else sentences.spans(chunk.text)
    written = str(document.as_of)  # 작성일: when it was said is nothing that it says
    claims = tuple(
        claim
        for start, end in spans
        for claim in _claims(chunk.text[start:end], analyzer)
        if claim.fact.value != written
    )
    return Statement(document, chunk, subject, claims, tuple(facts(chunk.text)))


def contradiction(left: Statement, right: Statement, weigh: Weigh) -> Contradiction | None:
    """The first claims in which the two disagree, or None."""
    for mine in _unknown(left, right):
        for other in _unknown(right, left):
            if (
                _comparable(mine, other)
                and not _set_against(left, mine, right, other)
                and _same_subject(left, mine, right, other, weigh)
            ):
                return Contradiction(left, right, mine, other)
    return None


def _claims(sentence: str, analyzer: Analyzer) -> Iterator[Claim]:
    found = facts(sentence)
    said = _named(sentence, analyzer) if found else frozenset()
    row = _ROW_HEAD.match(sentence)
    since: dict[tuple[FactKind, str], int] = {}
    for fact in _stated(sentence, found):
        start, end = fact.span
        before = since.get((fact.kind, fact.unit), 0)
        label = (row[0] if row and before else "") + sentence[before:start]
        bound = _BOUND.match(sentence, end)
        yield Claim(fact, _named(label, analyzer), tuple(facts(label)), bound[1] if bound else "", said, sentence)
        since[fact.kind, fact.unit] = end


def _stated(sentence: str, found: Sequence[Fact]) -> Iterator[Fact]:
    """The figures a sentence states, not by how much one changes nor what it was.

    Beside a price, a size or a day is what has that price.
    """
    priced = any(fact.kind is FactKind.MONEY for fact in found)
    for fact in found:
        if _CHANGE.match(sentence, fact.span[1]) or _PAST.match(sentence, fact.span[1]):
            continue
        if fact.kind is FactKind.MONEY or fact.unit == "%" or (fact.kind in _COMPARED and not priced):
            yield fact


def _named(text: str, analyzer: Analyzer) -> frozenset[str]:
    """What a text names; the words for a price are one thing, and a day of the week is a value like the hours."""
    things = (thing for thing in named(text, analyzer) if not _WEEKDAY.fullmatch(thing))
    return frozenset("요금" if thing in _PRICE else thing for thing in things)


def _unknown(of: Statement, to: Statement) -> list[Claim]:
    """The claims of the one whose value the other does not know at all."""
    return [claim for claim in of.claims if not is_borne_out(claim.fact, to.known)]


def _comparable(mine: Claim, other: Claim) -> bool:
    """The same sort of figure with the same bound, and no other size or day in what comes before."""
    if (mine.fact.kind, mine.fact.unit, mine.bound) != (other.fact.kind, other.fact.unit, other.bound):
        return False
    return not _set_apart(mine.given, other.given) and not _set_apart(other.given, mine.given)


def _set_apart(given: tuple[Fact, ...], others: tuple[Fact, ...]) -> bool:
    return any(
        all(not same(fact, each) and not same(each, fact) for each in alike)
        for fact in given
        if (alike := [each for each in others if each.unit == fact.unit])
    )


def _set_against(left: Statement, mine: Claim, right: Statement, other: Claim) -> bool:
    """Whether each is about what the other's passage gives a figure of its own (어른, 어린이)."""
    return _is_given(mine.label - other.label, other, right) and _is_given(other.label - mine.label, mine, left)


def _is_given(things: frozenset[str], beside: Claim, of: Statement) -> bool:
    sort = beside.fact.kind, beside.fact.unit
    return any(
        things & claim.label
        for claim in of.claims
        if claim is not beside and (claim.fact.kind, claim.fact.unit) == sort
    )


def _same_subject(left: Statement, mine: Claim, right: Statement, other: Claim, weigh: Weigh) -> bool:
    about_mine, about_other = left.subject | mine.label, right.subject | other.label
    only_mine = about_mine - right.subject - other.said
    only_other = about_other - left.subject - mine.said
    if left.document.kind is right.document.kind:
        told_apart = max(_most(left.subject & only_mine, weigh), _most(right.subject & only_other, weigh))
    else:
        told_apart = min(_most(only_mine, weigh), _most(only_other, weigh))
    return told_apart < TELLS_APART and all(
        _share(only, about, weigh) <= 1 - SAME_SUBJECT
        for only, about in ((only_mine, about_mine), (only_other, about_other))
    )


def _most(things: frozenset[str], weigh: Weigh) -> float:
    return max(map(weigh, things), default=0.0)


def _share(part: frozenset[str], things: frozenset[str], weigh: Weigh) -> float:
    total = sum(map(weigh, things))
    return sum(map(weigh, part)) / total if total else 0.0
