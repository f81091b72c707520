"""The gate in front of everything served: nothing below it is reached without the role it needs.

It works on every request before any router does, so that a route nobody thought of (Gradio has dozens:
queue, files, uploads, heartbeats) is shut by default, and it stays in force while a request lasts: a stream
whose session has ended is cut off.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.access import Access
from assistant.accounts.person import PEOPLE, Person, Role, folded_name
from assistant.accounts.sign_in import Vouched
from assistant.web import health, pages
from assistant.web.caller import address_of
from assistant.web.gradio_routes import is_shut
from assistant.web.hardened import Hardened
from assistant.web.page_policy import MarkedPage
from assistant.web.request_limits import LARGEST_BODY, MEMBER, PROGRAM, STRANGER, BoundedBody, Rates
from assistant.web.session_cookie import session_token
from knowledge_base.errors import AssistantError

PUBLIC = ("/login", pages.LEFT, pages.ORGANIZATION, pages.STYLE_PATH, pages.ICON_PATH, *health.PATHS)
BELOW_PUBLIC = (SET_UP := "/setup/", f"{pages.ORGANIZATION}/")
API = "/api/"
LOOKED_AGAIN = 2.0
"""Seconds between two looks at whether the caller of a running request may still be here."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LOG_IN_TEXT = "로그인이 필요합니다."
UNKNOWN_PROGRAM_TEXT = "토큰이 없거나 쓸 수 없습니다. Authorization: Bearer 뒤에 연계 프로그램의 토큰을 보내세요."
ROLE_TEXT = "이 화면을 볼 권한이 없습니다."
UPLOADS = "/uploads"
"""Where our own routes end that take files, and limit them."""
NOWHERE_TEXT = "없는 주소입니다. 주소를 확인하세요."
BUSY_TEXT = "요청이 너무 잦습니다. 잠시 뒤에 다시 해 주세요."
TOO_LARGE_TEXT = "보낸 내용이 너무 큽니다. 줄여서 다시 보내 주세요."
FOREIGN_TEXT = "다른 사이트에서 온 요청이라 거절했습니다."

Finds = Callable[[], Person | None]
_log = logging.getLogger(__name__)


class Rule(NamedTuple):
    """``path`` and everything below it need ``role``."""

    path: str
    role: Role

    def covers(self, scope: Scope) -> bool:
        """Whether a request falls under the rule. The router's own matching decides: no spelling of a path can get past
        the rule and still reach the route."""
        return any(route.matches(scope)[0] is not Match.NONE for route in _routes(self.path))


@cache  # a route compiles its pattern
def _routes(path: str) -> tuple[Mount, Route]:
    return Mount(path, routes=[]), Route(path, lambda request: None)


class Streams:
    """The answers being sent, so that a server that is stopped can end them instead of waiting for them."""

    def __init__(self) -> None:
        self._running: dict[anyio.CancelScope, Hardened] = {}

    @contextmanager
    def running(self, send: Hardened) -> Iterator[anyio.CancelScope]:
        """Register an answer while it is being sent; cancelling the scope ends it."""
        with anyio.CancelScope() as scope:
            self._running[scope] = send
            try:
                yield scope
            finally:
                del self._running[scope]

    def end(self) -> None:
        """End every answer of which a part was sent; the others finish soon. Call it in the server's event loop."""
        for scope, send in list(self._running.items()):
            if send.has_begun:
                scope.cancel()


