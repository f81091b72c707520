"""``onnuri user``: who may use the console. The operating system's rights on the data folder protect these commands."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from assistant.accounts.person import Role, possible_roles
from knowledge_base.errors import AccountError

if TYPE_CHECKING:
    from assistant.accounts.access import Access
    from assistant.accounts.accounts import Account
    from assistant.accounts.registrar import Registrar
    from knowledge_base.home import Home

app = typer.Typer(help="콘솔을 쓸 사람과 연계 프로그램의 계정을 만들고 고칩니다.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="로그인할 때 쓰는 이름.")]
Roles = Annotated[
    list[Role], typer.Option("--role", help="agent 상담원, admin 지식 관리자, qa 품질 담당자, machine 연계 프로그램.")
]
ADDRESS = "http://127.0.0.1:7860"
ELSEWHERE = "  다른 컴퓨터에서 열 때는 앞부분을 그곳에서 쓰는 콘솔 주소로 바꾸세요."


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    @property
    def home(self) -> "Home": ...

    def access(self) -> "Access": ...


@app.command()
def add(
    ctx: typer.Context,
    name: Name,
    role: Roles,
    password_stdin: Annotated[bool, typer.Option(help="비밀번호를 표준 입력의 첫 줄에서 읽습니다.")] = False,
) -> None:
    """계정을 만듭니다. 비밀번호를 묻고, 비워 두거나 물을 수 없으면 본인이 정할 링크(24시간, 한 번)를 줍니다."""
    is_machine = Role.MACHINE in possible_roles(role)
    secret = _registrar(ctx).add(name, role, _password(is_machine, password_stdin))
    typer.echo(f"'{name}' 계정을 만들었습니다.")
    if is_machine:
        _show_token(secret)
    elif secret:
        _show_link(ctx, secret)


@app.command("list")
def list_(
    ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="JSON으로 출력합니다.")] = False
) -> None:
    """계정과 역할, 상태, 마지막 로그인을 보여 줍니다."""
    console: Console = ctx.obj
    accounts = console.access().accounts.all()
    if as_json:
        typer.echo(json.dumps([_record(account) for account in accounts], ensure_ascii=False))
        return
    for account in accounts:
        roles = ", ".join(sorted(account.person.roles))
        typer.echo(f"{account.person.name}\t{roles}\t{account.status}\t{_time(account.seen) or '로그인한 적 없음'}")
    if not accounts:
        typer.echo("아직 계정이 없습니다. 'onnuri user add 이름 --role admin'으로 만드세요.", err=True)


@app.command()
def roles(ctx: typer.Context, name: Name, role: Roles) -> None:
    """역할을 바꿉니다. 적은 역할만 남습니다."""
    _registrar(ctx).set_roles(name, role)
    typer.echo(f"'{name}'의 역할: {', '.join(role)}")


@app.command()
def disable(ctx: typer.Context, name: Name) -> None:
    """계정을 막습니다. 로그인한 곳에서도 바로 나가게 됩니다."""
    _registrar(ctx).disable(name)
    typer.echo(f"'{name}' 계정을 막았습니다. 'onnuri user enable'로 다시 엽니다.")


@app.command()
def enable(ctx: typer.Context, name: Name) -> None:
    """막은 계정을 다시 엽니다. 비밀번호는 그대로입니다."""
    _registrar(ctx).enable(name)
    typer.echo(f"'{name}' 계정을 다시 열었습니다.")


@app.command()
def reset(ctx: typer.Context, name: Name) -> None:
    """비밀번호와 잠김을 지우고, 새로 정할 링크(24시간, 한 번)를 줍니다."""
    _show_link(ctx, _registrar(ctx).reset(name))


@app.command()
def token(
    ctx: typer.Context,
    name: Name,
    revoke: Annotated[bool, typer.Option("--revoke", help="새로 만들지 않고 거두기만 합니다.")] = False,
) -> None:
    """연계 프로그램의 API 토큰을 새로 만듭니다. 먼저 쓰던 토큰은 바로 못 쓰게 됩니다."""
    if revoke:
        _registrar(ctx).revoke_token(name)
        typer.echo(f"'{name}'의 토큰을 거두었습니다.")
    else:
        _show_token(_registrar(ctx).issue_token(name))


def _registrar(ctx: typer.Context) -> "Registrar":
    from assistant.accounts.registrar import Registrar
    from assistant.audit.log import operator

    console: Console = ctx.obj
    return Registrar(console.access(), operator())


def _password(is_machine: bool, from_stdin: bool) -> str | None:
    """The password given, None for a link."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if is_machine or not sys.stdin.isatty():
        return None
    first = _asked("비밀번호(비워 두면 링크)")
    if first and first != _asked("한 번 더"):
        raise AccountError("두 번 적은 비밀번호가 다릅니다. 다시 실행해 주세요.")
    return first or None


def _asked(question: str) -> str:
    answer: str = typer.prompt(question, default="", show_default=False, hide_input=True, err=True)
    return answer


def _show_link(ctx: typer.Context, token: str) -> None:
    """The link begins with where the console was served last."""
    console: Console = ctx.obj
    served = console.home.address
    address = served.read_text("utf-8") if served.exists() else ADDRESS
    typer.echo(f"비밀번호를 정할 링크(24시간 안에 한 번): {address}/setup/{token}\n{ELSEWHERE}")


def _show_token(token: str) -> None:
    typer.echo(f"토큰(다시 볼 수 없습니다): {token}\n  요청마다 'Authorization: Bearer 토큰' 헤더로 보내세요.")


def _record(account: "Account") -> dict[str, object]:
    return {
        "name": account.person.name,
        "roles": sorted(account.person.roles),
        "disabled": account.disabled is not None,
        "has_password": account.password is not None,
        "created_at": _time(account.created),
        "last_log_in_at": _time(account.seen),
    }


def _time(seconds: float | None) -> str | None:
    """UTC in ISO 8601."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
