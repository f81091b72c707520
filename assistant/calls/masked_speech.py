"""What is said on a call without personal data, also where a number is spoken over several utterances."""

from collections.abc import Sequence
from functools import reduce
from itertools import takewhile

from assistant.calls.utterance import Speaker, Utterance
from assistant.masking import Datum, replaced, spans
from assistant.masking.live import beyond, mask_growing

REMEMBERED = 60  # characters of what the same person said before


class MaskedSpeech:
    """Remembers the last unmasked words of each speaker, in memory alone; utterances must come in order.

    A number goes on over all that the same person says; what the other said last may ask for a name.
    """

    def __init__(self) -> None:
        self._before: dict[Speaker, str] = {}
        self._asked = self._turn = ""  # the turn before this one, and this one
        self._speaker: Speaker | None = None

    def masked(self, utterance: Utterance) -> Utterance:
        """The utterance as it may be shown and kept. Of a partial only the beginning is sure not to be personal.

        >>> speech = MaskedSpeech()
        >>> for line, text in enumerate(["제 번호가 공일공에", "1234에 5678이요"]):
        ...     speech.masked(Utterance(line=line, speaker=Speaker.CALLER, text=text, at=line)).text
        '제 번호가 공일공에'
        '[전화번호]이요'
        """
        text = utterance.text
        if utterance.speaker is not self._speaker:
            self._asked, self._turn, self._speaker = self._turn, "", utterance.speaker
        before = dict.fromkeys((self._before.get(utterance.speaker, ""), f"{self._asked}\n{self._turn}", ""))
        if not utterance.final:
            beginnings = (mask_growing(said + text, len(said)) for said in before)
            return utterance.model_copy(update={"text": reduce(_agreed, beginnings)})
        data = max((_data(said, text) for said in before), key=_hidden)  # what came before must not hide anything
        self._before[utterance.speaker] = f"{self._before.get(utterance.speaker, '')}{text} "[-REMEMBERED:]
        self._turn = f"{self._turn}{text} "[-REMEMBERED:]
        return utterance.model_copy(update={"text": replaced(text, data)})


def _data(before: str, text: str) -> list[Datum]:
    """The personal data in ``text``, which was said after ``before``."""
    whole, start = before + text, len(before)
    return beyond(start, spans(whole, [start, len(whole)]))


def _hidden(data: Sequence[Datum]) -> int:
    return sum(end - start for start, end, _ in data)


def _agreed(one: str, other: str) -> str:
    """The beginning that two ways to mask the same words share, whichever it will be in the end."""
    shared = "".join(first for first, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    name = shared.rfind("[")
    return shared if name <= shared.rfind("]") else shared[:name]
