"""The questions in what a caller says, without an LLM and within milliseconds.

The words are cleaned and cut into clauses. A clause that asks, wants or reports trouble is read in several ways:
alone, with what was said just before, or leaning on the topic of the call. The documents decide which reading makes
most sense, and whether any makes enough to be worth the agent's eyes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from assistant.answering.assistant import Searches
from assistant.calls.clauses import Clause, is_complete
from assistant.calls.correction import Correction, agrees, correction_of, meant, rephrased
from assistant.calls.joined_clauses import joined, with_the_rest
from assistant.calls.memory import Memory, Offer, Said, Step, Turn, Understood
from assistant.calls.needs import (
    Need,
    adds,
    answers,
    asks_back,
    asks_of_rule,
    invites,
    need_of,
    objects,
    rails,
    says_nothing,
    trails_off,
)
from assistant.calls.readings import LEAST_SURE, TOP, Origin, Reading, Weighed, fused, readings_of, weighed
from assistant.calls.topic import NO_TOPIC, Topic, named_in, stands_alone, topic_of, without_light_words
from assistant.calls.utterance import Speaker, Utterance
from assistant.events import Heard
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit

ALTERNATIVES = 2
REMEMBERED = 4  # clauses before the one that asks
REMEMBERED_SECONDS = 30.0
SHORTEST_ANSWER = 12  # characters
LEAST_SURE_OF_STORY = 0.35
LEAST_SURE_OF_RAILING = 0.5
LEAST_SURE_OF_ANSWER = 0.3
LEAST_SURE_OF_OTHER_ANSWER = 0.6  # agents read out what they are shown, seldom another document
_GREETING = re.compile(r"콜센터|도와\s?드릴|감사합니다")


class QuestionFinder:
    """Holds nothing of a call: what it was about is handed in and out as a :class:`Memory`; safe for threads."""

    def __init__(self, searcher: Searches, analyzer: Analyzer, on: date | None = None) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._on = on

    def hear(self, memory: Memory, utterance: Utterance) -> Step:
        """What an utterance adds; the agent's own words are never a question, but may put the caller's into words.

        Raises what the search raises: NoSnapshot and the like.
        """
        if utterance.speaker is Speaker.AGENT:
            return Step(self._listened(memory, utterance))
        if memory.offer is not None and agrees(utterance.text):
            return self._agreed(memory, memory.offer, utterance)
        aside = named_in(memory.offer.question, self._analyzer) if memory.offer else memory.aside
        memory = replace(memory, offer=None, aside=aside, said=tuple(_recent(memory.said, utterance.at)))
        step = Step(memory)
        for clause in joined(utterance):
            step = step.then(self._clause(step.memory, clause, utterance.at))
        return step if step.understood else step.then(self._left_hanging(step.memory, utterance))

    def glimpse(self, memory: Memory, partial: Utterance) -> tuple[Understood, ...]:
        """The questions that are complete in what is still being said.

        ``partial`` holds only its settled words (``mask_growing``): more was said after them.
        """
        return tuple(
            each
            for each in self.hear(memory, partial).understood
            if each.need is Need.ASKS and each.heard[-1].line == partial.line and is_complete(each.heard[-1].text)
        )

    def _listened(self, memory: Memory, utterance: Utterance) -> Memory:
        """An answer ends what was hanging; a rephrased question waits for a yes."""
        if not utterance.final:
            return memory
        memory = replace(memory, turn=_turn(memory, utterance.text))
        question = rephrased(utterance.text)
        answered = None if _GREETING.search(utterance.text) else self._read_out(memory, utterance.text)
        if answered is not None:
            memory = replace(memory, answered=answered, said=())
        if not stands_alone(question, self._analyzer):
            return memory
        heard = Heard(line=utterance.line, start=0, end=len(utterance.text), text=utterance.text)
        return replace(memory, offer=Offer(question, heard))

    def _read_out(self, memory: Memory, text: str) -> Hit | None:
        """What the agent most likely reads out, None when that is hard to say."""
        if len(text) < SHORTEST_ANSWER:
            return None
        readings = [Reading(text, Origin.AGENT)] if stands_alone(text, self._analyzer) else []
        if memory.topic.subject:
            readings.append(Reading(f"{memory.topic.subject} {text}", Origin.TOPIC))
        if not readings:
            return None
        best = weighed(readings, self._searcher, self._on)[0]
        shown = {hit.document.id for hit in memory.last.found.hits} if memory.last else set()
        if best.sureness >= LEAST_SURE_OF_ANSWER:
            for hit in best.result.hits[:TOP]:
                if hit.document.id in shown:
                    return hit
        return best.result.hits[0] if best.sureness >= LEAST_SURE_OF_OTHER_ANSWER and best.result.hits else None

    def _agreed(self, memory: Memory, offer: Offer, utterance: Utterance) -> Step:
        """The agent's words count when they name more than what was understood."""
        memory = replace(memory, offer=None)
        known = named(memory.last.question, self._analyzer) if memory.last else frozenset()
        offered = named(offer.question, self._analyzer)
        if offered <= known:
            return Step(memory)
        slot = memory.last.slot if memory.last and offered & known else None
        reading = [Reading(offer.question, Origin.AGENT)]
        return self._understood(memory, reading, Need.WANTS, (offer.heard,), utterance.line, slot=slot)

    def _clause(self, memory: Memory, clause: Clause, at: float) -> Step:
        correction = correction_of(clause.text)
        if correction and memory.last and memory.topic.subject:
            return self._corrected(memory, memory.last, correction, clause)
        clause = clause._replace(text=meant(clause.text))
        need = self._need(memory, clause)
        said = (*memory.said, Said(at, clause, need))
        if need is Need.ASKS and self._has_subject(memory, said):
            asked = Said(at, clause, None)
            kept = () if clause.is_closed else (*said[:-1], asked)[-REMEMBERED:]  # a fragment may go on
            return self._asked(replace(memory, said=kept), said, need)
        if need is None and (says_nothing(clause.text) or not self._analyzer.tokens(clause.text)):
            return Step(memory)
        return Step(replace(memory, said=said[-REMEMBERED:]))

    def _need(self, memory: Memory, clause: Clause) -> Need | None:
        """How a clause asks, also by what the agent did before it.

        An answer to the agent asks nothing; more of a case, told after theirs, asks whether that holds here too.
        """
        need = need_of(clause.text, is_asked=clause.is_asked)
        if memory.turn is Turn.ASKED and need in (Need.ASKS, Need.TELLS) and not clause.is_asked:
            return None if answers(clause.text) else need
        if need not in (None, Need.TELLS) or memory.turn is not Turn.TOLD or not memory.topic.subject:
            return need
        if asks_of_rule(clause.text):
            return Need.ASKS
        if adds(clause.text):
            return Need.TROUBLE if objects(clause.text) else Need.TELLS
        names = named(without_light_words(clause.text), self._analyzer)
        return Need.ASKS if need is None and names and trails_off(clause.text) else need

    def _has_subject(self, memory: Memory, said: tuple[Said, ...]) -> bool:
        return bool(memory.topic.subject or memory.answered) or any(
            stands_alone(each.clause.text, self._analyzer) for each in said
        )

    def _left_hanging(self, memory: Memory, utterance: Utterance) -> Step:
        """What was wanted or went wrong, when nothing was asked; it stays to be part of a question."""
        needs = [each.need for each in memory.said if each.need]
        if not needs or not any(each.clause.line == utterance.line for each in memory.said):
            return Step(memory)
        need = Need.ASKS if Need.ASKS in needs else needs[-1]
        alone = memory if memory.turn is Turn.TOLD else replace(memory, topic=NO_TOPIC, answered=None)
        if not self._has_subject(alone, memory.said):
            return Step(memory)
        return self._asked(memory, with_the_rest(memory.said, utterance.text), need)

    def _asked(self, memory: Memory, said: tuple[Said, ...], need: Need) -> Step:
        *before, asking = (each.clause for each in said)
        if rails(asking.text):
            readings = [Reading(asking.text, Origin.CLAUSE)]
        else:
            # what the topic was made of is said again in full
            is_known = memory.last and {each.line for each in before} & {each.line for each in memory.last.heard}
            topics = [NO_TOPIC if is_known else memory.topic, memory.aside]
            topics += [self._title(hit) for hit in memory.in_play]
            # a story that leans on the topic answers the agent, unless they have told something
            leaning = need in (Need.ASKS, Need.WANTS) or memory.turn is Turn.TOLD
            topics = [each for each in dict.fromkeys(topics) if each.subject and leaning]
            readings = readings_of([each.text for each in before], asking.text, topics, self._analyzer)
        heard = tuple(_heard(each) for each in (*before, asking))
        return self._understood(memory, readings, need, heard, asking.line, is_railing=rails(asking.text))

    def _title(self, hit: Hit) -> Topic:
        return Topic(topic_of(hit.document.title, self._analyzer).subject, "")

    def _corrected(self, memory: Memory, last: Understood, correction: Correction, clause: Clause) -> Step:
        right, wrong = correction.right, named(correction.wrong, self._analyzer)
        words = last.question.split()
        kept = [word for word in words if not named(word, self._analyzer) & wrong]
        if wrong and len(kept) < len(words):
            place = next(n for n, word in enumerate(words) if named(word, self._analyzer) & wrong)
            question = " ".join([*kept[:place], right, *kept[place:]])
        else:
            question = f"{right} {memory.topic.asked}"
        heard = (*last.heard, _heard(clause))
        reading = [Reading(question, Origin.TOPIC), Reading(right, Origin.CLAUSE)]
        return self._understood(memory, reading, Need.ASKS, heard, clause.line, slot=last.slot)

    def _understood(
        self,
        memory: Memory,
        readings: list[Reading],
        need: Need,
        heard: tuple[Heard, ...],
        line: int,
        *,
        slot: int | None = None,
        is_railing: bool = False,
    ) -> Step:
        """The reading that the documents bear out best, nothing when it is not worth showing."""
        found = weighed(readings, self._searcher, self._on)
        if not found or not _is_worth_showing(found[0], need, is_railing):
            return Step(memory)
        best = found[0]
        heard = heard[-best.reading.clauses :] if best.reading.clauses else heard
        question = Understood(
            slot=self._slot(memory, best.reading, heard) if slot is None else slot,
            line=line,
            question=best.reading.question,
            need=need,
            heard=heard,
            found=fused(found, memory.in_play if best.reading.leans else ()),
            alternatives=tuple(islice(_others(found), ALTERNATIVES)),
        )
        topic = self._topic(memory, question, best.reading)
        slots = max(memory.slots, question.slot + 1)
        aside = named_in(heard[-1].text, self._analyzer) if best.reading.leans else NO_TOPIC
        return Step(replace(memory, last=question, topic=topic, aside=aside, slots=slots), (question,))

    def _topic(self, memory: Memory, question: Understood, reading: Reading) -> Topic:
        """What the call is about now; a question that leans on the topic leaves it."""
        topic = topic_of(question.question, self._analyzer)
        is_new = memory.last is None or question.slot != memory.last.slot
        if reading.origin is Origin.TOPIC and memory.topic.subject and is_new:
            return Topic(memory.topic.subject, topic.asked)
        return topic

    def _slot(self, memory: Memory, reading: Reading, heard: tuple[Heard, ...]) -> int:
        """The last one's when it is the same question: said again, or now complete."""
        last = memory.last
        if last is None:
            return memory.slots
        is_same = reading.question == last.question
        goes_on = any(each in last.heard for each in heard)
        completes = last.need is not Need.ASKS and reading.origin is Origin.TOPIC
        return last.slot if is_same or goes_on or completes else memory.slots


def _others(found: Sequence[Weighed]) -> Iterator[Weighed]:
    """The readings that find another document first than any before them."""
    before = {found[0].documents[:1]}
    for each in found[1:]:
        if each.documents[:1] not in before:
            before.add(each.documents[:1])
            yield each


def _is_worth_showing(best: Weighed, need: Need, is_railing: bool) -> bool:
    """The less plainly it was asked, the surer it must be; a story that leans must add what the documents know."""
    if is_railing:
        return best.sureness >= LEAST_SURE_OF_RAILING
    if need is Need.TELLS:
        return best.sureness >= LEAST_SURE_OF_STORY and (best.mentions_own or not best.reading.leans)
    return best.sureness >= LEAST_SURE


def _heard(clause: Clause) -> Heard:
    return Heard(line=clause.line, start=clause.start, end=clause.end, text=clause.heard)


def _turn(memory: Memory, text: str) -> Turn:
    if invites(text):
        return Turn.OPENED
    if asks_back(text):
        return Turn.ASKED
    return Turn.TOLD if len(text) >= SHORTEST_ANSWER else memory.turn


def _recent(said: tuple[Said, ...], now: float) -> Iterator[Said]:
    return (each for each in said if now - each.at <= REMEMBERED_SECONDS)
