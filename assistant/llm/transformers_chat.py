"""A transformers model in this process as a LangChain chat model.

Imported only once the LLM is needed. langchain-huggingface is not used: it goes on writing an answer that
nobody reads, and turns an error of the model into a wait of a minute.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from huggingface_hub import HfApi
from langchain.chat_models import BaseChatModel
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, UsageMetadata, convert_to_openai_messages
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr
from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer

from knowledge_base.errors import LLMUnavailable

HUB_TIMEOUT = 10  # seconds


def load(name: str, max_tokens: int) -> "TransformersChat":
    """The model in the folder ``name``, or of that hub id; LLMUnavailable when there is none that can chat."""
    try:
        tokenizer = _pretrained(AutoTokenizer, name)
        model = _pretrained(AutoModelForCausalLM, name, use_safetensors=True)  # the other formats are pickles
    except Exception as error:  # OSError, ValueError, KeyError, …: whatever a broken folder makes it throw
        raise LLMUnavailable(
            f"LLM 모델({name})을 불러올 수 없습니다. 폴더 경로나 모델 이름, 네트워크를 확인하세요"
        ) from error
    if not tokenizer.chat_template:
        raise LLMUnavailable(f"LLM 모델({name})에 대화 형식(chat template)이 없습니다. 대화용 모델을 쓰세요")
    return TransformersChat(tokenizer=tokenizer, model=model, max_tokens=max_tokens)


def _pretrained(kind: Any, name: str, **options: object) -> Any:
    """What this machine has is used as it is: asking the hub for news would hang where there is no network."""
    try:
        return kind.from_pretrained(name, local_files_only=True, **options)
    except OSError:
        HfApi().model_info(name, timeout=HUB_TIMEOUT)  # without a network, loading would try for a minute
        return kind.from_pretrained(name, **options)


class TransformersChat(BaseChatModel):
    """Greedy answers of at most ``max_tokens``; any number of threads may ask at once."""

    tokenizer: Any
    model: Any
    max_tokens: int
    _tokenizing: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        writing = _Writing(self.model, self.tokenizer, self._tokens(messages), self.max_tokens)
        for text in writing.pieces():
            yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=writing.usage()))

    def _tokens(self, messages: Sequence[BaseMessage]) -> Any:
        with self._tokenizing:  # a fast tokenizer must not be set up by two threads at once
            return self.tokenizer.apply_chat_template(
                convert_to_openai_messages(messages), add_generation_prompt=True, return_dict=True, return_tensors="pt"
            )


class _Writing:
    """One answer being written in a thread of its own, which ends with the reader at the latest."""

    def __init__(self, model: Any, tokenizer: Any, tokens: Any, max_tokens: int) -> None:
        self._model, self._tokens, self._max_tokens = model, tokens, max_tokens
        self._streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self._abandoned = threading.Event()
        self._error: Exception | None = None
        self._read = self._length = int(tokens["input_ids"].shape[-1])

    def usage(self) -> UsageMetadata:
        """The tokens read and written so far."""
        written = self._length - self._read
        return UsageMetadata(input_tokens=self._read, output_tokens=written, total_tokens=self._length)

    def pieces(self) -> Iterator[str]:
        thread = threading.Thread(target=self._write, name="llm-transformers", daemon=True)
        thread.start()
        try:
            yield from self._streamer
        finally:
            self._abandoned.set()
            thread.join()  # at most one more token, or the reading of the prompt
        if self._error is not None:
            raise self._error

    def _write(self) -> None:
        try:
            self._model.generate(
                **self._tokens,
                streamer=self._streamer,
                stopping_criteria=[self._after_token],
                max_new_tokens=self._max_tokens,
                do_sample=False,
            )
        except Exception as error:  # raised again where the pieces are read
            self._error = error
            self._streamer.text_queue.put(self._streamer.stop_signal)

    def _after_token(self, tokens: Any, *_: object, **__: object) -> bool:
        """Count, and say whether to stop: nobody reads on."""
        self._length = int(tokens.shape[-1])
        return self._abandoned.is_set()
