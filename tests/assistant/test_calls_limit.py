"""A program that never ends its calls is told so, and fills no memory."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from agent_site import desk_of
from loopback import served
from people import office
from scripted_assistant import ScriptedAssistant
from waiting import becomes

from assistant import web
from assistant.accounts.person import Role
from assistant.calls import api, switchboard
from assistant.journal import Journal


@pytest.fixture
def cti(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx2.Client]:
    """A program that puts calls through to a server with room for two."""
    monkeypatch.setattr(switchboard, "MOST_CALLS", 2)
    monkeypatch.setattr(switchboard, "KEPT_AFTER_END", 0.0)
    people, journal = office(tmp_path), Journal(tmp_path / "journal.db")
    desk = desk_of(ScriptedAssistant(journal=journal), journal, tmp_path / "journal.db")
    app = web.build(people.access, [])
    app.include_router(api.router(desk.switchboard, desk.assistant, desk.feedback, desk.summaries))
    headers = {"authorization": f"Bearer {people.registrar.add('cti', [Role.MACHINE])}"}
    with served(app) as url, httpx2.Client(base_url=url, headers=headers, timeout=10, trust_env=False) as client:
        yield client
    desk.switchboard.close()
    people.access.tables.close()


def test_no_more_calls_than_there_is_room_for(cti: httpx2.Client) -> None:
    def start() -> httpx2.Response:
        return cti.post("/api/calls", json={"agent": "kim"})

    first, second = start(), start()
    assert (first.status_code, second.status_code) == (201, 201)
    refused = start()
    assert refused.status_code == 429
    assert refused.json()["detail"] == "열린 통화가 2건을 넘습니다. 끝난 통화를 끝났다고 알려 주세요."
    cti.post(f"/api/calls/{first.json()['id']}/end").raise_for_status()
    assert becomes(lambda: start().status_code == 201)
