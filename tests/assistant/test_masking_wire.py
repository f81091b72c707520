"""Where personal data could get out: the bytes that an LLM's server receives, the files on disk, the logs."""

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from kept_exchanges import kept_exchanges
from langchain_core.messages import HumanMessage
from misbehaving_server import MODEL, MisbehavingServer, Mode, misbehaving

from assistant.answering.assistant import Assistant
from assistant.events import EvidenceEvent, FinalEvent, SuggestionEvent, Transfer
from assistant.journal import Action, Journal
from assistant.llm.choice import language_model
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.llm.openai_chat import endpoint
from assistant.settings import Settings
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.document import Chunk, Document, Kind

LIMITS = Limits(30, 63)
ON = date(2026, 11, 27)
FEE = "여권 발급 수수료는 50,000원입니다."
SECRETS = (
    *(
        "900101-1234567",
        "구공공일공일",
        "010-1234-5678",
        "일이삼사에 오육칠팔",
        "４１１１",
        "4111-1111-1111-1111",
        "302-1234-5678-91",
    ),
    *(
        "12가 3456",
        "M12345678",
        "11-12-345678-90",
        "hong@naver.com",
        "골뱅이",
        "장천2길 5",
        "1203호",
        "김철수",
        "홍길동",
    ),
)
SPOKEN = (
    "저는 김철수인데요 여권 발급 수수료가 얼마예요? 주민번호는 900101-1234567이고 구공공일공일에 일이삼사오육칠, "
    "전화는 010-1234-5678 아니 공일공에 일이삼사에 오육칠팔, 카드는 ４１１１-1111-1111-1111이나 4111-1111-1111-1111, "
    "농협 302-1234-5678-91, 차는 12가 3456, 여권은 M12345678, 면허는 11-12-345678-90, 메일은 hong@naver.com이나 "
    "홍길동 골뱅이 네이버 점 컴, 집은 순천시 장천2길 5 101동 1203호예요. 남편 성함은 홍길동이에요."
)
CARELESS = " 지난 신청자 홍길동 씨의 전화는 010-1234-5678입니다."


class OneNotice:
    """Always finds the same notice; a careless clerk may have left a citizen's number in it."""

    def __init__(self, more: str = "") -> None:
        self.text = f"{FEE} 문의는 민원과로 하세요.{more}"

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
        document = Document(
            id="passport.md", kind=Kind.NOTICE, title="여권 발급 안내", text=self.text, department="민원과"
        )
        chunk = Chunk(document=document.id, number=0, heading="", text=self.text, start=0)
        hit = Hit(document=document, chunk=chunk, score=2.0, bm25=5.0, dense=0.95, coverage=1.0, highlights=())
        return SearchResult(hits=(hit,), candidates=200, snapshot="s1", timings={})


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving(answer=f"{FEE} 김철수 고객님 010-1234-5678로 연락드리겠습니다.") as running:
        yield running


def hosted(server: MisbehavingServer) -> LanguageModel:
    """The server of the test as one on another machine."""
    return LanguageModel(MODEL, lambda: endpoint(MODEL, server.base_url, "", LIMITS, 200), LIMITS, is_hosted=True)


def suggested(analyzer: Analyzer, model: LanguageModel, journal: Journal, more: str = "") -> list[SuggestionEvent]:
    fallback = Transfer(department="민원과", phone="061-749-3114")
    return list(Assistant(OneNotice(more), analyzer, fallback, model, journal).suggest(SPOKEN, call="c1", on=ON))


def leaks(data: bytes) -> list[str]:
    return [
        secret
        for secret in SECRETS
        if any(form in data for form in (secret.encode(), json.dumps(secret)[1:-1].encode()))
    ]


def test_the_question_of_this_test_holds_every_secret() -> None:
    assert leaks(SPOKEN.encode()) == list(SECRETS)
    assert leaks(json.dumps(SPOKEN).encode()) == list(SECRETS)


def test_no_hosted_llm_receives_personal_data(analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path) -> None:
    suggested(analyzer, hosted(server), Journal(tmp_path / "journal.db"), CARELESS)
    [request] = server.requests
    assert FEE in request.body
    assert leaks(request.body.encode()) == []
    assert leaks(repr(request).encode()) == []


