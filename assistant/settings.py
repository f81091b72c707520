"""Every setting, from environment variables named ``ONNURI_…``; nothing else reads the environment."""

import os
import re
from datetime import datetime, time
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.accounts.role_map import RoleMap, role_map
from knowledge_base.errors import InvalidSettings
from knowledge_base.home import Home

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "ONNURI_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
BUNDLED = "bundled"
MOST_SECONDS = 3600.0
MOST_REQUESTS = 100_000


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


def _folders(paths: object) -> object:
    """Folders separated by the sign that separates those of PATH; one may be a drive that is away just now."""
    if not isinstance(paths, str):
        return paths
    folders = tuple(Path(path) for path in paths.split(os.pathsep) if path)
    for folder in folders:
        if folder.exists() and not folder.is_dir():
            raise ValueError(f"'{folder}'은(는) 폴더가 아닙니다. 지켜볼 폴더를 '{os.pathsep}'로 이어 적으세요")
    return folders


def _time_of_day(clock: object) -> object:
    try:
        return (datetime.strptime(clock, "%H:%M").time() if clock else None) if isinstance(clock, str) else clock
    except ValueError as error:
        raise ValueError(f"'{clock}'은(는) 쓸 수 없습니다. 02:00처럼 시:분으로 적으세요") from error


def _role_map(text: object) -> object:
    return role_map(text) if isinstance(text, str) else text


def _address(text: object) -> object:
    """As a connection tells it: IPv6 has several spellings of one address."""
    try:
        return str(ip_address(text)) if isinstance(text, str) and text else text
    except ValueError as error:
        raise ValueError(f"'{text}'은(는) 쓸 수 없습니다. 10.0.0.5처럼 앞단 서버의 주소 하나로 적으세요") from error


def _origins(text: object) -> object:
    for origin in text.split() if isinstance(text, str) else ():
        if not re.fullmatch(r"https?://[\w.-]+(:\d+)?", origin, re.ASCII):
            raise ValueError(f"'{origin}'은(는) 쓸 수 없습니다. https://cti.example.kr처럼 적고, 여럿이면 띄어 쓰세요")
    return text


