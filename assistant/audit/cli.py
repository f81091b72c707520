"""``onnuri audit``: the record of who did what, taken out and checked."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from assistant.audit.log import AuditLog

app = typer.Typer(help="누가 언제 어디서 무엇을 했는지 남은 기록을 내보내고 확인합니다.", no_args_is_help=True)


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    def audit_log(self) -> "AuditLog": ...


@app.command()
def export(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option(help="저장할 파일. 이름 끝이 .csv나 .jsonl이어야 합니다.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="이 날짜(UTC)부터. 없으면 처음부터.")
    ] = None,
) -> None:
    """감사 기록을 파일로 내보냅니다. 내보낸 것도 기록됩니다."""
    from assistant.audit.export import write
    from assistant.audit.log import operator
    from knowledge_base.audit import AuditAction

    console: Console = ctx.obj
    log = console.audit_log()
    start = f"{since:%Y-%m-%d}" if since else ""
    log.record(operator(), AuditAction.EXPORTED, "audit", {"since": start, "file": out.name})
    typer.echo(f"{out}: {write(log.rows(start), out)}건")


@app.command()
def verify(ctx: typer.Context) -> None:
    """감사 기록이 바뀌거나 빠지지 않았는지 확인합니다."""
    console: Console = ctx.obj
    verified = console.audit_log().verified()
    typer.echo(f"감사 기록 {verified.rows}건이 모두 이어집니다. 마지막 봉인: {verified.seal}")
    typer.echo("  봉인을 따로 적어 두면, 끝에서 잘라 내거나 통째로 다시 쓴 것도 알 수 있습니다.")
