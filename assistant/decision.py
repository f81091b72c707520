"""Whether to answer, decided outside the LLM: a small model asked to refuse refuses at random.

``confidence`` is a logistic regression over two signals of one hit, its cosine and how far its fused score
stands out among the candidates, fitted on 474 unanswerable and 474 answerable welfare questions (AUROC .87;
the cosine alone .83). Coverage guards it: evidence that does not name what the question names is no
evidence, however near it is.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

from assistant.subject import PHONE, Wanted, gives
from indexing.hit import Hit
from indexing.things import covered, named
from indexing.tokens import Analyzer
from knowledge_base.document import Document, Kind

# The hours and numbers under such a heading are the office's, not the service's.
CONTACT_HEADING = re.compile(r"(?:문의|연락)[^>]*$")
COSINE_WEIGHT, SCORE_WEIGHT, BIAS = 35.2, 0.93, -34.4
TYPICAL_SCORE = 3.3  # the mean over both kinds of question
ENOUGH_CANDIDATES = 50
MIN_CONFIDENCE = 0.35
MIN_COVERAGE = 0.5
TYPE_BONUS = 0.3  # in deviations of the fused score
RELATED_CONFIDENCE = 0.1
FAQ_CONFIDENCE = 0.6
FAQ_COVERAGE = 0.75  # of what the question names, in the FAQ
FAQ_ECHO = 0.34  # of what the FAQ's question names, in the question


def confidence(hit: Hit, candidates: int) -> float:
    """The probability that ``hit`` answers its question, 0 to 1 (multilingual-e5-small's cosines).

    Among few candidates a score cannot stand out, so it counts the less the fewer there are.
    """
    trust = min(1.0, candidates / ENOUGH_CANDIDATES)
    standing = trust * hit.score + (1 - trust) * TYPICAL_SCORE
    return 1 / (1 + math.exp(-(COSINE_WEIGHT * hit.dense + SCORE_WEIGHT * standing + BIAS)))


def ranked(hits: Sequence[Hit], sort: Wanted | None) -> list[Hit]:
    """The hits with a small bonus for those that hold the sort of fact asked for."""
    return sorted(hits, key=lambda hit: -(hit.score + (TYPE_BONUS if sort and gives(hit.chunk.text, sort) else 0)))


def likely_department(hits: Sequence[Hit], candidates: int) -> Document | None:
    """A document of the department that the question most likely belongs to, or None.

    The near hits have to agree: one document alone, of several departments, is a guess.
    """
    near = [hit for hit in hits if hit.document.department and confidence(hit, candidates) >= RELATED_CONFIDENCE]
    votes = Counter(hit.document.department for hit in near)
    for department, count in votes.most_common(1):
        named = next(hit for hit in near if hit.document.department == department)
        if count > 1 or named.coverage >= MIN_COVERAGE:
            return named.document
    return None


def usable(hits: Sequence[Hit], candidates: int, sort: Wanted | None) -> list[Hit]:
    """The hits an answer may rest on: sure enough, about the subject; those with the wanted fact first.

    Empty when the assistant must abstain: nothing is sure enough, or no hit holds the sort of fact that
    was asked for.
    """
    sound = [
        hit
        for hit in hits
        if hit.coverage >= MIN_COVERAGE
        and confidence(hit, candidates) >= MIN_CONFIDENCE
        and not (sort != PHONE and CONTACT_HEADING.search(hit.chunk.heading))
    ]
    giving = [hit for hit in sound if gives(hit.chunk.text, sort)]
    return giving + [hit for hit in sound if hit not in giving] if giving else []


def faq_match(
    hits: Sequence[Hit], candidates: int, question: str, sort: Wanted | None, analyzer: Analyzer
) -> Hit | None:
    """The curated FAQ that asks the same, or None.

    The same means: near in meaning, naming what the question names, not mainly about something more,
    and holding the sort of fact asked for.
    """
    matching = [
        hit
        for hit in hits
        if hit.document.kind is Kind.FAQ
        and confidence(hit, candidates) >= FAQ_CONFIDENCE
        and hit.coverage >= FAQ_COVERAGE
        and gives(hit.document.text, sort)
        and covered(named(hit.document.title, analyzer), question) >= FAQ_ECHO
    ]
    return max(matching, key=lambda hit: confidence(hit, candidates), default=None)
