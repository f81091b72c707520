"""What a server does before its first visitor: take an address, warm up, say where it is and how to get in."""

import logging
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from knowledge_base.errors import AssistantError, LLMUnavailable, OnnuriError

if TYPE_CHECKING:
    from concurrent.futures import Future

    import uvicorn

    from assistant.accounts.access import Access
    from assistant.llm.language_model import LanguageModel
    from knowledge_base.home import Home

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (listened on by who asks for it)
_log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """A socket to be served, at any free port for 0; raises AssistantError when there can be none."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise AssistantError(
            f"{host}:{port}에서 접속을 받을 수 없습니다({error.strerror}). "
            "이미 실행 중인지 확인하거나 --port로 다른 포트를 쓰세요."
        ) from error


def warm_up(model: "LanguageModel") -> None:
    """Start the LLM ahead of the first question; evidence and FAQ answers do without it."""
    try:
        model.start()
    except LLMUnavailable as error:
        _log.warning("%s", error)


def tell_problem(first_search: "Future[Any]") -> None:
    """Say why nothing can be found, if so. The server starts all the same: the admin panel is where it is mended."""
    error = first_search.exception()
    if isinstance(error, OnnuriError):
        typer.echo(f"주의: {error}", err=True)
    elif error is not None:
        _log.error("the first search failed", exc_info=error)


def url(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there.

    >>> url("10.0.0.5", 7860), url("0.0.0.0", 7860), url("::1", 7860)
    ('http://10.0.0.5:7860', 'http://127.0.0.1:7860', 'http://[::1]:7860')
    """
    here = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{here}:{port}"


def announce(server: "uvicorn.Server", access: "Access", home: "Home", address: str) -> None:
    """Say where the console is, once it can be used, and leave word of it for other commands."""
    while not server.started:
        time.sleep(0.05)
    with suppress(OSError):  # a full disk must not keep the first link from being shown
        home.address.write_text(address, "utf-8")
    if access.accounts.is_empty():
        invite(access, address)
    typer.echo(f"온누리 상담 어시스트: {address}")


def invite(access: "Access", address: str) -> None:
    """Say how the first administrator is made. The link goes to a terminal alone: a log would keep it."""
    if sys.stdout.isatty():
        typer.echo(f"첫 관리자를 만드세요(24시간 안에 한 번): {address}/setup/{access.links.issue(None)}")
    else:
        typer.echo("아직 계정이 없습니다. 'onnuri user add 이름 --role admin'으로 첫 관리자를 만드세요.", err=True)
