"""Groundedness: the share of an answer's sentences that the passages they cite bear out.

By the project's own checker (assistant.grounding), asked again about the answer as it was shown. It knows
facts, subjects, conditions and negation; what it cannot see, it cannot count.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.grounding import Evidence, GroundingChecker
from knowledge_base.passages import sentences


class Cited(NamedTuple):
    """A part of the answer, as a half-open span, and the evidence it cites."""

    start: int
    end: int
    evidence: Evidence


def groundedness(answer: str, cited: Sequence[Cited], question: str, checker: GroundingChecker) -> float | None:
    """A sentence stands when a citation that touches it bears it out; None for an answer without sentences."""
    spans = sentences.spans(answer)
    if not spans:
        return None

    def stands(start: int, end: int) -> bool:
        touching = (each.evidence for each in cited if each.start < end and start < each.end)
        return any(checker.check(answer[start:end], evidence, question).check.supported for evidence in touching)

    return sum(stands(*span) for span in spans) / len(spans)
