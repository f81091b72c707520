"""An OpenAI-compatible endpoint as a LangChain chat model, and what its errors mean.

Imported only once the LLM is needed: its libraries take seconds to load.
"""

from collections.abc import Iterator
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from langchain.chat_models import BaseChatModel
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from assistant.llm.deadline import Limits
from assistant.settings import is_this_machine

MOST_BYTES = 4 << 20
"""Of one answer as it is sent: a few hundred tokens, each in an event of its own, are a hundredth of this."""


def endpoint(model: str, base_url: str, api_key: str, limits: Limits, max_tokens: int) -> BaseChatModel:
    """The chat model ``model`` at ``base_url``: greedy, asked once per question, never retried.

    A connection ends for certain ``limits.first`` seconds after ``limits.total``, whatever the server does.
    """
    return _Endpoint(
        model=model,
        base_url=base_url,
        api_key=SecretStr(api_key.strip() or "none"),  # a key read from a file ends in a line break
        temperature=0,
        max_completion_tokens=max_tokens,
        timeout=limits.first,
        max_retries=0,
        stream_usage=True,
        openai_proxy=None,
        http_client=_client(_may_use_proxy(base_url), limits.total),
    )


class _Endpoint(ChatOpenAI):
    """A connection that is closed early looks like the end of the answer, and half a sentence can say the
    opposite of the whole: an answer has to say that it is finished.

    A server that refuses to count tokens is asked again, this once, and not to count from then on.
    """

    _counts: bool = PrivateAttr(default=True)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        if self._counts:
            try:
                yield from self._finished(*args, **kwargs)
                return
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:  # before anything was written
                if "stream_options" not in str(error):
                    raise
                self._counts = False
        yield from self._finished(*args, **(kwargs | {"stream_usage": False}))

    def _finished(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        finished = begun = False
        for chunk in super()._stream(*args, **kwargs):
            begun = True
            finished = finished or bool((chunk.generation_info or {}).get("finish_reason"))
            yield chunk
        if begun and not finished:
            raise httpx2.RemoteProtocolError("the answer ends in the middle")


def _may_use_proxy(base_url: str) -> bool:
    """Whether the proxy that the environment names may be used: not for this machine's own LLM, and only where it
    cannot read the question."""
    return urlsplit(base_url).scheme == "https" and not is_this_machine(base_url)


@lru_cache
def _client(may_use_proxy: bool, total: float) -> httpx2.Client:
    """One pool of connections for all questions. A redirection is not followed: it may lead to any host."""

    def limit(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Limited(response.stream, monotonic() + total)

    return httpx2.Client(trust_env=may_use_proxy, follow_redirects=False, event_hooks={"response": [limit]})


class _Limited(httpx2.SyncByteStream):
    """A body that times out at ``ends``, since a read time-out alone never fires while a byte comes now and then,
    and that may hold MOST_BYTES."""

    def __init__(self, body: httpx2.SyncByteStream, ends: float) -> None:
        self._body = body
        self._ends = ends

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._body:
            size += len(part)
            if monotonic() > self._ends:
                raise httpx2.ReadTimeout("the answer takes too long")
            if size > MOST_BYTES:
                raise httpx2.DecodingError("the answer is too long")
            yield part

    def close(self) -> None:
        self._body.close()


_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (httpx2.TimeoutException, "LLM이 제시간에 답하지 않았습니다"),
    (httpx2.DecodingError, "LLM의 답을 읽을 수 없습니다"),
    (httpx2.ConnectError, "LLM 서버에 연결할 수 없습니다"),
    (httpx2.TransportError, "LLM 서버와의 연결이 끊겼습니다"),
    (openai.NotFoundError, "LLM 서버가 이 모델 이름이나 주소를 모릅니다"),
    (openai.AuthenticationError, "LLM 서버가 인증을 거절했습니다"),
    (openai.PermissionDeniedError, "LLM 서버가 인증을 거절했습니다"),
    (openai.RateLimitError, "LLM 서버의 사용 한도를 넘었습니다"),
    (openai.InternalServerError, "LLM 서버에 오류가 났습니다"),
    (openai.APIStatusError, "LLM 서버가 요청을 거절했습니다"),
    (openai.APITimeoutError, "LLM이 제시간에 답하지 않았습니다"),
    (openai.APIConnectionError, "LLM 서버에 연결할 수 없습니다"),
    (openai.APIResponseValidationError, "LLM의 답을 읽을 수 없습니다"),
    (openai.APIError, "LLM 서버에 오류가 났습니다"),  # reported in the middle of a stream
)


def sentence(error: BaseException) -> str:
    """What failed, for the agent's screen; the type of the error, or of what caused it, says it: its text
    may hold anything."""
    faults = [error]
    while faults[-1].__cause__ is not None:
        faults.append(faults[-1].__cause__)
    known = (text for kind, text in _SENTENCES if any(isinstance(fault, kind) for fault in faults))
    return next(known, "LLM의 답을 읽을 수 없습니다")
