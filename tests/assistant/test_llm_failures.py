"""An LLM server that is down, slow or wrong: one Korean sentence, in time, and an answer all the same."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from loopback import free_port
from misbehaving_server import FIRST_WORDS, MODEL, MisbehavingServer, Mode, misbehaving
from pydantic import Field
from waiting import becomes

from assistant.answering.assistant import Assistant
from assistant.events import Check, EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent, Tokens, Transfer
from assistant.grounding import Evidence
from assistant.llm import prompt
from assistant.llm.choice import language_model
from assistant.llm.deadline import Limits
from assistant.llm.exchange import Exchange
from assistant.llm.language_model import FAILURES_TO_OPEN, LanguageModel
from assistant.llm.openai_chat import endpoint
from assistant.settings import Settings
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.document import Chunk, Document, Kind
from knowledge_base.errors import LLMUnavailable

PATIENT = Limits(first=30, total=60)
HURRIED = Limits(first=1.5, total=2.5)
SLACK = 15  # seconds that a busy machine may add
VALUES = {"evidence": [Evidence("여권", "민원과에서 신청합니다.")], "question": "여권은 어디에서 신청하나요?"}

LATE = "LLM이 제시간에 답하지 않았습니다"
CUT = "LLM 서버와의 연결이 끊겼습니다"
UNREADABLE = "LLM의 답을 읽을 수 없습니다"
FAULTY = "LLM 서버에 오류가 났습니다"
LEFT_ALONE = "LLM이 거듭 실패해 잠시 쓰지 않습니다"
DENIED = "LLM 서버가 인증을 거절했습니다"
SENTENCES = {
    Mode.SILENT: LATE,
    Mode.STALLING: LATE,
    Mode.PINGING: LATE,
    Mode.DRIPPING: LATE,
    Mode.HTML: UNREADABLE,
    Mode.BROKEN_JSON: UNREADABLE,
    Mode.FOREIGN_JSON: UNREADABLE,
    Mode.EMPTY: "LLM이 빈 답을 보냈습니다",
    Mode.ERROR_EVENT: FAULTY,
    Mode.RESETTING: CUT,
    Mode.TRUNCATED: CUT,
    Mode.CUT_SHORT: CUT,
    Mode.REDIRECTING: "LLM 서버가 요청을 거절했습니다",
    Mode.BAD_REQUEST: "LLM 서버가 요청을 거절했습니다",
    Mode.UNAUTHORISED: DENIED,
    Mode.FORBIDDEN: DENIED,
    Mode.UNKNOWN_MODEL: "LLM 서버가 이 모델 이름이나 주소를 모릅니다",
    Mode.LIMITED: "LLM 서버의 사용 한도를 넘었습니다",
    Mode.FAILING: FAULTY,
    Mode.OVERLOADED: FAULTY,
}
SLOW = (Mode.SILENT, Mode.STALLING, Mode.PINGING, Mode.DRIPPING)


def limits_for(mode: Mode) -> Limits:
    return HURRIED if mode in SLOW else PATIENT


def hosted(base_url: str, limits: Limits = PATIENT, api_key: str = "") -> LanguageModel:
    """As the settings make it, its libraries loaded: what they take is not the server's time."""
    settings = Settings.model_validate(
        {
            "llm": "openai",
            "llm_base_url": base_url,
            "llm_model": MODEL,
            "llm_api_key": api_key,
            "llm_first_token_timeout": limits.first,
            "llm_timeout": limits.total,
        }
    )
    model = language_model(settings, Path("unused"), Path("unused"))
    assert model is not None
    model.start()
    return model


def quick_to_forgive(server: MisbehavingServer, seconds: float) -> LanguageModel:
    return LanguageModel(MODEL, lambda: endpoint(MODEL, server.base_url, "", PATIENT, 50), PATIENT, seconds)


def asked(model: LanguageModel) -> Iterator[str]:
    return model.stream(prompt.template(), VALUES)


def failure(model: LanguageModel) -> str:
    with pytest.raises(LLMUnavailable) as raised:
        list(asked(model))
    return str(raised.value)


