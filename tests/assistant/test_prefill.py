"""Reading prompts ahead, with a real HTTP server in place of llama.cpp: what it is sent, when, and what gives way."""

import json
import threading
import time
from collections.abc import Iterator

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from loopback import free_port
from misbehaving_server import MODEL, MisbehavingServer, Mode, misbehaving
from waiting import becomes

from assistant.grounding import Evidence
from assistant.llm import prompt
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.llm.openai_chat import endpoint
from assistant.llm.prefill import Prefill
from assistant.llm.turns import Turns

HOST = "127.0.0.1"
PASSPORT = Evidence("여권 발급 안내", "여권 발급 수수료는 50,000원입니다.")
WASTE = Evidence("대형폐기물", "소파 수수료는 6,000원입니다.")
LIMITS = Limits(30, 60)
FOR_PASSPORT = [{"role": "user", "content": "여권"}]
FOR_WASTE = [{"role": "user", "content": "폐기물"}]
SLACK = 10  # seconds that a busy machine may add


class Line:
    """Whether a question is being answered, as the test says."""

    is_idle = True


def is_reading() -> bool:
    return any(thread.name == "llm-prefill" for thread in threading.enumerate())


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert becomes(lambda: not is_reading())


def prefill_of(server: MisbehavingServer, line: Line) -> Prefill:
    return Prefill(HOST, lambda: server.port, lambda: line.is_idle)


def bodies(server: MisbehavingServer) -> list[dict[str, object]]:
    return [json.loads(request.body) for request in server.requests]


def values(evidence: Evidence, question: str) -> dict[str, object]:
    return {"evidence": [evidence], "question": question}


def test_a_prompt_is_read_and_nothing_written() -> None:
    with misbehaving() as server:
        prefill_of(server, Line()).offer([PASSPORT], FOR_PASSPORT)
        assert becomes(lambda: bool(server.requests))
        assert becomes(lambda: not is_reading())
    [body] = bodies(server)
    assert body["messages"] == FOR_PASSPORT
    assert body["max_tokens"] == 0
    assert server.requests[0].path == "/v1/chat/completions"


def test_it_waits_for_the_answer_being_written_and_only_the_newest_is_read() -> None:
    with misbehaving() as server:
        line = Line()
        line.is_idle = False
        prefill = prefill_of(server, line)
        prefill.offer([PASSPORT], FOR_PASSPORT)
        prefill.offer([WASTE], FOR_WASTE)
        assert not is_reading()
        line.is_idle = True
        prefill.go_on()
        assert becomes(lambda: bool(server.requests))
        assert becomes(lambda: not is_reading())
    assert [body["messages"] for body in bodies(server)] == [FOR_WASTE]


def test_one_at_a_time() -> None:
    with misbehaving(Mode.SILENT) as server:
        prefill = prefill_of(server, Line())
        for _ in range(5):
            prefill.offer([PASSPORT], FOR_PASSPORT)
        assert becomes(lambda: len(server.requests) == 1)
        prefill.offer([WASTE], FOR_WASTE)
        time.sleep(0.2)
        assert len(server.requests) == 1


def test_a_question_over_other_evidence_ends_it_at_once() -> None:
    with misbehaving(Mode.SILENT) as server:
        prefill = prefill_of(server, Line())
        prefill.offer([PASSPORT], FOR_PASSPORT)
        assert becomes(lambda: bool(server.requests))
        began = time.monotonic()
        prefill.give_way([WASTE], patience=60)
        assert time.monotonic() - began < SLACK
        assert becomes(lambda: not is_reading())
        assert not server.closing.is_set()  # it was our side that hung up


def test_a_question_over_the_same_evidence_waits_for_it_but_not_for_ever() -> None:
    with misbehaving(Mode.SILENT) as server:
        prefill = prefill_of(server, Line())
        prefill.offer([PASSPORT], FOR_PASSPORT)
        assert becomes(lambda: bool(server.requests))
        began = time.monotonic()
        prefill.give_way([PASSPORT, WASTE], patience=0.5)
        assert 0.5 <= time.monotonic() - began < SLACK
        assert is_reading()


