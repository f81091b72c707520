"""The cookie that holds the token of a session: out of reach of scripts and of other sites' forms."""

from starlette.requests import Request
from starlette.responses import Response


def session_token(request: Request) -> str | None:
    """The token that a browser sends, None when it sends none."""
    return request.cookies.get(_name(request))


def with_session(request: Request, answer: Response, token: str) -> Response:
    """``answer`` that begins a session; the browser forgets it when it is closed."""
    answer.set_cookie(_name(request), token, httponly=True, samesite="lax", secure=_is_secure(request))
    return answer


def without_session(request: Request, answer: Response) -> Response:
    """``answer`` that has the browser forget its session."""
    answer.delete_cookie(_name(request), httponly=True, samesite="lax", secure=_is_secure(request))
    return answer


def _name(request: Request) -> str:
    """Over TLS the prefix forbids other hosts and plain connections to set the cookie."""
    return "__Host-onnuri" if _is_secure(request) else "onnuri"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
