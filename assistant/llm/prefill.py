"""Prompts read ahead: the LLM of this machine reads the evidence while the caller still speaks.

llama.cpp keeps what it has read; a question over the same evidence then starts to be answered at once. It is done
only while nothing is being answered, one prompt at a time, the newest first.
"""

import http.client
import json
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from assistant.grounding import Evidence

Message = dict[str, Any]
"""A message in OpenAI's form."""

TIMEOUT = 60.0  # seconds without a byte: nobody waits for what is read ahead

ANY_SLOT = -1

_log = logging.getLogger(__name__)


class Reading:
    """One prompt on its way through the llama.cpp at a port of this machine; ``evidence`` is what it holds.

    Without any it is the rules, which every slot has to know.
    """

    def __init__(
        self, host: str, port: int, slots: int, evidence: Sequence[Evidence], messages: Sequence[Message]
    ) -> None:
        self._slots = slots
        self._evidence = tuple(evidence)
        self._messages = list(messages)
        self._connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        self._ended = threading.Event()
        self._is_given_up = False

    def run(self) -> None:
        """Return when the prompt is read, or was given up."""
        known = {"messages": self._messages, "max_tokens": 0, "temperature": 0, "cache_prompt": True}
        try:
            self._connection.connect()
            if self._is_given_up:
                return
            for slot in (ANY_SLOT,) if self._evidence else range(self._slots):
                body = json.dumps({**known, "id_slot": slot})
                self._connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
                self._connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:  # the question itself will tell what is wrong
            _log.debug("prefill: %s", type(error).__name__)
        finally:
            self._ended.set()
            self._connection.close()

    def serves(self, evidence: Sequence[Evidence]) -> bool:
        """Whether a prompt over ``evidence`` begins with what this one holds."""
        return tuple(evidence[: len(self._evidence)]) == self._evidence

    def wait(self, seconds: float) -> None:
        """Until it has ended, but no longer than that."""
        self._ended.wait(seconds)

    def give_up(self) -> None:
        """Hang up: llama.cpp stops at its next batch and keeps what it has read."""
        self._is_given_up = True
        if (sock := self._connection.sock) is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Prefill:
    """The prompts read ahead for one llama.cpp; ``port`` is None while it is down, ``is_idle`` when it has no
    question to answer.

    Thread-safe; nothing of it ever waits, but :meth:`give_way` when told so.
    """

    def __init__(self, host: str, port: Callable[[], int | None], is_idle: Callable[[], bool], slots: int = 1) -> None:
        self._slots = slots
        self._host, self._port, self._is_idle = host, port, is_idle
        self._lock = threading.Lock()
        self._waiting: tuple[Sequence[Evidence], Sequence[Message]] | None = None
        self._reading: Reading | None = None

    def offer(self, evidence: Sequence[Evidence], messages: Sequence[Message]) -> None:
        """Read a prompt soon, instead of one that is still waiting."""
        with self._lock:
            self._waiting = (evidence, messages)
        self.go_on()

    def go_on(self) -> None:
        """Begin with the prompt that waits, if nothing is in its way: to be called when a question is answered."""
        with self._lock:
            if self._waiting is None or self._reading is not None or not self._is_idle():
                return
            port = self._port()
            waiting, self._waiting = self._waiting, None
            if port is None:
                return
            self._reading = Reading(self._host, port, self._slots, *waiting)
            threading.Thread(target=self._read, args=(self._reading,), name="llm-prefill", daemon=True).start()

    def give_way(self, evidence: Sequence[Evidence], patience: float) -> None:
        """A question over ``evidence`` is about to be asked: what is being read for it is waited for, ``patience``
        seconds at most; anything else is given up."""
        with self._lock:
            reading = self._reading
        if reading is None:
            return
        if reading.serves(evidence):
            reading.wait(patience)
        else:
            reading.give_up()

    def _read(self, reading: Reading) -> None:
        try:
            reading.run()
        finally:
            with self._lock:
                self._reading = None
            self.go_on()
