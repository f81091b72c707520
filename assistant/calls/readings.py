"""What a caller may mean, as questions to search for, and which of them the documents bear out."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from assistant.answering.assistant import SEARCHED, Searches
from assistant.answering.confidence import ranked
from assistant.answering.question import subject_matter
from assistant.calls.needs import is_ellipsis
from assistant.calls.topic import LEANING, Topic, stands_alone, without_light_words
from assistant.monitoring.tracing import span
from indexing.lexical.things import covered, named
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit, SearchResult

LEAST_SURE = 0.02
"""Below this a reading is not worth showing. Chosen with those of the question finder on
``eval/data/calls/tuning.jsonl`` and ``fresh.jsonl``, where half or twice of each moves the score by a point at most."""
LEAST_SURE_OF_OWN = 0.05  # that what a clause names is there, not by chance
TOP = 3  # documents that an agent sees without scrolling
PER_DOCUMENT = 2  # chunks
LONGEST = 300  # characters of a question
COSINE_WEIGHT, SCORE_WEIGHT, BIAS = 35.2, 0.93, -34.4
TYPICAL_SCORE = 3.3  # the mean over answerable and unanswerable questions
ENOUGH_CANDIDATES = 50
COVERAGE_WEIGHT = 0.15
UNCOVERED_WEIGHT = 0.2
"""What a document loses that a reading finds by the topic alone: nothing in it is of what the caller names now."""
STRANGE = 2
"""A clause that names so many things of its own, none of which a passage has, is about something else: insurance for a
trip to the moon, asked after the fee for a sofa. The passage is shown, no answer rests on it."""
# What speaks for leaning on the topic, in sureness. Chosen on eval/data/calls/tuning.jsonl: half or twice of each
# moves its score by a point at most.
LEANING_BONUS = 0.1  # 그럼 …, …도 되나요
ALONE_BONUS = -0.2  # it names a subject of its own
TURN_BONUS = -0.1  # what was said just before does
_LEANS = re.compile(
    r"^(?:그러면|그럼|그면|그리고|그건|그거|그것|거기|그때|이거|이건|또|아니면)\b|(?:도|는|은)요\??$|도\s"
)
_POINTS_BACK = re.compile(r"^(?:(?:그리고|또)\s)?(?:그건|그거|그걸|그게|그것|그런|거기)")
_ELLIPSIS_END = re.compile(r"(?:은|는|도|이나)\s?(?:요\??|\?)$")


class Origin(StrEnum):
    """Where the words of a reading come from."""

    CLAUSE = "clause"
    """The asking clause alone."""
    SITUATION = "situation"
    """What was said just before belongs to it."""
    TOPIC = "topic"
    """It leans on what the call was about."""
    SWAPPED = "swapped"
    """The same is asked about another thing."""
    AGENT = "agent"
    """The agent put it into words and the caller agreed."""


class Reading(NamedTuple):
    """A question as it may be meant.

    ``clauses`` is how many of the last clauses heard it uses (0: all); ``bonus`` is how much the wording speaks for it.
    ``own`` are the things that the asking clause names itself, in a reading that leans.
    """

    question: str
    origin: Origin
    clauses: int = 0
    bonus: float = 0.0
    own: frozenset[str] = frozenset()

    @property
    def leans(self) -> bool:
        """Whether it rests on what the call was about."""
        return self.origin in (Origin.TOPIC, Origin.SWAPPED)


class Weighed(NamedTuple):
    """A reading with what it finds, the worth of each hit in the same order, and how sure (0 to 1) the surest is.

    ``mentions_own`` says whether anything that the asking clause names itself is in what it finds, and not there by
    chance, in a passage about something else.
    """

    reading: Reading
    result: SearchResult
    values: tuple[float, ...]
    sureness: float
    mentions_own: bool = False

    @property
    def worth(self) -> float:
        """What readings are compared by."""
        return max(self.values[:TOP], default=0.0)

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents found, best first."""
        return tuple(dict.fromkeys(hit.document.id for hit in self.result.hits))


def readings_of(before: Sequence[str], asking: str, topics: Sequence[Topic], analyzer: Analyzer) -> list[Reading]:
    """What a clause may ask: alone, with what was said before it (in order), or about one of the topics."""
    said = [without_light_words(each) for each in (*before, asking)]
    found = [
        Reading(" ".join(said[-n:]), Origin.SITUATION if n > 1 else Origin.CLAUSE, n) for n in range(1, len(said) + 1)
    ]
    found = [each for each in found if stands_alone(each.question, analyzer)]
    leans = _LEANS.search(asking) is not None
    bonus = (
        LEANING_BONUS if leans else ALONE_BONUS if stands_alone(said[-1], analyzer) else TURN_BONUS if found else 0.0
    )
    if _POINTS_BACK.search(asking) and stands_alone(" ".join(said[:-1]), analyzer):
        bonus = ALONE_BONUS  # at what was said just before
    own = named(said[-1], analyzer) - LEANING
    for topic in topics:
        found.append(Reading(f"{topic.subject} {said[-1]}", Origin.TOPIC, 1, bonus, own))
        if topic.asked:
            found.append(Reading(f"{topic.head} {said[-1]}", Origin.TOPIC, 1, bonus, own))
        if before and topic.asked:
            found.append(Reading(f"{topic.subject} {said[-2]} {said[-1]}", Origin.TOPIC, 2, bonus, own))
        thing = _ELLIPSIS_END.sub("", said[-1])
        if topic.asked and is_ellipsis(asking) and stands_alone(thing, analyzer):
            found.append(Reading(f"{thing} {topic.asked}", Origin.SWAPPED, 1, bonus))
    return found


