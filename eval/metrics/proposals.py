"""Whether a live call's questions got their evidence in time, and how often evidence came unasked.

A proposal is evidence that appeared on the panel. It belongs to a question when the words that caused it lie between
the question's first word and its last, and it counts until a second after the question was complete: by then an agent
would have begun to search by hand.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from eval.metrics.recall import recall

IN_TIME = 1.0
"""Seconds."""
SHOWN = 3
"""Documents that an agent sees without scrolling."""


class Proposal(NamedTuple):
    """Evidence shown ``at`` a second of the call because of utterance ``line``, its documents best first."""

    line: int
    at: float
    documents: tuple[str, ...]


class Window(NamedTuple):
    """Where a question was asked: utterances ``starts`` to ``line``, complete ``at`` this second of the call."""

    starts: int
    line: int
    at: float

    def holds(self, proposal: Proposal) -> bool:
        """Whether the proposal is for what was said here."""
        return self.starts <= proposal.line <= self.line


def in_time(window: Window, proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals for a question that came before it was too late."""
    return [each for each in proposals if window.holds(each) and each.at <= window.at + IN_TIME]


def hit(right: Collection[str], window: Window, proposals: Iterable[Proposal]) -> float:
    """1.0 when, once the question was complete, a right document was among those it had been shown.

    What an agent sees is the newest proposal from the question's own last line; where that line brought none, the
    newest before it. Two questions in one breath share their line, and either proposal may be the one.

    >>> early, late = Proposal(3, 9.0, ("요금.md",)), Proposal(4, 10.2, ("감면.md",))
    >>> hit({"감면.md"}, Window(3, 4, 10.0), [early, late]), hit({"요금.md"}, Window(3, 4, 10.0), [early, late])
    (1.0, 0.0)
    """
    timely = in_time(window, proposals)
    last = [each for each in timely if each.line == window.line] or timely[-1:]
    return max((recall(each.documents, right, SHOWN) for each in last), default=0.0)


def wait(window: Window, proposals: Iterable[Proposal]) -> float | None:
    """Seconds from the complete question to its first proposal, below 0 when that came earlier; None without one.

    >>> wait(Window(3, 4, 10.0), [Proposal(2, 8.0, ()), Proposal(4, 10.25, ())])
    0.25
    """
    return next((round(each.at - window.at, 3) for each in proposals if window.holds(each)), None)


def needless(windows: Sequence[Window], proposals: Iterable[Proposal]) -> int:
    """How many proposals belong to no question.

    >>> needless([Window(3, 4, 10.0)], [Proposal(2, 8.0, ()), Proposal(4, 10.2, ())])
    1
    """
    return sum(not any(window.holds(each) for window in windows) for each in proposals)
