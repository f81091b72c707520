"""What a monitoring system reads: Prometheus metrics of suggestions, stages, the index, calls and HTTP answers.

No metric carries a question, a name or any other text of a citizen: labels are closed choices.
"""

import logging
from collections.abc import Callable, Mapping
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.events import FinalEvent
from assistant.journal import Records
from assistant.llm.exchange import Exchange
from knowledge_base.errors import OnnuriError

PATH = "/metrics"
SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 45.0)

Reading = Callable[[], float]
_log = logging.getLogger(__name__)


class Metrics:
    """Counts suggestions on their way into ``journal``, in whose place the assistant is given this.

    ``readings`` are values looked up whenever someone asks, by name and what it tells; one that cannot be looked up
    is NaN.
    """

    def __init__(self, journal: Records, readings: Mapping[tuple[str, str], Reading]) -> None:
        self._journal = journal
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._suggestions = Counter(
            "onnuri_suggestions", "Suggestions shown, by where the answer came from", ["status"], registry=self.registry
        )
        self._stages = Histogram(
            "onnuri_stage_seconds", "Seconds of each stage", ["stage"], buckets=SECONDS, registry=self.registry
        )
        self._answers = Counter(
            "onnuri_http_answers", "HTTP answers, by the first digit of the status", ["status"], registry=self.registry
        )
        for (name, told), reading in readings.items():
            Gauge(name, told, registry=self.registry).set_function(_or_nan(reading))

    def add_suggestion(self, final: FinalEvent, documents: tuple[str, ...], agent: str) -> None:
        """Count it and note it in the log, then keep it."""
        self._suggestions.labels(final.status.value).inc()
        for stage, milliseconds in final.timings.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        told = {"call": final.call, "suggestion": final.suggestion, "status": final.status.value}
        _log.info("suggestion", extra=told | {"milliseconds": round(final.timings.get("total", 0.0))})
        self._journal.add_suggestion(final, documents, agent)

    def add_exchange(self, suggestion: str, model: str, exchange: Exchange) -> None:
        """Nothing to count."""
        self._journal.add_exchange(suggestion, model, exchange)

    def route(self) -> Route:
        """Serves the metrics; who may read them is the gate's business."""

        def answer(request: Request) -> Response:
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

        return Route(PATH, answer)

    def counting(self, app: ASGIApp) -> ASGIApp:
        """``app``, each of whose answers is counted; what breaks off with an exception counts as a 500."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began = False

            async def sent(message: Message) -> None:
                nonlocal began
                if message["type"] == "http.response.start":
                    began = True
                    self._answers.labels(f"{message['status'] // 100}xx").inc()
                await send(message)

            try:
                await app(scope, receive, sent)
            except Exception:
                if not began:
                    self._answers.labels("5xx").inc()
                raise

        return counted


def _or_nan(reading: Reading) -> Reading:
    def read() -> float:
        try:
            return reading()
        except OnnuriError:
            return nan

    return read
