"""Settings from the environment: what is understood, and what a mistake is told."""

import traceback
from datetime import time
from pathlib import Path

import pytest

from assistant.settings import LLMBackend, Settings, load
from knowledge_base.errors import InvalidSettings

LOCAL = {"ONNURI_LLM": "openai", "ONNURI_LLM_BASE_URL": "http://127.0.0.1:8000/v1", "ONNURI_LLM_MODEL": "small"}
KEY = "sk-planted"  # by name: a traceback shows the lines of this file too


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> "Loaded":
    return Loaded(monkeypatch)


class Loaded:
    """The settings, or the sentence, for the given environment."""

    def __init__(self, environment: pytest.MonkeyPatch) -> None:
        self._environment = environment

    def __call__(self, **variables: str) -> Settings:
        for name, value in variables.items():
            self._environment.setenv(name, value)
        return load()

    def refusal(self, **variables: str) -> str:
        with pytest.raises(InvalidSettings) as raised:
            self(**variables)
        sentence = str(raised.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence


def test_without_variables_the_bundled_llm_on_this_machine(loaded: Loaded) -> None:
    settings = loaded()
    assert settings == Settings()
    assert (settings.llm, settings.llm_model, settings.llm_allow_hosted) == (LLMBackend.GGUF, "bundled", False)
    assert settings.home == Path("var")


def test_every_variable_is_read(loaded: Loaded) -> None:
    settings = loaded(
        **LOCAL,
        ONNURI_HOME="/srv/onnuri",
        ONNURI_EMBEDDING_MODEL="/models/e5",
        ONNURI_LLM_API_KEY="sk-1",
        ONNURI_LLM_ALLOW_HOSTED="true",
        ONNURI_LLM_FIRST_TOKEN_TIMEOUT="2.5",
        ONNURI_LLM_TIMEOUT="9",
        ONNURI_LLM_AT_ONCE="8",
        ONNURI_LLM_PER_MINUTE="600",
        ONNURI_JUDGE_BASE_URL="http://127.0.0.1:9000/v1",
        ONNURI_JUDGE_MODEL="judge",
        ONNURI_JUDGE_API_KEY="sk-2",
        ONNURI_WATCH="/srv/faq:/srv/notices",
        ONNURI_BUILD_AT="02:30",
        ONNURI_VECTOR_STORE="http://10.0.0.9:19530/suncheon",
        ONNURI_DATABASE="postgresql://onnuri@db/onnuri",
        ONNURI_KEEP_DAYS="90",
        ONNURI_OIDC_ISSUER="https://id.example.kr",
        ONNURI_OIDC_CLIENT_ID="onnuri",
        ONNURI_OIDC_CLIENT_SECRET="s",
        ONNURI_OIDC_NAME_CLAIM="login",
        ONNURI_OIDC_GROUPS_CLAIM="realm_access.roles",
        ONNURI_OIDC_ROLES="agent=콜센터,admin=콜센터-관리자",
        ONNURI_TRUSTED_PROXY="10.0.0.5",
        ONNURI_FRAME_ANCESTORS="https://cti.example.kr http://10.0.0.8:8080",
        ONNURI_OTLP_ENDPOINT="http://127.0.0.1:4318",
        ONNURI_JSON_LOGS="true",
        ONNURI_TRANSFER_DEPARTMENT="총무과",
        ONNURI_TRANSFER_PHONE="061-000-0000",
    )
    assert set(Settings.model_fields) == settings.model_fields_set
    assert settings.home_folder().root == Path("/srv/onnuri")
    assert settings.home_folder().vector_store == "http://10.0.0.9:19530/suncheon"
    assert settings.embedding_model == "/models/e5"
    assert settings.llm is LLMBackend.OPENAI
    assert settings.llm_model == "small"
    assert settings.llm_api_key.get_secret_value() == "sk-1"
    assert settings.llm_allow_hosted
    assert (settings.llm_first_token_timeout, settings.llm_timeout) == (2.5, 9.0)
    assert (settings.llm_at_once, settings.llm_per_minute) == (8, 600)
    assert settings.watch == (Path("/srv/faq"), Path("/srv/notices"))
    assert settings.build_at == time(2, 30)
    assert (settings.transfer_department, settings.transfer_phone) == ("총무과", "061-000-0000")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"OIDC_ISSUER": "https://id.example.kr"}, "ONNURI_OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "https://id.example.kr", "OIDC_CLIENT_ID": "x"}, "ONNURI_OIDC_ROLES"),
        ({"OIDC_ISSUER": "http://id.example.kr", "OIDC_CLIENT_ID": "x", "OIDC_ROLES": "qa=x"}, "https://"),
        ({"OIDC_ROLES": "agent"}, "agent=콜센터"),
        ({"OIDC_ROLES": "machine=콜센터"}, "agent, admin, qa"),
        ({"TRUSTED_PROXY": "10.0.0.5"}, "ONNURI_OIDC_ROLES"),
        ({"TRUSTED_PROXY": "10.0.0.0/8", "OIDC_ROLES": "qa=x"}, "주소 하나"),
        ({"FRAME_ANCESTORS": "*"}, "https://cti.example.kr"),
        ({"FRAME_ANCESTORS": "https://a.kr; script-src *"}, "https://cti.example.kr"),
        ({"OTLP_ENDPOINT": "collector:4318"}, "ONNURI_OTLP_ENDPOINT"),
    ],
)
def test_a_front_that_lets_in_too_many_is_refused(variables: dict[str, str], told: str, loaded: Loaded) -> None:
    assert told in loaded.refusal(**{f"ONNURI_{name}": value for name, value in variables.items()})


