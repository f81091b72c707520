"""From findings to a verdict: a logistic regression that a person can follow, fitted by ``eval.fitting.grounding``."""

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from assistant.grounding.findings import FATAL, Finding, Sort

MOST_OMITTED = 0.7
"""Of the words of a part: what is left out up to here withholds no sentence by itself."""


class Weights(NamedTuple):
    """What one of each sort weighs (at least 0), and from which doubt (0 to 1) a sentence is withheld."""

    of: dict[Sort, float]
    bias: float
    threshold: float


@cache
def weights() -> Weights:
    """Those of weights.json."""
    kept = json.loads(resources.files("assistant.grounding").joinpath("weights.json").read_text(encoding="utf-8"))
    of = {Sort(sort): float(weight) for sort, weight in kept["weights"].items()}
    return Weights(of, float(kept["bias"]), float(kept["threshold"]))


class Examined(NamedTuple):
    """What was found out about a sentence of so many ``clauses``."""

    findings: Sequence[Finding]
    clauses: int

    @property
    def share(self) -> float:
        """What a finding counts: the more clauses, the more of them are to be expected."""
        return 1 / math.sqrt(max(1, self.clauses))

    @property
    def is_clear(self) -> bool:
        """Whether all that speaks against the sentence is that it leaves out something, and that is not nearly all."""
        return all(each.sort is Sort.OMITTED and each.amount * self.share <= MOST_OMITTED for each in self.findings)

    def doubt(self, using: Weights) -> float:
        """The probability that the evidence does not bear out the sentence; 0 where nothing speaks against it."""
        if self.is_clear:
            return 0.0
        against = self.share * sum(using.of[finding.sort] * finding.amount for finding in self.findings)
        return 1 / (1 + math.exp(-using.bias - against))

    def stands(self, using: Weights) -> bool:
        """Whether the sentence may be shown."""
        return self.doubt(using) < using.threshold and not any(finding.sort in FATAL for finding in self.findings)


def reasons(found: Sequence[Finding], using: Weights) -> tuple[str, ...]:
    """Why it may not, the weightiest first; what is merely left out only where nothing else is wrong."""
    ordered = sorted(
        found, key=lambda finding: (finding.sort not in FATAL, -using.of[finding.sort] * max(finding.amount, 0.5))
    )
    wrong = [finding.reason for finding in ordered if finding.sort not in (Sort.OMITTED, Sort.APART, Sort.UNCLEAR)]
    return tuple(dict.fromkeys(wrong or [finding.reason for finding in ordered]))
