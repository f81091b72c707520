"""Recorded questions asked again, of another snapshot, model or prompt: what changed, and which way.

The recording becomes a run of its own, so that both can be compared and reported like any two runs. There are
no reference answers: what can be said is whether an answer came or went, and whether it says other facts.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from assistant.events import FinalEvent
from eval.examination.answers import recorded
from eval.examination.result import Answer, Result
from eval.questions.dataset import Dataset
from eval.questions.question import Question
from eval.recorded.golden import ReadsJournal, final_event, local_day
from eval.runs.comparison import Change
from knowledge_base.errors import EvaluationError
from knowledge_base.facts.finding import facts, is_borne_out


class Direction(StrEnum):
    """Which way an answer changed, as people read it; what an agent must look at first comes first."""

    FAILED = "오류가 남"
    LOST = "답이 없어짐"
    OTHER_FACTS = "금액·날짜·전화가 달라짐"
    GAINED = "답이 생김"
    OTHER_DOCUMENTS = "근거 문서가 달라짐"
    REWORDED = "표현만 달라짐"
    SAME = "같음"


class Recording(NamedTuple):
    """The questions of the journal, each once and as asked last, with what was shown."""

    dataset: Dataset
    results: tuple[Result, ...]


def recording(journal: ReadsJournal, journal_path: Path, since: date, until: date | None = None) -> Recording:
    """What was asked from ``since`` to ``until`` (days in local time, inclusive); raises EvaluationError for none.

    Each question carries the day it was asked on, so that documents which have expired since do not count as
    a change. It is neither answerable nor unanswerable as far as anyone knows: nothing is scored.
    """
    latest: dict[str, tuple[Question, Result]] = {}
    for row in journal.suggestions():
        day = local_day(row)
        if day >= since and (until is None or day <= until):
            final = final_event(row)
            name = hashlib.sha256(final.question.encode()).hexdigest()[:12]
            latest[final.question] = (_question(name, final, day), _result(name, final))
    if not latest:
        raise EvaluationError(f"{since} 이후의 상담 기록이 없습니다. --since에 더 이른 날짜를 적으세요.")
    questions = tuple(question for question, _ in latest.values())
    digest = hashlib.sha256("\n".join(each.question for each in questions).encode()).hexdigest()
    dataset = Dataset(path=journal_path, questions=questions, sha256=digest)
    return Recording(dataset, tuple(result for _, result in latest.values()))


def direction(change: Change) -> Direction:
    """How the answer after differs from the one before."""
    before, after = change.before.answer, change.after.answer
    if change.after.failed or before is None or after is None:
        return Direction.FAILED
    if before.answered != after.answered:
        return Direction.GAINED if after.answered else Direction.LOST
    if before.text == after.text:
        return Direction.SAME
    if not _same_facts(before.text, after.text):
        return Direction.OTHER_FACTS
    return Direction.REWORDED if _documents(before) == _documents(after) else Direction.OTHER_DOCUMENTS


def directions(changes: Iterable[Change]) -> dict[Direction, list[Change]]:
    """The changes by direction, in the order of Direction; those that do not occur are left out."""
    found: dict[Direction, list[Change]] = {each: [] for each in Direction}
    for change in changes:
        found[direction(change)].append(change)
    return {each: changed for each, changed in found.items() if changed}


def _same_facts(some: str, other: str) -> bool:
    first, second = facts(some), facts(other)
    return all(is_borne_out(each, second) for each in first) and all(is_borne_out(each, first) for each in second)


def _documents(answer: Answer) -> Sequence[str]:
    return sorted({each.document for each in answer.citations})


def _question(name: str, final: FinalEvent, day: date) -> Question:
    return Question(id=name, question=final.question, answer="", documents=(), answerable=False, category="", on=day)


def _result(name: str, final: FinalEvent) -> Result:
    return Result(
        id=name,
        ranked=tuple(dict.fromkeys(each.document for each in final.citations)),
        rank=None,
        snapshot=final.snapshot,
        latency_ms={"total": final.timings.get("search", 0.0)},
        error=None,
        answer=recorded(final, {"total": final.timings.get("total", 0.0)}),
    )
