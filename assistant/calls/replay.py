"""A transcript to the events that the panel would get, without a server."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from assistant.calls.call import Call
from assistant.calls.call_events import CallEvent
from assistant.calls.masked_speech import MaskedSpeech
from assistant.calls.utterance import Utterance
from knowledge_base.errors import AssistantError

Sleeps = Callable[[float], None]


def transcript(path: Path) -> list[Utterance]:
    """The lines of a transcript file; raises AssistantError naming the line that is none.

    A line is a JSON object with ``speaker`` (caller or agent), ``text``, ``final`` (true when left out) and ``at``.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"통화 기록 {path}을(를) 읽을 수 없습니다. 경로와 UTF-8인지 확인하세요.") from error
    rows = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    return [_utterance(line, place, f"{path} {number}번째 줄") for place, (number, line) in enumerate(rows)]


def _utterance(text: str, line: int, place: str) -> Utterance:
    try:
        return Utterance.model_validate({**from_json(text), "line": line})
    except (ValueError, TypeError, ValidationError) as error:
        raise AssistantError(
            f'{place}: 통화의 한 줄이 아닙니다. {{"speaker": "caller" 또는 "agent", "text": "…", "final": true, '
            '"at": 12.3}처럼 적으세요.'
        ) from error


def replayed(call: Call, utterances: Iterable[Utterance], sleep: Sleeps | None = None) -> Iterator[CallEvent]:
    """The numbered events of a whole call, each answer before the next utterance.

    With ``sleep`` the words come when they were said.
    """
    seq, speech = 0, MaskedSpeech()
    started = time.perf_counter()
    for utterance in utterances:
        if sleep is not None:
            sleep(max(0.0, utterance.at - (time.perf_counter() - started)))
        for event in _events(call, speech.masked(utterance)):
            yield event.model_copy(update={"seq": seq})
            seq += 1


def _events(call: Call, utterance: Utterance) -> Iterator[CallEvent]:
    yield from call.hear(utterance)
    for slot in list(call.answering):
        yield from call.answering.pop(slot).events
