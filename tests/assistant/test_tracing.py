"""Traces of a question as a collector gets them: OTLP over HTTP, decoded here from its protobuf."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from app import Console
from assistant.answering.assistant import Assistant
from assistant.events import FinalEvent, Transfer
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.monitoring import tracing

QUESTION = "콜센터 통화 녹음은 얼마 동안 보관하나요?"
TOLD = "콜센터 통화 녹음 파일은 6개월 동안 보관한 뒤 지웁니다. [번호]"


@contextmanager
def collector(received: list[bytes]) -> Iterator[str]:
    """A collector on this machine; ``received`` gets the bodies."""

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def spans(received: list[bytes]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for body in received:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    found.setdefault(span.name, []).append(span)
    return found


def test_a_question_is_one_trace_without_a_word_of_it(sample: Console) -> None:
    scripted = GenericFakeChatModel(messages=iter([AIMessage(content=TOLD)]))
    model = LanguageModel("scripted", lambda: scripted, Limits(first=5, total=10))
    fallback = Transfer(department="민원과", phone="061-749-3114")
    assistant = Assistant(sample.searcher(), sample.analyzer(), fallback, model)
    received: list[bytes] = []
    with collector(received) as address, tracing.exported(address):
        *_, final = assistant.suggest(QUESTION, call="c1", on=date(2026, 11, 27))
    assert isinstance(final, FinalEvent)
    found = spans(received)
    assert set(found) == {"question", "search", "llm", "grounding"}
    [question] = found["question"]
    assert {span.parent_span_id for name in ("search", "llm", "grounding") for span in found[name]} == {
        question.span_id
    }
    assert {span.trace_id for each in found.values() for span in each} == {question.trace_id}
    assert all(
        question.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        for each in found.values()
        for span in each
    )
    noted = {each.key: each.value.string_value for each in question.attributes}
    assert noted["onnuri.call"] == "c1"
    assert noted["onnuri.suggestion"] == final.suggestion
    assert noted["onnuri.status"] == "generated"
    told = b"".join(received)
    for word in ("콜센터", "녹음", "6개월"):
        assert word.encode() not in told


def test_of_an_error_only_its_kind_is_told() -> None:
    @tracing.spanned("llm")
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("전화 010-1234-5678")

    @tracing.spanned("llm")
    def endless() -> Iterator[int]:
        while True:
            yield 1

    received: list[bytes] = []
    with collector(received) as address, tracing.exported(address):
        with pytest.raises(ValueError, match="010"):
            list(failing())
        steps = endless()
        next(steps)
        closed = threading.Thread(target=steps.close)  # type: ignore[attr-defined]
        closed.start()
        closed.join()
    failed, left = spans(received)["llm"]
    assert (failed.status.message, len(failed.events)) == ("ValueError", 0)
    assert left.status.message == ""
    assert b"010" not in b"".join(received)


def test_without_a_collector_nothing_is_wrapped() -> None:
    items = iter([1])
    with tracing.exported(""):
        assert tracing.spanned("question")(lambda: items)() is items
        tracing.note(status="faq")


def test_a_collector_that_is_away_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with tracing.exported("http://127.0.0.1:9"), tracing.span("search"):
        pass
    assert all(record.name.startswith(("opentelemetry", "urllib3")) for record in caplog.records)
