"""Logging in at the organisation's OpenID provider: to its form, and back with the name and groups of a person.

Authorization code with PKCE, state and nonce; discovery and keys are fetched when first needed (Authlib does all of
it). The state between going out and coming back is in a signed cookie of ten minutes, so that any replica can take
the person back in.
"""

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.sign_in import SignIn, Vouched
from assistant.web.caller import address_of
from assistant.web.entrance import local_path
from assistant.web.pages import ORGANIZATION, answer, message
from assistant.web.session_cookie import with_session
from knowledge_base.errors import AccountError, InvalidSettings

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

BACK = f"{ORGANIZATION}/back"
LEAVE = f"{ORGANIZATION}/leave"
SECONDS_AWAY = 600
TIMEOUT = 10.0
"""Seconds that the provider may take over one answer."""
PACKAGES = ("authlib", "itsdangerous")
UNREACHABLE_TEXT = "기관 로그인 서버에 연결할 수 없습니다. 잠시 뒤에 다시 하거나 관리자에게 알려 주세요."
FAILED_TEXT = "기관 로그인을 마치지 못했습니다. 처음부터 다시 해 주세요."
MISSING_TEXT = "기관 로그인에 쓰는 패키지가 없습니다. pip install 'onnuri[oidc]'로 설치하세요."

_log = logging.getLogger(__name__)


class Client(NamedTuple):
    """How this program is registered at the provider, and the claims that hold a person's name and groups.

    A claim may lie within others: ``realm_access.roles``.
    """

    issuer: str
    id: str
    secret: str
    name_claim: str
    groups_claim: str


class OpenIDProvider:
    """Routes that anybody may ask for. Raises InvalidSettings where the packages for it are missing."""

    def __init__(self, client: Client, sign_in: SignIn) -> None:
        if not all(map(find_spec, PACKAGES)):
            raise InvalidSettings(MISSING_TEXT)
        self._client = client
        self._sign_in = sign_in
        self._provider = _registered(client)
        self._key = hashlib.sha256(f"onnuri {client.secret or secrets.token_hex()}".encode()).hexdigest()

    def routes(self) -> list[Route]:
        """To be given to the application."""
        return [
            Route(ORGANIZATION, self._remembering(self._begin), methods=["GET"]),
            Route(BACK, self._remembering(self._back), methods=["GET"], name="organization-back"),
            Route(LEAVE, self._leave),
        ]

    async def _begin(self, request: Request) -> Response:
        """To the provider's log-in form."""
        request.session["next"] = local_path(request.query_params.get("next", ""))
        try:
            await self._check_issuer()
            back = str(request.url_for("organization-back"))
            sent: Response = await self._provider.authorize_redirect(request, back)
        except _faults() as error:
            return _unreachable(error)
        return sent

    async def _back(self, request: Request) -> Response:
        """In, if the provider vouches for whoever comes back."""
        target = local_path(request.session.pop("next", ""))
        try:
            await self._check_issuer()
            claims = await self._claims(request)
            vouched = vouched_by(claims, self._client)
        except _faults() as error:
            _log.warning("sign-in: %s", type(error).__name__)  # its text may hold a name
            await run_in_threadpool(self._sign_in.refused, address_of(request))
            return answer(message(FAILED_TEXT), 401)
        try:
            session = await run_in_threadpool(self._sign_in.enter, vouched, address_of(request))
        except AccountError as error:
            return answer(message(str(error)), 403)
        return with_session(request, RedirectResponse(target, 303), session)

    async def _leave(self, request: Request) -> Response:
        """Out of the provider's own session too, for whoever shares a computer."""
        try:
            left: Response = await self._provider.logout_redirect(request, client_id=self._client.id)
        except RuntimeError:  # it offers none
            return RedirectResponse("/login", 303)
        except _faults() as error:
            return _unreachable(error)
        return left

    async def _claims(self, request: Request) -> dict[str, Any]:
        """What the checked ID token says, completed by what the provider tells only when asked."""
        token = await self._provider.authorize_access_token(request)
        claims = dict(token["userinfo"])
        wanted = (self._client.name_claim, self._client.groups_claim)
        if all(_claim(claims, each) is not None for each in wanted):
            return claims
        if "userinfo_endpoint" not in await self._provider.load_server_metadata():
            return claims
        more = dict(await self._provider.userinfo(token=token))
        return {**more, **claims} if more.get("sub") == claims["sub"] else claims

    async def _check_issuer(self) -> None:
        """The provider must be the one it was asked to be; raises ValueError."""
        metadata = await self._provider.load_server_metadata()
        if metadata.get("issuer") != self._client.issuer:
            raise ValueError(f"the provider calls itself {metadata.get('issuer')}")

    def _remembering(self, endpoint: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
        """``endpoint`` with the state of a log-in under way, in a cookie that under TLS no plain connection can set."""
        from starlette.middleware.sessions import SessionMiddleware

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            response = await endpoint(Request(scope, receive))
            await response(scope, receive, send)

        async def remembering(scope: Scope, receive: Receive, send: Send) -> None:
            is_secure = scope["scheme"] == "https"
            name = "__Host-onnuri-sign-in" if is_secure else "onnuri-sign-in"
            kept = SessionMiddleware(answered, self._key, name, SECONDS_AWAY, https_only=is_secure)
            await kept(scope, receive, send)

        return _Endpoint(remembering)


class _Endpoint:
    """An application as the endpoint of a route: one that is a function would be taken for a handler."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def vouched_by(claims: Mapping[str, Any], client: Client) -> Vouched:
    """Whom checked claims name; of an e-mail address, what stands before the ``@``. Raises KeyError without a name."""
    name, groups = _claim(claims, client.name_claim), _claim(claims, client.groups_claim)
    if not isinstance(name, str):
        raise KeyError(client.name_claim)
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Vouched(f"{client.issuer}#{claims['sub']}", name.partition("@")[0], frozenset(map(str, named)))


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by the names of those it lies within; None for none.

    >>> _claim({"realm_access": {"roles": ["a"]}}, "realm_access.roles"), _claim({"a.b": 1}, "a.b"), _claim({}, "a.b")
    (['a'], 1, None)
    """
    if path in claims:
        return claims[path]
    first, dot, rest = path.partition(".")
    within = claims.get(first)
    return _claim(within, rest) if dot and isinstance(within, Mapping) else None


def _registered(client: Client) -> "StarletteOAuth2App":
    from authlib.integrations.starlette_client import OAuth

    return OAuth().register(
        "onnuri",
        client_id=client.id,
        client_secret=client.secret or None,
        server_metadata_url=f"{client.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": TIMEOUT,
            "token_endpoint_auth_method": "client_secret_basic" if client.secret else "none",
        },
    )


def _faults() -> tuple[type[Exception], ...]:
    """What goes wrong between here and a provider: unreachable, refused, forged, or not what it promised."""
    from authlib.common.errors import AuthlibBaseError
    from httpx2 import HTTPError, InvalidURL  # what Authlib speaks where both are
    from joserfc.errors import JoseError

    return AuthlibBaseError, JoseError, HTTPError, InvalidURL, KeyError, ValueError, RuntimeError


def _unreachable(error: Exception) -> Response:
    _log.warning("sign-in: %s", type(error).__name__)
    return answer(message(UNREACHABLE_TEXT), 503)
