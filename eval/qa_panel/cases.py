"""The questions of an opened run as a list: what went wrong with each, which way it changed, which are shown."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from eval.diagnosis.cases import Case, cases
from eval.diagnosis.faults import Fault
from eval.qa_panel.desk import Opened
from eval.qa_panel.state import CaseQuery
from eval.recorded.replay import Direction, direction
from eval.runs.comparison import Change
from indexing.admin_panel.paging import Page, page_of

ROWS = 25


class Way(StrEnum):
    """How a question fared against the baseline, as people read it; what matters most first."""

    WORSE = "나빠짐"
    BETTER = "나아짐"
    OTHER = "달라짐"


class Asked(NamedTuple):
    """A question of the run; with a baseline that asked it too, what it got there and which way it changed.

    ``fault`` is None where nothing went wrong or nobody knows what is right.
    """

    case: Case
    fault: Fault | None
    before: Case | None = None
    way: Way | None = None


def asked(opened: Opened) -> list[Asked]:
    """Every question of the run, in its order."""
    if opened.comparison is None:
        return [Asked(case, _fault(opened, case)) for case in opened.cases]
    earlier = {(case.question.id, case.question.question): case for case in cases(opened.comparison.baseline)}
    changes = {change.question.id: change for change in opened.comparison.changes}
    return [
        Asked(case, _fault(opened, case), before, _way(opened, case, before, changes[case.question.id]))
        if (before := earlier.get((case.question.id, case.question.question)))
        else Asked(case, _fault(opened, case))
        for case in opened.cases
    ]


def page(questions: Iterable[Asked], query: CaseQuery) -> Page[Asked]:
    """The questions that fit, worst first."""
    return page_of(sorted((each for each in questions if _fits(each, query)), key=_worst_first), query.page, ROWS)


def ways(questions: Iterable[Asked]) -> dict[Way, int]:
    """How many questions changed each way; those that did not occur are left out."""
    found = [each.way for each in questions]
    return {way: found.count(way) for way in Way if way in found}


def way_of(change: Change, was_wrong: bool, is_wrong: bool) -> Way | None:
    """Which way a question with known answers changed; None when it came out alike.

    Where one run only searched, only what was found is compared.
    """
    before, after = change.before, change.after
    are_alike = (before.answer is None) == (after.answer is None)
    gain = (are_alike and was_wrong - is_wrong) or change.gain
    if gain:
        return Way.BETTER if gain > 0 else Way.WORSE
    is_reworded = before.answer and after.answer and before.answer.text != after.answer.text
    return Way.OTHER if is_reworded or before.rank != after.rank else None


def _way(opened: Opened, case: Case, before: Case, change: Change) -> Way | None:
    if opened.is_labelled:
        return way_of(change, before.fault is not None, case.fault is not None)
    found = direction(change)
    if found is Direction.SAME:
        return None
    return {Direction.FAILED: Way.WORSE, Direction.LOST: Way.WORSE, Direction.GAINED: Way.BETTER}.get(found, Way.OTHER)


def _fault(opened: Opened, case: Case) -> Fault | None:
    return case.fault if opened.is_labelled or case.fault is Fault.ERROR else None


def _fits(each: Asked, query: CaseQuery) -> bool:
    question = each.case.question
    if query.category and question.category != query.category:
        return False
    if query.text and query.text.casefold() not in f"{question.id} {question.question}".casefold():
        return False
    if query.shown == "faults":
        return each.fault is not None
    if query.shown == "changed":
        return each.way is not None
    return query.shown == "all" or query.shown in (each.fault, each.way)


def _worst_first(each: Asked) -> tuple[int, int]:
    return _place(each.way, tuple(Way)), _place(each.fault, tuple(Fault))


def _place(value: Fault | Way | None, order: Sequence[Fault | Way]) -> int:
    return order.index(value) if value is not None else len(order)
