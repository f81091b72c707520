"""What a call was about, and whose business that is: by the documents of the suggestions, never by a guess."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.events import EvidenceEvent, FinalEvent
from assistant.journal import Action

_TAKEN = frozenset({Action.COPIED, Action.EDITED, Action.ACCEPTED})
_OPINIONS = _TAKEN | {Action.PARTLY, Action.REJECTED}


class Matter(NamedTuple):
    """A category of the documents and the department it belongs to, '' where none is known."""

    category: str = ""
    department: str = ""


def matters_of(shown: Sequence[EvidenceEvent]) -> dict[str, Matter]:
    """The matter of each document that was shown, by its id."""
    return {card.document: Matter(card.category, card.department) for event in shown for card in event.cards}


def matter_of(
    finals: Sequence[FinalEvent], opinions: Mapping[str, Sequence[Action]], known: Mapping[str, Matter]
) -> Matter:
    """The matter of most suggestions that the agent took, else of those not rejected; the first of equals.

    ``opinions`` are what the agent did with each suggestion, in order. Where nothing was answered, it is the
    department that the question was to be put through to.
    """
    taken = [each for each in finals if _last_opinion(opinions.get(each.suggestion, ())) in _TAKEN]
    left = [each for each in finals if _last_opinion(opinions.get(each.suggestion, ())) is not Action.REJECTED]
    for chosen in (taken, left):
        answered = Counter(known[each.citations[0].document] for each in chosen if _is_known(each, known))
        if answered:
            return answered.most_common(1)[0][0]
    transfers = Counter(each.transfer.department for each in left if each.transfer)
    return Matter(department=transfers.most_common(1)[0][0]) if transfers else Matter()


def _is_known(final: FinalEvent, known: Mapping[str, Matter]) -> bool:
    return bool(final.citations) and final.citations[0].document in known


def _last_opinion(actions: Sequence[Action]) -> Action | None:
    return next((each for each in reversed(actions) if each in _OPINIONS), None)
