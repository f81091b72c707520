"""Fakes for the judge: a search with a fixed answer to each question, an assistant that follows a script."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hashing_embedder import WordAnalyzer

from assistant.answering.assistant import Searches
from assistant.events import EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent
from eval.examination.answers import Suggests
from eval.examination.examiner import Examiner
from eval.examination.grading import Grader
from eval.examination.result import Answer, Evidence, Result
from eval.questions.question import Question
from eval.runs.run import Run, RunKind
from eval.runs.store import Record, RightDocument
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.document import Chunk, Document, Kind
from knowledge_base.errors import InvalidQuestion


@dataclass
class FakeSearcher:
    """Finds for each question the documents listed, a chunk each time one is named; refuses the rest."""

    found: Mapping[str, Sequence[str]]
    asked: list[tuple[str, int]] = field(default_factory=list)
    days: list[date | None] = field(default_factory=list)

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
        self.asked.append((question, k))
        self.days.append(on)
        if question not in self.found:
            raise InvalidQuestion(f"'{question}'에는 찾을 말이 없습니다.")
        hits = tuple(_hit(document, number) for number, document in enumerate(self.found[question][:k]))
        return SearchResult(hits=hits, candidates=200, snapshot="s1", timings={"bm25": 1.0, "dense": 2.0})


def _hit(name: str, number: int) -> Hit:
    document = Document(id=name, kind=Kind.NOTICE, title=name, text="본문")
    chunk = Chunk(document=name, number=number, heading="", text="본문", start=0)
    return Hit(document=document, chunk=chunk, score=1.0, bm25=1.0, dense=0.5, coverage=1.0, highlights=())


@dataclass
class FakeAssistant:
    """Answers each question with the status and text listed; refuses the rest."""

    script: Mapping[str, tuple[Status, str]]
    calls: list[str] = field(default_factory=list)

    def suggest(self, question: str, *, call: str, on: date | None = None) -> Iterator[SuggestionEvent]:
        self.calls.append(call)
        if question not in self.script:
            raise InvalidQuestion(f"'{question}'에는 찾을 말이 없습니다.")
        status, text = self.script[question]
        yield EvidenceEvent(call=call, seq=0, at=0.0, question=question, documents=(), cards=())
        if status is Status.GENERATED:
            yield TokenEvent(call=call, seq=1, at=0.1, text=text, citation=1)
            yield TokenEvent(call=call, seq=2, at=0.2, text=text, citation=1)
        yield _final(question, call, status, text)


def _final(question: str, call: str, status: Status, text: str) -> FinalEvent:
    return FinalEvent(
        call=call,
        seq=3,
        at=0.3,
        suggestion="1",
        question=question,
        status=status,
        answer=text,
        reason="",
        citations=(),
        checks=(),
        transfer=None,
        timings={},
        snapshot="s1",
        model="scripted",
    )


@pytest.fixture
def searcher() -> Callable[[Mapping[str, Sequence[str]]], FakeSearcher]:
    return FakeSearcher


@pytest.fixture
def assistant() -> Callable[[Mapping[str, tuple[Status, str]]], FakeAssistant]:
    return FakeAssistant


@pytest.fixture
def ask() -> Callable[..., Question]:
    """Makes a question by its text and its right documents; without any it is unanswerable."""

    def made(text: str, *documents: str, answer: str = "", **fields: object) -> Question:
        known: dict[str, object] = {"id": text, "category": "", "answerable": bool(documents), **fields}
        return Question(question=text, answer=answer, documents=documents, **known)  # type: ignore[arg-type]

    return made


@pytest.fixture
def examine() -> Callable[..., list[Result]]:
    """Examines questions one after the other, with words for morphemes."""

    def results(questions: Sequence[Question], search: Searches, answers: Suggests | None = None) -> list[Result]:
        examiner = Examiner(search, answers, Grader(WordAnalyzer()), "eval")
        return [examiner.examine(question) for question in questions]

    return results


PASSAGE = Evidence(
    document="요금",
    chunk="요금@0",
    kind=Kind.FAQ,
    title="요금",
    heading="",
    text="요금은 3만원입니다.",
    department="세정과",
)


@pytest.fixture
def result() -> Callable[..., Result]:
    """A result by the id of its question; a rank, an answer and scores where they matter."""

    def made(question: str, rank: int | None = 1, answer: str | None = None, **fields: object) -> Result:
        known: dict[str, object] = {
            "ranked": ("요금",),
            "evidence": (PASSAGE,),
            "latency_ms": {"total": 5.0},
            "error": None,
        }
        if answer is not None:
            status = Status.EXTRACTIVE if answer else Status.ABSTAINED
            known["answer"] = Answer(
                status=status, text=answer, latency_ms={"total": 9.0, "first_evidence": 6.0}, error=None
            )
        return Result.model_validate({**known, "id": question, "rank": rank, **fields})

    return made


@pytest.fixture
def record() -> Callable[..., Record]:
    """A finished run of questions with the results given."""

    def made(
        questions: Sequence[Question],
        results: Sequence[Result],
        documents: Sequence[Document] = (),
        run_id: str = "r1",
        kind: RunKind = RunKind.QUESTIONS,
    ) -> Record:
        from eval.runs import summary

        run = Run(
            id=run_id,
            kind=kind,
            created="2026-11-27T00:00:00+00:00",
            commit="",
            packages={"numpy": "2"},
            machine={"cpus": 2, "platform": "Linux", "python": "3.11", "cpu": "Xeon", "load": 0.1},
            dataset="질문.jsonl",
            dataset_sha256="0" * 64,
            snapshot="s1",
            settings={"llm": "none"},
            seed=0,
            limit=None,
            finished="2026-11-27T00:01:00+00:00",
            seconds=60.0,
            counts=summary.counts(questions, results),
            metrics=summary.metrics(questions, results),
        )
        known = {each.id: RightDocument.of(each) for each in documents}
        return Record(run, tuple(questions), tuple(results), known)

    return made


@pytest.fixture
def question_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a question file of the rows given."""

    def written(*rows: object) -> Path:
        path = tmp_path / "questions.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return written
