"""The LLM behind one interface: an OpenAI-compatible endpoint, a GGUF in llama.cpp, or transformers.

Whatever goes wrong with it is one exception, LLMUnavailable, so that the assistant can answer without.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pybreaker import CircuitBreaker, CircuitBreakerError

from assistant.deadline import Limits, within
from assistant.settings import BUNDLED, LLMBackend, Settings
from knowledge_base.errors import LLMUnavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.prompts import ChatPromptTemplate

_log = logging.getLogger(__name__)

BUNDLED_GGUF = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
MAX_TOKENS = 220  # four polite sentences
FAILURES_TO_OPEN = 3
SECONDS_OPEN = 30


class LanguageModel:
    """A chat model with time limits and a circuit breaker; ``open_model`` may start a server first.

    After FAILURES_TO_OPEN failures in a row it is left alone for SECONDS_OPEN. Thread-safe.
    """

    def __init__(self, name: str, open_model: Callable[[], "BaseChatModel"], limits: Limits) -> None:
        self.name = name
        self._open_model = open_model
        self._limits = limits
        self._breaker = CircuitBreaker(
            fail_max=FAILURES_TO_OPEN, reset_timeout=SECONDS_OPEN, exclude=[GeneratorExit], name=name
        )

    def start(self) -> None:
        """Load the model or start its server now instead of at the first question."""
        self._open_model()

    def stream(self, prompt: "ChatPromptTemplate", values: dict[str, str]) -> Iterator[str]:
        """The answer in pieces as it is written; raises LLMUnavailable (Korean, without a full stop)."""
        try:
            yield from self._breaker.call(self._pieces, prompt, values)
        except CircuitBreakerError as error:
            raise LLMUnavailable("LLM이 거듭 실패해 잠시 쓰지 않습니다") from error

    def _pieces(self, prompt: "ChatPromptTemplate", values: dict[str, str]) -> Iterator[str]:
        from langchain_core.output_parsers import StrOutputParser

        def open_stream() -> Iterator[str]:
            chain = prompt | self._open_model() | StrOutputParser()
            return chain.stream(values)

        empty = True
        try:
            for piece in within(self._limits, open_stream):
                empty = empty and not piece.strip()
                yield piece
        except LLMUnavailable:
            raise
        except Exception as error:  # whatever an endpoint, a library or a model throws
            _log.warning("LLM %s: %s", self.name, type(error).__name__)
            raise LLMUnavailable(_sentence(error)) from error
        if empty:
            raise LLMUnavailable("LLM이 빈 답을 보냈습니다")


def _sentence(error: Exception) -> str:
    """What failed, for the agent's screen; the type of the error says it, its text may hold anything."""
    import openai

    sentences: tuple[tuple[type[Exception], str], ...] = (
        (openai.NotFoundError, "LLM 서버가 이 모델 이름을 모릅니다"),
        (openai.AuthenticationError, "LLM 서버가 인증을 거절했습니다"),
        (openai.RateLimitError, "LLM 서버의 사용 한도를 넘었습니다"),
        (openai.APITimeoutError, "LLM이 제시간에 답하지 않았습니다"),
        (openai.APIConnectionError, "LLM 서버에 연결할 수 없습니다"),
        (openai.APIStatusError, "LLM 서버가 요청을 거절했습니다"),
    )
    return next((text for kind, text in sentences if isinstance(error, kind)), "LLM의 답을 읽을 수 없습니다")


def language_model(settings: Settings, models: Path, logs: Path) -> LanguageModel | None:
    """The LLM that the settings name, or None for no LLM; nothing is loaded before it is first asked."""
    limits = Limits(settings.llm_first_token_timeout, settings.llm_timeout)
    match settings.llm:
        case LLMBackend.NONE:
            return None
        case LLMBackend.OPENAI:
            return LanguageModel(settings.llm_model, lambda: _endpoint(settings), limits)
        case LLMBackend.GGUF:
            return _gguf(settings, models, logs, limits)
        case LLMBackend.TRANSFORMERS:
            return LanguageModel(Path(settings.llm_model).name, _once(lambda: _transformers(settings)), limits)


def _endpoint(settings: Settings) -> "BaseChatModel":
    return _chat(
        settings.llm_model,
        settings.llm_base_url,
        settings.llm_api_key.get_secret_value() or "none",
        settings.llm_first_token_timeout,
    )


def _chat(model: str, base_url: str, api_key: str, timeout: float, **options: Any) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    chat: BaseChatModel = init_chat_model(
        model,
        model_provider="openai",
        base_url=base_url,
        api_key=api_key,
        temperature=0,
        max_tokens=MAX_TOKENS,
        timeout=timeout,
        max_retries=0,
        **options,
    )
    return chat


def _gguf(settings: Settings, models: Path, logs: Path, limits: Limits) -> LanguageModel:
    from assistant.llama_server import LlamaServer

    file = models / BUNDLED_GGUF if settings.llm_model == BUNDLED else Path(settings.llm_model)
    server = LlamaServer(file, logs / "llama-server.log")

    def open_model() -> "BaseChatModel":
        server.ensure()
        return _chat(server.name, server.base_url, "none", limits.first)

    return LanguageModel(file.stem, open_model, limits)


def _transformers(settings: Settings) -> "BaseChatModel":
    from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline

    pipeline = HuggingFacePipeline.from_model_id(
        settings.llm_model,
        task="text-generation",
        pipeline_kwargs={"max_new_tokens": MAX_TOKENS, "do_sample": False, "return_full_text": False},
    )
    return ChatHuggingFace(llm=pipeline)


def _once(open_model: Callable[[], "BaseChatModel"]) -> Callable[[], "BaseChatModel"]:
    """``open_model`` called once, also when several threads ask at the same time."""
    import threading
    from functools import lru_cache

    lock = threading.Lock()
    cached = lru_cache(maxsize=1)(open_model)

    def once() -> "BaseChatModel":
        with lock:
            return cached()

    return once
