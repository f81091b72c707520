"""A summary in the words of the transcript: no model, within milliseconds, nothing in it that was not said."""

from collections.abc import Mapping, Sequence

from assistant.calls.call_events import CallEvent
from assistant.calls.summary.form import CallSummary
from assistant.calls.summary.handling import handling
from assistant.calls.summary.matter import matter_of, matters_of
from assistant.calls.summary.requests import requests
from assistant.calls.utterance import Utterance
from assistant.events import EvidenceEvent, FinalEvent
from assistant.journal import Action
from indexing.lexical.tokens import Analyzer

Opinions = Mapping[str, Sequence[Action]]
"""What the agent did with each suggestion, by its id, in order."""


def extract(
    said: Sequence[Utterance], events: Sequence[CallEvent], opinions: Opinions, analyzer: Analyzer
) -> CallSummary:
    """The summary of a call from what was ``said`` (masked, final) and the ``events`` that came of it."""
    shown = [event for event in events if isinstance(event, EvidenceEvent)]
    finals = {event.slot: event for event in events if isinstance(event, FinalEvent)}
    matter = matter_of(list(finals.values()), opinions, matters_of(shown))
    told, follow_ups = handling(said, shown, analyzer)
    return CallSummary(
        category=matter.category,
        department=matter.department,
        request="\n".join(requests(said, shown, analyzer)),
        outcome="\n".join(told),
        follow_ups=tuple(follow_ups),
    )
