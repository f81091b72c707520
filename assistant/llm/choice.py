"""Which LLM the settings name: an OpenAI-compatible endpoint, a GGUF in llama.cpp, or a transformers model."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.llm.prefill import Prefill
from assistant.llm.turns import Turns
from assistant.settings import BUNDLED, LLMBackend, Settings, is_this_machine

if TYPE_CHECKING:
    from langchain.chat_models import BaseChatModel

BUNDLED_GGUF = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
MAX_TOKENS = 220  # four polite sentences


def language_model(settings: Settings, models: Path, logs: Path) -> LanguageModel | None:
    """The LLM that the settings name, or None for no LLM; nothing is loaded before it is first asked."""
    limits = Limits(settings.llm_first_token_timeout, settings.llm_timeout)
    turns = Turns(settings.llm_at_once, per_minute=settings.llm_per_minute)
    match settings.llm:
        case LLMBackend.NONE:
            return None
        case LLMBackend.OPENAI:
            hosted = not is_this_machine(settings.llm_base_url)
            opened = lru_cache(maxsize=1)(lambda: _hosted(settings, limits))
            return LanguageModel(settings.llm_model, opened, limits, turns=turns, is_hosted=hosted)
        case LLMBackend.GGUF:
            return _gguf(settings, models, logs, limits)
        case LLMBackend.TRANSFORMERS:
            return LanguageModel(
                Path(settings.llm_model).name,
                lru_cache(maxsize=1)(lambda: _transformers(settings)),
                limits,
                turns=turns,
            )


def _hosted(settings: Settings, limits: Limits) -> "BaseChatModel":
    from assistant.llm.openai_chat import endpoint

    key = settings.llm_api_key.get_secret_value()
    return endpoint(settings.llm_model, settings.llm_base_url, key, limits, MAX_TOKENS)


def _gguf(settings: Settings, models: Path, logs: Path, limits: Limits) -> LanguageModel:
    from assistant.llm.llama_server import HOST, LlamaServer

    file = models / BUNDLED_GGUF if settings.llm_model == BUNDLED else Path(settings.llm_model)
    server = LlamaServer(file, logs / "llama-server.log")

    def open_model() -> "BaseChatModel":
        from assistant.llm.openai_chat import endpoint

        server.ensure()
        return endpoint(server.name, server.base_url, "", limits, MAX_TOKENS)

    turns = Turns(min(settings.llm_at_once, server.options.slots), per_minute=settings.llm_per_minute)
    prefill = Prefill(HOST, lambda: server.port, lambda: turns.is_idle, server.options.slots)
    return LanguageModel(file.stem, open_model, limits, turns=turns, prefill=prefill)


def _transformers(settings: Settings) -> "BaseChatModel":
    from assistant.llm.transformers_chat import load

    return load(settings.llm_model, MAX_TOKENS)
