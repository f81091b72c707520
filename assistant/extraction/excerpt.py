"""The evidence cut to the sentences that carry the answer: what the LLM has to read before its first word.

A language model on an ordinary CPU reads some sixty tokens a second, so every sentence left out is time. What an
answer is checked against, and what the agent sees, stays the whole evidence.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.extraction.answer_type import Wanted, gives
from assistant.grounding import Evidence
from assistant.grounding.evidence import Span, segments
from knowledge_base.passages import sentences

MOST_CHARACTERS = 160  # about 110 tokens of Korean
FACT_WORTH = 0.6  # of the sort of fact asked for, where 1 is naming all that the question names
FIRST_WORTH = 0.5  # of the best evidence: the search knows more of it than a single sentence shows
_SAYS_NOTHING = re.compile(r"(?:다음|아래)과?와? 같(?:습니다|다)\W*$|^.{0,9}$", re.DOTALL)
_QUALIFIES = re.compile(r"단,|단 |다만|예외|그러나|이때|이 경우|※|\(")


class _Sentence(NamedTuple):
    """A sentence of the evidence number ``source``; it is not to be read without its ``companions``."""

    source: int
    span: Span
    text: str
    companions: frozenset[Span]


def excerpts(evidence: Sequence[Evidence], things: frozenset[str], sort: Wanted | None) -> list[Evidence]:
    """The sentences of ``evidence``, best first, that an answer can rest on, in the order in which they stand.

    The best of them mention most of the ``things`` that the question names, the rarer ones above all, and give the
    sort of fact asked for. With each come what it is listed under and what qualifies it; no sentence is cut. More are
    added while they fit into MOST_CHARACTERS; evidence of which none is chosen is left out.
    """
    found = [each for source, (_, text) in enumerate(evidence) for each in _sentences(source, text)]
    weights = _weights(things, found)
    chosen: list[set[Span]] = [set() for _ in evidence]
    length = 0
    for each in sorted(found, key=lambda each: -_worth(each, weights, sort)):
        added = ({each.span} | each.companions) - chosen[each.source]
        size = sum(end - start for start, end in added)
        if added and (not length or length + size <= MOST_CHARACTERS):
            chosen[each.source] |= added
            length += size
    return [_joined(each, sorted(spans)) for each, spans in zip(evidence, chosen, strict=True) if spans]


def _sentences(source: int, text: str) -> list[_Sentence]:
    spans = sentences.spans(text)
    around = _introductions(text, spans)
    return [
        _Sentence(source, span, text[slice(*span)], around.get(span, frozenset()) | _qualifications(text, spans, place))
        for place, span in enumerate(spans)
    ]


def _weights(things: frozenset[str], found: Sequence[_Sentence]) -> dict[str, float]:
    """How much each thing counts (BM25's inverse frequency, over the sentences), 1 in all."""
    counts = {thing: sum(_mentions(each.text, thing) for each in found) for thing in things}
    rarity = {thing: math.log((len(found) + 1) / (count + 0.5)) for thing, count in counts.items() if count}
    total = sum(rarity.values()) or 1.0
    return {thing: value / total for thing, value in rarity.items()}


def _worth(sentence: _Sentence, weights: Mapping[str, float], sort: Wanted | None) -> float:
    worth = sum(weight for thing, weight in weights.items() if _mentions(sentence.text, thing))
    worth += 0.0 if sentence.source else FIRST_WORTH
    worth += FACT_WORTH if sort and gives(sentence.text, sort) else 0.0
    return worth - FIRST_WORTH if _SAYS_NOTHING.search(sentence.text) else worth


def _mentions(text: str, thing: str) -> bool:
    return thing in "".join(text.lower().split())


def _introductions(text: str, spans: Sequence[Span]) -> dict[Span, frozenset[Span]]:
    """By sentence, those that it cannot be read without: what lists it, the header of its table."""
    needed: dict[Span, set[Span]] = {}
    for segment in segments(text):
        outside = [span for span in (*segment.listed, *segment.statement) if not _is_in(span, segment.cited)]
        whole = {each for each in spans if any(_is_in(span, each) for span in outside)}
        needed.setdefault(segment.cited, set()).update(whole)
    return {span: frozenset(around) for span, around in needed.items()}


def _qualifications(text: str, spans: Sequence[Span], place: int) -> frozenset[Span]:
    """The sentences right after one that take something back or narrow it down, or answer the question it asks."""
    after = spans[place + 1 :]
    answers = int("?" in text[slice(*spans[place])])
    rest = enumerate(after[answers:], start=answers)
    count = next((n for n, (start, _) in rest if not _QUALIFIES.match(text, start)), len(after))
    return frozenset(after[:count])


def _is_in(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _joined(evidence: Evidence, spans: Sequence[Span]) -> Evidence:
    """The titles are left out where the sentences name them anyway."""
    text = " ".join(evidence.text[start:end] for start, end in spans)
    titles = "\n".join(title for title in evidence.titles.splitlines() if title not in text)
    return Evidence(titles, text)
