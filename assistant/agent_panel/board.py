"""What one call looks like: its transcript and its suggestions, folded from its events in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from assistant.agent_panel.shown import Shown, Stage, advanced, failed
from assistant.calls.call_events import CallEvent, EndedEvent, FaultEvent, UtteranceEvent
from assistant.calls.utterance import Speaker
from assistant.events import EvidenceEvent, FinalEvent, Span, TokenEvent


@dataclass(frozen=True, slots=True)
class Line:
    """What was said. ``key`` names the line on the page; a partial and what replaces it have the same.

    ``marks`` are the words of ``text`` that a question was detected from.
    """

    key: int
    line: int
    speaker: Speaker
    text: str
    final: bool
    marks: tuple[Span, ...] = ()


@dataclass
class Board:
    """``lines`` by key and ``shown`` by key, each in the order of first appearance; values are replaced, not changed.

    ``fault`` is the last thing that went wrong outside a suggestion.
    """

    lines: dict[int, Line] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    fault: str = ""
    _partials: dict[Speaker, int] = field(default_factory=dict)

    def take(self, events: Iterable[CallEvent]) -> None:
        """Fold in what came next."""
        for event in events:
            match event:
                case UtteranceEvent():
                    self._say(event)
                case EvidenceEvent() | TokenEvent() | FinalEvent():
                    self._suggest(event)
                case FaultEvent():
                    self._fail(event)
                case EndedEvent():
                    self._stop()

    def _say(self, event: UtteranceEvent) -> None:
        number = event.seq if event.line is None else event.line
        key = self._partials.pop(event.speaker, number)
        if event.final:
            self._let_go(key, number)
        else:
            self._partials[event.speaker] = key
        self.lines[key] = Line(key, number, event.speaker, event.text, event.final)

    def _let_go(self, first: int, last: int) -> None:
        """Stop the answers to what the partials of a line asked and its final words do not."""
        for key, shown in self.shown.items():
            line = shown.evidence.line if shown.evidence else None
            if shown.stage.is_running and line is not None and first <= line < last:
                self.shown[key] = replace(shown, stage=Stage.STOPPED)

    def _suggest(self, event: EvidenceEvent | TokenEvent | FinalEvent) -> None:
        key = str(event.slot)
        shown = self.shown.get(key) or Shown(key=key, is_typed=event.line is None)
        self.shown[key] = advanced(shown, event)
        if isinstance(event, EvidenceEvent):
            self._mark()

    def _mark(self) -> None:
        """Mark the words of every question as it is understood now."""
        heard: dict[int, list[Span]] = {}
        for shown in self.shown.values():
            for words in shown.evidence.heard if shown.evidence else ():
                heard.setdefault(words.line, []).append((words.start, words.end))
        for key, line in self.lines.items():
            marks = tuple(heard.get(line.line, ()))
            if marks != line.marks:
                self.lines[key] = replace(line, marks=marks)

    def _fail(self, event: FaultEvent) -> None:
        for key, shown in self.shown.items():
            if shown.stage.is_running and shown.evidence and shown.evidence.line == event.line:
                self.shown[key] = failed(shown, event.message)
                return
        self.fault = event.message

    def _stop(self) -> None:
        for key, shown in self.shown.items():
            if shown.stage.is_running:
                self.shown[key] = replace(shown, stage=Stage.STOPPED)
