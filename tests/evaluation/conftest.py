"""Fakes for the judge: a search with a fixed answer to each question, an assistant that follows a script."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from assistant.events import EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent
from eval.dataset import Question
from indexing.hit import Hit, SearchResult
from knowledge_base.document import Chunk, Document, Kind
from knowledge_base.errors import InvalidQuestion


@dataclass
class FakeSearcher:
    """Finds for each question the documents listed, a chunk each time one is named; refuses the rest."""

    found: Mapping[str, Sequence[str]]
    asked: list[tuple[str, int]] = field(default_factory=list)

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
        self.asked.append((question, k))
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

    def suggest(self, question: str, *, call: str) -> Iterator[SuggestionEvent]:
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

    def made(text: str, *documents: str, answer: str = "") -> Question:
        return Question(
            id=text,
            question=text,
            answer=answer,
            documents=documents,
            answerable=bool(documents),
            category="",
        )

    return made


@pytest.fixture
def question_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a question file of the rows given."""

    def written(*rows: object) -> Path:
        path = tmp_path / "questions.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return written
