"""Every setting, from environment variables named ``ONNURI_…``; nothing else reads the environment."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge_base.errors import InvalidSettings
from knowledge_base.home import Home

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "ONNURI_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
BUNDLED = "bundled"
MOST_SECONDS = 3600.0


class LLMChoice(StrEnum):
    """Whether a command may ask the LLM."""

    NONE = "none"
    AUTO = "auto"


class LLMBackend(StrEnum):
    """Where the LLM runs."""

    NONE = "none"
    GGUF = "gguf"
    OPENAI = "openai"
    TRANSFORMERS = "transformers"


class Settings(BaseSettings):
    """Read once at start.

    ``llm_model`` is a GGUF file, a transformers folder or hub id, or the name a hosted endpoint knows;
    ``bundled`` is the GGUF that ``make install`` assembles. Times are seconds.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    home: Path = Path("var")
    embedding_model: str = BUNDLED
    llm: LLMBackend = LLMBackend.GGUF
    llm_model: str = BUNDLED
    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_allow_hosted: bool = False
    llm_first_token_timeout: float = Field(default=20, gt=0, le=MOST_SECONDS)
    llm_timeout: float = Field(default=45, gt=0, le=MOST_SECONDS)
    transfer_department: str = "민원과"
    transfer_phone: str = "061-749-3114"

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.llm is LLMBackend.OPENAI and not self.llm_base_url:
            raise ValueError(f"{PREFIX}LLM=openai에는 {PREFIX}LLM_BASE_URL(예: http://127.0.0.1:8000/v1)이 필요합니다")
        if self.llm in (LLMBackend.OPENAI, LLMBackend.TRANSFORMERS) and self.llm_model == BUNDLED:
            raise ValueError(f"{PREFIX}LLM={self.llm}에는 {PREFIX}LLM_MODEL(모델 이름이나 폴더)이 필요합니다")
        if not self.llm_base_url:
            return self
        host = _host(self.llm_base_url)
        if not host:
            raise ValueError(f"{PREFIX}LLM_BASE_URL은 http://127.0.0.1:8000/v1처럼 http:// 또는 https://로 적으세요")
        if host not in LOOPBACK and not self.llm_allow_hosted:
            raise ValueError(
                f"{host}은(는) 이 컴퓨터 밖입니다. 질문을 밖으로 보내도 되면 {PREFIX}LLM_ALLOW_HOSTED=true로 허용하세요"
            )
        return self

    def home_folder(self) -> Home:
        """The data folder and the places in it."""
        return Home(self.home)


def load() -> Settings:
    """Settings from the environment; raises InvalidSettings naming the variable and what it may be."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise InvalidSettings(f"설정 {name}은(는) 없습니다. 쓸 수 있는 설정: {', '.join(sorted(known))}.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise InvalidSettings(f"설정이 잘못되었습니다. {name}{_reason(first)}.") from error


def _host(url: str) -> str:
    """The host of a web address, '' when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def _reason(error: "ErrorDetails") -> str:
    match error["type"]:
        case "enum":
            return f"'{error['input']}'은(는) 쓸 수 없습니다. {', '.join(LLMBackend)} 가운데 하나로 적으세요"
        case "greater_than" | "less_than_equal" | "float_parsing" | "finite_number":
            return f"'{error['input']}'은(는) 쓸 수 없습니다. 0보다 크고 {MOST_SECONDS:.0f} 이하인 초를 숫자로 적으세요"
        case "bool_parsing":
            return f"'{error['input']}'은(는) 쓸 수 없습니다. true나 false로 적으세요"
        case _:
            return error["msg"].removeprefix("Value error, ")
