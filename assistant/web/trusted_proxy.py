"""A reverse proxy of the organisation that has made sure who somebody is, and says so in headers.

Anybody can send headers, so they count only on a connection that comes from the proxy's own address; that address is
noted before ``X-Forwarded-For`` is believed.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.accounts.sign_in import Vouched

LOOPBACK = ("127.0.0.1", "::1")
"""Where the front end that ends TLS runs unless a setting says otherwise."""
USER_HEADER = "x-forwarded-user"
GROUPS_HEADER = "x-forwarded-groups"


class Peers:
    """ASGI middleware: notes who is connected, then believes a front end on this machine, or the one trusted, about
    whom it speaks for."""

    def __init__(self, app: ASGIApp, trusted: str = "") -> None:
        self._trusted = trusted
        self._app = ProxyHeadersMiddleware(app, [*LOOPBACK, *filter(None, [trusted])])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            peer = scope.get("client")
            is_trusted = bool(self._trusted) and peer is not None and peer[0] == self._trusted
            scope.setdefault("state", {})["vouched"] = vouched(Request(scope)) if is_trusted else None
        await self._app(scope, receive, send)  # type: ignore[arg-type]


def vouched(request: Request) -> Vouched | None:
    """Whom the proxy names, None for nobody; a name given twice is nobody's."""
    names = _values(request, USER_HEADER)
    if len(names) != 1 or not names[0]:
        return None
    groups = (group.strip() for line in _values(request, GROUPS_HEADER) for group in line.split(","))
    return Vouched(f"proxy:{names[0]}", names[0].partition("@")[0], frozenset(filter(None, groups)))


def _values(request: Request, header: str) -> Sequence[str]:
    """The values of a header as UTF-8, which HTTP would have be Latin-1."""
    return [value.encode("latin-1").decode("utf-8", "replace").strip() for value in request.headers.getlist(header)]
