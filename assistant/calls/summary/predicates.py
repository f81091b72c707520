"""Who does what in a sentence of an agent: the verbs by which somebody binds themselves, with their signs."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from indexing.lexical.tokens import Morpheme

NOUN_TAGS = frozenset({"NNG", "NNP", "XR", "NNB"})
_VERB_TAGS = frozenset({"VV", "XSV"})
_LIGHT_VERBS = frozenset({"드리", "하", "주", "가", "오", "받", "되", "넣", "걸", "남기", "보내", "뵙", "뵈"})
"""Verbs that leave it to their noun what is done: 전화 드리다, 연락 가다, 문자 넣다."""
_BETWEEN = frozenset({"JKO", "JX", "JKS", "MAG", "EC", "VX", "XSN"})
_NEGATIONS = frozenset({"않", "못하", "말"})
_NOT = frozenset({"안", "못"})


class Manner(Enum):
    """How a verb looks ahead."""

    INTENDS = auto()
    """-ㄹ게요, -려고 하다, -기로 하다: the speaker alone can mean it so."""
    WILL = auto()
    """-겠-: what the speaker means to do, or what is likely."""
    EXPECTS = auto()
    """-ㄹ 것이다, -ㄹ 예정이다: what is going to happen."""
    STATES = auto()
    """The present: what happens now, as a rule, or at the time that is named."""


class Predicate(NamedTuple):
    """``stem`` is what is done (the noun of a light verb), ``verb`` by which verb; ``helps`` when it is done for the
    caller (드리다), ``honours`` when the caller does it (-시-), ``place`` is where in the morphemes the verb stands."""

    stem: str
    verb: str
    manner: Manner
    helps: bool
    honours: bool
    denied: bool
    place: int


def predicates(morphemes: Sequence[Morpheme]) -> Iterator[Predicate]:
    """Those that look ahead, and the one in the present that the sentence closes with."""
    for at, each in enumerate(morphemes):
        manner = _manner(morphemes, at)
        if manner is not None and (found := _before(morphemes, at, manner)) is not None:
            yield found
        elif each.tag == "EF" and not _is_ahead(morphemes, at):
            found = _before(morphemes, at, Manner.STATES)
            if found is not None:
                yield found


def _manner(morphemes: Sequence[Morpheme], at: int) -> Manner | None:
    form, tag = morphemes[at].form, morphemes[at].tag
    after = morphemes[at + 1 : at + 3]
    if tag == "EP" and form == "겠":
        return Manner.WILL
    if tag in ("EF", "EC") and form.startswith(("ᆯ게", "을게", "ᆯ께", "을께", "께", "ᆯ래")):
        return Manner.INTENDS
    if tag == "ETM" and form in ("ᆯ", "을") and after and after[0].form in ("거", "것", "터", "예정", "계획", "생각"):
        return Manner.EXPECTS
    if tag == "EC" and form in ("려고", "으려고", "려구") and after and after[0].form == "하":
        return Manner.INTENDS
    if tag == "ETN" and form == "기" and [each.form for each in after] == ["로", "하"]:
        return Manner.INTENDS
    return None


def _is_ahead(morphemes: Sequence[Morpheme], at: int) -> bool:
    return any(each.form in ("겠", "었", "았") for each in morphemes[max(0, at - 1) : at])


def _before(morphemes: Sequence[Morpheme], at: int, manner: Manner) -> Predicate | None:
    """The predicate whose ending stands ``at`` this place, None for a state or a thing."""
    helps = honours = denied = False
    place = at - 1
    while place >= 0 and (morphemes[place].tag in ("EP", "VX") or _joins(morphemes, place)):
        form = morphemes[place].form
        helps |= form == "드리"
        honours |= form in ("시", "으시")
        denied |= form in _NEGATIONS
        place -= 1
    if place < 0 or morphemes[place].tag not in _VERB_TAGS:
        return None
    inner = _what_is_agreed(morphemes, place)
    if inner is not None:
        return _before(morphemes, inner, manner)
    verb = morphemes[place].form
    stem = _stem(morphemes, place)
    denied |= any(each.form in _NOT and each.tag == "MAG" for each in morphemes[max(0, place - 2) : place])
    return Predicate(stem, verb, manner, helps or verb == "드리", honours, denied, place)


def _joins(morphemes: Sequence[Morpheme], place: int) -> bool:
    """Whether an ending only joins a verb to its auxiliary: 해 드리다, 하도록 하다."""
    return morphemes[place].tag == "EC" and morphemes[place + 1].tag == "VX"


def _what_is_agreed(morphemes: Sequence[Morpheme], place: int) -> int | None:
    """Where the ending of 연락드리는 걸로 하다 stands, None where the verb at ``place`` is no such 하다."""
    signs = [each.form for each in morphemes[max(0, place - 3) : place]]
    agreed = morphemes[place].form == "하" and len(signs) == 3 and signs[0] == "는" and signs[2] in ("로", "으로")
    return place - 3 if agreed else None


def _stem(morphemes: Sequence[Morpheme], place: int) -> str:
    verb = morphemes[place]
    if verb.tag == "XSV":
        return morphemes[place - 1].form if place else verb.form
    if verb.form in _LIGHT_VERBS:
        noun = place - 1
        while noun >= 0 and morphemes[noun].tag in _BETWEEN:
            noun -= 1
        if noun >= 0 and morphemes[noun].tag in NOUN_TAGS:
            return morphemes[noun].form
    return verb.form
