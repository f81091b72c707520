"""``onnuri ask``, ``check``, ``mask`` and ``serve``.

Commands ask for no log-in: whoever may read the data folder may run them.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import typer

from knowledge_base.errors import AssistantError, UnreadableFile

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.events import Card, FinalEvent
    from assistant.settings import LLMChoice


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    def assistant(self, llm: "LLMChoice") -> "Assistant": ...

    def serve(self, host: str, port: int) -> None: ...


def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(metavar="질문", help="시민이 물은 내용.")],
    llm: Annotated[Literal["none", "auto"], typer.Option(help="none은 LLM 없이 근거와 FAQ로만 답합니다.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="마지막 이벤트를 JSON으로 출력합니다.")] = False,
) -> None:
    """질문에 근거를 단 답을 만듭니다."""
    from assistant.events import EvidenceEvent, FinalEvent
    from assistant.settings import LLMChoice

    console: Console = ctx.obj
    cards: tuple[Card, ...] = ()
    for event in console.assistant(LLMChoice(llm)).suggest(question):
        if isinstance(event, EvidenceEvent):
            cards = event.cards
        elif isinstance(event, FinalEvent):
            typer.echo(event.model_dump_json() if as_json else _readable(event, cards))


def _readable(final: "FinalEvent", cards: "tuple[Card, ...]") -> str:
    lines = [f"[{caution.kind.label}] {caution.text}" for caution in final.cautions if caution.text != final.reason]
    lines += [f"[{final.status.label}] {final.answer}", f"  {final.reason}"]
    spoken_of = {document for caution in final.cautions for document in caution.documents}
    cited = {citation.number for citation in final.citations}
    for card in cards:
        if card.number not in cited and card.document not in spoken_of:
            continue
        as_of = f", 기준일 {card.as_of}" if card.as_of else ""
        lines.append(f"  [{card.number}] {card.title} ({card.document}{as_of})")
    if final.transfer:
        lines.append(f"  연결: {final.transfer.department} {final.transfer.phone}")
    lines.append(f"  {final.timings['total'] / 1000:.2f}초")
    return "\n".join(lines)


def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="JSON 줄 파일. 없으면 표준 입력.")] = None,
) -> None:
    """문장이 근거에 있는 말인지 확인합니다.

    한 줄에 하나씩 {"question": …, "evidence": …, "sentence": …}를 읽어 {"supported": …, "reasons": […]}를 씁니다.
    evidence는 글이거나 title, heading, text를 가진 객체입니다. question은 없어도 됩니다.
    """
    from assistant.grounding import GroundingChecker
    from assistant.grounding.pairs import parsed
    from indexing.lexical.tokens import Analyzer

    checker = GroundingChecker(Analyzer())
    broken = 0
    for number, line in enumerate(given(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            pair = parsed(line)
        except ValueError as error:
            broken += 1
            typer.echo(f"{number}번째 줄을 건너뜁니다: {error}", err=True)
            continue
        verdict = checker.check(pair.sentence, pair.evidence, pair.question).check
        typer.echo(json.dumps({"supported": verdict.supported, "reasons": verdict.reasons}, ensure_ascii=False))
    if broken:
        raise AssistantError(f"{broken}줄을 읽지 못했습니다. 위에 적힌 줄을 고쳐 다시 실행하세요.")


def mask(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="글 파일. 없으면 표준 입력.")] = None,
) -> None:
    """글에서 개인정보를 가립니다."""
    from assistant.masking import mask as masked

    typer.echo(masked(given(file)), nl=False)


def given(file: Path | None) -> str:
    """The text of a file, or of the standard input; raises OnnuriError when it cannot be read."""
    from knowledge_base.text import decode

    try:
        return decode(file.read_bytes() if file else sys.stdin.buffer.read())
    except UnreadableFile as error:
        raise AssistantError(
            f"{file or '표준 입력'}은(는) UTF-8이나 CP949로 적은 글이 아닙니다. UTF-8로 저장하세요."
        ) from error
    except OSError as error:
        raise AssistantError(f"{file}을(를) 읽을 수 없습니다({error.strerror}). 경로를 확인하세요.") from error


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="접속을 받을 주소.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="접속을 받을 포트. 0이면 빈 포트.")] = 7860,
) -> None:
    """콘솔을 띄웁니다. 계정이 하나도 없으면 첫 관리자를 만들 링크를 터미널에 보여 줍니다. Ctrl+C로 끝냅니다."""
    console: Console = ctx.obj
    console.serve(host, port)
