"""What the caller wanted, in the words that were said, without fillers."""

from collections.abc import Sequence
from itertools import islice

from assistant.calls.correction import correction_of
from assistant.calls.speech import cleaned
from assistant.calls.summary.wishes import wishes
from assistant.calls.utterance import Utterance
from assistant.events import EvidenceEvent
from indexing.lexical.tokens import Analyzer

MOST = 10
MOST_UNDETECTED = 3
FOLLOWS = " / "


def requests(said: Sequence[Utterance], shown: Sequence[EvidenceEvent], analyzer: Analyzer) -> list[str]:
    """The questions that were understood, in the order asked; one that leans on another is put behind it.

    Where none was, what the caller said first that is about something.
    """
    latest = {event.slot: event for event in shown if event.heard}
    found: list[str] = []
    for event in latest.values():
        own = cleaned(" ".join(each.text for each in event.heard))
        question, leans = _in_words_said(event, own, said)
        if any(_compact(question) in _compact(each) for each in found):
            continue
        if leans and found:
            found[-1] += f"{FOLLOWS}{question}"
        else:
            found.append(question)
    return found[:MOST] or [wish.text for wish in islice(wishes(said, analyzer), MOST_UNDETECTED)]


def _in_words_said(event: EvidenceEvent, own: str, said: Sequence[Utterance]) -> tuple[str, bool]:
    """A question as understood where each word of it was said, else the caller's own; and whether it leans on
    what was asked before."""
    words = event.question.split()
    heard = _compact(own)
    if all(_compact(word) in heard for word in words):
        return event.question, False
    if correction_of(cleaned(event.heard[-1].text)) is None:
        return own, True
    before = _compact(" ".join(cleaned(each.text) for each in said if each.line <= event.heard[-1].line))
    return (event.question if all(_compact(word) in before for word in words) else own), False


def _compact(text: str) -> str:
    return "".join(text.split()).rstrip(".?!")
