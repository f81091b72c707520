"""What operators and their monitoring see: is it alive, can it answer, how is it doing."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from pathlib import Path

import finals
import httpx2
import pytest
from loopback import made, served
from people import Office, office
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import StreamingResponse

from assistant import web
from assistant.accounts.person import Role
from assistant.events import FinalEvent, Status
from assistant.journal import Journal
from assistant.monitoring.metrics import Metrics
from assistant.serving.opening import tell_problem
from knowledge_base.errors import NoSnapshot, UnreadableFile

READINGS = {
    ("onnuri_snapshot_age_seconds", "Age of the index"): lambda: 42.0,
    ("onnuri_llm_available", "Whether the LLM answers"): lambda: missing(),
}


def missing() -> float:
    raise NoSnapshot("아직 색인이 없습니다.")


def final(status: Status, suggestion: str = "s") -> FinalEvent:
    return finals.final(status, suggestion, "공일공 일이삼사 오육칠팔인데요")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    staff = office(tmp_path_factory.mktemp("people"))
    staff.add("상담원", Role.AGENT)
    staff.add("감시", Role.MACHINE)
    yield staff
    staff.access.tables.close()


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    return Metrics(Journal(tmp_path_factory.mktemp("journal") / "journal.db"), READINGS)


@pytest.fixture(scope="module")
def url(people: Office, metrics: Metrics) -> Iterator[str]:
    app = made(lambda: web.build(people.access, [], {"index": lambda: None, "records": lambda: None}, metrics))
    with served(app) as address:
        yield address


def scraped(url: str, people: Office) -> dict[str, float]:
    """What a monitoring system with a machine's token reads, by sample."""
    token = people.registrar.issue_token("감시")
    answer = httpx2.get(f"{url}metrics", headers={"authorization": f"Bearer {token}"}, trust_env=False)
    answer.raise_for_status()
    families = text_string_to_metric_families(answer.text)
    samples = [sample for family in families for sample in family.samples]
    return {f"{each.name}{sorted(each.labels.values())}": each.value for each in samples}


def test_anybody_may_ask_whether_it_lives_and_learns_nothing_else(url: str) -> None:
    assert httpx2.get(f"{url}healthz", trust_env=False).text == "ok\n"
    ready = httpx2.get(f"{url}readyz", trust_env=False)
    assert (ready.status_code, ready.json()) == (200, {"index": "ok", "records": "ok"})


def test_without_an_index_it_lives_but_is_not_ready(people: Office) -> None:
    app = made(lambda: web.build(people.access, [], {"index": missing, "records": lambda: None}))
    with served(app) as url:
        assert httpx2.get(f"{url}healthz", trust_env=False).status_code == 200
        ready = httpx2.get(f"{url}readyz", trust_env=False)
    assert (ready.status_code, ready.json()) == (503, {"index": "down", "records": "ok"})


def test_metrics_are_for_programs_alone(url: str, people: Office) -> None:
    assert httpx2.get(f"{url}metrics", trust_env=False).status_code == 401
    cookies = {"onnuri": people.access.sessions.begin("상담원")}
    assert httpx2.get(f"{url}metrics", cookies=cookies, trust_env=False).status_code == 403


def test_suggestions_and_answers_are_counted(url: str, people: Office, metrics: Metrics) -> None:
    before = scraped(url, people)
    for number, status in enumerate((Status.FAQ, Status.FAQ, Status.ABSTAINED)):
        metrics.add_suggestion(final(status, f"{number}"), (), "상담원")
    httpx2.get(f"{url}no-such-page", trust_env=False)
    after = scraped(url, people)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert more("onnuri_suggestions_total['faq']") == 2
    assert more("onnuri_suggestions_total['abstained']") == 1
    assert more("onnuri_stage_seconds_count['search']") == 3
    assert more("onnuri_stage_seconds_sum['total']") == pytest.approx(0.09)
    assert more("onnuri_http_answers_total['4xx']") == 1
    assert more("onnuri_http_answers_total['2xx']") == 1
    assert after["onnuri_snapshot_age_seconds[]"] == 42
    assert after["onnuri_llm_available[]"] != after["onnuri_llm_available[]"]  # not a number


def test_what_is_counted_is_kept_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    Metrics(journal, {}).add_suggestion(final(Status.FAQ), ("a",), "상담원")
    assert [(each["id"], each["agent"]) for each in journal.suggestions()] == [("s", "상담원")]


def test_no_metric_carries_what_a_citizen_said(url: str, people: Office, metrics: Metrics) -> None:
    metrics.add_suggestion(final(Status.FAQ), ("공일공",), "김상담")
    assert not any("공일공" in name or "김상담" in name for name in scraped(url, people))


def test_a_stopped_server_ends_its_streams_and_logs_no_error(people: Office, caplog: pytest.LogCaptureFixture) -> None:
    app = made(lambda: web.build(people.access, []))

    @app.get("/api/endless")
    async def endless() -> StreamingResponse:
        async def forever() -> AsyncIterator[bytes]:
            while True:
                yield b": alive\n\n"
                await asyncio.sleep(60)

        return StreamingResponse(forever(), media_type="text/event-stream")

    server = web.server(app)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        cookies = {"onnuri": people.access.sessions.begin("상담원")}
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/endless"
        with httpx2.stream("GET", url, cookies=cookies, trust_env=False) as answer:
            assert answer.status_code == 200
            stopped = time.monotonic()
            server.should_exit = True
            assert b"alive" in b"".join(answer.iter_bytes())  # ends, as a whole answer does
        thread.join()
    assert time.monotonic() - stopped < web.GRACE_SECONDS
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (None, ""),
        (NoSnapshot("아직 색인이 없습니다."), "주의: 아직 색인이 없습니다.\n"),
        (UnreadableFile("읽을 수 없습니다."), "주의: 읽을 수 없습니다.\n"),
        (ZeroDivisionError("a bug"), ""),
    ],
)
def test_a_search_that_fails_at_the_start_is_told_and_a_bug_is_logged(
    problem: Exception | None, told: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    first_search: Future[None] = Future()
    if problem:
        first_search.set_exception(problem)
    else:
        first_search.set_result(None)
    tell_problem(first_search)
    assert capsys.readouterr().err == told
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert logged == ([problem] if isinstance(problem, ZeroDivisionError) else [])
