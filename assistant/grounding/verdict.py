"""From findings to a verdict: a logistic regression that a person can follow, fitted by eval/fit_grounding.py."""

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from assistant.grounding.findings import FATAL, Finding, Sort


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


def doubt(found: Sequence[Finding], using: Weights) -> float:
    """The probability that the evidence does not bear out a sentence with these findings."""
    return 1 / (1 + math.exp(-using.bias - sum(using.of[finding.sort] * finding.amount for finding in found)))


def stands(found: Sequence[Finding], using: Weights) -> bool:
    """Whether a sentence with these findings may be shown."""
    return doubt(found, using) < using.threshold and not any(finding.sort in FATAL for finding in found)


def reasons(found: Sequence[Finding], using: Weights) -> tuple[str, ...]:
    """Why it may not, the weightiest first; what is merely left out only where nothing else is wrong."""
    ordered = sorted(
        found, key=lambda finding: (finding.sort not in FATAL, -using.of[finding.sort] * max(finding.amount, 0.5))
    )
    wrong = [finding.reason for finding in ordered if finding.sort not in (Sort.OMITTED, Sort.ELSEWHERE, Sort.UNCLEAR)]
    return tuple(dict.fromkeys(wrong or [finding.reason for finding in ordered]))