def reading_threads() -> int:
    return sum(thread.name == "llm-stream" for thread in threading.enumerate())


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert becomes(lambda: reading_threads() == 0)


def test_a_good_answer_is_streamed() -> None:
    with misbehaving(answer="여권은 민원과에서 신청합니다.") as server:
        pieces = list(asked(hosted(server.base_url)))
    assert "".join(pieces).strip() == server.answer
    assert len(pieces) == 3
    [request] = server.requests
    assert request.path == "/v1/chat/completions"
    assert VALUES["question"] in request.body


def test_every_mode_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Mode) - {Mode.ANSWERING}


@pytest.mark.parametrize("mode", SENTENCES)
def test_each_failure_is_one_sentence_in_time_and_asked_once(mode: Mode) -> None:
    with misbehaving(mode) as server:
        model = hosted(server.base_url, limits_for(mode))
        began = time.monotonic()
        assert failure(model) == SENTENCES[mode]
        assert time.monotonic() - began < HURRIED.total + SLACK
        assert becomes(lambda: reading_threads() == 0, HURRIED.total + SLACK)  # the server has not hung up
        assert len(server.requests) == 1


USAGE = {
    "prompt_tokens": 90,
    "completion_tokens": 7,
    "total_tokens": 97,
    "prompt_tokens_details": {"cached_tokens": 60},
}


def test_tokens_are_counted_by_the_server() -> None:
    exchange = Exchange()
    with misbehaving() as server:
        server.usage = USAGE
        assert list(hosted(server.base_url).stream(prompt.template(), VALUES, exchange))
    assert exchange.tokens == Tokens(prompt=90, completion=7, cached=60)


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_to_count_answers_all_the_same(status: int) -> None:
    exchange = Exchange()
    with misbehaving() as server:
        server.refusal = status
        model = hosted(server.base_url)
        for _ in range(2):
            assert list(model.stream(prompt.template(), VALUES, exchange))
        assert ["stream_options" in request.body for request in server.requests] == [True, False, False]
    assert exchange.tokens is None


def test_nobody_listening_is_one_sentence() -> None:
    assert failure(hosted(f"http://127.0.0.1:{free_port()}/v1")) == "LLM 서버에 연결할 수 없습니다"


@pytest.mark.parametrize("mode", [Mode.STALLING, Mode.DRIPPING, Mode.RESETTING, Mode.TRUNCATED, Mode.CUT_SHORT])
def test_what_was_written_before_the_failure_arrives(mode: Mode) -> None:
    with misbehaving(mode) as server:
        pieces = []
        with pytest.raises(LLMUnavailable):
            for piece in asked(hosted(server.base_url, limits_for(mode))):
                pieces.append(piece)
    assert pieces
    if mode is not Mode.DRIPPING:
        assert "".join(pieces) == FIRST_WORDS


def test_it_is_left_alone_after_failing_repeatedly() -> None:
    with misbehaving(Mode.FAILING) as server:
        model = hosted(server.base_url)
        assert [failure(model) for _ in range(FAILURES_TO_OPEN)] == [FAULTY] * FAILURES_TO_OPEN
        assert failure(model) == LEFT_ALONE
        assert len(server.requests) == FAILURES_TO_OPEN


def test_an_answer_in_between_starts_the_count_anew() -> None:
    with misbehaving(Mode.FAILING) as server:
        model = hosted(server.base_url)
        for _ in range(2):
            server.mode = Mode.FAILING
            assert [failure(model) for _ in range(FAILURES_TO_OPEN - 1)] == [FAULTY] * (FAILURES_TO_OPEN - 1)
            server.mode = Mode.ANSWERING
            assert list(asked(model))


def test_it_is_asked_again_after_a_while() -> None:
    with misbehaving(Mode.FAILING) as server:
        model = quick_to_forgive(server, seconds=0.5)
        for _ in range(FAILURES_TO_OPEN):
            failure(model)
        server.mode = Mode.ANSWERING
        time.sleep(0.6)
        assert list(asked(model))
        assert list(asked(model))


