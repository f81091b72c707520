"""The LLM behind one interface, wherever it runs.

Whatever goes wrong with it is one exception, LLMUnavailable, so that the assistant can answer without.
"""

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from pybreaker import STATE_OPEN, CircuitBreaker, CircuitBreakerError

from assistant.events import Tokens
from assistant.grounding import Evidence
from assistant.llm.deadline import Limits, Stream, within
from assistant.llm.exchange import Exchange
from assistant.llm.prefill import Prefill
from assistant.llm.turns import Turns
from assistant.monitoring.tracing import note, spanned
from knowledge_base.errors import LLMUnavailable

if TYPE_CHECKING:
    from langchain.chat_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.messages.ai import UsageMetadata
    from langchain_core.prompt_values import PromptValue
    from langchain_core.runnables import Runnable

    Prompt = Runnable[dict[str, Any], PromptValue]

_log = logging.getLogger(__name__)

MAX_CHARACTERS = 3000  # of a server that does not count tokens
FAILURES_TO_OPEN = 3
SECONDS_OPEN = 30


class LanguageModel:
    """A chat model with time limits, turns and a circuit breaker; ``open_model`` may start a server first.

    After FAILURES_TO_OPEN failures in a row it is left alone for ``seconds_open``. An answer that its reader
    cuts short is no failure: it could only do so after having read some of it. ``is_hosted`` when it runs on another
    machine: what it is sent has to be masked. Only one with a ``prefill`` reads prompts ahead. Thread-safe.
    """

    def __init__(
        self,
        name: str,
        open_model: Callable[[], "BaseChatModel"],
        limits: Limits,
        seconds_open: float = SECONDS_OPEN,
        turns: Turns | None = None,
        prefill: Prefill | None = None,
        *,
        is_hosted: bool = False,
    ) -> None:
        self.name = name
        self.is_hosted = is_hosted
        self._prefill = prefill
        self._open_model = open_model
        self._opening = threading.Lock()
        self._limits = limits
        self._turns = turns or Turns()
        self._breaker = CircuitBreaker(
            fail_max=FAILURES_TO_OPEN,
            reset_timeout=seconds_open,
            exclude=[GeneratorExit],
            name=name,
            throw_new_error_on_trip=False,  # the failure that opens it is still told as what it is
        )

    @property
    def reads_ahead(self) -> bool:
        """Whether :meth:`prepare` does anything."""
        return self._prefill is not None

    @property
    def is_left_alone(self) -> bool:
        """Whether it failed so often that it is not asked for a while."""
        return bool(self._breaker.current_state == STATE_OPEN)

    @property
    def waiting(self) -> int:
        """How many questions are in line."""
        return self._turns.waiting

    def start(self) -> None:
        """Load the model or start its server now instead of at the first question; raises LLMUnavailable."""
        from assistant.llm import prompt

        with _one_exception(self.name):
            template = prompt.template()
            self._opened()
        self.prepare(template, {"evidence": [], "question": ""})  # the rules, which all questions begin with

    def prepare(self, prompt: "Prompt", values: dict[str, Any]) -> None:
        """Have a prompt read ahead that will likely be asked, if the model can do so and has no question to answer.

        Returns at once; what becomes of it shows in nothing but the time that an answer takes.
        """
        if self._prefill is not None:
            from langchain_core.messages import convert_to_openai_messages

            with _untraced():
                messages = convert_to_openai_messages(prompt.invoke(values).to_messages())
            self._prefill.offer(_evidence_in(values), messages)

    @spanned("llm")
    def stream(self, prompt: "Prompt", values: dict[str, Any], exchange: Exchange | None = None) -> Iterator[str]:
        """The answer in pieces as it is written; raises LLMUnavailable (Korean, without a full stop).

        What is said either way is noted in ``exchange``. Waiting for one's turn counts as waiting for the answer.
        """
        note(model=self.name)
        exchange = exchange or Exchange()
        arrived = monotonic()
        self._turns.take(self._limits.first / 2)
        if self._prefill is not None:
            self._prefill.give_way(_evidence_in(values), self._limits.first / 4)
        waited = monotonic() - arrived
        limits = Limits(self._limits.first - waited, self._limits.total - waited)
        try:
            yield from self._breaker.call(self._pieces, limits, prompt, values, exchange)
        except CircuitBreakerError as error:
            self._leave(asked=False)
            raise LLMUnavailable("LLM이 거듭 실패해 잠시 쓰지 않습니다") from error

    def stream_aside(self, prompt: "Prompt", values: dict[str, Any]) -> Iterator[str]:
        """Like :meth:`stream`, for what no caller waits for: it begins only while no question is being answered, gives
        up when one comes, and its outcome is not counted by the circuit breaker."""
        if self.is_left_alone or not self._turns.is_idle:
            raise LLMUnavailable("LLM이 상담 중인 질문에 답하고 있습니다")
        self._turns.take(0)
        limits = Limits(self._limits.first / 2, self._limits.total)  # a question waits no longer for its turn
        with closing(self._pieces(limits, prompt, values, Exchange())) as pieces:
            for piece in pieces:
                yield piece
                if self.waiting:
                    raise LLMUnavailable("상담 중인 질문에 LLM을 내주었습니다")

    def _pieces(
        self, limits: Limits, prompt: "Prompt", values: dict[str, Any], exchange: Exchange
    ) -> Generator[str, None, None]:
        def written() -> Stream:
            return _written(self._opened(), prompt, values, exchange)

        with _one_exception(self.name):
            for piece in within(limits, written, self._leave):
                exchange.response += piece
                yield piece
                if len(exchange.response) > MAX_CHARACTERS:
                    raise LLMUnavailable("LLM의 답이 너무 깁니다")
        if not exchange.response.strip():
            raise LLMUnavailable("LLM이 빈 답을 보냈습니다")

    def _leave(self, *, asked: bool = True) -> None:
        self._turns.leave(asked=asked)
        if self._prefill is not None:
            self._prefill.go_on()

    def _opened(self) -> "BaseChatModel":
        """The model, opened by one thread at a time. The others wait, but not to the end: a start that fails slowly
        must not be repeated by everyone who has waited for it."""
        if not self._opening.acquire(timeout=self._limits.first / 2):
            raise LLMUnavailable("LLM을 아직 준비하고 있습니다")
        try:
            return self._open_model()
        finally:
            self._opening.release()


