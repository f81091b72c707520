"""A golden set grown from real calls: what an agent accepted, or what a QA person corrected."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from filelock import FileLock

from assistant.events import FinalEvent, Status
from assistant.journal import OPINIONS, Action
from assistant.masking import mask
from eval.questions.dataset import json_lines, load
from eval.questions.question import Question
from eval.runs.json_files import replace
from knowledge_base.errors import EvaluationError
from knowledge_base.text import letters


class FindsSuggestions(Protocol):
    """Anything that finds the journal's row of one suggestion."""

    def suggestion(self, suggestion: str) -> dict[str, object] | None: ...


class ReadsJournal(Protocol):
    """What is needed of the journal: rows as it keeps them, oldest first."""

    def suggestions(self) -> list[dict[str, object]]: ...

    def feedback(self, suggestion: str) -> list[dict[str, object]]: ...


class Correction(NamedTuple):
    """What a QA person says is right: the answer and the documents that hold it; no documents when none does."""

    answer: str
    documents: tuple[str, ...]
    category: str = ""


class Added(NamedTuple):
    """How many questions went into a golden set, how many it already had, and its version."""

    added: int
    known: int
    sha256: str


def accepted(journal: ReadsJournal, since: date | None = None) -> Iterator[Question]:
    """The suggestions that an agent accepted, and did not reject later, as questions with their answers.

    Only those that cite documents: they are what is right. ``since`` is a day in local time.
    """
    for row in journal.suggestions():
        if since and local_day(row) < since:
            continue
        final = final_event(row)
        opinions = [each["action"] for each in journal.feedback(final.suggestion) if each["action"] in OPINIONS]
        if opinions[-1:] == [Action.ACCEPTED.value] and final.citations and final.status is not Status.ABSTAINED:
            yield _question(row, _as_shown(final))


def corrected(journal: FindsSuggestions, suggestion: str, correction: Correction) -> Question:
    """One suggestion with what should have been said; raises EvaluationError when it is not in the journal.

    The answer is masked here; the question was masked when it was asked.
    """
    row = journal.suggestion(suggestion)
    if row is None:
        raise EvaluationError(f"상담 기록에 제안 '{suggestion}'이(가) 없습니다. 제안 ID를 확인하세요.")
    return _question(row, correction._replace(answer=mask(correction.answer)))


def add(questions: Iterable[Question], path: Path) -> Added:
    """Add to a golden set (JSON lines, made when missing) the questions that it does not have, all or nothing.

    The same words are the same question, but a correction (the same id) replaces what stood there. Whoever adds at the
    same time waits. Raises EvaluationError when it cannot be read or written.
    """
    if path.suffix.lower() in (".csv", ".xlsx"):
        raise EvaluationError(f"{path}에는 더할 수 없습니다. 골든 세트는 .jsonl 파일로 지정하세요.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            return _added(questions, path)
    except OSError as error:
        raise EvaluationError(
            f"골든 세트 {path}에 쓸 수 없습니다({error.strerror}). 다른 파일을 지정하거나 권한을 확인하세요."
        ) from error


def _added(questions: Iterable[Question], path: Path) -> Added:
    kept = {each.id: each for each in load(path).questions} if path.exists() else {}
    added = known = 0
    for question in questions:
        others = {letters(each.question) for each in kept.values() if each.id != question.id}
        if letters(question.question) in others or kept.get(question.id) == question:
            known += 1
        else:
            kept[question.id] = question
            added += 1
    if not kept:
        raise EvaluationError("더할 질문이 없습니다. 상담원이 '맞음'으로 표시한 제안이 있어야 합니다.")
    if added:
        replace(path, json_lines(kept.values()))
    return Added(added, known, load(path).sha256)


def final_event(row: Mapping[str, object]) -> FinalEvent:
    """The final event of a journal row; older rows may lack what was added later, newer ones hold more."""
    event = json.loads(str(row["event"]))
    return FinalEvent.model_validate({name: event[name] for name in FinalEvent.model_fields if name in event})


def local_day(row: Mapping[str, object]) -> date:
    """The day on which a row was written, on this machine's clock."""
    return datetime.fromisoformat(str(row["at"])).astimezone().date()


def _as_shown(final: FinalEvent) -> Correction:
    return Correction(final.answer, tuple(dict.fromkeys(each.document for each in final.citations)))


def _question(row: Mapping[str, object], right: Correction) -> Question:
    return Question(
        id=f"call-{row['id']}",
        question=str(row["question"]),
        answer=right.answer,
        documents=right.documents,
        answerable=bool(right.documents),
        category=right.category,
        on=local_day(row),
    )
