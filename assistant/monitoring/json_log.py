"""The log of a server as JSON, one object a line, for whatever collects logs.

Nothing of a citizen is in it: every text is masked, paths lose their queries and one-time links. Lines that belong to
a call carry its id, whichever thread writes them.
"""

import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any, TextIO
from urllib.parse import unquote

from pythonjsonlogger.json import JsonFormatter
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.masking import mask

ROOMS = ("app", "assistant", "eval", "indexing", "knowledge_base")
ACCESS = "uvicorn.access"
FIELDS = ("asctime", "levelname", "name", "message")
_CALL_IN_PATH = re.compile(r"/calls/([0-9a-f]{32})(?=/|$)")
_LINK = re.compile(r"^(/setup/).+")
_call: ContextVar[str] = ContextVar("call", default="")


@contextmanager
def on_call(call: str) -> Iterator[None]:
    """What is logged within, by this thread and those it asks, is about the call of this id."""
    token = _call.set(call)
    try:
        yield
    finally:
        _call.reset(token)


class CallPaths:
    """ASGI middleware: requests below ``/calls/<id>`` are about that call."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = _CALL_IN_PATH.search(scope.get("path", ""))
        with on_call(named[1] if named else ""):
            await self._app(scope, receive, send)


class Line(JsonFormatter):
    """One line: ``at`` (UTC), ``level``, ``logger``, ``message``, ``call`` where there is one, and a line's extras."""

    def __init__(self) -> None:
        renamed = {"asctime": "at", "levelname": "level", "name": "logger"}
        super().__init__(FIELDS, rename_fields=renamed, json_ensure_ascii=False)
        self.default_msec_format = "%s.%03dZ"
        self.default_time_format = "%Y-%m-%dT%H:%M:%S"

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; it is left as it was for other handlers."""
        told = copy(record)
        if call := _call.get():
            told.call = call
        if record.name == ACCESS and isinstance(record.args, tuple) and len(record.args) == 5:
            told.client, told.method, path, _, told.status = record.args
            told.path = bare(str(path))
            told.msg, told.args = "request", ()
        return super().format(told)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Every text masked; an exception's too, for its message may hold a question."""
        return {name: mask(value) if isinstance(value, str) else value for name, value in log_data.items()}


def bare(path: str) -> str:
    """A path as it may be logged.

    >>> bare("/agent/calls?q=%EB%93%B1%EB%B3%B8"), bare("/setup/s3cret")
    ('/agent/calls', '/setup/…')
    """
    return _LINK.sub(r"\1…", unquote(path.partition("?")[0]))


def begin(stream: TextIO = sys.stderr) -> None:
    """From now on write the log of this process as JSON, that of our own rooms from INFO up."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)