def test_one_more_failure_after_that_while_is_enough() -> None:
    with misbehaving(Mode.FAILING) as server:
        model = quick_to_forgive(server, seconds=2)
        for _ in range(FAILURES_TO_OPEN):
            failure(model)
        assert becomes(lambda: failure(model) == FAULTY)
        assert failure(model) == LEFT_ALONE
        assert len(server.requests) == FAILURES_TO_OPEN + 1


def test_readers_that_leave_are_no_failures() -> None:
    with misbehaving(answer="하나 둘 셋 넷") as server:
        model = hosted(server.base_url)
        for _ in range(FAILURES_TO_OPEN + 1):
            pieces = asked(model)
            assert next(pieces) == "하나 "
            pieces.close()  # type: ignore[attr-defined]
        assert len(list(asked(model))) == 4


def test_the_server_may_stop_writing_when_the_reader_leaves() -> None:
    with misbehaving(Mode.DRIPPING) as server:
        pieces = asked(hosted(server.base_url))
        assert next(pieces)
        assert not server.left.is_set()
        pieces.close()  # type: ignore[attr-defined]
        assert server.left.wait(20)


def test_the_server_may_stop_writing_when_the_reader_has_waited_long_enough() -> None:
    with misbehaving(Mode.DRIPPING) as server:
        failure(hosted(server.base_url, HURRIED))
        assert server.left.wait(20)


def test_nobody_waits_long_for_an_llm_that_another_is_starting() -> None:
    started, opening = threading.Event(), threading.Event()

    def open_slowly() -> BaseChatModel:
        started.set()
        opening.wait(60)
        return GenericFakeChatModel(messages=iter([AIMessage(content="하나"), AIMessage(content="둘")]))

    model = LanguageModel("slow", open_slowly, Limits(first=2, total=60))
    starter = threading.Thread(target=model.start)
    starter.start()
    assert started.wait(20)
    assert failure(model) == "LLM을 아직 준비하고 있습니다"
    opening.set()
    starter.join()
    assert list(asked(model)) == ["하나"]


def test_an_answer_never_asked_for_asks_nothing() -> None:
    with misbehaving() as server:
        asked(hosted(server.base_url))
        assert server.requests == []


