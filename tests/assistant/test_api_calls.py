"""The HTTP API over real sockets: calls in, events out, nothing lost, repeated, mixed up or seen by others."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from loopback import served
from people import Office, office

from app import Console
from assistant import web
from assistant.accounts.person import Role
from assistant.calls import api
from assistant.calls.feedback import Feedback
from assistant.calls.limited_route import LARGEST_BODY
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.records import CallRecords
from assistant.calls.summary import Summaries
from assistant.calls.switchboard import Switchboard
from assistant.journal import Journal
from assistant.settings import LLMChoice

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


@dataclass
class Site:
    """A served API and how to reach it."""

    url: str
    tokens: dict[str, str]
    journal: Path

    def client(self, name: str) -> httpx2.Client:
        headers = {"authorization": f"Bearer {self.tokens[name]}"} if name in self.tokens else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)

    def agent(self, people: Office, name: str) -> httpx2.Client:
        client = self.client("nobody")
        client.cookies.set("onnuri", people.access.sessions.begin(name))
        return client


@dataclass
class Stage:
    """The objects behind the API; made anew, as after a restart."""

    people: Office
    sample: Console
    path: Path
    tokens: dict[str, str]

    def served(self) -> "Served":
        return Served(self)


class Served:
    """A running site, stopped at the end of the block."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._switchboard: Switchboard | None = None

    def __enter__(self) -> Site:
        stage = self._stage
        journal = Journal(stage.path)
        assistant = stage.sample.assistant(LLMChoice.NONE, journal)
        finder = QuestionFinder(stage.sample.searcher(), stage.sample.analyzer())
        records = CallRecords(stage.path)
        self._switchboard = Switchboard(finder, assistant, records)
        summaries = Summaries(records, journal, stage.sample.analyzer())
        app = web.build(stage.people.access, [])
        app.include_router(api.router(self._switchboard, assistant, Feedback(journal), summaries))
        self._server = served(app)
        return Site(self._server.__enter__().rstrip("/"), stage.tokens, stage.path)

    def __exit__(self, *error: object) -> None:
        self._server.__exit__(None, None, None)
        assert self._switchboard is not None
        self._switchboard.close()


