"""What is posted on one call, and when: a transcript at its own times, or faster."""

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple

from assistant.calls.masked_speech import MaskedSpeech
from assistant.calls.utterance import Utterance
from eval.calls.transcripts import Transcript

CUT_SHARE = 0.2
"""Of the listeners, how many lose their connection once."""
CUT_AFTER = (2, 10)
"""After how many events they lose it."""


class Line(NamedTuple):
    """An utterance and the second after the call's begin at which the recogniser sends it."""

    due: float
    said: Utterance


class Asked(NamedTuple):
    """A question: utterances ``starts`` to ``line``."""

    starts: int
    line: int


class Script(NamedTuple):
    """A call to play. ``heard`` is what the server is to echo, by line; ``asked`` are its questions.

    ``cut_after`` events the listener loses its connection, None when it keeps it.
    """

    transcript: str
    lines: tuple[Line, ...]
    heard: dict[int, Utterance]
    asked: tuple[Asked, ...]
    cut_after: int | None


class Scripts:
    """Endless calls, drawn from transcripts in shuffled rounds; the same for the same seed."""

    def __init__(self, transcripts: Sequence[Transcript], speed: float, seed: int) -> None:
        self._transcripts = list(transcripts)
        self._speed = speed
        self._random = Random(f"scripts {seed}")
        self._left: list[Transcript] = []

    def next(self, *, from_the_middle: bool = False) -> Script:
        """The next call; one that was already going on when the test began starts at any of its lines."""
        if not self._left:
            self._left = self._random.sample(self._transcripts, len(self._transcripts))
        call = self._left.pop()
        first = self._random.randrange(len(call.utterances)) if from_the_middle else 0
        cut = self._random.randint(*CUT_AFTER) if self._random.random() < CUT_SHARE else None
        return script(call, self._speed, first, cut)


def script(call: Transcript, speed: float = 1.0, first: int = 0, cut_after: int | None = None) -> Script:
    """A transcript from line ``first`` on; its clock stays its own, the waits are divided by ``speed``."""
    said = call.utterances[first:]
    start = said[0].at if first else 0.0
    whole = [each for each in call.questions if each.starts >= first]
    return Script(
        transcript=call.id,
        lines=tuple(Line((each.at - start) / speed, each) for each in said),
        heard=_echoed(said),
        asked=tuple(sorted({each.line: Asked(each.starts, each.line) for each in whole}.values())),
        cut_after=cut_after,
    )


@lru_cache(maxsize=1024)
def _echoed(said: tuple[Utterance, ...]) -> dict[int, Utterance]:
    """What the panel may see of these utterances: what is personal in them is masked."""
    speech = MaskedSpeech()
    return {each.line: speech.masked(each) for each in said}
