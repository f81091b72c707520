"""A real HTTP server on the loopback interface that answers as an OpenAI-compatible one should not."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

MODEL = "small-model"
DRIP_SECONDS = 0.05
FIRST_WORDS = "여권 발급 수수료는 "


class Mode(StrEnum):
    """What a request meets. A number is an HTTP status with an error in OpenAI's form."""

    ANSWERING = "answering"
    SILENT = "silent"  # accepts, then nothing, not even headers
    STALLING = "stalling"  # some words, then nothing
    PINGING = "pinging"  # nothing but comments that keep the connection alive
    DRIPPING = "dripping"  # a word now and then, for ever
    HTML = "html"
    BROKEN_JSON = "broken json"
    FOREIGN_JSON = "foreign json"
    EMPTY = "empty"
    ERROR_EVENT = "error event"
    RESETTING = "resetting"  # some words, then a TCP reset
    TRUNCATED = "truncated"  # fewer bytes than announced
    CUT_SHORT = "cut short"  # some words, then an orderly end without saying that it is one
    REDIRECTING = "redirecting"
    BAD_REQUEST = "400"
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    UNKNOWN_MODEL = "404"
    LIMITED = "429"
    FAILING = "500"
    OVERLOADED = "503"


@dataclass(frozen=True)
class Request:
    """One request as it arrived; names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class MisbehavingServer:
    """Set ``mode`` and ``answer`` at any time; ``requests`` holds what has arrived, ``most_at_once`` how many were
    with the server at the same time; ``left`` is set when a client has closed its connection while it was being
    answered. ``usage`` is told at the end to who asks for it, ``refusal`` is the status they get instead."""

    mode: Mode = Mode.ANSWERING
    answer: str = "여권은 민원과에서 신청합니다."
    elsewhere: str = ""  # where REDIRECTING sends to
    usage: dict[str, Any] = field(default_factory=dict)
    refusal: int = 0
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def misbehaving(mode: Mode = Mode.ANSWERING, answer: str = MisbehavingServer.answer) -> Iterator[MisbehavingServer]:
    """A server for one test; requests that still hang are let go at the end."""
    control = MisbehavingServer(mode, answer)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.control = control
    control.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield control
    finally:
        control.closing.set()
        server.shutdown()
        server.server_close()  # waits for the requests
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    control: MisbehavingServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.control.left.set()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.do_POST()

    def do_CONNECT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self.control.requests.append(
            Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        )
        mode = self.control.mode
        self._counts = '"include_usage"' in body.replace(" ", "")
        with self.control.counting:
            self.control.at_once += 1
            self.control.most_at_once = max(self.control.most_at_once, self.control.at_once)
        try:
            if self._counts and self.control.refusal:
                self._status(self.control.refusal, "Unrecognized request argument supplied: stream_options")
            elif mode.isdecimal():
                self._status(int(mode))
            else:
                getattr(self, f"_{mode.name.lower()}")()
        finally:
            with self.control.counting:
                self.control.at_once -= 1

    @property
    def control(self) -> MisbehavingServer:
        return cast(_Server, self.server).control

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at ``requests``."""

    def _answering(self) -> None:
        self._begin()
        for word in self.control.answer.split(" "):
            self._say(f"{word} ")
        self._end()

    def _silent(self) -> None:
        self.control.closing.wait(60)

    def _stalling(self) -> None:
        self._begin()
        self._say(FIRST_WORDS)
        self.control.closing.wait(60)

    def _pinging(self) -> None:
        self._begin()
        while not self.control.closing.wait(DRIP_SECONDS):
            self.wfile.write(b": still working\n\n")

    def _dripping(self) -> None:
        self._begin()
        while not self.control.closing.wait(DRIP_SECONDS):
            self._say("음 ")

    def _html(self) -> None:
        self._begin("text/html")
        self.wfile.write("<html><body>관리자 로그인</body></html>\n\n".encode())

    def _broken_json(self) -> None:
        self._begin()
        self.wfile.write('data: {"choices": [{"delta": {"content": "여\n\n'.encode())

    def _foreign_json(self) -> None:
        self._begin()
        self._send({"choices": [{"delta": 7}], "id": ["?"]})
        self._end()

    def _empty(self) -> None:
        self._begin()
        self._say("")
        self._end()

    def _error_event(self) -> None:
        self._begin()
        self._say(FIRST_WORDS)
        self._send({"error": {"message": "CUDA out of memory", "type": "server_error"}})

    def _resetting(self) -> None:
        self._begin()
        self._say(FIRST_WORDS)
        self.control.closing.wait(0.2)  # a reset discards what the other side has not read yet
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wfile.close()
        self.connection.close()

    def _truncated(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", "10000")
        self.end_headers()
        self._say(FIRST_WORDS)

    def _cut_short(self) -> None:
        self._begin()
        self._say(FIRST_WORDS)

    def _redirecting(self) -> None:
        self.send_response(307)
        self.send_header("location", self.control.elsewhere)
        self.end_headers()

    def _status(self, status: int, message: str = "") -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"error": {"message": message or f"status {status}", "code": status}}).encode())

    def _begin(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.flush()

    def _say(self, text: str) -> None:
        self._chunk({"role": "assistant", "content": text}, None)

    def _end(self) -> None:
        self._chunk({}, "stop")
        if self._counts and self.control.usage:
            self._send(
                {
                    "id": "1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": MODEL,
                    "choices": [],
                    "usage": self.control.usage,
                }
            )
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self._send({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]})

    def _send(self, event: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
