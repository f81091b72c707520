"""What agents did with suggestions, from the API into the journal."""

from collections.abc import Iterator
from typing import NamedTuple

from assistant.calls.call_api_models import Correctness, FeedbackIn
from assistant.journal import Action, Journal
from knowledge_base.errors import AssistantError

_VERDICTS = {
    Correctness.RIGHT: Action.ACCEPTED,
    Correctness.PARTLY: Action.PARTLY,
    Correctness.WRONG: Action.REJECTED,
}


class SuggestionNotFound(AssistantError):
    """No suggestion has this id."""


class Shown(NamedTuple):
    """Whom a suggestion was shown to, and on which call ('' for none)."""

    agent: str
    call: str


class Opinion(NamedTuple):
    """What an agent thought of a suggestion, and why ('' when nothing was said)."""

    action: Action
    reason: str


class Feedback:
    """Keeps each thing an agent did as one row; see :meth:`Journal.add_feedback`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def shown(self, suggestion: str) -> Shown:
        """Raises SuggestionNotFound."""
        row = self._journal.suggestion(suggestion)
        if row is None:
            raise SuggestionNotFound("그런 제안이 없습니다. final 이벤트의 suggestion 값을 확인하세요.")
        return Shown(str(row["agent"]), str(row["call"]))

    def opinions(self, call: str) -> dict[str, Opinion]:
        """The last verdict on each suggestion of a call that has one."""
        rows = self._journal.feedback_on(call)
        return {
            str(row["suggestion"]): Opinion(Action(str(row["action"])), str(row["reason"]))
            for row in rows
            if row["action"] in _VERDICTS.values()
        }

    def add(self, suggestion: str, given: FeedbackIn, agent: str) -> None:
        """Keep all of it."""
        for action, reason in _actions(given):
            self._journal.add_feedback(suggestion, action, reason, agent)


def _actions(given: FeedbackIn) -> Iterator[tuple[Action, str]]:
    if given.displayed:
        yield Action.DISPLAYED, ""
    if given.copied:
        yield Action.COPIED, ""
    if given.edited:
        yield Action.EDITED, given.edited
    for document in given.opened:
        yield Action.OPENED, document
    if given.correctness:
        yield _VERDICTS[given.correctness], given.reason
