"""A slow, greedy or flooded LLM: few questions at once, few in a minute, and no answer without end."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from misbehaving_server import MODEL, MisbehavingServer, Mode, misbehaving
from waiting import becomes

from assistant.grounding import Evidence
from assistant.llm import openai_chat, prompt
from assistant.llm.choice import MAX_TOKENS, language_model
from assistant.llm.deadline import Limits
from assistant.llm.language_model import FAILURES_TO_OPEN, MAX_CHARACTERS, LanguageModel
from assistant.llm.openai_chat import endpoint
from assistant.llm.turns import Turns
from assistant.settings import Settings
from knowledge_base.errors import LLMUnavailable

VALUES = {"evidence": [Evidence("여권", "민원과에서 신청합니다.")], "question": "여권은 어디에서 신청하나요?"}
LATE = "LLM이 제시간에 답하지 않았습니다"
CROWDED = "LLM에 질문이 몰려 이 질문은 묻지 않았습니다"
LEFT_ALONE = "LLM이 거듭 실패해 잠시 쓰지 않습니다"
PATIENT = Limits(30, 64)


def model_at(server: MisbehavingServer, turns: Turns, limits: Limits = PATIENT) -> LanguageModel:
    made = LanguageModel(
        MODEL, lambda: endpoint(MODEL, server.base_url, "", limits, MAX_TOKENS), limits, seconds_open=60, turns=turns
    )
    made.start()
    return made


def outcome(model: LanguageModel) -> str:
    try:
        return "".join(model.stream(prompt.template(), VALUES)).strip()
    except LLMUnavailable as error:
        return str(error)


def all_at_once(asks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=ask) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert becomes(lambda: not any(thread.name == "llm-stream" for thread in threading.enumerate()))


# --- turns ---


class Asker(threading.Thread):
    """Takes a turn and says what came of it."""

    def __init__(self, turns: Turns, patience: float = 20) -> None:
        super().__init__(daemon=True)
        self.turns, self.patience, self.outcome = turns, patience, "waiting"
        self.start()

    def run(self) -> None:
        try:
            self.turns.take(self.patience)
            self.outcome = "asking"
        except LLMUnavailable as error:
            self.outcome = str(error)


def in_line(turns: Turns, count: int) -> list[Asker]:
    """Askers that have joined the line one after the other."""
    askers: list[Asker] = []
    for number in range(count):
        askers.append(Asker(turns))
        assert becomes(lambda: len(turns._line) == number + 1)  # noqa: B023, called at once
    return askers


def test_turns_come_in_order_of_arrival() -> None:
    turns = Turns(at_once=1, in_line=3)
    turns.take(1)
    first, second = in_line(turns, 2)
    turns.leave()
    assert becomes(lambda: first.outcome == "asking")
    assert second.outcome == "waiting"
    turns.leave()
    assert becomes(lambda: second.outcome == "asking")


def test_the_newest_question_takes_the_place_of_the_one_that_waited_longest() -> None:
    turns = Turns(at_once=1, in_line=2)
    turns.take(1)
    oldest, older = in_line(turns, 2)
    newest = Asker(turns)
    assert becomes(lambda: oldest.outcome == CROWDED)
    assert (older.outcome, newest.outcome) == ("waiting", "waiting")
    for asker in (older, newest):
        turns.leave()
        assert becomes(lambda: asker.outcome == "asking")  # noqa: B023, called at once


def test_nobody_waits_longer_than_their_patience() -> None:
    turns = Turns(at_once=1)
    turns.take(1)
    began = time.monotonic()
    with pytest.raises(LLMUnavailable, match=LATE):
        turns.take(0.1)
    assert time.monotonic() - began < 10
    turns.leave()
    turns.take(0.1)  # whoever gave up is in nobody's way


def test_a_minute_has_room_for_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("assistant.llm.turns.monotonic", lambda: now[0])
    turns = Turns(at_once=100, per_minute=3)
    for _ in range(3):
        turns.take(1)
    with pytest.raises(LLMUnavailable, match="1분에 물을 수 있는 질문 3건을 다 썼습니다"):
        turns.take(1)
    now[0] += 59
    with pytest.raises(LLMUnavailable):
        turns.take(1)
    now[0] += 2
    turns.take(1)


def test_a_question_that_was_not_asked_does_not_count() -> None:
    turns = Turns(at_once=1, in_line=0, per_minute=2)
    turns.take(1)
    with pytest.raises(LLMUnavailable, match=CROWDED):
        turns.take(1)
    turns.leave()
    turns.take(1)
    turns.leave(asked=False)
    turns.take(1)
    turns.leave()
    with pytest.raises(LLMUnavailable, match="1분"):
        turns.take(1)


# --- the same with a server ---


@pytest.mark.parametrize("mode", [Mode.SILENT, Mode.STALLING, Mode.PINGING, Mode.DRIPPING])
def test_twelve_agents_never_pile_up_on_a_slow_llm(mode: Mode) -> None:
    """Each connection is let go of before the next question takes its place."""
    outcomes: list[str] = []
    with misbehaving(mode) as server:
        model = model_at(server, Turns(at_once=2, in_line=4), Limits(first=1, total=1.5))
        all_at_once([lambda: outcomes.append(outcome(model))] * 12)
        assert server.most_at_once <= 2
    assert len(outcomes) == 12
    assert set(outcomes) <= {LATE, CROWDED, LEFT_ALONE}
    assert outcomes.count(CROWDED) >= 6  # two ask, four wait


def test_the_settings_say_how_many_at_once_and_in_a_minute(tmp_path: Path) -> None:
    outcomes: list[str] = []
    with misbehaving(Mode.SILENT) as server:
        settings = Settings.model_validate(
            {
                "llm": "openai",
                "llm_base_url": server.base_url,
                "llm_model": MODEL,
                "llm_at_once": 3,
                "llm_per_minute": 5,
                "llm_first_token_timeout": 1,
            }
        )
        model = language_model(settings, tmp_path, tmp_path)
        assert model is not None
        model.start()
        all_at_once([lambda: outcomes.append(outcome(model))] * 8)
        assert server.most_at_once == 3
    assert sum("1분에 물을 수 있는 질문 5건" in text for text in outcomes) == 3


def test_whoever_sets_no_limits_has_none() -> None:
    """An evaluation asks as fast as the LLM answers."""
    with misbehaving() as server:
        model = LanguageModel(MODEL, lambda: endpoint(MODEL, server.base_url, "", PATIENT, MAX_TOKENS), PATIENT)
        assert [outcome(model) for _ in range(100)] == [server.answer] * 100


def test_all_are_answered_when_the_llm_is_quick() -> None:
    outcomes: list[str] = []
    with misbehaving(answer="여권은 민원과에서 신청합니다.") as server:
        model = model_at(server, Turns(at_once=2, in_line=12))
        all_at_once([lambda: outcomes.append(outcome(model))] * 12)
        assert server.most_at_once <= 2
        assert outcomes == [server.answer] * 12
        assert outcome(model) == server.answer


def test_turns_come_back_whatever_happens() -> None:
    with misbehaving() as server:
        model = model_at(server, Turns(at_once=1))
        for mode in (Mode.FAILING, Mode.ANSWERING, Mode.EMPTY, Mode.RESETTING, Mode.ANSWERING):
            server.mode = mode
            outcome(model)
        pieces = model.stream(prompt.template(), VALUES)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert outcome(model) == server.answer


def test_an_llm_left_alone_uses_up_no_minute() -> None:
    with misbehaving(Mode.FAILING) as server:
        model = model_at(server, Turns(per_minute=FAILURES_TO_OPEN + 2))
        outcomes = [outcome(model) for _ in range(20)]
    assert outcomes[FAILURES_TO_OPEN:] == [LEFT_ALONE] * (20 - FAILURES_TO_OPEN)


def test_the_length_of_an_answer_is_asked_for_and_enforced() -> None:
    with misbehaving(answer="여권은 민원과에서 " * MAX_CHARACTERS) as server:
        assert outcome(model_at(server, Turns())) == "LLM의 답이 너무 깁니다"
        body = json.loads(server.requests[0].body)
    assert body.get("max_completion_tokens", body.get("max_tokens")) == MAX_TOKENS
    assert MAX_TOKENS < MAX_CHARACTERS


def test_an_answer_of_endless_bytes_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_chat, "MOST_BYTES", 2000)
    with misbehaving(answer="여권은 민원과에서 신청합니다. " * 20) as server:
        assert outcome(model_at(server, Turns(), Limits(30, 65))) == "LLM의 답을 읽을 수 없습니다"


# --- what no caller waits for ---


def test_a_summary_waits_for_no_turn_and_makes_nobody_wait() -> None:
    with misbehaving(answer="1. 소파 수수료를 문의함. " * 40) as server:
        turns = Turns(at_once=1)
        model = model_at(server, turns)
        aside = model.stream_aside(prompt.template(), VALUES)
        next(aside)
        with pytest.raises(LLMUnavailable, match="상담 중인 질문에 답하고"):
            next(model.stream_aside(prompt.template(), VALUES))
        question = Asker(turns)
        assert becomes(lambda: model.waiting == 1)
        with pytest.raises(LLMUnavailable, match="내주었습니다"):
            list(aside)
        assert becomes(lambda: question.outcome == "asking")


def test_a_summary_that_fails_leaves_the_llm_to_the_questions() -> None:
    with misbehaving(Mode.FAILING) as server:
        model = model_at(server, Turns())
        for _ in range(FAILURES_TO_OPEN + 1):
            with pytest.raises(LLMUnavailable):
                list(model.stream_aside(prompt.template(), VALUES))
        assert not model.is_left_alone
        server.mode = Mode.ANSWERING
        assert outcome(model) == server.answer
