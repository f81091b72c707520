"""Traces of how questions are answered, for a collector that speaks OTLP; without one they cost nothing.

Spans are named by stage and carry counts, ids and closed choices, never a text: not the question's, not an answer's,
not an exception's. The tracer is this module's own, so that no library adds spans with what they hold.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from knowledge_base.errors import InvalidSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

PATH = "/v1/traces"
MISSING_TEXT = "추적을 보내는 패키지가 없습니다. pip install 'onnuri[otel]'로 설치하세요."
Attribute = str | int | float | bool

P = ParamSpec("P")
Item = TypeVar("Item")

_tracer: "Tracer | None" = None


@contextmanager
def exported(endpoint: str) -> Iterator[None]:
    """Traces what is done within, sent in the background to ``endpoint`` (``http://127.0.0.1:4318``); '' for nothing.

    What is left is sent at the end. Raises InvalidSettings where the packages for it are missing.
    """
    global _tracer
    if not endpoint:
        yield
        return
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter") is None:
        raise InvalidSettings(MISSING_TEXT)
    provider = _provider(endpoint)
    _tracer = provider.get_tracer("onnuri")
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()


def _provider(endpoint: str) -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": "onnuri"}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + PATH, timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def span(name: str) -> AbstractContextManager[object]:
    """Traces what is done within as one stage; a generator must not yield inside."""
    return nullcontext() if _tracer is None else _current(_tracer.start_span(name), ends=True)


def spanned(name: str) -> Callable[[Callable[P, Iterator[Item]]], Callable[P, Iterator[Item]]]:
    """A generator whose steps are one stage, whichever threads take them and however early it is closed."""

    def decorate(make: Callable[P, Iterator[Item]]) -> Callable[P, Iterator[Item]]:
        @wraps(make)
        def steps(*args: P.args, **kwargs: P.kwargs) -> Iterator[Item]:
            items = make(*args, **kwargs)
            return items if _tracer is None else _followed(_tracer, name, items)

        return steps

    return decorate


def note(**attributes: Attribute) -> None:
    """Add ids, counts or closed choices to the stage under way."""
    if _tracer is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes({f"onnuri.{name}": value for name, value in attributes.items()})


def _followed(tracer: "Tracer", name: str, items: Iterator[Item]) -> Generator[Item, None, None]:
    stage = tracer.start_span(name)
    try:
        while True:
            with _current(stage, ends=False):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item
    finally:
        if isinstance(items, Generator):
            items.close()
        stage.end()


@contextmanager
def _current(stage: "Span", *, ends: bool) -> Iterator[None]:
    """``stage`` as the parent of what begins within; of an exception only its kind is told."""
    from opentelemetry.trace import StatusCode, use_span

    with use_span(stage, end_on_exit=ends, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except Exception as error:
            stage.set_status(StatusCode.ERROR, type(error).__name__)
            raise
