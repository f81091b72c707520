"""The calls API as a speech recogniser and a panel use it, many calls at once in one thread."""

import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import httpx2

from assistant.calls.utterance import Utterance

TIMEOUT = 30.0
Event = dict[str, Any]


class Refused(Exception):
    """The server did not do what was asked; ``str(error)`` is a short kind: ``503``, ``ReadTimeout``…"""


class Client:
    """``token`` is that of a machine account. Methods raise Refused."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx2.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=None),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def start(self, agent: str, external: str) -> str:
        """Put a call through; its id."""
        answer = await self._post("/api/calls", {"agent": agent, "external": external})
        return str(answer["id"])

    async def say(self, call: str, said: Utterance) -> None:
        """Send one utterance."""
        body = {**said.model_dump(mode="json", exclude={"line"}), "seq": said.line}
        await self._post(f"/api/calls/{call}/utterances", {"utterances": [body]})

    async def end(self, call: str) -> None:
        """The call is over."""
        await self._post(f"/api/calls/{call}/end", {})

    async def events(self, call: str, after: int) -> AsyncIterator[Event]:
        """The events of a call with a higher ``seq``, until the server ends the stream."""
        headers = {"Last-Event-ID": str(after)} if after >= 0 else {}
        timeout = httpx2.Timeout(TIMEOUT, read=2 * TIMEOUT)  # the server says every 15 seconds that it is there
        try:
            async with self._http.stream("GET", f"/api/calls/{call}/events", headers=headers, timeout=timeout) as got:
                if got.status_code != httpx2.codes.OK:
                    raise Refused(str(got.status_code))
                async for line in got.aiter_lines():
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx2.TransportError as error:
            raise Refused(type(error).__name__) from error

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._http.post(path, json=body)
        except httpx2.TransportError as error:
            raise Refused(type(error).__name__) from error
        if answer.is_error:
            raise Refused(str(answer.status_code))
        found: dict[str, Any] = answer.json()
        return found
