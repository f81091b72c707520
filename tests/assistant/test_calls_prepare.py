"""While the caller still speaks the LLM reads the evidence: nothing is answered, recorded or asked anew by it."""

import json
import threading

from misbehaving_server import MODEL, MisbehavingServer, misbehaving
from waiting import becomes

from app import Console
from assistant.answering.assistant import Assistant
from assistant.calls.call import Call
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.replay import replayed
from assistant.calls.utterance import Speaker, Utterance
from assistant.events import EvidenceEvent, FinalEvent, Status, Transfer
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.llm.openai_chat import endpoint
from assistant.llm.prefill import Prefill
from assistant.llm.turns import Turns

LIMITS = Limits(30, 60)
QUESTION = "주차 위반 과태료를 안 내면 어떻게 되나요?"  # no FAQ asks the same
FAQ = "여권을 잃어버렸는데 재발급 수수료가 얼마예요?"
GOES_ON = (" 제가", " 제가 지금 시", " 제가 지금 시청 앞에", " 제가 지금 시청 앞에 와")


def is_reading() -> bool:
    return any(thread.name == "llm-prefill" for thread in threading.enumerate())


def call_on(sample: Console, server: MisbehavingServer) -> Call:
    turns = Turns(1)
    prefill = Prefill("127.0.0.1", lambda: server.port, lambda: turns.is_idle)
    opened = endpoint(MODEL, server.base_url, "", LIMITS, 50)
    model = LanguageModel(MODEL, lambda: opened, LIMITS, turns=turns, prefill=prefill)
    assistant = Assistant(sample.searcher(), sample.analyzer(), Transfer(department="민원과", phone="1"), model)
    return Call("c1", QuestionFinder(sample.searcher(), sample.analyzer()), assistant)


def growing(question: str) -> list[Utterance]:
    return [
        Utterance(line=line, speaker=Speaker.CALLER, text=question + more, final=False, at=10.0 + line)
        for line, more in enumerate(GOES_ON)
    ]


def prompts(server: MisbehavingServer) -> list[str]:
    return [json.loads(request.body)["messages"][1]["content"] for request in server.requests]


def test_evidence_is_read_before_the_question_is_asked_to_its_end(sample: Console) -> None:
    with misbehaving() as server:
        call = call_on(sample, server)
        shown = list(replayed(call, growing(QUESTION)))
        assert any(isinstance(event, EvidenceEvent) for event in shown)
        assert server.requests == []  # not before the evidence is out
        call.prepare()
        call.prepare()
        assert becomes(lambda: bool(server.requests) and not is_reading())
        final = Utterance(line=9, speaker=Speaker.CALLER, text=QUESTION, final=True, at=20.0)
        events = list(replayed(call, [final]))
    assert isinstance(events[-1], FinalEvent)
    ahead, asked = prompts(server)
    assert asked.startswith(ahead[: ahead.index("[질문]")])


def test_what_an_faq_answers_is_not_read_by_an_llm(sample: Console) -> None:
    with misbehaving() as server:
        call = call_on(sample, server)
        assert any(isinstance(event, EvidenceEvent) for event in replayed(call, growing(FAQ)))
        call.prepare()
        final = Utterance(line=9, speaker=Speaker.CALLER, text=FAQ, final=True, at=20.0)
        *_, last = replayed(call, [final])
        assert isinstance(last, FinalEvent)
        assert last.status is Status.FAQ
        assert not is_reading()
        assert server.requests == []


def test_a_question_already_asked_is_not_prepared_any_more(sample: Console) -> None:
    with misbehaving() as server:
        call = call_on(sample, server)
        list(replayed(call, growing(QUESTION)))
        list(call.hear(Utterance(line=9, speaker=Speaker.CALLER, text=QUESTION, final=True, at=20.0)))
        call.prepare()
        assert not is_reading()
        assert server.requests == []