@pytest.fixture(scope="module")
def stage(sample: Console, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    people = office(tmp_path_factory.mktemp("people"))
    tokens = {}
    for name in ("cti", "other"):
        people.add(name, Role.MACHINE)
        tokens[name] = people.access.tokens.issue(name)
    for name in ("kim", "lee"):
        people.add(name, Role.AGENT)
    yield Stage(people, sample, tmp_path_factory.mktemp("journal") / "journal.db", tokens)
    people.access.tables.close()


@pytest.fixture(scope="module")
def site(stage: Stage) -> Iterator[Site]:
    with stage.served() as site:
        yield site


def started(client: httpx2.Client, agent: str = "kim", external: str = "") -> str:
    answer = client.post("/api/calls", json={"agent": agent, "external": external})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def said(seq: int, text: str, *, final: bool = True, speaker: str = "caller") -> Row:
    return {"seq": seq, "speaker": speaker, "text": text, "final": final, "at": 3.0 + seq}


def post(client: httpx2.Client, call: str, *utterances: Row) -> httpx2.Response:
    return client.post(f"/api/calls/{call}/utterances", json={"utterances": list(utterances)})


def followed(
    client: httpx2.Client, call: str, last: int | None = None, until: str = "ended", most: int = 999
) -> list[Row]:
    """The events of a stream, until one of this type or so many; the wire's id and event are checked."""
    headers = {} if last is None else {"last-event-id": str(last)}
    found: list[Row] = []
    with client.stream("GET", f"/api/calls/{call}/events", headers=headers) as stream:
        assert stream.status_code == 200
        fields: Row = {}
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif "data" in fields:
                event = json.loads(fields["data"])
                assert (fields["id"], fields["event"]) == (str(event["seq"]), event["type"])
                found.append(event)
                fields = {}
                if event["type"] == until or len(found) == most:
                    break
    return found


def types(events: list[Row]) -> list[str]:
    return [event["type"] for event in events]


def test_a_question_said_on_a_call_comes_out_as_evidence_and_answer(site: Site) -> None:
    with site.client("cti") as client:
        call = started(client, external="CTI-1")
        assert post(client, call, said(0, "여권을 잃어버렸는데요"), said(1, "재발급 수수료가 얼마예요?")).json() == {
            "accepted": 2
        }
        client.post(f"/api/calls/{call}/end")
        events = followed(client, call)
    assert types(events)[0] == "started" and types(events)[-1] == "ended"
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert {event["call"] for event in events} == {call}
    evidence = [event for event in events if event["type"] == "evidence"][-1]
    assert evidence["line"] == 1 and evidence["documents"][0] == "faq/02_여권.csv#2"
    assert [(heard["line"], heard["text"]) for heard in evidence["heard"]][-1] == (1, "재발급 수수료가 얼마예요?")
    final = [event for event in events if event["type"] == "final"][-1]
    assert final["slot"] == evidence["slot"] and final["suggestion"]


def test_a_reconnect_loses_and_repeats_nothing(site: Site) -> None:
    with site.client("cti") as client:
        call = started(client)
        post(client, call, said(0, "주민등록등본 수수료가 얼마예요?"))
        first = followed(client, call, most=3)
        post(client, call, said(1, "그럼 인터넷으로도 돼요?"))
        client.post(f"/api/calls/{call}/end")
        rest = followed(client, call, last=first[-1]["seq"])
        whole = followed(client, call)
    assert first + rest == whole


def test_events_reach_those_who_wait(site: Site) -> None:
    with site.client("cti") as client:
        call = started(client)
        arrived: list[list[Row]] = []

        def listen() -> None:
            with site.client("cti") as waiting:
                arrived.append(followed(waiting, call, until="evidence"))

        listener = threading.Thread(target=listen)
        listener.start()
        time.sleep(0.3)
        post(client, call, said(0, "대형폐기물은 어떻게 신고하나요?"))
        listener.join(timeout=20)
    assert types(arrived[0])[-1] == "evidence"


def test_what_was_posted_twice_counts_once(site: Site) -> None:
    with site.client("cti") as client:
        call = started(client)
        line = said(0, "여권 사진 규격이 어떻게 되나요?")
        assert [post(client, call, line).json()["accepted"] for _ in range(2)] == [1, 0]
        assert post(client, call, line, said(1, "네 알겠습니다")).json() == {"accepted": 1}
        client.post(f"/api/calls/{call}/end")
        events = followed(client, call)
    assert types(events).count("evidence") == 1 and types(events).count("utterance") == 2


def test_a_call_goes_on_after_a_restart(stage: Stage) -> None:
    with stage.served() as before, before.client("cti") as client:
        call = started(client, external="CTI-restart")
        post(client, call, said(0, "자동차세는 언제 내요?"))
        first = followed(client, call, until="final")
    with stage.served() as after, after.client("cti") as client:
        assert post(client, call, said(0, "자동차세는 언제 내요?")).json() == {"accepted": 0}
        post(client, call, said(1, "미리 내면 얼마나 할인되나요?"))
        client.post(f"/api/calls/{call}/end")
        rest = followed(client, call, last=first[-1]["seq"])
        whole = followed(client, call)
    assert first + rest == whole
    evidence = next(event for event in rest if event["type"] == "evidence")
    assert "faq/03_지방세.csv#2" in evidence["documents"][:3]  # the topic was remembered


def test_two_calls_at_once_are_never_mixed(site: Site) -> None:
    asked = {
        "kim": ["여권 재발급 수수료가 얼마예요?", "그럼 며칠이나 걸려요?"],
        "lee": ["소파를 버리려면 수수료가 얼마인가요?", "그럼 어디에 신고해요?"],
    }

    def play(call: str, texts: list[str]) -> None:
        with site.client("cti") as client:
            for seq, text in enumerate(texts):
                post(client, call, said(seq, text))
            client.post(f"/api/calls/{call}/end")

    with site.client("cti") as client:
        calls = {agent: started(client, agent) for agent in asked}
        threads = [threading.Thread(target=play, args=(calls[agent], texts)) for agent, texts in asked.items()]
        for thread in threads:
            thread.start()
        for agent, call in calls.items():
            events = followed(client, call)
            assert {event["call"] for event in events} == {call}
            assert [event["text"] for event in events if event["type"] == "utterance"] == asked[agent]
        for thread in threads:
            thread.join()


def test_nobody_sees_or_touches_the_calls_of_others(site: Site, stage: Stage) -> None:
    with site.client("cti") as client, site.client("other") as other, site.client("nobody") as nobody:
        call = started(client, "kim")
        assert post(other, call, said(0, "여권이요")).status_code == 404
        assert other.post(f"/api/calls/{call}/end").status_code == 404
        assert nobody.get(f"/api/calls/{call}/events").status_code == 401
        with site.agent(stage.people, "lee") as lee:
            assert lee.get(f"/api/calls/{call}/events").status_code == 404
            assert call not in {each["id"] for each in lee.get("/api/calls").json()}
            assert lee.post("/api/calls", json={"agent": "lee"}).status_code == 403
        with site.agent(stage.people, "kim") as kim:
            assert call in {each["id"] for each in kim.get("/api/calls").json()}
            assert types(followed(kim, call, most=1)) == ["started"]


def test_an_ended_call_takes_nothing_more(site: Site) -> None:
    with site.client("cti") as client:
        call = started(client)
        assert [client.post(f"/api/calls/{call}/end").status_code for _ in range(2)] == [202, 202]
        followed(client, call)
        answer = post(client, call, said(0, "여보세요"))
    assert answer.status_code == 409 and "새 통화" in answer.json()["detail"]


def test_the_same_external_id_is_the_same_call(site: Site) -> None:
    with site.client("cti") as client, site.client("other") as other:
        assert started(client, external="CTI-7") == started(client, external="CTI-7")
        assert started(client, external="CTI-7") != started(other, external="CTI-7")


def test_personal_data_is_neither_sent_nor_kept(site: Site) -> None:
    with site.client("cti") as client:
        call = started(client, external="010-1234-5678")
        post(
            client,
            call,
            said(0, "제 번호는 공일공에 일이삼사에", final=False),
            said(1, "제 번호는 010-9876-5432이고 여권 재발급 수수료가 얼마예요?"),
            said(2, "집 전화는 공육일에"),
            said(3, "칠칠이에 구구공공이요"),
        )
        client.post(f"/api/calls/{call}/end")
        events = json.dumps(followed(client, call), ensure_ascii=False)
    kept = b"".join(file.read_bytes() for file in site.journal.parent.iterdir())
    for secret in ("9876-5432", "1234-5678", "일이삼사", "구구공공"):
        assert secret not in events and secret.encode() not in kept


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"utterances": []}, "utterances: 비어 있습니다."),
        ({"utterances": [said(0, "가" * 2001)]}, "utterances.0.text: 2000자 이하로 줄여 주세요."),
        ({"utterances": [said(1, "네"), said(1, "네")]}, "seq는 보낸 차례대로 커져야 합니다."),
        ({"utterances": [said(0, "네") | {"speaker": "robot"}]}, "utterances.0.speaker: 'caller', 'agent' 가운데 하나"),
        ({"utterances": [said(0, "네") | {"extra": 1}]}, "utterances.0.extra: 없는 항목입니다."),
        ("네", "JSON 객체가 아닙니다. Content-Type"),
    ],
)
def test_mistakes_are_told_in_one_korean_sentence(site: Site, body: object, told: str) -> None:
    with site.client("cti") as client:
        answer = client.post(f"/api/calls/{started(client)}/utterances", json=body)
    assert answer.status_code == 422 and answer.json()["detail"].startswith(told)


