"""Golden sets and replays from the journal of real calls."""

import json
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from typer.testing import CliRunner

from assistant.answering.assistant import Assistant
from assistant.events import Citation, FinalEvent, Status, Transfer
from assistant.journal import Action, Journal
from assistant.settings import LLMChoice, Settings
from eval.cli import app
from eval.examination.result import Result
from eval.questions.dataset import load
from eval.questions.question import Question
from eval.recorded.golden import Correction, accepted, add, corrected
from eval.recorded.replay import Direction, direction, recording
from eval.runs.comparison import Change
from indexing.building.build import build
from indexing.retrieval.search import SearchResult, SearchService
from knowledge_base.document import Document, Kind
from knowledge_base.errors import EvaluationError
from knowledge_base.home import Home
from knowledge_base.storage.store import KnowledgeStore

TODAY = datetime.now(UTC).astimezone().date()


def final(name: str, question: str, answer: str = "5만원입니다.", document: str = "여권.md") -> FinalEvent:
    cited = Citation(
        number=1, document=document, chunk=f"{document}@0", answer_span=(0, len(answer)), chunk_span=(0, 3)
    )
    return FinalEvent(
        call="c1",
        seq=1,
        at=0.1,
        suggestion=name,
        question=question,
        status=Status.EXTRACTIVE if answer else Status.ABSTAINED,
        answer=answer,
        reason="",
        citations=(cited,) if answer else (),
        checks=(),
        transfer=None,
        timings={"total": 40.0, "search": 20.0},
        snapshot="s0",
        model="",
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Accepted, accepted but rejected later, never judged, abstained and yet accepted."""
    journal = Journal(tmp_path / "journal.db")
    for name, question in (("1", "여권 얼마예요?"), ("2", "등본 얼마예요?"), ("3", "인감 얼마예요?")):
        journal.add_suggestion(final(name, question), ("여권.md",), agent="")
    journal.add_suggestion(final("4", "화성 얼마예요?", ""), (), agent="")
    journal.add_feedback("1", Action.COPIED)
    for name in "124":
        journal.add_feedback(name, Action.ACCEPTED)
    journal.add_feedback("2", Action.REJECTED, "틀림")
    return journal


def test_what_an_agent_accepted_last_becomes_a_question(journal: Journal) -> None:
    (found,) = accepted(journal)
    assert found == Question(
        id="call-1",
        question="여권 얼마예요?",
        answer="5만원입니다.",
        documents=("여권.md",),
        answerable=True,
        category="",
        on=TODAY,
    )
    assert list(accepted(journal, TODAY)) == [found]
    assert list(accepted(journal, TODAY + timedelta(days=1))) == []


def test_a_correction_is_masked_and_without_documents_there_is_no_answer(journal: Journal) -> None:
    question = corrected(journal, "2", Correction("400원입니다. 010-1234-5678로 오세요.", ("등본.md",), "민원"))
    assert (question.id, question.documents, question.answerable) == ("call-2", ("등본.md",), True)
    assert "010-1234-5678" not in question.answer
    assert "400원" in question.answer
    assert not corrected(journal, "4", Correction("", ())).answerable
    with pytest.raises(EvaluationError, match="제안 '9'이"):
        corrected(journal, "9", Correction("", ()))


def test_a_golden_set_grows_without_doubles_and_every_growth_is_a_version(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "golden" / "set.jsonl"
    first = add(accepted(journal), path)
    assert (first.added, first.known) == (1, 0)
    assert add(accepted(journal), path) == first._replace(added=0, known=1)
    right = corrected(journal, "1", Correction("53,000원입니다.", ("여권.md",)))
    second = add([right], path)
    assert (second.added, load(path).questions) == (1, (right,))  # the correction takes its place
    assert second.sha256 != first.sha256
    same_words = corrected(journal, "2", Correction("", ()))
    assert add([Question(**{**_fields(same_words), "question": "여권  얼마예요"})], path).known == 1
    with pytest.raises(EvaluationError, match="더할 질문이 없습니다"):
        add([], tmp_path / "empty.jsonl")
    with pytest.raises(EvaluationError, match="골든 세트는"):
        add([right], tmp_path / "set.xlsx")
    with pytest.raises(EvaluationError, match="쓸 수 없습니다"):
        add([right], path / "set.jsonl")


def test_two_who_add_to_a_golden_set_at_once_lose_nothing(journal: Journal, tmp_path: Path) -> None:
    fields = _fields(corrected(journal, "1", Correction("53,000원입니다.", ("여권.md",))))
    asked = [Question(**{**fields, "id": str(number), "question": f"질문 {number}"}) for number in range(16)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda question: add([question], tmp_path / "set.jsonl"), asked))
    assert {each.id for each in load(tmp_path / "set.jsonl").questions} == {each.id for each in asked}


def _fields(question: Question) -> dict[str, object]:
    return {name: getattr(question, name) for name in Question.__dataclass_fields__}


def test_a_recording_holds_each_question_once_as_asked_last(journal: Journal) -> None:
    journal.add_suggestion(final("5", "여권 얼마예요?", "53,000원입니다."), ("여권.md",), agent="")
    found = recording(journal, Path("journal.db"), TODAY)
    assert [each.question for each in found.dataset.questions] == [
        "여권 얼마예요?",
        "등본 얼마예요?",
        "인감 얼마예요?",
        "화성 얼마예요?",
    ]
    first = found.results[0]
    assert first.answer is not None
    assert (first.answer.text, first.ranked, first.snapshot) == ("53,000원입니다.", ("여권.md",), "s0")
    assert {each.on for each in found.dataset.questions} == {TODAY}
    for since, until in ((TODAY + timedelta(days=1), None), (date(2000, 1, 1), date(2000, 1, 2))):
        with pytest.raises(EvaluationError, match="상담 기록이 없습니다"):
            recording(journal, Path("journal.db"), since, until)


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("5만원입니다.", "5만원입니다.", Direction.SAME),
        ("5만원입니다.", "50,000원이에요.", Direction.REWORDED),
        ("5만원입니다.", "6만원입니다.", Direction.OTHER_FACTS),
        ("5만원입니다.", "5만원이고 2주 걸립니다.", Direction.OTHER_FACTS),
        ("5만원입니다.", "", Direction.LOST),
        ("", "5만원입니다.", Direction.GAINED),
        ("5만원입니다.", None, Direction.FAILED),
    ],
)
def test_which_way_an_answer_changed(
    ask: Callable[..., Question], result: Callable[..., Result], before: str, after: str | None, way: Direction
) -> None:
    new = result("q", error="오류") if after is None else result("q", answer=after)
    assert direction(Change(ask("q"), result("q", answer=before), new)) is way


@dataclass
class RealConsole:
    """The real search and assistant over a small home, without models."""

    home: Home
    settings: Settings = field(default_factory=Settings)
    words: WordAnalyzer = field(default_factory=WordAnalyzer)

    @property
    def journal(self) -> Path:
        return self.home.journal

    def embedder(self) -> HashingEmbedder:
        return HashingEmbedder()

    def analyzer(self) -> WordAnalyzer:
        return self.words

    def searcher(self) -> SearchService:
        return SearchService(self.home, HashingEmbedder(), self.words)

    def assistant(
        self, llm: LLMChoice, journal: Journal | None = None, searcher: SearchService | None = None
    ) -> Assistant:
        fallback = Transfer(department="민원과", phone="061-749-3114")
        return Assistant(searcher or self.searcher(), self.words, fallback, None, journal)


@pytest.fixture
def console(tmp_path: Path) -> RealConsole:
    return RealConsole(Home(tmp_path / "home"))


def index(console: RealConsole, fee: str) -> str:
    text = f"여권 수수료는 얼마인가요? 여권 수수료는 {fee}입니다."
    document = Document(id="여권.md", kind=Kind.FAQ, title="여권 수수료는 얼마인가요?", text=text)
    console.home.create()
    KnowledgeStore(console.home.knowledge).replace_files("t", {"여권.md": [document]}, kept=())
    return build(console.home, HashingEmbedder(), console.words, accept=True).id


def test_recorded_questions_are_asked_of_a_snapshot_that_is_not_served(console: RealConsole, tmp_path: Path) -> None:
    old = index(console, "5만원")
    journal = Journal(console.home.journal)
    list(console.assistant(LLMChoice.NONE, journal).suggest("여권 수수료는 얼마인가요?", call="c1"))
    new = index(console, "6만원")
    runner = CliRunner()
    page = tmp_path / "replay.html"
    day = TODAY.isoformat()
    changed = runner.invoke(app, ["replay", "--since", day, "--llm", "none", "--out", str(page)], obj=console)
    assert changed.exit_code == 0, changed.output
    assert f"다시 물었습니다({old} → {new})" in changed.stdout.replace("\n", "")
    assert "금액·날짜·전화가 달라짐" in changed.stdout
    shown = page.read_text(encoding="utf-8")
    assert "5만원입니다." in shown
    assert "6만원입니다." in shown
    assert "상담 기록 재생 보고서" in shown
    assert "답 없는데 답함" not in shown  # nobody has said what is right
    same = runner.invoke(app, ["replay", "--since", day, "--llm", "none", "--snapshot", old], obj=console)
    assert same.exit_code == 0, same.output
    assert "같음" in same.stdout
    assert "달라짐" not in same.stdout.replace("달라진", "")
    assert len(journal.suggestions()) == 1  # a replay leaves no trace in the journal
    listed = json.loads(runner.invoke(app, ["list", "--json"], obj=console).stdout)
    assert [each["kind"] for each in listed] == ["replay", "recorded", "replay", "recorded"]


class Interrupted(SearchService):
    """Somebody presses Ctrl-C while a caller asks about passports."""

    def search(self, question: str, *, k: int = 5, on: date | None = None) -> SearchResult:
        if "여권" in question:
            raise KeyboardInterrupt
        return super().search(question, k=k, on=on)


class InterruptedConsole(RealConsole):
    def searcher(self) -> SearchService:
        return Interrupted(self.home, HashingEmbedder(), self.words)


def test_calls_are_a_run_once_they_are_played_to_the_end(tmp_path: Path) -> None:
    index(console := RealConsole(Home(tmp_path / "home")), "5만원")
    said = [{"speaker": "caller", "text": "여권 수수료는 얼마인가요?", "final": True, "at": 1.0}]
    asked = [{"starts": 0, "line": 0, "at": 1.0, "question": "여권 수수료는?", "documents": ["여권.md"]}]
    calls, out = tmp_path / "calls.jsonl", tmp_path / "out"
    calls.write_text(json.dumps({"id": "a", "kind": "first", "utterances": said, "questions": asked}), "utf-8")
    arguments = ["calls", str(calls), "--out", str(out), "--json"]
    assert CliRunner().invoke(app, arguments, obj=InterruptedConsole(console.home)).exit_code != 0
    assert not out.exists()
    played = CliRunner().invoke(app, arguments, obj=console)
    assert played.exit_code == 0, played.output
    assert json.loads(played.stdout)["hit"]["mean"] == 1.0
    again = CliRunner().invoke(app, arguments, obj=InterruptedConsole(console.home))
    assert "이미 평가 기록이 있습니다" in str(again.exception)  # before anything is played


def test_accepted_and_corrected_questions_go_into_a_golden_set(console: RealConsole, tmp_path: Path) -> None:
    index(console, "5만원")
    journal = Journal(console.home.journal)
    journal.add_suggestion(final("1", "여권 얼마예요?"), ("여권.md",), agent="")
    journal.add_feedback("1", Action.ACCEPTED)
    golden = tmp_path / "golden.jsonl"

    def collect(*arguments: str) -> str:
        outcome = CliRunner().invoke(app, ["collect", str(golden), *arguments], obj=console)
        return str(outcome.exception) if outcome.exception else outcome.stdout

    typed = unicodedata.normalize("NFD", "여권.md")  # as a Mac's shell completes it
    assert "1개를 더했습니다(이미 있던 것 0개)" in collect("--since", TODAY.isoformat())
    assert "1개를 더했습니다" in collect("--suggestion", "1", "--answer", "6만원", "--document", typed)
    assert [each.answer for each in load(golden).questions] == ["6만원"]
    assert "문서 '없음.md'이(가) 지식에 없습니다" in collect("--suggestion", "1", "--document", "없음.md")
    assert "--suggestion과 함께" in collect("--answer", "6만원")
