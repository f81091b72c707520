"""The HTTP API against its own description: generated requests break nothing, and answers are what it promises."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import schemathesis
from agent_site import desk_of
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from people import office
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from scripted_assistant import ScriptedAssistant

from assistant import web
from assistant.accounts.person import Role
from assistant.calls import api
from assistant.journal import Journal

PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MANY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Site:
    """The application in this process, a program's way in, and a call of that program."""

    app: FastAPI
    headers: dict[str, str]
    call: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("api")
    people, path = office(folder), folder / "journal.db"
    journal = Journal(path)
    assistant = ScriptedAssistant(journal, delay=0)
    desk = desk_of(assistant, journal, path)
    app = web.build(people.access, [])
    app.include_router(api.router(desk.switchboard, assistant, desk.feedback, desk.summaries))
    token = people.registrar.add("cti", [Role.MACHINE])
    call = desk.switchboard.start(agent="kim", external="", started_by="cti").id
    desk.summaries.draft(call)  # loads the analyser, which a request must not wait for
    yield Site(app, {"authorization": f"Bearer {token}"}, call)
    desk.switchboard.close()
    people.access.tables.close()


@pytest.fixture(scope="module")
def described(site: Site) -> BaseSchema:
    """What the API says of itself."""
    return schemathesis.openapi.from_asgi("/api/openapi.json", site.app, headers=site.headers)


def test_whatever_is_sent_is_answered_as_described(described: BaseSchema, site: Site) -> None:
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(MANY)
        @given(case=operation.as_strategy())
        def answered(case: schemathesis.Case) -> None:
            if "call" in case.path_parameters and not case.operation.path.endswith("/events"):  # those do not end
                case.path_parameters["call"] = site.call  # one that nobody knows is answered alike, whatever is sent
            case.call_and_validate(headers=site.headers, checks=PROMISES)

        answered()


def test_the_description_has_every_route(described: BaseSchema) -> None:
    assert len(list(described.get_all_operations())) >= 8