def test_a_body_too_large_is_refused_before_it_is_read(site: Site) -> None:
    with site.client("cti") as client:
        answer = client.post("/api/calls", content=(b" " * 65536 for _ in range(LARGEST_BODY // 65536 + 2)))
    assert answer.status_code == 413 and "나누어" in answer.json()["detail"]


def test_a_typed_question_as_json_and_streamed(site: Site) -> None:
    with site.client("cti") as client:
        whole = client.post("/api/suggest", json={"question": "여권 사진 규격은?"}).json()
        assert whole["evidence"]["documents"][0] == "faq/02_여권.csv#8" and whole["final"]["status"] == "faq"
        streamed = client.post(
            "/api/suggest", json={"question": "여권 사진 규격은?"}, headers={"accept": "text/event-stream"}
        )
        assert streamed.headers["content-type"].startswith("text/event-stream")
        assert [line for line in streamed.text.splitlines() if line.startswith("event")] == [
            "event: evidence",
            "event: final",
        ]
        empty = client.post("/api/suggest", json={"question": "?!"})
    assert empty.status_code == 422 and "질문" in empty.json()["detail"]


def test_feedback_is_kept_and_only_for_ones_own(site: Site) -> None:
    with site.client("cti") as client, site.client("other") as other:
        suggestion = client.post("/api/suggest", json={"question": "여권 사진 규격은?"}).json()["final"]["suggestion"]
        path = f"/api/suggestions/{suggestion}/feedback"
        given = {"displayed": True, "copied": True, "edited": "010-1111-2222로 연락", "opened": ["faq/02_여권.csv#8"]}
        assert client.post(path, json=given).status_code == 204
        assert client.post(path, json={"correctness": "partly", "reason": "감면이 빠짐"}).status_code == 204
        assert client.post(path, json={}).status_code == 422
        assert other.post(path, json={"copied": True}).status_code == 404
        assert client.post("/api/suggestions/none/feedback", json={"copied": True}).status_code == 404
    kept = [(row["action"], row["reason"]) for row in Journal(site.journal).feedback(suggestion)]
    assert kept == [
        ("displayed", ""),
        ("copied", ""),
        ("edited", "[전화번호]로 연락"),
        ("opened", "faq/02_여권.csv#8"),
        ("partly", "감면이 빠짐"),
    ]


def test_a_summary_is_drafted_and_saved_and_nobody_elses_business(site: Site, stage: Stage) -> None:
    with site.client("cti") as client, site.client("other") as other:
        call = started(client)
        promised = "확인해서 내일 오전까지 전화드리겠습니다"
        post(client, call, said(0, "여권 재발급 수수료가 얼마예요?"), said(1, promised, speaker="agent"))
        client.post(f"/api/calls/{call}/end")
        followed(client, call)
        path = f"/api/calls/{call}/summary"
        draft = client.get(path).json()
        assert (draft["source"], draft["agent"], draft["saved"]) == ("transcript", None, None)
        assert (draft["category"], draft["department"]) == ("여권", "민원과")
        assert (draft["request"], draft["follow_ups"]) == ("여권 재발급 수수료가 얼마예요?", [promised])
        written = {"request": "여권 재발급 수수료", "follow_ups": ["010-1234-5678로 전화"]}
        with site.agent(stage.people, "kim") as kim, site.agent(stage.people, "lee") as lee:
            saved = kim.put(path, json=written).json()
            for stranger in (lee, other):
                assert stranger.get(path).status_code == stranger.put(path, json=written).status_code == 404
            assert kim.put(path, json={"resolved": True}).json()["detail"] == "resolved: 없는 항목입니다."
        assert (saved["source"], saved["agent"], saved["request"]) == ("agent", "kim", "여권 재발급 수수료")
        assert saved["follow_ups"] == ["[전화번호]로 전화"] and saved["category"] == ""
        assert client.get(path).json() == saved


def test_the_description_and_the_page_name_every_route(site: Site) -> None:
    with site.client("cti") as client:
        described = client.get("/api/openapi.json").json()
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert len(described["paths"]) == 7
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            assert f"`{method.upper()} {path}`" in page
            assert re.search("[가-힣].* · [A-Z]", route["summary"])
    schemas = described["components"]["schemas"]
    sent = ("CallIn", "UtteranceIn", "QuestionIn", "FeedbackIn", "SummaryIn")
    given = ("UtteranceEvent", "EvidenceEvent", "TokenEvent", "FinalEvent", "FaultEvent", "Card", "Citation", "Caution")
    for model in sent + given:
        for field in schemas[model]["properties"]:
            assert f"`{field}`" in page, f"{model}.{field}"


def test_the_description_says_how_to_get_in_and_what_each_event_holds(site: Site) -> None:
    with site.client("cti") as client:
        described = client.get("/api/openapi.json").json()
    (scheme,) = described["security"][0]
    assert described["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
    named = re.findall(r"#/components/schemas/(\w+)", json.dumps(described))
    assert set(named) <= set(described["components"]["schemas"])
    for method, path in (("get", "/api/calls/{call}/events"), ("post", "/api/suggest")):
        stream = described["paths"][path][method]["responses"]["200"]["content"]["text/event-stream"]
        assert stream["itemSchema"]["properties"]["data"]["contentSchema"]["$ref"].endswith("/CallEvent")
    assert len(described["components"]["schemas"]["CallEvent"]["oneOf"]) == 7


def test_the_simulator_plays_a_transcript(site: Site, tmp_path: Path) -> None:
    transcript = tmp_path / "call.jsonl"
    lines = [{"speaker": "caller", "text": "대형폐기물은 어떻게 신고하나요?", "at": 0.2}]
    transcript.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    command = [sys.executable, ROOT / "examples" / "simulate.py", transcript, "--url", site.url]
    outcome = subprocess.run(
        [*command, "--token", site.tokens["cti"], "--agent", "kim"], capture_output=True, text=True, timeout=60
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "→ 대형폐기물은 어떻게 신고하나요?" in outcome.stdout and "caller: 대형폐기물은" in outcome.stdout
