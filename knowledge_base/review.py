"""What an admin should look at: documents whose days, owners, twins or files ask for a decision."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from knowledge_base import duplicates
from knowledge_base.document import Document
from knowledge_base.labelled import Labelled
from knowledge_base.storage.corrections import labels
from knowledge_base.storage.standing import Standing, State
from knowledge_base.storage.store import KnowledgeStore

SOON = timedelta(days=30)


class Concern(Labelled):
    """Why something is listed, with the heading of its list."""

    FAULTY = "faulty", "읽지 못한 파일과 행"
    EXPIRING = "expiring", f"{SOON.days}일 안에 만료"
    EXPIRED = "expired", "만료됨"
    STARTING = "starting", f"{SOON.days}일 안에 시행"
    UNDATED = "undated", "날짜 없음"
    DUPLICATE = "duplicate", "겹치는 문서"
    WITHOUT_DEPARTMENT = "without_department", "담당부서 없음"
    WITHDRAWN = "withdrawn", "내린 문서"
    LAPSED_CORRECTION = "lapsed_correction", "파일이 바뀌어 멈춘 수정"
    UNKNOWN_PREDECESSOR = "unknown_predecessor", "대체할 문서를 찾지 못함"


class Finding(NamedTuple):
    """One entry of a list: a document (or a file), its title, and what to know about it in Korean."""

    concern: Concern
    id: str
    title: str
    detail: str


def review(store: KnowledgeStore, today: date) -> list[Finding]:
    """Every finding, list by list in the order of Concern, by id within a list.

    A document may be in several. Contradictions between documents are found by the index. Takes about a
    second for every 10 MB of text, most of it for the twins.
    """
    found = [Finding(Concern.FAULTY, fault.file, "", fault.reason) for fault in store.faults()]
    candidates: list[_Candidate] = []
    for standing in store.standings():
        document = standing.document
        found += [Finding(concern, document.id, document.title, told) for concern, told in _concerns(standing, today)]
        if standing.state(today) in (State.IN_FORCE, State.PLANNED):
            sketch = duplicates.sketch(f"{document.title}\n{document.text}")
            candidates.append(_Candidate(replace(document, text=""), sketch))
    found += _twins(candidates)
    order = list(Concern)
    return sorted(found, key=lambda finding: (order.index(finding.concern), finding.id))


def _concerns(standing: Standing, today: date) -> Iterator[tuple[Concern, str]]:
    document, state = standing.document, standing.state(today)
    starts, ends = document.effective_from, document.effective_to
    if state is State.WITHDRAWN:
        yield Concern.WITHDRAWN, f"사유: {standing.withdrawn}"
    if state is State.PLANNED and starts and starts <= today + SOON:
        yield Concern.STARTING, f"{starts}부터"
    if not standing.is_newest or state in (State.WITHDRAWN, State.REPLACED):
        return
    if ends and not standing.successor:
        if state is State.EXPIRED:
            yield Concern.EXPIRED, f"{ends}까지였음"
        elif ends <= today + SOON:
            yield Concern.EXPIRING, f"{ends}까지"
    if state is State.EXPIRED:
        return
    if not (starts or document.as_of):
        yield Concern.UNDATED, "시행일도 기준일도 없음"
    if not document.department:
        yield Concern.WITHOUT_DEPARTMENT, "안내할 담당부서를 모름"
    if standing.lapsed:
        yield Concern.LAPSED_CORRECTION, f"파일의 새 값을 씀: {', '.join(labels(standing.lapsed))}"
    if document.supersedes and not standing.predecessors:
        yield Concern.UNKNOWN_PREDECESSOR, f"'{document.supersedes}' 문서가 없음"


class _Candidate(NamedTuple):
    """A document without its text, and the sketch of it."""

    document: Document
    sketch: duplicates.Sketch


def _twins(candidates: list[_Candidate]) -> Iterator[Finding]:
    """Pairs in force on the same day; a version and its successor are no twins."""
    for pair in duplicates.pairs([candidate.sketch for candidate in candidates]):
        one, other = candidates[pair.one].document, candidates[pair.other].document
        if one.id != other.id and _overlap(one, other):
            detail = f"'{other.id}'와(과) {pair.similarity:.0%} 같음"
            yield Finding(Concern.DUPLICATE, one.id, one.title, detail)


def _overlap(one: Document, other: Document) -> bool:
    starts = max(one.effective_from or date.min, other.effective_from or date.min)
    return starts <= min(one.effective_to or date.max, other.effective_to or date.max)
