"""How a call goes on where another process, or this one before it was started anew, left it."""

import hashlib
import uuid
from collections.abc import Iterable

from assistant.accounts.person import folded_name
from assistant.calls.call import Call
from assistant.calls.call_events import CallEvent, UtteranceEvent
from assistant.calls.live_call import LiveCall
from assistant.calls.records import CallInfo, CallRecords
from assistant.events import EvidenceEvent, FinalEvent


def seat(agent: str) -> str:
    """Eight letters that keep an agent's page and calls on one replica: the ids of their calls begin with them.

    >>> seat("kim")
    '26ae784d'
    """
    return hashlib.sha256(folded_name(agent).encode()).hexdigest()[:8]


def new_id(agent: str) -> str:
    """An id for a call of the agent: 32 hexadecimal digits that nobody can guess."""
    return seat(agent) + uuid.uuid4().hex[8:]


def taken_over(info: CallInfo, call: Call, records: CallRecords) -> LiveCall:
    """The call with all that is known of it; what was kept but not heard is in line.

    The claim comes first: whatever the other one adds is read here, or refused to it.
    """
    served_by = uuid.uuid4().hex
    records.claim(info.id, served_by)
    events = records.events(info.id)
    live = LiveCall(info, call, records, events, served_by)
    if info.ended is None:
        heard = {each.line for each in events if isinstance(each, UtteranceEvent)}
        said = records.utterances(info.id)
        for utterance in said:
            if utterance.line in heard:
                call.remember(utterance)
        live.take_again(each for each in said if each.line not in heard)
    return live


def unanswered(events: Iterable[CallEvent]) -> list[EvidenceEvent]:
    """The evidence that was shown last in each slot where no answer came after it."""
    waiting: dict[int, EvidenceEvent] = {}
    for event in events:
        if isinstance(event, EvidenceEvent):
            waiting[event.slot] = event
        elif isinstance(event, FinalEvent):
            waiting.pop(event.slot, None)
    return list(waiting.values())
