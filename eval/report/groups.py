"""How well the questions of each category, kind of document and department did."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from eval.diagnosis.cases import Case
from eval.metrics.confidence import Estimate, estimates
from eval.report import charts
from eval.runs.store import Record
from knowledge_base.document import Kind

GROUPS = 14  # rows of a chart of groups
UNSORTED = "(없음)"


class Group(NamedTuple):
    """The questions that share a category, kind or department: how many, how well, how many went wrong.

    ``found`` is the share whose right document was among the first 5, on a call among the first 3 in time.
    """

    name: str
    asked: int
    found: Estimate | None
    facts: Estimate | None
    faults: int


class Grouping(NamedTuple):
    """The groups of one sort, worst first."""

    title: str
    groups: tuple[Group, ...]
    chart: Markup


def groupings(record: Record, all_cases: Sequence[Case]) -> Iterator[Grouping]:
    """By category, and by kind and department of the right document; one group alone says nothing and is left out."""

    def of_right(name: str) -> Callable[[Case], str]:
        def value(case: Case) -> str:
            known = [record.documents[each] for each in case.question.documents if each in record.documents]
            found = getattr(known[0], name) if known else ""
            return found.label if isinstance(found, Kind) else found or UNSORTED

        return value

    sorts: tuple[tuple[str, Callable[[Case], str]], ...] = (
        ("분야", lambda case: case.question.category or UNSORTED),
        ("문서 종류", of_right("kind")),
        ("담당 부서", of_right("department")),
    )
    answerable = [case for case in all_cases if case.question.answerable]
    for title, name_of in sorts:
        grouped: dict[str, list[Case]] = defaultdict(list)
        for case in answerable:
            grouped[name_of(case)].append(case)
        if len(grouped) > 1:
            groups = sorted((_group(name, of_it) for name, of_it in grouped.items()), key=_worst_first)
            rows = [charts.Row(each.name, each.found) for each in groups[:GROUPS] if each.found]
            yield Grouping(title, tuple(groups), charts.bars(rows))


def _group(name: str, of_it: Sequence[Case]) -> Group:
    scores = ("recall@5", "call_hit", "fact_recall")
    found = estimates({score: [case.result.scores.get(score) for case in of_it] for score in scores})
    wrong = sum(case.fault is not None for case in of_it)
    return Group(name, len(of_it), found.get("call_hit", found.get("recall@5")), found.get("fact_recall"), wrong)


def _worst_first(group: Group) -> tuple[float, str]:
    return (group.found.mean if group.found else 1.0, group.name)