def test_variables_of_others_are_left_alone(loaded: Loaded) -> None:
    assert loaded(LLM="openai", ONNURIX="1") == Settings()


def test_an_unknown_variable_is_named_with_all_that_exist(loaded: Loaded) -> None:
    sentence = loaded.refusal(ONNURI_LLM_MODLE="x")
    assert sentence.startswith("설정 ONNURI_LLM_MODLE은(는) 없습니다.")
    assert all(f"ONNURI_{name.upper()}" in sentence for name in Settings.model_fields)


@pytest.mark.parametrize("value", ["ollama", "", "GGUF "])
def test_an_unknown_choice_is_told_the_valid_ones(value: str, loaded: Loaded) -> None:
    sentence = loaded.refusal(ONNURI_LLM=value)
    assert "ONNURI_LLM:" in sentence
    assert f"'{value}'" in sentence
    assert all(choice in sentence for choice in LLMBackend)


def test_an_endpoint_needs_an_address(loaded: Loaded) -> None:
    sentence = loaded.refusal(ONNURI_LLM="openai", ONNURI_LLM_MODEL="small")
    assert "ONNURI_LLM_BASE_URL" in sentence
    assert "http://127.0.0.1:8000/v1" in sentence


@pytest.mark.parametrize("backend", ["openai", "transformers"])
def test_what_has_no_bundled_model_needs_a_model(backend: str, loaded: Loaded) -> None:
    sentence = loaded.refusal(ONNURI_LLM=backend, ONNURI_LLM_BASE_URL=LOCAL["ONNURI_LLM_BASE_URL"])
    assert "ONNURI_LLM_MODEL" in sentence


@pytest.mark.parametrize(
    "url", ["llm.example.com/v1", "127.0.0.1:8000/v1", "ftp://127.0.0.1/v1", "http:/x/v1", "http://", "http://[::1/v1"]
)
def test_an_address_that_is_none_is_refused(url: str, loaded: Loaded) -> None:
    assert "http:// 또는 https://" in loaded.refusal(**{**LOCAL, "ONNURI_LLM_BASE_URL": url})


@pytest.mark.parametrize(
    "store", ["milvus:19530", "ftp://127.0.0.1", "http://milvus.example.kr:19530", "vectors.sqlite"]
)
def test_a_vector_store_is_a_uri_nobody_listens_to_or_a_file(store: str, loaded: Loaded) -> None:
    assert "ONNURI_VECTOR_STORE" in loaded.refusal(ONNURI_VECTOR_STORE=store)
    assert loaded(ONNURI_VECTOR_STORE="var/vectors.db").home_folder().vector_store == "var/vectors.db"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_this_machine_needs_no_permission(host: str, loaded: Loaded) -> None:
    url = f"http://{host}:8000/v1"
    assert loaded(**{**LOCAL, "ONNURI_LLM_BASE_URL": url}).llm_base_url == url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://llm.example.com/v1", "llm.example.com"),
        ("http://10.0.0.7:8000/v1", "10.0.0.7"),
        ("https://127.0.0.1@llm.example.com/v1", "llm.example.com"),
        ("https://127.0.0.1.example.com/v1", "127.0.0.1.example.com"),
        ("https://localhost.example.com#127.0.0.1", "localhost.example.com"),
    ],
)
def test_another_machine_needs_permission(url: str, host: str, loaded: Loaded) -> None:
    sentence = loaded.refusal(**{**LOCAL, "ONNURI_LLM_BASE_URL": url})
    assert f"{host}은(는) 이 컴퓨터 밖입니다" in sentence
    assert "ONNURI_LLM_ALLOW_HOSTED=true" in sentence
    assert loaded(ONNURI_LLM_ALLOW_HOSTED="true").llm_base_url == url


