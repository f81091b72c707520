"""``onnuri doctor``: what is wrong with this installation and what to do about it."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.doctor.examination import Installation


def doctor(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="부분마다 한 줄씩 JSON으로 출력합니다.")] = False,
) -> None:
    """설치된 것을 부분마다 점검합니다. 고장이 있으면 고칠 방법을 알리고 종료 코드 1로 끝냅니다."""
    from dataclasses import asdict

    from assistant.doctor.examination import State, examined, parts

    console: Installation = ctx.obj
    is_broken = False
    for finding in examined(parts(console)):
        is_broken |= finding.state is State.BROKEN
        told = f"[{finding.state.label}] {finding.part}: {finding.told}"
        typer.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else told)
    if is_broken:
        raise typer.Exit(1)
