"""Whether the program lives, and whether it can answer: for a load balancer or a container's health check.

Anybody may ask, so neither says more than a word for each part.
"""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from knowledge_base.errors import OnnuriError

ALIVE = "/healthz"
READY = "/readyz"
PATHS = (ALIVE, READY)

Check = Callable[[], object]
"""Raises OnnuriError when what it looks for is not there."""


def routes(parts: Mapping[str, Check]) -> list[Route]:
    """``parts`` are what answering needs, by name."""

    def alive(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def ready(request: Request) -> Response:
        """200 when every part is there, else 503."""
        found = {name: _word(check) for name, check in parts.items()}
        return JSONResponse(found, 200 if set(found.values()) <= {"ok"} else 503)

    return [Route(ALIVE, alive), Route(READY, ready)]


def _word(check: Check) -> str:
    try:
        check()
    except OnnuriError:
        return "down"
    return "ok"