def test_many_questions_at_once_to_a_silent_server_all_end_in_time() -> None:
    outcomes: list[str] = []
    with misbehaving(Mode.SILENT) as server:
        model = hosted(server.base_url, HURRIED)
        began = time.monotonic()
        threads = [threading.Thread(target=lambda: outcomes.append(failure(model))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - began < HURRIED.total + SLACK
        assert set(outcomes) <= {LATE, LEFT_ALONE}
        assert len(outcomes) == 12
        assert failure(model) == LEFT_ALONE


def test_a_redirection_is_not_followed() -> None:
    with misbehaving() as elsewhere, misbehaving(Mode.REDIRECTING) as server:
        server.elsewhere = f"{elsewhere.base_url}/chat/completions"
        failure(hosted(server.base_url))
        assert elsewhere.requests == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"])
def test_a_question_for_this_machine_goes_through_no_proxy(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with misbehaving() as proxy, misbehaving() as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        # a total that no other test has: connections are kept for equal limits
        limits = Limits(30, 61 + len(variable) + variable.islower())
        assert list(asked(hosted(server.base_url, limits)))
        assert proxy.requests == []
        assert len(server.requests) == 1


def test_neither_key_nor_question_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with misbehaving() as server:
        model = hosted(server.base_url, PATIENT, api_key="sk-planted")
        for mode in (Mode.UNAUTHORISED, Mode.FOREIGN_JSON):
            server.mode = mode
            failure(model)
        assert server.requests[0].headers["authorization"] == "Bearer sk-planted"
    assert "sk-planted" not in caplog.text
    visible = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert visible
    assert not any(VALUES["question"] in message for message in visible)


def test_a_key_may_end_in_a_line_break() -> None:
    with misbehaving() as server:
        assert list(asked(hosted(server.base_url, api_key="sk-planted\n")))
        assert server.requests[0].headers["authorization"] == "Bearer sk-planted"


def test_no_key_of_another_program_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-program")
    with misbehaving() as server:
        assert list(asked(hosted(server.base_url)))
        assert server.requests[0].headers["authorization"] == "Bearer none"


class TracingWatched(GenericFakeChatModel):
    """Notes whether LangSmith would be told of the question."""

    traced: list[bool] = Field(default_factory=list)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> Iterator[ChatGenerationChunk]:
        from langsmith.utils import tracing_is_enabled

        self.traced.append(bool(tracing_is_enabled()))
        yield from super()._stream(messages, stop, run_manager, **kwargs)


def test_langsmith_is_told_nothing_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith.utils import get_env_var, tracing_is_enabled

    get_env_var.cache_clear()
    with monkeypatch.context() as environment:
        environment.setenv("LANGSMITH_TRACING", "true")
        assert tracing_is_enabled()
        chat = TracingWatched(messages=iter([AIMessage(content="여권은 민원과에서 신청합니다.")]))
        assert list(asked(LanguageModel("watched", lambda: chat, PATIENT)))
    get_env_var.cache_clear()
    assert chat.traced == [False]


def test_starting_a_missing_llm_is_one_sentence_without_full_stop(tmp_path: Path) -> None:
    settings = Settings.model_validate({"llm": "gguf", "llm_model": str(tmp_path / "none.gguf")})
    model = language_model(settings, tmp_path, tmp_path)
    assert model is not None
    for attempt in (model.start, lambda: list(asked(model))):
        with pytest.raises(LLMUnavailable, match=r"none\.gguf.*없습니다\. .*고치세요$"):
            attempt()


def test_no_llm_is_none(tmp_path: Path) -> None:
    assert language_model(Settings.model_validate({"llm": "none"}), tmp_path, tmp_path) is None


# --- the same through the assistant ---

QUESTION = "여권 발급 수수료가 얼마인가요?"
FEE = "여권 발급 수수료는 50,000원입니다."
TEXT = f"{FEE} 여권은 민원과 여권창구에서 신청합니다."
ON = date(2026, 11, 27)


class OneNotice:
    """A search back end that always finds the same notice, and is sure of it."""

    def __init__(self, text: str = TEXT) -> None:
        document = Document(id="passport.md", kind=Kind.NOTICE, title="여권 발급 안내", text=text, department="민원과")
        chunk = Chunk(document=document.id, number=0, heading="", text=text, start=0)
        hit = Hit(document=document, chunk=chunk, score=2.0, bm25=5.0, dense=0.95, coverage=1.0, highlights=())
        self.result = SearchResult(hits=(hit,), candidates=200, snapshot="s1", timings={})

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
        return self.result


def assistant(analyzer: Analyzer, model: LanguageModel) -> Assistant:
    return Assistant(OneNotice(), analyzer, Transfer(department="민원과", phone="061-749-3114"), model)


def finished(events: list[SuggestionEvent]) -> FinalEvent:
    assert isinstance(events[0], EvidenceEvent)
    assert events[0].documents == ("passport.md",)
    assert isinstance(events[-1], FinalEvent)
    assert [event.seq for event in events] == list(range(len(events)))
    return events[-1]


def is_extracted(final: FinalEvent) -> bool:
    return final.status is Status.EXTRACTIVE and FEE in final.answer and len(final.citations) > 0


@pytest.mark.parametrize("mode", SENTENCES)
def test_the_assistant_quotes_the_evidence_and_says_why(mode: Mode, analyzer: Analyzer) -> None:
    with misbehaving(mode) as server:
        model = hosted(server.base_url, limits_for(mode))
        final = finished(list(assistant(analyzer, model).suggest(QUESTION, on=ON)))
        assert len(server.requests) == 1
    assert is_extracted(final)
    assert final.reason.startswith(f"{SENTENCES[mode]}. 근거 문장을 그대로 옮겼습니다.")


def test_the_assistant_does_without_a_server(analyzer: Analyzer) -> None:
    model = hosted(f"http://127.0.0.1:{free_port()}/v1")
    final = finished(list(assistant(analyzer, model).suggest(QUESTION, on=ON)))
    assert is_extracted(final)
    assert final.reason.startswith("LLM 서버에 연결할 수 없습니다. ")


def test_evidence_comes_before_the_llm_is_asked(analyzer: Analyzer) -> None:
    with misbehaving() as server:
        events = assistant(analyzer, hosted(server.base_url)).suggest(QUESTION, on=ON)
        assert isinstance(next(events), EvidenceEvent)
        assert server.requests == []


def test_what_the_evidence_does_not_say_is_withheld_and_recorded(analyzer: Analyzer) -> None:
    with misbehaving(answer="여권 수수료는 8,000원입니다.") as server:
        events = list(assistant(analyzer, hosted(server.base_url)).suggest(QUESTION, on=ON))
    final = finished(events)
    assert is_extracted(final)
    assert "8,000" not in final.answer
    assert not any(isinstance(event, TokenEvent) for event in events)
    assert final.checks == (
        Check(sentence="여권 수수료는 8,000원입니다.", supported=False, reasons=("'8,000원'이(가) 근거에 없습니다",)),
    )
    assert "근거와 맞지 않아" in final.reason


def test_the_good_sentence_stands_and_the_wrong_one_does_not(analyzer: Analyzer) -> None:
    with misbehaving(answer=f"{FEE} 여권 수수료는 8,000원입니다.") as server:
        events = list(assistant(analyzer, hosted(server.base_url)).suggest(QUESTION, on=ON))
    final = finished(events)
    assert final.status is Status.GENERATED
    assert final.answer == FEE
    assert [event.text for event in events if isinstance(event, TokenEvent)] == [FEE]
    assert [check.supported for check in final.checks] == [True, False]


def test_a_question_asked_again_is_answered_without_the_llm(analyzer: Analyzer) -> None:
    with misbehaving(answer=f"{FEE} 여권 수수료는 8,000원입니다.") as server:
        answers = assistant(analyzer, hosted(server.base_url))
        first, again = (list(answers.suggest(question, on=ON)) for question in (QUESTION, f" {QUESTION}"))
        assert len(server.requests) == 1
        assert finished(again).suggestion != finished(first).suggestion
        list(answers.suggest("여권 수수료 얼마?", on=ON))
        assert len(server.requests) == 2
    shown = [[event.text for event in events if isinstance(event, TokenEvent)] for events in (first, again)]
    assert shown == [[FEE], [FEE]]
    assert finished(again).checks == finished(first).checks
    assert finished(again).tokens is None


def test_an_llm_that_failed_is_asked_again(analyzer: Analyzer) -> None:
    with misbehaving(Mode.FAILING) as server:
        answers = assistant(analyzer, hosted(server.base_url))
        for _ in range(2):
            assert is_extracted(finished(list(answers.suggest(QUESTION, on=ON))))
        assert len(server.requests) == 2


@pytest.mark.parametrize("words", ["", "   \n ", "�" * 40, "lorem ipsum dolor " * 30, "ㅋ" * 3000, "[1] [1] [1]"])
def test_any_garbage_ends_in_the_extract(words: str, analyzer: Analyzer) -> None:
    with misbehaving(answer=words) as server:
        final = finished(list(assistant(analyzer, hosted(server.base_url)).suggest(QUESTION, on=ON)))
    assert is_extracted(final)


def test_a_panel_that_closes_early_leaves_nothing_running(analyzer: Analyzer) -> None:
    with misbehaving(answer=f"{FEE} {'여권은 민원과 여권창구에서 신청합니다. ' * 50}") as server:
        events = assistant(analyzer, hosted(server.base_url)).suggest(QUESTION, on=ON)
        next(events)
        assert isinstance(next(events), TokenEvent)
        events.close()  # type: ignore[attr-defined]
        assert becomes(lambda: reading_threads() == 0)
