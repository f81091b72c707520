"""What is said on a call without personal data, also where a number is spoken over several utterances."""

from collections.abc import Sequence
from itertools import takewhile

from assistant.calls.utterance import Speaker, Utterance
from assistant.masking import Datum, replaced, spans
from assistant.masking.live import beyond, mask_growing

REMEMBERED = 60  # characters of what the same person said before


class MaskedSpeech:
    """Remembers the last unmasked words of each speaker, in memory alone; utterances must come in order."""

    def __init__(self) -> None:
        self._before: dict[Speaker, str] = {}

    def masked(self, utterance: Utterance) -> Utterance:
        """The utterance as it may be shown and kept. Of a partial only the beginning is sure not to be personal.

        >>> speech = MaskedSpeech()
        >>> for line, text in enumerate(["제 번호가 공일공에", "1234에 5678이요"]):
        ...     speech.masked(Utterance(line=line, speaker=Speaker.CALLER, text=text, at=line)).text
        '제 번호가 공일공에'
        '[전화번호]이요'
        """
        before = self._before.get(utterance.speaker, "")
        whole = f"{before} {utterance.text}" if before else utterance.text
        start = len(whole) - len(utterance.text)
        if not utterance.final:
            text = _agreed(mask_growing(whole, start), mask_growing(utterance.text))
            return utterance.model_copy(update={"text": text})
        data = beyond(start, spans(whole, [start, len(whole)]))
        alone = spans(utterance.text, [len(utterance.text)])
        if _hidden(alone) > _hidden(data):
            data = alone  # what came before must not hide anything
        self._before[utterance.speaker] = whole[-REMEMBERED:]
        return utterance.model_copy(update={"text": replaced(utterance.text, data)})


def _hidden(data: Sequence[Datum]) -> int:
    return sum(end - start for start, end, _ in data)


def _agreed(one: str, other: str) -> str:
    """The beginning that two ways to mask the same words share, whichever it will be in the end."""
    shared = "".join(first for first, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    name = shared.rfind("[")
    return shared if name <= shared.rfind("]") else shared[:name]
