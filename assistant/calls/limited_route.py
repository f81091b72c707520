"""Routes of the API: no body larger than it can need, and errors that say in Korean what to send instead."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.calls.feedback import SuggestionNotFound
from assistant.calls.switchboard import CallEnded, CallNotFound, TooManyCalls
from knowledge_base.errors import InvalidQuestion, OnnuriError

LARGEST_BODY = 1024 * 1024
_STATUS: tuple[tuple[type[OnnuriError], int], ...] = (
    (CallNotFound, 404),
    (SuggestionNotFound, 404),
    (CallEnded, 409),
    (TooManyCalls, 429),
    (InvalidQuestion, 422),
)
_REASONS = {
    "missing": "없습니다",
    "extra_forbidden": "없는 항목입니다",
    "json_invalid": "JSON이 아닙니다",
    "model_attributes_type": "JSON 객체가 아닙니다. Content-Type이 application/json인지도 확인하세요",
    "string_too_long": "{max_length}자 이하로 줄여 주세요",
    "string_too_short": "비어 있습니다",
    "too_long": "한 번에 {max_length}개까지 보낼 수 있습니다",
    "too_short": "비어 있습니다",
    "enum": "{expected} 가운데 하나여야 합니다",
    "greater_than_equal": "{ge} 이상이어야 합니다",
    "less_than_equal": "{le} 이하여야 합니다",
}

_REFUSALS = {
    401: "토큰이 없거나 틀렸습니다 · No token, or a wrong one",
    403: "권한이 없습니다 · Not allowed to this role",
    404: "없거나, 볼 수 없는 것입니다 · There is none, or it is somebody else's",
    409: "끝난 통화입니다 · The call has ended",
    413: "보낸 내용이 너무 큽니다 · More than 1 MiB",
    422: "보낸 내용이 맞지 않습니다 · Not what is described; unknown fields are refused",
    429: "너무 많습니다. 잠시 뒤에 다시 하세요 · Too many calls or requests: wait",
    503: "지금은 할 수 없습니다 · Not now: send it again",
}


class Refusal(BaseModel):
    """What every answer but a good one says: one Korean sentence."""

    detail: Annotated[str, Field(examples=["끝난 통화에는 더할 수 없습니다. 새 통화를 시작하세요."])]


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": told, "content": {"application/json": {"schema": Refusal.model_json_schema()}}}
    for status, told in _REFUSALS.items()
}
"""For the description of the API."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class LimitedRoute(APIRoute):
    """A route that reads at most ``LARGEST_BODY`` bytes and answers mistakes with one Korean sentence."""

    def get_route_handler(self) -> Handler:
        """The handler, with both."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                await _read(request)
                return await handle(request)
            except RequestValidationError as error:
                return JSONResponse({"detail": sentence(error)}, 422)
            except OnnuriError as error:
                status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
                if status is None:
                    raise
                raise HTTPException(status, str(error)) from error

        return handler


async def _read(request: Request) -> None:
    """Read the body into the request, where FastAPI finds it."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise HTTPException(413, f"보낸 내용이 너무 큽니다. {LARGEST_BODY // 1024:,}KB 이하로 나누어 보내 주세요.")
        parts.append(part)
    request._body = b"".join(parts)


def sentence(error: RequestValidationError) -> str:
    """The first mistake in what was sent: where, and what is wrong with it. What was sent is not repeated."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "header", "path"))
    reason = _REASONS.get(first["type"], "형식이 맞지 않습니다").format(**first.get("ctx", {}))
    if first["type"] == "enum":
        reason = reason.replace(" or ", ", ")
    if first["type"] == "value_error":
        reason = first["msg"].removeprefix("Value error, ")
    return f"{place}: {reason}." if place and first["type"] != "json_invalid" else f"{reason}."
