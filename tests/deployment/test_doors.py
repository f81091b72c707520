"""The program as it is put together: whatever routes there are, ours and Gradio's, each has its door."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, cast

import httpx2
import pytest
from conftest import console_for
from fastapi import FastAPI
from hashing_embedder import HashingEmbedder, WordAnalyzer
from loopback import made
from people import PASSWORD, TERMINAL
from starlette.routing import BaseRoute, Mount, Route

from app import Console
from app import Site as Program
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar
from assistant.web import gate
from assistant.web.request_limits import Rate

OPEN = {"/login", "/login/left", "/setup/x", "/web.css", "/favicon.ico", "/healthz", "/readyz"}
"""For everybody. Whatever else anybody adds must be behind a door, or be written down here."""
BEHIND = {"/agent": Role.AGENT, "/admin": Role.ADMIN, "/qa": Role.QA, "/metrics": Role.MACHINE}


class Way(NamedTuple):
    """A request to a route; what stands for a part of the path is ``x``."""

    method: str
    path: str


def ways(routes: Iterable[BaseRoute], before: str = "") -> Iterator[Way]:
    """One for each route and method, also below mounted applications and included routers."""
    for route in routes:
        if isinstance(route, Mount):
            yield from ways(route.routes, before + route.path)
        elif isinstance(route, Route):  # FastAPI's are ones too
            path = re.sub(r"{[^}]*}", "x", before + route.path)
            yield from (Way(method, path) for method in sorted(route.methods or ()))
        else:
            yield from ways(route.original_router.routes, before)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    console = console_for(tmp_path_factory.mktemp("doors") / "home", llm="none")
    console.__dict__ |= {"_embedder": HashingEmbedder(), "_analyzer": WordAnalyzer()}
    yield console
    console.access().tables.close()


class Site(NamedTuple):
    """The program, answering within this process, and every way into it."""

    app: FastAPI
    ways: list[Way]


@pytest.fixture(scope="module")
def site(console: Console) -> Iterator[Site]:
    program = Program(console)
    app = made(lambda: cast(FastAPI, program.server().config.app))
    with pytest.MonkeyPatch.context() as limits:
        for who in ("STRANGER", "MEMBER"):
            limits.setattr(gate, who, Rate(10_000, 10_000))
        yield Site(app, sorted(set(ways(app.routes))))
    program.desk().switchboard.close()


def answers(site: Site, asked: Iterable[Way], headers: dict[str, str]) -> dict[Way, httpx2.Response]:
    async def all_of_them() -> dict[Way, httpx2.Response]:
        transport = httpx2.ASGITransport(site.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
            return {way: await client.request(way.method, way.path) for way in asked}

    with ThreadPoolExecutor(1) as thread:  # another test's browser may have a loop running in this one
        return thread.submit(lambda: asyncio.run(all_of_them())).result()


def test_there_are_the_routes_of_gradio_and_ours(site: Site) -> None:
    assert len(site.ways) > 200
    assert {
        Way("POST", "/agent/gradio_api/queue/join"),
        Way("POST", "/admin/uploads"),
        Way("POST", "/api/calls"),
        Way("GET", "/qa/runs/x/report.x"),
    } <= set(site.ways)


def test_nobody_passes_a_door(site: Site) -> None:
    """And every refusal is safe to be opened by itself."""
    found = answers(site, [way for way in site.ways if way.path not in OPEN], {})
    assert {way: answer.status_code for way, answer in found.items() if answer.status_code != 401} == {}
    for way, answer in found.items():
        assert answer.headers["x-content-type-options"] == "nosniff", way
        assert answer.headers["content-security-policy"].endswith("sandbox"), way


@pytest.mark.parametrize("role", Role)
def test_each_role_passes_its_own_doors_alone(site: Site, console: Console, role: Role) -> None:
    registrar = Registrar(console.access(), TERMINAL)
    if role is Role.MACHINE:
        headers = {"authorization": f"Bearer {registrar.add('cti', [role])}"}
    else:
        registrar.add(role.value, [role], PASSWORD)
        headers = {"cookie": f"onnuri={console.access().sessions.begin(role.value)}"}
    others = [
        way for way in site.ways for path, needed in BEHIND.items() if needed is not role and way.path.startswith(path)
    ]
    found = answers(site, others, headers)
    assert {way: answer.status_code for way, answer in found.items() if answer.status_code != 403} == {}
    [own] = [path for path, needed in BEHIND.items() if needed is role]
    assert answers(site, [Way("GET", own)], headers).popitem()[1].status_code in (200, 307)
