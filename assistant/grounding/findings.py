"""What may speak against a sentence, and how a finding is told."""

from enum import StrEnum
from typing import NamedTuple


class Sort(StrEnum):
    """The sorts of findings; ``weights.json`` says how much one of each weighs."""

    ABSENT = "absent"  # a figure that the evidence does not state
    COUNTED = "counted"  # a count of things (두 군데) that it does not state
    ASKED = "asked"  # a figure of the caller's own case, of which it states none
    ASKING = "asking"  # it asks instead of saying
    OFFICE = "office"  # an office that it does not name
    QUESTION = "question"  # what the question is about does not occur in it
    UNBOUND = "unbound"  # a figure that it states about something else
    NEARBY = "nearby"  # a figure that the same sentence states about something else, and another of its sort
    LONE = "lone"  # a figure that it states about something else, the only one of its sort
    BOUND = "bound"  # 이하 for 이상, an amount for a limit
    CROSSED = "crossed"  # a figure told of what the evidence gives another figure of the sort
    BASE = "base"  # a period counted from another day
    RATE = "rate"  # 매월 for 매년
    NEW = "new"  # a thing that it does not mention
    APART = "apart"  # a thing that it mentions, but never with what else is said here
    SUBJECT = "subject"  # another subject
    FLIPPED = "flipped"  # denied what it affirms, or the other way round
    OPPOSITE = "opposite"  # free for charged, 상한 for 하한
    SCOPE = "scope"  # 누구나, 매일, 만 that it does not say
    CONDITION = "condition"  # a condition left out
    AMBIGUOUS = "ambiguous"  # what tells one figure from another is left out
    UNCLEAR = "unclear"  # it fits other parts nearly as well: nothing ties it to this one
    ACTION = "action"  # applying for what it says to ask about
    ECHOED = "echoed"  # the share of it that only repeats the question: the statement it rests on does not say it
    OMITTED = "omitted"  # how much else is left out


FATAL = frozenset({Sort.ABSENT, Sort.OFFICE, Sort.ASKING})
"""One of these refuses a sentence, whatever else speaks for it."""


class Finding(NamedTuple):
    """One thing that speaks against a sentence."""

    sort: Sort
    amount: float
    reason: str
