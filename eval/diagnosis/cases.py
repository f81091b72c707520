"""The questions of a run one by one: what each got, and what went wrong with it."""

from datetime import datetime
from typing import NamedTuple

from eval.diagnosis.faults import Fault, diagnose
from eval.examination.result import Result
from eval.questions.question import Question
from eval.runs.store import Record


class Case(NamedTuple):
    """A question, what it got, and what went wrong (None: nothing)."""

    question: Question
    result: Result
    fault: Fault | None


def cases(record: Record) -> list[Case]:
    """Every question of a run, in order, judged on the day of the run where it has none of its own."""
    day = datetime.fromisoformat(record.run.created).astimezone().date()
    return [
        Case(question, result, diagnose(question, result, record.documents, day))
        for question, result in zip(record.questions, record.results, strict=True)
    ]
