"""Two documents in force that give different figures for what was asked: both are named, neither is read out."""

from collections.abc import Callable, Sequence

from assistant.answering.confidence import holds
from assistant.events import Caution, CautionKind
from assistant.extraction.answer_type import Wanted
from indexing.contradictions.claims import Claim, Statement, Weigh, contradiction
from indexing.retrieval.hit import Hit
from knowledge_base.document import Document

States = Callable[[Hit], Statement]


def disagreement(hits: Sequence[Hit], sort: Wanted | None, states: States, weigh: Weigh) -> Caution | None:
    """What the first hit and one of another document say differently of the sort of fact asked for, or None.

    Only figures are compared (see :mod:`indexing.contradictions.claims`): a question for none has no disagreement.
    """
    if sort is None or not hits:
        return None
    first, *others = (hit for hit in hits if holds(hit, sort)) if holds(hits[0], sort) else hits[:1]
    for other in others:
        if other.document.id == first.document.id:
            continue
        found = contradiction(states(first), states(other), weigh)
        if found and sort.includes(found.left_claim.fact) and sort.includes(found.right_claim.fact):
            return _caution(first.document, found.left_claim, other.document, found.right_claim)
    return None


def _caution(one: Document, mine: Claim, other: Document, theirs: Claim) -> Caution:
    text = (
        f"문서마다 내용이 다릅니다: 「{one.title}」{_dated(one)} {mine.fact.text}, "
        f"「{other.title}」{_dated(other)} {theirs.fact.text}. 담당 부서에 확인한 뒤 안내해 주세요."
    )
    return Caution(kind=CautionKind.DISAGREES, text=text, documents=(one.id, other.id))


def _dated(document: Document) -> str:
    days = [
        f"{label} {day.year}. {day.month}. {day.day}."
        for label, day in (("시행일", document.effective_from), ("기준일", document.as_of))
        if day
    ]
    return f"({', '.join(days)})" if days else "(날짜 없음)"