class Settings(BaseSettings):
    """Read once at start.

    ``llm_model`` is a GGUF file, a transformers folder or hub id, or the name a hosted endpoint knows;
    ``bundled`` is the GGUF that ``make install`` assembles. ``judge_…`` names the OpenAI-compatible endpoint that
    gives its opinion of answers in an evaluation. ``watch`` are folders imported whenever they change,
    ``build_at`` the local time of the nightly build. ``vector_store`` is the Milvus that the index is searched in, a
    URI or a ``.db`` file (empty: FAISS in this process). ``database`` is the PostgreSQL address of journal and accounts
    (empty: SQLite in the data folder), ``keep_days`` is how long calls are kept, 0 for ever. ``llm_at_once`` and
    ``llm_per_minute`` bound the questions that this process asks the LLM. ``oidc_…`` is the organisation's log-in, and
    ``oidc_roles`` the groups of each role, also for those whom ``trusted_proxy``, an address, names in headers.
    ``frame_ancestors`` are the sites that may show the panels within their own pages. Other times are seconds.
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
    llm_at_once: int = Field(default=4, ge=1, lt=MOST_REQUESTS)
    llm_per_minute: int = Field(default=240, ge=1, lt=MOST_REQUESTS)
    judge_base_url: str = ""
    judge_model: str = ""
    judge_api_key: SecretStr = SecretStr("")
    watch: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)] = ()
    build_at: Annotated[time | None, BeforeValidator(_time_of_day)] = None
    vector_store: SecretStr = SecretStr("")
    database: SecretStr = SecretStr("")
    keep_days: int = Field(default=365, ge=0, lt=MOST_REQUESTS)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name_claim: str = "preferred_username"
    oidc_groups_claim: str = "groups"
    oidc_roles: Annotated[RoleMap, NoDecode, BeforeValidator(_role_map)] = Field(default_factory=dict)
    trusted_proxy: Annotated[str, BeforeValidator(_address)] = ""
    frame_ancestors: Annotated[str, BeforeValidator(_origins)] = ""
    otlp_endpoint: str = ""
    json_logs: bool = False
    transfer_department: str = "민원과"
    transfer_phone: str = "061-749-3114"

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.llm is LLMBackend.OPENAI and not self.llm_base_url:
            raise ValueError(f"{PREFIX}LLM=openai에는 {PREFIX}LLM_BASE_URL(예: http://127.0.0.1:8000/v1)이 필요합니다")
        if self.llm in (LLMBackend.OPENAI, LLMBackend.TRANSFORMERS) and self.llm_model == BUNDLED:
            raise ValueError(f"{PREFIX}LLM={self.llm}에는 {PREFIX}LLM_MODEL(모델 이름이나 폴더)이 필요합니다")
        for name, url in (("LLM_BASE_URL", self.llm_base_url), ("JUDGE_BASE_URL", self.judge_base_url)):
            if url:
                self._may_be_asked(name, url)
        self._has_a_sound_front()
        if (store := self.vector_store.get_secret_value()) and not store.endswith(".db"):
            _check_connection("VECTOR_STORE", store)
        if (address := self.database.get_secret_value()) and not address.startswith(("postgresql://", "postgres://")):
            raise ValueError(f"{PREFIX}DATABASE는 postgresql://이름:비밀번호@주소/데이터베이스처럼 적으세요")
        return self

    def _has_a_sound_front(self) -> None:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError(f"{PREFIX}OIDC_ISSUER에는 {PREFIX}OIDC_CLIENT_ID(등록한 클라이언트 이름)가 필요합니다")
        if (self.oidc_issuer or self.trusted_proxy) and not self.oidc_roles:
            raise ValueError(f"기관 로그인에는 {PREFIX}OIDC_ROLES(예: agent=콜센터,admin=콜센터-관리자)가 필요합니다")
        for name, url in (("OIDC_ISSUER", self.oidc_issuer), ("OTLP_ENDPOINT", self.otlp_endpoint)):
            if url:
                _check_connection(name, url)

    def _may_be_asked(self, name: str, url: str) -> None:
        host = _host(url)
        if host and host not in LOOPBACK and not self.llm_allow_hosted:
            raise ValueError(
                f"{host}은(는) 이 컴퓨터 밖입니다. 질문을 밖으로 보내도 되면 {PREFIX}LLM_ALLOW_HOSTED=true로 허용하세요"
            )
        _check_connection(name, url)

    def home_folder(self) -> Home:
        """The data folder and the places in it."""
        return Home(self.home, self.vector_store.get_secret_value())


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


def _check_connection(name: str, url: str) -> None:
    """Raises ValueError for what is no web address, or could be listened to on its way."""
    host = _host(url)
    if not host:
        raise ValueError(f"{PREFIX}{name}은 http://127.0.0.1:8000/v1처럼 http:// 또는 https://로 적으세요")
    if urlsplit(url).scheme == "http" and not _is_private(host):
        raise ValueError(
            f"{host}에는 https://로 연결하도록 {PREFIX}{name}을 고치세요. http://는 이 컴퓨터와 사설 주소"
            "(예: 10.0.0.7)에만 쓸 수 있습니다"
        )


def _host(url: str) -> str:
    """The host of a web address, '' when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def is_this_machine(url: str) -> bool:
    """Whether what is sent to a web address stays on this machine.

    >>> is_this_machine("http://localhost:8000/v1"), is_this_machine("http://127.0.0.1@example.com/v1")
    (True, False)
    """
    return _host(url) in LOOPBACK


def _is_private(host: str) -> bool:
    """Whether a host is this machine or in its own network, where nobody else can listen."""
    try:
        return host in LOOPBACK or ip_address(host).is_private
    except ValueError:
        return False


def _reason(error: "ErrorDetails") -> str:
    match error["type"]:
        case "enum":
            return f"'{error['input']}'은(는) 쓸 수 없습니다. {', '.join(LLMBackend)} 가운데 하나로 적으세요"
        case "greater_than" | "less_than_equal" | "float_parsing" | "finite_number":
            return f"'{error['input']}'은(는) 쓸 수 없습니다. 0보다 크고 {MOST_SECONDS:.0f} 이하인 초를 숫자로 적으세요"
        case "greater_than_equal" | "less_than" | "int_parsing" | "int_from_float":
            least = error.get("ctx", {}).get("ge", 1)
            return f"'{error['input']}'은(는) 쓸 수 없습니다. {least} 이상 {MOST_REQUESTS:,} 미만인 수로 적으세요"
        case "bool_parsing":
            return f"'{error['input']}'은(는) 쓸 수 없습니다. true나 false로 적으세요"
        case _:
            return error["msg"].removeprefix("Value error, ")
