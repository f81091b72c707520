"""``onnuri calls``: live calls from the command line."""

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answering.assistant import Assistant
    from assistant.calls.call_events import CallEvent
    from assistant.calls.replay import Sleeps
    from assistant.knowledge_gaps.journal_gaps import JournalGaps
    from assistant.retention import Retention
    from assistant.settings import LLMChoice
    from indexing.gaps import Gap
    from indexing.lexical.tokens import Analyzer
    from indexing.retrieval.search import SearchService
    from knowledge_base.home import Home


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    def assistant(self, llm: "LLMChoice") -> "Assistant": ...

    def searcher(self) -> "SearchService": ...

    def analyzer(self) -> "Analyzer": ...

    @property
    def home(self) -> "Home": ...

    def knowledge_gaps(self) -> "JournalGaps": ...

    def retention(self) -> "Retention": ...


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
    from assistant.settings import LLMChoice

    for event in _played(ctx.obj, file, LLMChoice(llm), time.sleep if realtime else None):
        text = event.model_dump_json() if as_json else _readable(event)
        if text:
            typer.echo(text)


@app.command()
def summary(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="통화 기록. 'onnuri calls replay'가 읽는 것과 같습니다.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로 출력합니다.")] = False,
) -> None:
    """통화 기록에서 말한 내용만으로 상담 이력의 초안을 씁니다."""
    from assistant.calls.call_events import UtteranceEvent
    from assistant.calls.summary import as_text
    from assistant.calls.summary.extraction import extract
    from assistant.calls.utterance import Utterance
    from assistant.settings import LLMChoice

    console: Console = ctx.obj
    events = list(_played(console, file, LLMChoice.NONE))
    said = [
        Utterance(line=event.line or 0, speaker=event.speaker, text=event.text, at=event.at)
        for event in events
        if isinstance(event, UtteranceEvent) and event.final
    ]
    found = extract(said, events, {}, console.analyzer())
    typer.echo(found.model_dump_json() if as_json else as_text(found))


@app.command()
def gaps(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="닫은 것까지 JSON으로 출력합니다.")] = False,
) -> None:
    """답하지 못한 질문을 비슷한 것끼리 묶어 많이 물은 순으로 보여 줍니다."""
    import json

    from indexing.admin_panel.gaps import GapListing
    from knowledge_base.storage.store import KnowledgeStore

    console: Console = ctx.obj
    console.home.create()
    listing = GapListing(console.home, KnowledgeStore(console.home.knowledge), console.knowledge_gaps())
    found = sorted(listing.found(), key=lambda gap: len(gap.asked), reverse=True)
    if as_json:
        typer.echo(json.dumps([_gap_record(gap) for gap in found], ensure_ascii=False))
        return
    for gap in found:
        if gap.state.is_open:
            others = f" (다른 말 {len(gap.variants) - 1}가지)" if len(gap.variants) > 1 else ""
            typer.echo(f"{len(gap.asked):5,}번  {gap.last[:10]}  {gap.question}{others}")
    if not any(gap.state.is_open for gap in found):
        typer.echo("답하지 못한 질문이 없습니다.")


def _days(text: str) -> int:
    """A number of days.

    >>> _days("90d")
    90
    """
    found = re.fullmatch(r"([1-9]\d{0,4})d", text, re.ASCII)
    if found is None:
        raise typer.BadParameter("90d처럼 날 수로 적으세요.")
    return int(found[1])


@app.command()
def forget(
    ctx: typer.Context,
    older_than: Annotated[
        int | None, typer.Option(parser=_days, metavar="DAYS", help="끝난 지 이보다 오래된 통화(예: 90d).")
    ] = None,
    call: Annotated[str | None, typer.Option(metavar="ID", help="통화 하나.")] = None,
) -> None:
    """끝난 통화의 말, 제안, 의견을 지웁니다. 되돌릴 수 없습니다. 지웠다는 것은 감사 기록에 남습니다."""
    if (older_than is None) == (call is None):
        raise typer.BadParameter("--older-than과 --call 가운데 하나를 쓰세요.")
    console: Console = ctx.obj
    retention = console.retention()
    kept = retention.of_call(call) if call is not None else retention.older_than(older_than or 0)
    is_gone = retention.forget(kept)
    typer.echo(f"통화 {len(kept.calls):,}건과 제안 {len(kept.suggestions):,}건을 지웠습니다.")
    if not is_gone:
        typer.echo("  다른 프로그램이 읽고 있어 파일에 흔적이 남았습니다. 잠시 뒤 다시 실행하면 마저 지웁니다.")
    typer.echo("  전에 만든 백업에는 남아 있습니다. 백업도 정한 기간이 지나면 지우세요.")


def _gap_record(gap: "Gap") -> dict[str, object]:
    decision = gap.decision._asdict() if gap.decision else None
    draft = gap.draft._asdict() if gap.draft else None
    return {
        "question": gap.question,
        "state": gap.state,
        "count": len(gap.asked),
        "calls": gap.calls,
        "first": gap.asked[0].at,
        "last": gap.last,
        "outcomes": gap.outcomes,
        "variants": [variant._asdict() for variant in gap.variants],
        "draft": draft,
        "decision": decision,
    }


def _played(console: Console, file: Path, llm: "LLMChoice", sleep: "Sleeps | None" = None) -> "Iterator[CallEvent]":
    """The events of a transcript; what they need is loaded before the call's clock runs."""
    from assistant.calls.call import Call
    from assistant.calls.question_finder import QuestionFinder
    from assistant.calls.replay import replayed, transcript

    utterances = transcript(file)
    searcher, analyzer = console.searcher(), console.analyzer()
    searcher.search("안녕하세요", k=1)
    analyzer.tokens("안녕하세요")
    call = Call(file.stem, QuestionFinder(searcher, analyzer), console.assistant(llm))
    return replayed(call, utterances, sleep)


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
