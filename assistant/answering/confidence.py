"""How sure it is that a hit answers its question, and from when on the assistant answers from it.

That is decided outside the LLM: a small model asked to refuse refuses at random.

``confidence`` is a logistic regression over three signals of one hit, fitted on 1,700 answerable welfare questions,
each also asked with its own document hidden (see docs/decisions/002). Its cosines are multilingual-e5-small's. At
weights that are not fitted, the lead of its tokens counts for it, and against it what the question is about and the hit
leaves out (조회, where only the fine's amount is told). Coverage guards it: evidence that names next to nothing of what
the question names is no evidence, however near it is.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.events import Transfer
from assistant.extraction.answer_type import PHONE, Wanted, gives, wanted
from assistant.extraction.aspect import Aspect, aspects, is_promised, told_share
from assistant.extraction.extract import Asked, has_no_row_for
from indexing.lexical.things import covered, named
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Kind

# The hours and numbers under such a heading are the office's, not the service's.
CONTACT_HEADING = re.compile(r"(?:문의|연락)[^>]*$")
_CONTACT = re.compile(
    r"(?:문의|연락)\s?(?:처|전화)?[\s:：]*"
    r"(?P<department>[가-힣][가-힣 ]{0,20}(?:과|팀|실|국|소|관|공단|공사|재단|센터))"
    r"[\s(☎:]*(?P<phone>0\d{1,2}-\d{3,4}-\d{4})"
)
SHARE_WEIGHT, COMPOUNDS_WEIGHT, CLOSENESS_WEIGHT, BIAS = 6.43, 1.2, 23.2, -23.8
LEAD_WEIGHT = 10  # half of what fits the welfare services: a lead over few documents is easily won
LEFT_OUT_WEIGHT = 1.5  # between what does best on the sample (3) and on the welfare services (1)
MIN_CONFIDENCE = 0.2
MIN_OF_ALL = 0.1  # where all that is asked about stands, with the sort of fact or under the side asked for
MIN_OF_NOTHING = 0.45  # where nothing of it does, or another side is told
MIN_COVERAGE = 0.25
BONUS = 0.3  # in deviations of the fused score
RELATED_CONFIDENCE = 0.05
RELATED_COVERAGE = 0.5
FAQ_CONFIDENCE = 0.25
FAQ_COVERAGE = 0.75  # of what the question names, in the FAQ
FAQ_ECHO = 0.34  # of what the FAQ's question names, in the question


class Candidate(NamedTuple):
    """A hit with the probability (0 to 1) that it answers its question."""

    hit: Hit
    confidence: float


def confidence(hit: Hit) -> float:
    """The probability that ``hit`` answers its question, 0 to 1."""
    standing = SHARE_WEIGHT * hit.share + LEAD_WEIGHT * hit.lead
    odds = standing + COMPOUNDS_WEIGHT * hit.compounds + CLOSENESS_WEIGHT * hit.closeness + BIAS
    return 1 / (1 + math.exp(LEFT_OUT_WEIGHT * hit.left_out - odds))


def weighed(hits: Sequence[Hit]) -> list[Candidate]:
    """The hits with their confidence."""
    return [Candidate(hit, confidence(hit)) for hit in hits]


def ranked(hits: Sequence[Hit], question: str) -> list[Hit]:
    """The hits with a small bonus for those that hold the sort of fact and tell the side asked for, and a greater one
    for those that stand under it.

    FAQs on another side come last, and their share goes to the others as if they were not in the index.
    """
    sort, asked = wanted(question), aspects(question)

    def worth(hit: Hit) -> float:
        is_sort = sort is not None and holds(hit, sort)
        return hit.score + BONUS * (is_sort + _told(hit, asked) + 2 * _is_for(hit, asked))

    aside = [hit for hit in hits if _asks_otherwise(hit, asked)]
    others = [hit for hit in hits if hit not in aside]
    return sorted(shared(others, aside), key=worth, reverse=True) + aside


def shared(hits: Sequence[Hit], aside: Sequence[Hit]) -> list[Hit]:
    """The hits with the shares they would have without what is set aside: a share is a softmax."""
    left = 1 - sum({hit.document.id: hit.share for hit in aside}.values())
    return [replace(hit, share=hit.share / max(left, hit.share)) if aside and hit.share else hit for hit in hits]


def likely_department(candidates: Sequence[Candidate]) -> Transfer | None:
    """Who the question most likely belongs to, by the metadata of documents or what they say under 문의, or None.

    The near hits have to agree: one document alone, of several departments, is a guess.
    """
    near = [(hit, _contact(hit)) for hit, sure in candidates if sure >= RELATED_CONFIDENCE]
    votes = Counter(contact.department for _, contact in near if contact)
    for department, count in votes.most_common(1):
        hit, named = next((hit, contact) for hit, contact in near if contact and contact.department == department)
        if count > 1 or hit.coverage >= RELATED_COVERAGE:
            return named
    return None


def _contact(hit: Hit) -> Transfer | None:
    document = hit.document
    if document.department:
        return Transfer(department=document.department, phone=document.phone)
    told = _CONTACT.search(hit.chunk.text)
    return Transfer(department=" ".join(told["department"].split()), phone=told["phone"]) if told else None


def usable(candidates: Sequence[Candidate], asked: Asked) -> list[Hit]:
    """The hits an answer may rest on: sure enough, about the subject; those with the wanted fact first, of
    these those that tell the side asked for.

    Empty when the assistant must abstain: nothing is sure enough, or no hit holds the sort of fact that
    was asked for. A table without a row for what is asked is no evidence.
    """
    sound = [
        hit
        for hit, sure in candidates
        if hit.coverage >= MIN_COVERAGE
        and sure >= _least(hit, asked)
        and not _asks_otherwise(hit, asked.aspects)
        and not (asked.sort != PHONE and CONTACT_HEADING.search(hit.chunk.heading))
        and not has_no_row_for(hit.chunk.text, hit.chunk.heading, asked)
    ]
    giving = sorted((hit for hit in sound if holds(hit, asked.sort)), key=lambda hit: -_told(hit, asked.aspects))
    return giving + [hit for hit in sound if hit not in giving] if giving else []


def faq_match(candidates: Sequence[Candidate], question: str, asked: Asked, analyzer: Analyzer) -> Hit | None:
    """The best curated FAQ that asks the same, or None.

    The same means: near in meaning, naming what the question names, not mainly about something more,
    holding the sort of fact and telling the side asked for.
    """
    matching = (
        each.hit
        for each in candidates
        if each.hit.document.kind is Kind.FAQ
        and each.confidence >= FAQ_CONFIDENCE
        and each.hit.coverage >= FAQ_COVERAGE
        and holds(each.hit, asked.sort)
        and (not asked.aspects or _told(each.hit, asked.aspects))
    )
    first = next(matching, None)
    asks_no_more = first and covered(named(first.document.title, analyzer), question) >= FAQ_ECHO
    return first if asks_no_more else None


def _least(hit: Hit, asked: Asked) -> float:
    """The confidence from which ``hit`` is evidence."""
    if hit.left_out == 1 or (asked.aspects and not _told(hit, asked.aspects)):
        return MIN_OF_NOTHING
    has_all = hit.left_out == 0 and hit.compounds == 1 and hit.coverage >= RELATED_COVERAGE
    gives_it = asked.sort is not None and holds(hit, asked.sort)
    return MIN_OF_ALL if has_all and (gives_it or _is_for(hit, asked.aspects)) else MIN_CONFIDENCE


def holds(hit: Hit, sort: Wanted | None) -> bool:
    """Whether a hit has a fact of the sort asked for; any has where none is.

    The answer to an FAQ that asks for it gives what there is to give.
    """
    if hit.document.kind is not Kind.FAQ:
        return gives(hit.chunk.text, sort, hit.chunk.heading)
    return gives(hit.document.text, sort) or wanted(hit.document.title) == sort


def _told(hit: Hit, asked: frozenset[Aspect]) -> float:
    """Which share of the sides asked about the hit tells; an FAQ is shown whole."""
    document = hit.document
    text = document.text if document.kind is Kind.FAQ else hit.chunk.text
    return told_share(asked, f"{hit.chunk.heading}\n{text}", f"{document.title} {hit.chunk.heading}")


def _asks_otherwise(hit: Hit, asked: frozenset[Aspect]) -> bool:
    """Whether it is an FAQ on another side of the thing, of which it tells nothing that is asked."""
    is_faq = hit.document.kind is Kind.FAQ
    return is_faq and bool(asked and aspects(hit.document.title)) and not _told(hit, asked)


def _is_for(hit: Hit, asked: frozenset[Aspect]) -> bool:
    """Whether the hit stands under a title for a side asked about, or is an FAQ that asks for it."""
    return is_promised(asked, hit.document.title if hit.document.kind is Kind.FAQ else hit.chunk.heading)