def _written(model: "BaseChatModel", prompt: "Prompt", values: dict[str, Any], exchange: Exchange) -> Stream:
    """The answer of ``model`` as it is written; it stops writing when this is closed.

    Not ``prompt | model | parser``: when such a chain is closed, LangChain reads the answer to its end first.
    """
    with _untraced():
        asked = prompt.invoke(values)
        exchange.prompt = asked.to_string()
        stream = cast("Generator[AIMessageChunk, None, None]", model.stream(asked))
        with closing(stream) as chunks:
            for chunk in chunks:
                if chunk.usage_metadata:
                    exchange.tokens = _tokens(chunk.usage_metadata)
                yield chunk.text


def _untraced() -> AbstractContextManager[None]:
    """LangSmith is told nothing: a variable left in the environment must not send citizens' questions there."""
    from langsmith import tracing_context

    return tracing_context(enabled=False)


def _tokens(usage: "UsageMetadata") -> Tokens:
    known = usage.get("input_token_details", {}).get("cache_read", 0)
    return Tokens(prompt=usage["input_tokens"], completion=usage["output_tokens"], cached=known)


def _evidence_in(values: dict[str, Any]) -> Sequence[Evidence]:
    """The evidence in a prompt's values, which the next question may share."""
    return cast("Sequence[Evidence]", values.get("evidence", ()))


@contextmanager
def _one_exception(name: str) -> Iterator[None]:
    try:
        yield
    except LLMUnavailable as error:
        raise LLMUnavailable(str(error).rstrip(".")) from error
    except Exception as error:  # whatever an endpoint, a library or a model throws
        from assistant.llm.openai_chat import sentence

        _log.warning("LLM %s: %s", name, type(error).__name__)  # its text may hold the question
        raise LLMUnavailable(sentence(error)) from error