@pytest.mark.parametrize("host", ["llm.example.com", "8.8.8.8", "127.0.0.1.example.com", "vllm", "[2001:4860::1]"])
def test_what_leaves_the_own_network_is_encrypted(host: str, loaded: Loaded) -> None:
    hosted = {**LOCAL, "ONNURI_LLM_ALLOW_HOSTED": "true"}
    sentence = loaded.refusal(**{**hosted, "ONNURI_LLM_BASE_URL": f"http://{host}/v1"})
    assert "https://로 연결" in sentence
    assert loaded(**{**hosted, "ONNURI_LLM_BASE_URL": f"https://{host}/v1"}).llm_allow_hosted


@pytest.mark.parametrize("host", ["10.0.0.7", "192.168.1.5", "172.16.0.9", "[fd00::7]"])
def test_the_own_network_may_do_without(host: str, loaded: Loaded) -> None:
    url = f"http://{host}:8000/v1"
    assert loaded(**{**LOCAL, "ONNURI_LLM_ALLOW_HOSTED": "true", "ONNURI_LLM_BASE_URL": url}).llm_base_url == url


@pytest.mark.parametrize("name", ["ONNURI_LLM_AT_ONCE", "ONNURI_LLM_PER_MINUTE"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "많이", "", "100000"])
def test_limits_are_possible_numbers(name: str, value: str, loaded: Loaded) -> None:
    sentence = loaded.refusal(**{name: value})
    assert f"{name}:" in sentence
    assert f"'{value}'" in sentence
    assert "1 이상" in sentence


@pytest.mark.parametrize("name", ["ONNURI_LLM_TIMEOUT", "ONNURI_LLM_FIRST_TOKEN_TIMEOUT"])
@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "3601", "1e12", "곧", "", "20초"])
def test_times_are_possible_numbers_of_seconds(name: str, value: str, loaded: Loaded) -> None:
    sentence = loaded.refusal(**{name: value})
    assert f"{name}:" in sentence
    assert f"'{value}'" in sentence
    assert "0보다 크고 3600 이하" in sentence


@pytest.mark.parametrize("clock", ["25:00", "2시", "02:00:00", "0200"])
def test_the_nightly_build_is_at_a_time_of_day(clock: str, loaded: Loaded) -> None:
    with pytest.raises(InvalidSettings, match=f"ONNURI_BUILD_AT.*'{clock}'.*02:00"):
        loaded(ONNURI_BUILD_AT=clock)


def test_nothing_to_watch_or_to_build_may_be_said_with_nothing(loaded: Loaded) -> None:
    settings = loaded(ONNURI_WATCH="", ONNURI_BUILD_AT="")
    assert (settings.watch, settings.build_at) == ((), None)


def test_a_file_cannot_be_watched(loaded: Loaded) -> None:
    with pytest.raises(InvalidSettings, match=f"ONNURI_WATCH.*'{__file__}'.*폴더가 아닙니다"):
        loaded(ONNURI_WATCH=f"/srv/away:{__file__}")


@pytest.mark.parametrize("address", ["mysql://kim:geheim@db/onnuri", "db:5432"])
def test_the_database_is_postgresql_and_its_password_is_not_shown(address: str, loaded: Loaded) -> None:
    with pytest.raises(InvalidSettings, match=r"ONNURI_DATABASE는 postgresql://") as raised:
        loaded(ONNURI_DATABASE=address)
    assert "geheim" not in str(raised.value)
    assert "geheim" not in repr(loaded(ONNURI_DATABASE="postgresql://kim:geheim@db/onnuri"))


@pytest.mark.parametrize("days", ["-1", "0.5", "일 년"])
def test_calls_are_kept_for_whole_days(days: str, loaded: Loaded) -> None:
    assert loaded(ONNURI_KEEP_DAYS="0").keep_days == 0
    with pytest.raises(InvalidSettings, match="ONNURI_KEEP_DAYS"):
        loaded(ONNURI_KEEP_DAYS=days)


def test_a_permission_is_true_or_false(loaded: Loaded) -> None:
    sentence = loaded.refusal(ONNURI_LLM_ALLOW_HOSTED="어쩌면")
    assert "ONNURI_LLM_ALLOW_HOSTED:" in sentence
    assert "true나 false" in sentence


def test_the_key_is_never_shown(loaded: Loaded) -> None:
    settings = loaded(**LOCAL, ONNURI_LLM_API_KEY="sk-planted")
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.model_dump())):
        assert "sk-planted" not in shown


def test_the_key_is_not_in_the_traceback_of_a_mistake(loaded: Loaded) -> None:
    with pytest.raises(InvalidSettings) as raised:
        loaded(ONNURI_LLM="openai", ONNURI_LLM_API_KEY=KEY)
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().llm_timeout = 1  # type: ignore[misc]


def test_the_proxy_is_known_however_its_address_is_spelt() -> None:
    told = Settings(trusted_proxy="2001:0DB8::0005", oidc_roles="qa=x")  # type: ignore[arg-type]
    assert told.trusted_proxy == "2001:db8::5"
