"""``onnuri backup`` and ``onnuri restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from assistant.backup.database_copy import DatabaseCopy
    from assistant.settings import Settings
    from knowledge_base.audit import Audit
    from knowledge_base.home import Home


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    @property
    def settings(self) -> "Settings": ...

    @property
    def home(self) -> "Home": ...

    def database_copy(self) -> "DatabaseCopy | None": ...

    def audit(self) -> "Audit": ...


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="만들 백업 파일(.tar.gz).")],
) -> None:
    """서버가 도는 동안에도 모든 자료를 파일 하나로 백업합니다. 개인정보가 들어 있으니 안전한 곳에 두세요."""
    from assistant.backup.archive import back_up
    from assistant.settings import BUNDLED
    from knowledge_base.audit import AuditAction

    console: Console = ctx.obj
    console.audit()(AuditAction.BACKED_UP, file.name)
    contents = back_up(console.home, file, console.database_copy())
    typer.echo(f"{file}: 파일 {len(contents.files)}개, {file.stat().st_size / 1e6:,.1f}MB")
    typer.echo("  모델은 들어 있지 않습니다. 복원할 컴퓨터에서 'make install'로 준비하세요.")
    if (model := console.settings.embedding_model) != BUNDLED:
        typer.echo(f"  설정한 임베딩 모델 '{model}'도 들어 있지 않습니다. 폴더이면 따로 복사하세요.")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="'onnuri backup'으로 만든 파일.", exists=True)],
    replace: Annotated[bool, typer.Option("--replace", help="지금 자료를 따로 옮겨 두고 복원합니다.")] = False,
) -> None:
    """백업한 자료를 되살립니다. 서버를 끝내고 실행하세요."""
    from assistant.backup.archive import described
    from assistant.backup.archive import restore as restored
    from knowledge_base.audit import AuditAction

    console: Console = ctx.obj
    contents = restored(console.home, file, replace=replace, database=console.database_copy())
    console.audit()(AuditAction.DATA_RESTORED, file.name, described(contents))
    typer.echo(f"{contents.created}의 백업에서 파일 {len(contents.files)}개를 되살렸습니다.")
    if replace:
        typer.echo(f"  전에 있던 자료는 {console.home.root}의 before-restore-… 폴더에 있습니다. 확인한 뒤 지우세요.")
