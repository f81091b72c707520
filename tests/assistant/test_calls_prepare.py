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
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.document import Chunk, Document, Kind

LIMITS = Limits(30, 60)
QUESTION = "주차 위반 과태료를 안 내면 어떻게 되나요?"  # no FAQ asks the same
FAQ = "여권을 잃어버렸는데 재발급 수수료가 얼마예요?"
GOES_ON = (" 제가", " 제가 지금 시", " 제가 지금 시청 앞에", " 제가 지금 시청 앞에 와")


def is_reading() -> bool:
    return any(thread.name == "llm-prefill" for thread in threading.enumerate())


def assistant_with(sample: Console, server: MisbehavingServer) -> Assistant:
    turns = Turns(1)
    prefill = Prefill("127.0.0.1", lambda: server.port, lambda: turns.is_idle)
    opened = endpoint(MODEL, server.base_url, "", LIMITS, 50)
    model = LanguageModel(MODEL, lambda: opened, LIMITS, turns=turns, prefill=prefill)
    return Assistant(sample.searcher(), sample.analyzer(), Transfer(department="민원과", phone="1"), model)


def call_on(sample: Console, server: MisbehavingServer) -> Call:
    finder = QuestionFinder(sample.searcher(), sample.analyzer())
    return Call("c1", finder, assistant_with(sample, server))


def passage(title: str, text: str) -> Hit:
    document = Document(id=title, kind=Kind.NOTICE, title=title, text=text)
    chunk = Chunk(document=title, number=0, heading="", text=text, start=0)
    return Hit(
        document=document,
        chunk=chunk,
        score=2.0,
        bm25=5.0,
        dense=0.9,
        coverage=1.0,
        highlights=(),
        share=0.9,
        closeness=0.95,
    )


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


def test_a_correction_below_what_is_shown_is_read_ahead_as_it_will_be_asked(sample: Console) -> None:
    notice = "서고 개방 안내\n○ 서고 개방 인원: 40명\n○ 서고 개방 접수: 12. 1. ~ 12. 7."
    hits = [
        passage("서고 개방 안내", notice),
        *(passage(f"서고 {number}호실 안내", "서고 자료는 사서가 찾아 드립니다.") for number in range(5)),
        passage("서고 개방 정정 안내", "당초 안내한 서고 개방 인원 40명을 60명으로 바로잡습니다."),
    ]
    found = SearchResult(hits=tuple(hits), candidates=7, snapshot="s1", timings={})
    question = "서고 개방 인원이 몇 명이에요?"
    with misbehaving() as server:
        assistant = assistant_with(sample, server)
        assistant.prepare(question, found)
        assert becomes(lambda: bool(server.requests) and not is_reading())
        list(assistant.suggest(question, found=found))
    ahead, asked = prompts(server)
    assert "60명" in ahead
    assert asked == ahead


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
