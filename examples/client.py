"""A small client of the calls API: what a telephone system (CTI) or a speech recogniser (STT) needs, and no more."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2

Event = dict[str, Any]


class Calls:
    """``token`` is a machine token ('onnuri user token'); ``url`` is where onnuri is served.

    Every method raises ``httpx2.HTTPStatusError`` for an error; its ``response.json()["detail"]`` says what to do.
    """

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def start(self, agent: str, external: str = "") -> str:
        """Put a call through to an agent; returns its id."""
        return str(self._post("/api/calls", {"agent": agent, "external": external})["id"])

    def say(self, call: str, seq: int, speaker: str, text: str, *, final: bool, at: float) -> None:
        """What was understood. When in doubt whether it arrived, say it again with the same ``seq``."""
        said = {"seq": seq, "speaker": speaker, "text": text, "final": final, "at": at}
        self._post(f"/api/calls/{call}/utterances", {"utterances": [said]})

    def end(self, call: str) -> None:
        """The call is over."""
        self._post(f"/api/calls/{call}/end", {})

    def events(self, call: str) -> Iterator[Event]:
        """The events of a call until it ends; after a broken connection it goes on where it was."""
        last = -1
        while True:
            try:
                for event in self._stream(call, last):
                    last = event["seq"]
                    yield event
                    if event["type"] == "ended":
                        return
            except httpx2.TransportError:
                time.sleep(1)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _stream(self, call: str, last: int) -> Iterator[Event]:
        headers = {"Last-Event-ID": str(last)} if last >= 0 else {}
        with self._http.stream("GET", f"/api/calls/{call}/events", headers=headers, timeout=None) as stream:
            stream.raise_for_status()
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(path, json=body)
        answer.raise_for_status()
        return dict(answer.json())