class Gate:
    """ASGI middleware. Leaves the ``Person`` in ``request.state.person`` (None on a public page)."""

    def __init__(
        self, app: ASGIApp, access: Access, rules: Sequence[Rule], streams: Streams, framed_by: str = ""
    ) -> None:
        self._app = app
        self._framed_by = framed_by
        self._access = access
        self._rules = rules
        self._streams = streams
        self._rates = Rates()
        self._threads = anyio.CapacityLimiter(4)  # its own: answers being written must not keep people out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, refuse, or send to the log-in page."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        else:
            request = Request(scope)
            await self._serve(request, receive, Hardened(send, self._page(request, send)))

    async def _serve(self, request: Request, receive: Receive, send: Hardened) -> None:
        find = self._caller(request)
        try:
            person = await self._found(find)
        except AssistantError as error:
            await refused(request, 503, str(error))(request.scope, receive, send)
            return
        request.state.person = person
        refusal = self._excess(request, person) or self._refusal(request, person)
        if refusal is not None:
            await refusal(request.scope, receive, send)
            return
        if not request.scope["path"].endswith(UPLOADS):
            receive = BoundedBody(receive)
        if person is None:
            await self._app(request.scope, receive, send)
        else:
            await self._serve_while_allowed(request, receive, send, find)

    def _excess(self, request: Request, person: Person | None) -> Response | None:
        """The refusal of what is too much or too large."""
        rate = STRANGER if person is None else PROGRAM if person.has(Role.MACHINE) else MEMBER
        caller = f"name {person.name}" if person else f"address {address_of(request)}"
        if not self._rates.allows(caller, rate):
            answer = refused(request, 429, BUSY_TEXT)
            answer.headers["Retry-After"] = "1"
            return answer
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > LARGEST_BODY and not request.scope["path"].endswith(UPLOADS):
            return refused(request, 413, TOO_LARGE_TEXT)
        return None

    def _caller(self, request: Request) -> Finds:
        """Looks up who sends this request: by bearer token, else by cookie.

        The session of another person than the one a trusted proxy names does not count.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return lambda: self._access.tokens.person(token.strip())
        if (session := session_token(request)) is None:
            return lambda: None
        vouched: Vouched | None = request.scope["state"].get("vouched")
        name = vouched and folded_name(vouched.name)

        def find() -> Person | None:
            person = self._access.sessions.person(session)
            return None if person and name and person.name != name else person

        return find

    async def _found(self, find: Finds) -> Person | None:
        return await anyio.to_thread.run_sync(find, limiter=self._threads)

    def _refusal(self, request: Request, person: Person | None) -> Response | None:
        """Why this request goes no further, as the answer to send; None when it may pass."""
        if is_foreign(request):
            return refused(request, 403, FOREIGN_TEXT)
        path = request.scope["path"]
        if path in PUBLIC or path.startswith(BELOW_PUBLIC):
            return None
        if person is None:
            text = UNKNOWN_PROGRAM_TEXT if path.startswith(API) else LOG_IN_TEXT
            return _to_log_in(request) if _is_page(request) else refused(request, 401, text)
        if not person.has(*self._needed(request)):
            return refused(request, 403, ROLE_TEXT)
        is_nowhere = any(path.startswith(f"{rule.path}/") and is_shut(path[len(rule.path) :]) for rule in self._rules)
        return refused(request, 404, NOWHERE_TEXT) if is_nowhere else None

    def _page(self, request: Request, send: Send) -> MarkedPage | None:
        """What marks the scripts of a panel's page if one is asked for; the page is made to come uncompressed."""
        if request.scope["path"].rstrip("/") not in {rule.path for rule in self._rules}:
            return None
        request.scope["headers"] = [each for each in request.scope["headers"] if each[0] != b"accept-encoding"]
        return MarkedPage(send, self._framed_by)

    def _needed(self, request: Request) -> frozenset[Role]:
        """The roles any one of which is enough; the routes of the API check theirs themselves."""
        for rule in self._rules:
            if rule.covers(request.scope):
                return frozenset({rule.role})
        return frozenset(Role) if request.scope["path"].startswith(API) else PEOPLE

    async def _serve_while_allowed(self, request: Request, receive: Receive, send: Hardened, find: Finds) -> None:
        """Cut the request off when its session ends or loses the role."""
        with self._streams.running(send) as running:
            watch = asyncio.create_task(self._watch(request, running, find))
            try:
                await self._app(request.scope, receive, send)
            finally:
                watch.cancel()
        if running.cancelled_caught:
            await send.end()

    async def _watch(self, request: Request, running: anyio.CancelScope, find: Finds) -> None:
        allowed = True
        try:
            while allowed:
                await asyncio.sleep(LOOKED_AGAIN)
                allowed = self._refusal(request, await self._found(find)) is None
        except Exception as error:  # whoever cannot be looked up may not stay
            _log.warning("looking up who is here: %s", type(error).__name__)
        running.cancel()


def is_foreign(request: Request) -> bool:
    """Whether another site makes a browser change something here.

    As Go's CrossOriginProtection: by Sec-Fetch-Site, else Origin against Host; without either it is no browser.
    """
    if request.method in SAFE_METHODS:
        return False
    if site := request.headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def _is_page(request: Request) -> bool:
    """Whether a person, not a script, will see the answer."""
    return request.headers.get("sec-fetch-mode", "navigate") == "navigate" and "text/html" in request.headers.get(
        "accept", ""
    )


def _to_log_in(request: Request) -> Response:
    wanted = request.scope["path"] if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={quote(wanted)}", 303)


def refused(request: Request, status: int, text: str) -> Response:
    """One sentence: a page for a person, JSON for a program."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    if _is_page(request):
        return pages.answer(pages.message(text), status)
    return JSONResponse({"detail": text}, status, headers)