def weighed(readings: Iterable[Reading], searcher: Searches, on: date | None = None) -> list[Weighed]:
    """The readings, best first; the same question is searched for once."""
    found = [_weighed(reading, searcher, on) for reading in _distinct(readings) if reading.question]
    return sorted(found, key=lambda each: -each.worth)


def _distinct(readings: Iterable[Reading]) -> Iterator[Reading]:
    best: dict[str, Reading] = {}
    for reading in (each._replace(question=each.question[-LONGEST:].strip()) for each in readings):
        known = best.get(reading.question)
        if known is None or reading.bonus > known.bonus:
            best[reading.question] = reading
    return iter(best.values())


def _weighed(reading: Reading, searcher: Searches, on: date | None) -> Weighed:
    with span("search"):
        result = searcher.search(subject_matter(reading.question), k=SEARCHED, on=on)
    result = replace(result, hits=tuple(ranked(result.hits, reading.question)))
    sure = [nearness(hit, result.candidates) for hit in result.hits]
    covers = [_covers(hit, reading.own) for hit in result.hits]
    values = tuple(
        sureness + COVERAGE_WEIGHT * hit.coverage + reading.bonus - UNCOVERED_WEIGHT * (1 - covered_own)
        for sureness, hit, covered_own in zip(sure, result.hits, covers, strict=True)
    )
    mentions_own = bool(reading.own) and any(
        sureness >= LEAST_SURE_OF_OWN and covered_own > 0
        for sureness, covered_own in zip(sure[:TOP], covers, strict=False)
    )
    hits = tuple(
        hit if len(reading.own) < STRANGE or covered_own else _only_shown(hit)
        for hit, covered_own in zip(result.hits, covers, strict=True)
    )
    return Weighed(reading, replace(result, hits=hits), values, max(sure[:TOP], default=0.0), mentions_own)


def _covers(hit: Hit, things: frozenset[str]) -> float:
    return covered(things, f"{hit.document.title} {hit.chunk.text}")


def nearness(hit: Hit, candidates: int) -> float:
    """How near a hit is to its question, 0 to 1, comparable between readings of the same words.

    A logistic regression over the cosine and the fused score (multilingual-e5-small's). The share that decides
    whether to answer will not do here: it compares documents for one question, and a vague reading with one
    document near it has a large one. Among few candidates a score cannot stand out, so it counts the less.
    """
    trust = min(1.0, candidates / ENOUGH_CANDIDATES)
    standing = trust * hit.score + (1 - trust) * TYPICAL_SCORE
    return 1 / (1 + math.exp(-(COSINE_WEIGHT * hit.dense + SCORE_WEIGHT * standing + BIAS)))


def fused(found: Sequence[Weighed], in_play: Sequence[Hit] = ()) -> SearchResult:
    """What the best reading finds, with what other readings find in its place among it.

    The documents ``in_play``, of what was just talked about, are among the first ``TOP``, unless they have nothing of
    what is named now. Only what the best reading itself finds may be answered from: the rest is evidence for another
    question.
    """
    best = {hit.chunk.id: (value, hit) for value, hit in _valued(found[0])}
    for value, hit in (entry for each in found[1:] for entry in _valued(each)):
        known = best.get(hit.chunk.id, (value, _only_shown(hit)))
        best[hit.chunk.id] = (max(value, known[0]), known[1])
    hits = _varied(hit for _, hit in sorted(best.values(), key=lambda entry: -entry[0]))
    own = found[0].reading.own
    for played in reversed([each for each in in_play if not own or _covers(each, own)]):
        shown = list(dict.fromkeys(hit.document.id for hit in hits))[:TOP]
        if played.document.id not in shown:
            place = next((n for n, hit in enumerate(hits) if hit.document.id == shown[-1]), len(hits))
            hits.insert(place, _only_shown(played))
    return replace(found[0].result, hits=tuple(hits[:SEARCHED]))


def _varied(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without what is more of the same document."""
    counts: Counter[str] = Counter()
    kept = []
    for hit in hits:
        counts[hit.document.id] += 1
        if counts[hit.document.id] <= PER_DOCUMENT:
            kept.append(hit)
    return kept


def _valued(found: Weighed) -> Iterator[tuple[float, Hit]]:
    return zip(found.values, found.result.hits, strict=True)


def _only_shown(hit: Hit) -> Hit:
    """A hit that no answer rests on."""
    return replace(hit, score=0.0, bm25=0.0, dense=0.0, coverage=0.0, share=0.0, lead=0.0, compounds=0.0)
