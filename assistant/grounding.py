"""Whether a piece of evidence bears out a sentence, by rules that need no second LLM.

Each fact of the sentence must stand in the evidence, and stand there about the same thing: a passage
of the evidence that states the fact must, with its titles, mention most of what the sentence names. That is
what stops a mattress's fee from becoming a passport's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.events import Check, Span
from indexing.things import covered, named
from indexing.tokens import Analyzer
from knowledge_base import sentences
from knowledge_base.facts import Fact, FactKind, facts, same

SENTENCE_COVERAGE = 0.6  # of what a sentence names, how much its evidence must mention
PASSAGE_COVERAGE = 0.5  # the same for the passage around one fact: shorter, so less is repeated in it
CLAUSE_OVERLAP = 0.5  # of what two clauses name together, how much both must name to be compared
QUESTION_COVERAGE = 0.5  # of what the question names, how much the evidence must mention

_ASIDE = re.compile(r"\([^)]*\)|[,·|]")
_TOPIC = re.compile(r"[은는]$")
_CONNECTIVE = re.compile(r"(?<=[가-힣](?:고|며|나|만|데))(?:,\s*|\s+)|(?<=[가-힣]),\s+")
_NEGATION = re.compile(r"않|없|못\s?[하합했받]|(?<![가-힣])못\s|(?<![가-힣])안\s|아니|아닙|불가|금지|제외")
_CITATION = re.compile(r"\s*\[(?:\d{1,2}|번호)\](?:\s*\[(?:\d{1,2}|번호)\])*")


class Evidence(NamedTuple):
    """A text that may be cited: its titles, and the text that spans refer to."""

    titles: str
    text: str


class Support(NamedTuple):
    """The verdict on a sentence against one piece of evidence; ``span`` is what bears it out."""

    check: Check
    span: Span
    strength: float


def without_citations(sentence: str) -> str:
    """The sentence without the markers a model wrote; citations are attached by us.

    >>> without_citations("수수료는 5만원입니다 [1][번호].")
    '수수료는 5만원입니다.'
    """
    return _CITATION.sub("", sentence).strip()


class GroundingChecker:
    """Checks sentences against evidence; needs a morphological analyser to see what they name."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def check(self, sentence: str, evidence: Evidence, question: str = "") -> Support:
        """Whether ``evidence`` bears out ``sentence`` as an answer to ``question`` ('' for none)."""
        whole = f"{evidence.titles}\n{evidence.text}"
        things = named(sentence, self._analyzer)
        strength = covered(things, whole)
        reasons: list[str] = []
        stated = facts(sentence)
        reasons += self._unsupported_facts(stated, things, evidence)
        reasons += self._dropped_conditions(stated, f"{sentence}\n{question}", evidence.text)
        reasons += self._flipped(sentence, evidence.text)
        if strength < SENTENCE_COVERAGE:
            missing = ", ".join(sorted(thing for thing in things if covered([thing], whole) == 0))
            reasons.append(f"근거에 없는 내용입니다: {missing}")
        if question and covered(named(question, self._analyzer), whole) < QUESTION_COVERAGE:
            reasons.append("근거가 질문의 대상을 다루지 않습니다")
        check = Check(sentence=sentence, supported=not reasons, reasons=tuple(reasons))
        return Support(check, self._span(things, stated, evidence.text), strength)

    def _unsupported_facts(self, stated: Sequence[Fact], things: frozenset[str], evidence: Evidence) -> list[str]:
        reasons = []
        passages = _passages(evidence.text)
        in_titles = facts(evidence.titles)
        for fact in stated:
            if any(same(fact, found) for found in in_titles):
                continue
            around = [passage for passage in passages if any(same(fact, found) for found in passage.facts)]
            if not around:
                reasons.append(f"'{fact.text}'이(가) 근거에 없습니다")
            elif max(covered(things, f"{evidence.titles}\n{passage.text}") for passage in around) < PASSAGE_COVERAGE:
                reasons.append(f"근거의 '{fact.text}'은(는) 다른 것에 관한 내용입니다")
        return reasons

    def _dropped_conditions(self, stated: Sequence[Fact], said: str, text: str) -> list[str]:
        """Where the evidence gives several prices, the one stated must come with what sets it apart.

        "1인용 5,000원, 2인용 8,000원" does not bear out "8,000원입니다" unless 2인용 is said too.
        """
        prices = list(_prices(text))
        if len({price.fact.value for price in prices}) < 2:
            return []
        reasons = []
        for fact in stated:
            conditions = [price.condition for price in prices if same(fact, price.fact)]
            if conditions and not any(self._is_said(condition, said) for condition in conditions):
                reasons.append(f"'{fact.text}'의 조건({conditions[0]})이 빠졌습니다")
        return reasons

    def _flipped(self, sentence: str, text: str) -> list[str]:
        """Where the part of the evidence nearest to a clause says it the other way round."""
        parts = [part for start, end in sentences.spans(text) for part in clauses(text[start:end])]
        things_in = [(part, named(part, self._analyzer)) for part in parts]
        for clause in clauses(sentence):
            things = named(clause, self._analyzer)
            near, found = max(things_in, key=lambda each: _overlap(things, each[1]), default=("", frozenset()))
            if _overlap(things, found) >= CLAUSE_OVERLAP and is_negative(clause) != is_negative(near):
                return [f"근거와 반대로 말합니다: {near.strip()}"]
        return []

    def _is_said(self, condition: str, said: str) -> bool:
        """Whether half of what a condition names and counts is said."""
        things = named(condition, self._analyzer)
        counted = [fact for fact in facts(condition) if fact.kind is FactKind.QUANTITY]
        in_said = facts(said)
        met = covered(things, said) * len(things) + sum(any(same(fact, other) for other in in_said) for fact in counted)
        return met >= (len(things) + len(counted)) / 2

    def _span(self, things: frozenset[str], stated: Sequence[Fact], text: str) -> Span:
        """The sentence of the evidence that shares most with the checked one."""
        candidates = sentences.spans(text) or [(0, len(text))]

        def shared(span: Span) -> float:
            passage = text[span[0] : span[1]]
            found = facts(passage)
            return covered(things, passage) + sum(any(same(fact, other) for other in found) for fact in stated)

        return max(candidates, key=shared)


