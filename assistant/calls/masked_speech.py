"""What is said on a call without personal data, also where a number is spoken over several utterances."""

from assistant.calls.utterance import Speaker, Utterance
from assistant.masking import replaced, spans
from assistant.masking.live import mask_growing

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
        if not utterance.final:
            return utterance.model_copy(update={"text": mask_growing(utterance.text)})
        before = self._before.get(utterance.speaker, "")
        whole = f"{before} {utterance.text}" if before else utterance.text
        start = len(whole) - len(utterance.text)
        data = [(max(first - start, 0), last - start, name) for first, last, name in spans(whole) if last > start]
        alone = spans(utterance.text)
        if sum(last - first for first, last, _ in alone) > sum(last - first for first, last, _ in data):
            data = alone  # what came before must not hide anything
        self._before[utterance.speaker] = whole[-REMEMBERED:]
        return utterance.model_copy(update={"text": replaced(utterance.text, data)})
