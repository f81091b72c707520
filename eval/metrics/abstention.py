"""Abstention: whether the assistant declines what it cannot answer, and only that.

Each function is the score of one question, None where it does not apply; the means are what one reports.
"""


def abstention_precision(abstained: bool, answerable: bool) -> float | None:
    """Of the abstentions: 1.0 on an unanswerable question."""
    return float(not answerable) if abstained else None


def abstention_recall(abstained: bool, answerable: bool) -> float | None:
    """Of the unanswerable questions: 1.0 when it abstained."""
    return float(abstained) if not answerable else None


def false_alarm(abstained: bool, answerable: bool) -> float | None:
    """Of the answerable questions: 1.0 when it abstained; less is better."""
    return float(abstained) if answerable else None