def test_the_rules_alone_serve_any_question() -> None:
    with misbehaving(Mode.SILENT) as server:
        prefill = prefill_of(server, Line())
        prefill.offer([], FOR_PASSPORT)
        assert becomes(lambda: bool(server.requests))
        prefill.give_way([WASTE], patience=0.1)
        assert is_reading()


@pytest.mark.parametrize("mode", [Mode.FAILING, Mode.RESETTING, Mode.HTML, Mode.EMPTY])
def test_a_failure_troubles_nobody_and_the_next_is_read(mode: Mode) -> None:
    with misbehaving(mode) as server:
        prefill = prefill_of(server, Line())
        for expected in (1, 2):
            prefill.offer([PASSPORT], FOR_PASSPORT)
            assert becomes(lambda expected=expected: len(server.requests) == expected)  # type: ignore[misc]
            assert becomes(lambda: not is_reading())


@pytest.mark.parametrize("port", [None, 0])
def test_a_server_that_is_down_is_not_waited_for(port: int | None) -> None:
    prefill = Prefill(HOST, lambda: port if port is None else free_port(), lambda: True)
    prefill.offer([PASSPORT], FOR_PASSPORT)
    assert becomes(lambda: not is_reading())


# --- by way of the language model ---


def model_reading_ahead(server: MisbehavingServer) -> LanguageModel:
    turns = Turns(1)
    prefill = Prefill(HOST, lambda: server.port, lambda: turns.is_idle)
    opened = endpoint(MODEL, server.base_url, "", LIMITS, 50)
    return LanguageModel(MODEL, lambda: opened, LIMITS, turns=turns, prefill=prefill)


def test_what_is_read_ahead_is_what_the_question_begins_with() -> None:
    with misbehaving() as server:
        model = model_reading_ahead(server)
        model.prepare(prompt.template(), values(PASSPORT, "여권 수수료가"))
        assert becomes(lambda: bool(server.requests) and not is_reading())
        list(model.stream(prompt.template(), values(PASSPORT, "여권 수수료가 얼마예요?")))
    read, asked = ([message["content"] for message in body["messages"]] for body in bodies(server))  # type: ignore[attr-defined]
    assert asked[0] == read[0] == prompt.RULES
    assert asked[1].startswith(read[1])
    assert PASSPORT.text in read[1]


def test_starting_reads_the_rules_that_all_prompts_begin_with() -> None:
    with misbehaving() as server:
        model_reading_ahead(server).start()
        assert becomes(lambda: bool(server.requests) and not is_reading())
    [body] = bodies(server)
    assert body["messages"][0] == {"role": "system", "content": prompt.RULES}  # type: ignore[index]


def test_what_waits_is_read_when_the_answer_is_written() -> None:
    with misbehaving(answer="하나 둘 셋") as server:
        model = model_reading_ahead(server)
        answer = model.stream(prompt.template(), values(WASTE, "소파는 얼마예요?"))
        assert next(answer)
        model.prepare(prompt.template(), values(PASSPORT, "여권 수수료가"))
        assert list(answer)
        assert becomes(lambda: len(server.requests) == 2)
    assert "max_tokens" in bodies(server)[1]


def test_a_model_elsewhere_is_never_asked_ahead() -> None:
    chat = GenericFakeChatModel(messages=iter([AIMessage(content="하나")]))
    model = LanguageModel("hosted", lambda: chat, LIMITS, is_hosted=True)
    assert not model.reads_ahead
    model.prepare(prompt.template(), values(PASSPORT, "여권 수수료가"))
    assert list(model.stream(prompt.template(), values(PASSPORT, "여권 수수료가 얼마예요?"))) == ["하나"]
