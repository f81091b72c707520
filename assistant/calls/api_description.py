"""What the HTTP API says of itself: OpenAPI, with the token that it asks for and every event that it sends."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.routing import BaseRoute

from assistant.calls.call_events import CallEvent

EVENT_STREAM = "text/event-stream"

TOLD = """교환기(CTI)나 음성 인식(STT)이 통화와 말을 알리면, 상담원 화면과 같은 이벤트(근거, 답변)를 돌려줍니다.
차례와 예시는 docs/api.md에 있습니다.

A telephone system (CTI) or a speech recogniser (STT) tells of calls and of what is said on them, and gets the events
that the agent's panel gets. Times are seconds on the call's clock, spans half-open offsets in characters."""

CREDENTIAL = """'onnuri user token 이름'이 만든 토큰. 상담원은 로그인한 세션을 씁니다.

The token of a machine account; an agent uses the session of a browser."""

_SCHEMAS = "#/components/schemas/"
_EVENT = {"type": "string", "contentMediaType": "application/json", "contentSchema": {"$ref": f"{_SCHEMAS}CallEvent"}}
_STREAM = {"type": "object", "properties": {"id": {"type": "string"}, "event": {"type": "string"}, "data": _EVENT}}
STREAMED: dict[int | str, dict[str, Any]] = {200: {"content": {EVENT_STREAM: {"itemSchema": _STREAM}}}}
"""The answer of a route that sends events."""


def described(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI description of ``routes``, which are those of :func:`assistant.calls.api.router`."""
    page = get_openapi(title="온누리 상담 어시스트", version=version("onnuri"), description=TOLD, routes=routes)
    event = TypeAdapter(CallEvent).json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    parts = page["components"]
    parts["schemas"] = {**event.pop("$defs"), "CallEvent": event, **parts["schemas"]}
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": CREDENTIAL}}
    return {**page, "security": [{"token": []}]}
