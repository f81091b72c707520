"""The calls API as a speech recogniser and a panel use it, many calls at once in one thread."""

import json
import ssl
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import httpx2

from assistant.calls.utterance import Utterance
from assistant.web.health import ALIVE
from knowledge_base.errors import EvaluationError

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
            verify=_trusted(),
            trust_env=False,  # no proxy between the load and the server
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


def refuse_unreachable(url: str) -> None:
    """Raise EvaluationError where no server answers, or one that nobody trusted vouches for: no call would pass."""
    try:
        httpx2.get(f"{url}{ALIVE}", verify=_trusted(), timeout=TIMEOUT, trust_env=False)
    except (httpx2.TransportError, httpx2.InvalidURL) as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise EvaluationError(
                f"{url}의 인증서를 확인할 수 없습니다. 주소가 인증서에 적힌 이름인지 보고, 안에서 낸 인증서면 "
                "그것을 낸 기관의 인증서(PEM) 파일을 환경 변수 SSL_CERT_FILE에 적으세요."
            ) from error
        raise EvaluationError(f"{url}에 연결할 수 없습니다. 주소를 확인하고 서버가 도는지 보세요.") from error


def _trusted() -> ssl.SSLContext:
    """Trusts whom the system trusts, or those of the standard variables SSL_CERT_FILE and SSL_CERT_DIR."""
    try:
        return httpx2.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one too
        raise EvaluationError(
            "환경 변수 SSL_CERT_FILE의 인증서 파일을 읽을 수 없습니다. PEM 형식의 파일을 적으세요."
        ) from error
