"""The log of a served call as a log collector gets it: JSON, the call's id throughout, and nothing of the citizen."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from agent_site import desk_of
from people import office
from scripted_assistant import ScriptedAssistant

from assistant import web
from assistant.accounts.person import Role
from assistant.calls import api
from assistant.journal import Journal
from assistant.monitoring import json_log
from assistant.monitoring.metrics import Metrics

PHONE = "010-1234-5678"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    stream, level = StringIO(), logging.root.level
    monkeypatch.setattr(logging.root, "handlers", [])  # pytest's own, which would be closed
    for name in ("uvicorn", "uvicorn.access"):  # a server of another test in this process has told them to be silent
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    json_log.begin(stream)
    yield stream
    logging.root.setLevel(level)
    for name in json_log.ROOMS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_call_is_logged_by_its_id_and_not_by_what_was_said(log: StringIO, tmp_path: Path) -> None:
    people, path = office(tmp_path), tmp_path / "journal.db"
    token = people.registrar.add("cti", [Role.MACHINE])
    journal = Journal(path)
    assistant = ScriptedAssistant(Metrics(journal, {}))
    desk = desk_of(assistant, journal, path)
    app = web.build(people.access, [])
    app.include_router(api.router(desk.switchboard, assistant, desk.feedback, desk.summaries))
    server = web.server(app, logs_requests=True)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        while not server.started:
            time.sleep(0.02)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx2.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, trust_env=False) as cti:
            call = cti.post("/api/calls", json={"agent": "kim"}).json()["id"]
            said = [f"제 번호는 {PHONE}이고 등본 떼는 데 얼마예요?", f"등본 기계가 고장 났어요. {PHONE}입니다."]
            sent = [{"seq": n, "speaker": "caller", "text": text, "at": float(n)} for n, text in enumerate(said)]
            cti.post(f"/api/calls/{call}/utterances?caller={PHONE}", json={"utterances": sent})
            cti.post(f"/api/calls/{call}/end")
            assert "ended" in cti.get(f"/api/calls/{call}/events", params={"q": said[0]}).text
            cti.get(f"/api/calls/{PHONE}/summary")
            cti.get("/setup/one-time-secret")
        server.should_exit = True
        running.join()
    desk.switchboard.close()
    people.access.tables.close()
    written = lines(log)
    told = log.getvalue()
    assert PHONE not in told
    assert "등본" not in told
    assert "one-time-secret" not in told
    assert token not in told
    requests = [line for line in written if line["message"] == "request"]
    assert [(line["method"], line["status"]) for line in requests[:4]] == [
        ("POST", 201),
        ("POST", 202),
        ("POST", 202),
        ("GET", 200),
    ]
    assert [line["path"] for line in requests[1:3]] == [f"/api/calls/{call}/utterances", f"/api/calls/{call}/end"]
    assert [line["path"] for line in requests[-2:]] == ["/api/calls/[전화번호]/summary", "/setup/…"]
    [suggestion] = [line for line in written if line["message"] == "suggestion"]
    assert (suggestion["call"], suggestion["status"], suggestion["level"]) == (call, "faq", "INFO")
    [fault] = [line for line in written if line["level"] == "ERROR"]
    assert fault["call"] == call
    assert "RuntimeError: planted failure" in fault["exc_info"]
    assert all(line["call"] == call for line in requests[1:4])


def test_whatever_is_logged_is_masked(log: StringIO) -> None:
    logger = logging.getLogger("assistant.anything")
    with json_log.on_call("c1"):
        try:
            int(f"cannot understand {PHONE}")
        except ValueError:
            logger.exception("홍길동 씨 번호 %s", PHONE, extra={"said": f"저는 {PHONE}", "count": 3})
    logger.info("끝")
    first, second = lines(log)
    assert PHONE not in log.getvalue()
    assert "ValueError: invalid literal" in first["exc_info"]
    assert "cannot understand [전화번호]" in first["exc_info"]
    assert (first["count"], first["said"], first["call"]) == (3, "저는 [전화번호]", "c1")
    assert (second["message"], second["logger"], "call" in second) == ("끝", "assistant.anything", False)
    assert second["at"].endswith("Z")