def clauses(sentence: str) -> list[str]:
    """A sentence cut after its connective endings.

    >>> clauses("토요일에는 열지만 일요일에는 열지 않습니다.")
    ['토요일에는 열지만', '일요일에는 열지 않습니다.']
    """
    return [clause for clause in _CONNECTIVE.split(sentence) if clause.strip()]


def is_negative(clause: str) -> bool:
    """Whether a clause denies; two denials cancel out.

    >>> is_negative("돌려주지 않는다"), is_negative("하지 않으면 안 됩니다"), is_negative("돌려줍니다")
    (True, False, False)
    """
    return len(_NEGATION.findall(clause)) % 2 == 1


def _overlap(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / len(some | others) if some and others else 0.0


class _Passage(NamedTuple):
    text: str
    facts: list[Fact]


def _passages(text: str) -> list[_Passage]:
    """Each sentence with the one before it: what a fact is about is often said just before."""
    found = [text[start:end] for start, end in sentences.spans(text)]
    before = ["", *found[:-1]]
    return [_Passage(f"{first}\n{second}", facts(second)) for first, second in zip(before, found, strict=True)]


class _Price(NamedTuple):
    fact: Fact
    condition: str


def _prices(text: str) -> Iterator[_Price]:
    """Each amount and rate of a text with the words before it that say when it applies."""
    for start, end in sentences.spans(text):
        sentence = text[start:end]
        since = 0
        for fact in facts(sentence):
            if fact.kind is FactKind.MONEY or fact.unit == "%":
                yield _Price(fact, _condition(sentence[since : fact.span[0]]))
                since = fact.span[1]


def _condition(before: str) -> str:
    """What follows the topic (수수료는 | 1인용), or the last word when the topic is the condition (58면은).

    >>> _condition("침대 매트리스 수수료는 1인용 "), _condition("(예시), 어린이 보호구역에서는 ")
    ('1인용', '보호구역에서는')
    """
    words = _ASIDE.sub(" ", before).split()
    topics = [n for n, word in enumerate(words) if _TOPIC.search(word)]
    after_topic = words[topics[-1] + 1 :] if topics else words
    return " ".join(after_topic or words[-1:])
