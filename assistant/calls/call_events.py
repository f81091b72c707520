"""What a live call tells its panel besides its suggestions."""

from typing import Annotated, Literal

from pydantic import Field

from assistant.calls.utterance import Speaker
from assistant.events import Event, EvidenceEvent, FinalEvent, TokenEvent


class StartedEvent(Event):
    """A call has come in; ``external`` is what the telephone system calls it."""

    type: Literal["started"] = "started"
    agent: str
    external: str


class UtteranceEvent(Event):
    """What was said (masked). A partial is replaced by the next utterance of the same speaker."""

    type: Literal["utterance"] = "utterance"
    speaker: Speaker
    text: str
    final: bool


class FaultEvent(Event):
    """What a person can put right (Korean), such as a missing index; the call goes on."""

    type: Literal["fault"] = "fault"
    message: str


class EndedEvent(Event):
    """Nothing follows."""

    type: Literal["ended"] = "ended"


CallEvent = Annotated[
    StartedEvent | UtteranceEvent | EvidenceEvent | TokenEvent | FinalEvent | FaultEvent | EndedEvent,
    Field(discriminator="type"),
]
