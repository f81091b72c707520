"""``onnuri calls``: live calls from the command line."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import typer

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.calls.call_events import CallEvent
    from assistant.settings import LLMChoice
    from indexing.search import SearchService
    from indexing.tokens import Analyzer


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    def assistant(self, llm: "LLMChoice") -> "Assistant": ...

    def searcher(self) -> "SearchService": ...

    def analyzer(self) -> "Analyzer": ...


app = typer.Typer(no_args_is_help=True, help="통화를 들으며 답을 제안합니다.")


@app.callback()
def commands() -> None:
    """통화를 들으며 답을 제안합니다."""


@app.command()
def replay(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help='통화 기록. 한 줄에 {"speaker": caller|agent, "text", "final", "at": 초} 하나.'
        ),
    ],
    realtime: Annotated[bool, typer.Option("--realtime", help="말한 때에 맞춰 천천히 재생합니다.")] = False,
    llm: Annotated[Literal["none", "auto"], typer.Option(help="none은 LLM 없이 근거와 FAQ로만 답합니다.")] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="이벤트를 한 줄에 하나씩 JSON으로 출력합니다.")] = False,
) -> None:
    """통화 기록을 재생해 상담원 화면이 받을 이벤트를 보여 줍니다."""
    from assistant.calls.call import Call
    from assistant.calls.question_finder import QuestionFinder
    from assistant.calls.replay import replayed, transcript
    from assistant.settings import LLMChoice

    utterances = transcript(file)
    console: Console = ctx.obj
    searcher, analyzer = console.searcher(), console.analyzer()
    searcher.search("안녕하세요", k=1)  # load before the call's clock runs
    analyzer.tokens("안녕하세요")
    call = Call(file.stem, QuestionFinder(searcher, analyzer), console.assistant(LLMChoice(llm)))
    for event in replayed(call, utterances, time.sleep if realtime else None):
        text = event.model_dump_json() if as_json else _readable(event)
        if text:
            typer.echo(text)


def _readable(event: "CallEvent") -> str:
    from assistant.calls.call_events import UtteranceEvent
    from assistant.events import EvidenceEvent, FinalEvent

    match event:
        case UtteranceEvent(final=True):
            return f"{event.at:6.1f}  {event.speaker.label}: {event.text}"
        case EvidenceEvent():
            titles = "".join(f"\n          [{card.number}] {card.title}" for card in event.cards[:3])
            return f"{event.at:6.1f}  → 질문 {event.slot + 1}: {event.question}{titles}"
        case FinalEvent():
            return f"          [{event.status.label}] {event.answer}"
        case _:
            return ""
