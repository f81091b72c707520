"""What the server tells a page, one JSON object each; every ``html`` is ready to be shown, all else is text.

A page keeps what it was told last of each line and each suggestion, so that telling everything again after a
lost connection changes nothing that stands.
"""

from dataclasses import replace
from typing import Literal

from assistant.agent_panel.answer import announcement, badge
from assistant.agent_panel.board import Line
from assistant.agent_panel.cards import evidence_html
from assistant.agent_panel.shown import Shown, Stage
from assistant.agent_panel.suggestion import answer_html
from assistant.agent_panel.transcript import line_html
from assistant.calls.feedback import Opinion
from assistant.events import Record
from assistant.journal import Action


class DeskCall(Record):
    """A call of the agent. ``seconds`` have gone since it began, ``ended`` since it ended (None while it goes on)."""

    id: str
    label: str
    seconds: float
    ended: float | None


class CallsMessage(Record):
    """The calls of the agent, oldest first: those that go on, and those that wait for their summary."""

    type: Literal["calls"] = "calls"
    calls: tuple[DeskCall, ...]


class LineMessage(Record):
    """A line of a transcript, new or changed."""

    type: Literal["line"] = "line"
    call: str
    key: int
    html: str


class SuggestionMessage(Record):
    """A suggestion, new or changed. ``evidence`` is None when it is as it was told last.

    ``line`` is the utterance that asked, None for a typed question; ``stopped`` is the badge in case the agent stops
    it; ``announce`` is for screen readers; ``verdict`` is what the agent thought of it before this page was opened.
    """

    type: Literal["suggestion"] = "suggestion"
    call: str
    key: str
    edition: int
    question: str
    line: int | None
    badge: str
    stopped: str
    answer: str
    evidence: str | None
    announce: str
    running: bool
    typed: bool
    suggestion: str
    verdict: Action | None = None
    reason: str = ""


class FaultMessage(Record):
    """Something about a call that the agent should read."""

    type: Literal["fault"] = "fault"
    call: str
    text: str


class AliveMessage(Record):
    """Nothing has changed, and the connection holds."""

    type: Literal["alive"] = "alive"


class TakenMessage(Record):
    """A typed question belongs to the call and will come as its suggestion ``key``."""

    type: Literal["taken"] = "taken"
    key: str


Message = CallsMessage | LineMessage | SuggestionMessage | FaultMessage | AliveMessage | TakenMessage


def line_message(call: str, line: Line) -> LineMessage:
    """A line as it is now."""
    return LineMessage(call=call, key=line.key, html=line_html(line))


def suggestion_message(
    call: str, shown: Shown, before: Shown | None = None, opinion: Opinion | None = None
) -> SuggestionMessage:
    """A suggestion as it is now; ``before`` is how the page knows it."""
    evidence = evidence_html(shown)
    return SuggestionMessage(
        call=call,
        key=shown.key,
        edition=shown.edition,
        question=shown.question,
        line=shown.evidence.line if shown.evidence else None,
        badge=badge(shown),
        stopped=badge(replace(shown, stage=Stage.STOPPED)),
        answer=answer_html(shown),
        evidence=None if before and evidence_html(before) == evidence else evidence,
        announce=announcement(shown),
        running=shown.stage.is_running,
        typed=shown.is_typed,
        suggestion=shown.suggestion,
        verdict=opinion.action if opinion else None,
        reason=opinion.reason if opinion else "",
    )