def test_no_byte_on_disk_is_personal(analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    final = suggested(analyzer, hosted(server), journal)[-1]
    assert isinstance(final, FinalEvent)
    journal.add_feedback(final.suggestion, Action.REJECTED, "김철수 님 010-1234-5678로 다시 전화")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {"journal.db"} <= {file.name for file in files}
    assert b"".join(file.read_bytes() for file in files).count(final.suggestion.encode()) >= 3
    assert {file.name: leaks(file.read_bytes()) for file in files} == {file.name: [] for file in files}


@pytest.mark.parametrize("mode", [Mode.ANSWERING, Mode.FAILING, Mode.FOREIGN_JSON, Mode.UNAUTHORISED])
def test_nothing_personal_is_logged(
    mode: Mode, analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.mode = mode
    suggested(analyzer, hosted(server), Journal(tmp_path / "journal.db"))
    assert caplog.text
    if mode is not Mode.ANSWERING:  # what the server says of its own accord is the library's at DEBUG
        assert leaks(caplog.text.encode()) == []
    visible = "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.INFO)
    assert leaks(visible.encode()) == []


def test_no_event_of_the_question_is_personal(analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path) -> None:
    evidence, *_, final = suggested(analyzer, hosted(server), Journal(tmp_path / "journal.db"))
    assert isinstance(evidence, EvidenceEvent)
    assert isinstance(final, FinalEvent)
    for question in (evidence.question, final.question):
        assert leaks(question.encode()) == []
        assert "[주민등록번호]" in question
    assert FEE in final.answer


def test_the_exact_prompt_and_response_are_kept_masked(
    analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal.db")
    final = suggested(analyzer, hosted(server), journal)[-1]
    assert isinstance(final, FinalEvent)
    [exchange] = kept_exchanges(tmp_path / "journal.db", final.suggestion)
    system, human = json.loads(server.requests[0].body)["messages"]
    assert exchange["prompt"] == f"System: {system['content']}\nHuman: {human['content']}"
    assert str(exchange["response"]).startswith(f"{FEE} ")
    assert "[전화번호]" in str(exchange["response"])
    assert exchange["model"] == MODEL


def test_what_an_llm_said_before_it_failed_is_kept_too(
    analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path
) -> None:
    server.mode = Mode.CUT_SHORT
    journal = Journal(tmp_path / "journal.db")
    final = suggested(analyzer, hosted(server), journal)[-1]
    assert isinstance(final, FinalEvent)
    [exchange] = kept_exchanges(tmp_path / "journal.db", final.suggestion)
    assert exchange["response"]
    assert exchange["model"] == MODEL


def test_without_an_llm_nothing_is_exchanged(analyzer: Analyzer, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    assistant = Assistant(OneNotice(), analyzer, Transfer(department="민원과", phone="061-749-3114"), None, journal)
    *_, final = assistant.suggest(SPOKEN, on=ON)
    assert isinstance(final, FinalEvent)
    assert kept_exchanges(tmp_path / "journal.db", final.suggestion) == []


@pytest.mark.parametrize(
    ("url", "is_hosted"),
    [
        ("http://127.0.0.1:8000/v1", False),
        ("http://localhost:8000/v1", False),
        ("http://10.0.0.7:8000/v1", True),
        ("https://llm.example.com/v1", True),
        ("https://127.0.0.1@llm.example.com/v1", True),
    ],
)
def test_whatever_is_not_this_machine_is_hosted(url: str, is_hosted: bool, tmp_path: Path) -> None:
    settings = Settings(llm="openai", llm_model=MODEL, llm_base_url=url, llm_allow_hosted=True)  # type: ignore[arg-type]
    model = language_model(settings, tmp_path, tmp_path)
    assert model is not None
    assert model.is_hosted == is_hosted


def test_an_llm_on_this_machine_may_read_the_documents_as_they_are(
    analyzer: Analyzer, server: MisbehavingServer, tmp_path: Path
) -> None:
    """They are on its disk anyway, and a department's phone is part of the answer; the question stays masked."""
    model = LanguageModel(MODEL, lambda: endpoint(MODEL, server.base_url, "", LIMITS, 200), LIMITS)
    suggested(analyzer, model, Journal(tmp_path / "journal.db"), CARELESS)
    asked = HumanMessage(json.loads(server.requests[0].body)["messages"][-1]["content"]).text
    evidence, question = asked.split("[질문]")
    assert "010-1234-5678" in evidence
    assert leaks(question.encode()) == []
