"""The one web application: log-in pages, the console page, and the panels behind the gate."""

import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.accounts.access import Access
from assistant.accounts.person import Person, Role, current_person
from assistant.monitoring.json_log import CallPaths
from assistant.monitoring.metrics import PATH, Metrics
from assistant.web import health
from assistant.web.entrance import Entrance
from assistant.web.front import Front
from assistant.web.gate import Gate, Rule, Streams, refused
from assistant.web.health import Check
from assistant.web.pages import Place
from assistant.web.trusted_proxy import Peers
from knowledge_base.errors import AssistantError, NotAllowed

GRACE_SECONDS = 2
"""How long answers under way keep a server that is being stopped."""

SignedIn = Callable[[Request], str | None]
"""The name of whoever sent a request; what gradio calls an ``auth_dependency``."""


class Panel(NamedTuple):
    """A panel and who may use it. ``mount(app, blocks, path, signed_in)`` serves it below ``path``."""

    path: str
    role: Role
    title: str
    told: str
    blocks: Any
    mount: Callable[[FastAPI, Any, str, SignedIn], object]


def build(
    access: Access,
    panels: Sequence[Panel],
    parts: Mapping[str, Check] | None = None,
    metrics: Metrics | None = None,
    front: Front = Front(),  # noqa: B008 (immutable)
) -> FastAPI:
    """The application to be served; more routers may be added, and are behind the gate too.

    ``parts`` are what answering needs (see ``health``); programs may read ``metrics``, which count every answer.
    It believes the headers of proxies by itself: the server must leave them alone (see ``server``).
    """
    places = [(panel.role, Place(panel.path, panel.title, panel.told)) for panel in panels]
    entrance = Entrance(access, places, front.sign_in, has_provider=front.provider is not None)
    routes: list[BaseRoute] = [*entrance.routes(), *health.routes(parts or {})]
    if front.provider is not None:
        routes += front.provider.routes()
    rules = [Rule(panel.path, panel.role) for panel in panels]
    if metrics is not None:
        routes.append(metrics.route())
        rules.append(Rule(PATH, Role.MACHINE))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, routes=routes)
    app.add_exception_handler(AssistantError, _told)
    for panel in panels:
        panel.mount(app, panel.blocks, panel.path, signed_in)
    app.state.streams = Streams()
    app.add_middleware(Gate, access=access, rules=rules, streams=app.state.streams, framed_by=front.frame_ancestors)
    if metrics is not None:
        app.add_middleware(metrics.counting)  # outside: what the gate refuses counts too
    app.add_middleware(CallPaths)
    app.add_middleware(Peers, trusted=front.trusted_proxy)
    return app


def server(app: FastAPI, *, logs_requests: bool = False) -> uvicorn.Server:
    """What serves an application made by :func:`build`; stopped, it ends its streams first.

    ``logs_requests`` to the log of this process (see ``json_log``), where queries are left out.
    """

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.streams.end()
            await super().shutdown(sockets)

    return Server(
        uvicorn.Config(
            app,
            log_config=None if logs_requests else uvicorn.config.LOGGING_CONFIG,
            log_level="info" if logs_requests else "warning",
            access_log=logs_requests,
            timeout_graceful_shutdown=GRACE_SECONDS,
            proxy_headers=False,
            server_header=False,
        )
    )


def signed_in(request: Request) -> str | None:
    """The caller's name, for gradio's ``request.username``; None makes gradio refuse too."""
    person: Person | None = request.state.person
    return person.name if person else None


def caller_with(*roles: Role) -> Callable[[Request], Person]:
    """A FastAPI dependency: who is calling, refused without one of ``roles``."""

    def caller(request: Request) -> Person:
        return current_person(request, *roles)

    return caller


async def _told(request: Request, error: Exception) -> Response:
    return refused(request, 403 if isinstance(error, NotAllowed) else 503, str(error))
