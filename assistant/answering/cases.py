"""Which case of a thing is meant: several FAQs ask what it costs, and the question names none of their cases.

Parking costs one fine on a road and another beside a school. The FAQ that asks for least besides what was said is
answered from, and the agent is told of the others.
"""

from collections.abc import Sequence

from assistant.events import Caution, CautionKind
from assistant.extraction.answer_type import Wanted, wanted
from assistant.extraction.extract import Asked
from indexing.lexical.synonyms import with_official
from indexing.lexical.things import covered, named
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Kind
from knowledge_base.facts.finding import Fact, FactKind, facts, is_borne_out

NAMED = 0.5  # more than this of what tells a case apart has to be said


def cases(hits: Sequence[Hit], question: str, asked: Asked, analyzer: Analyzer) -> list[Hit]:
    """The FAQs about all that ``question`` names that ask for an amount as it does, and know other ones.

    That which asks for least besides is the first. Empty where no amount is asked for, or only one case may be meant.
    """
    sort = asked.sort
    if sort is None or FactKind.MONEY not in sort.kinds:
        return []
    alike = [hit for hit in hits if hit.document.kind is Kind.FAQ and not hit.left_out and _asks_for(hit, sort)]
    things = {hit.chunk.id: named(hit.document.title, analyzer) for hit in alike}
    said = with_official(question)  # 스쿨존 asks for 어린이보호구역; that 주차위반 is 불법 주정차 names no case
    alike.sort(key=lambda hit: _unsaid(things[hit.chunk.id], said))
    others = [
        hit
        for hit in alike[1:]
        if _differ(_figures(alike[0], sort), _figures(hit, sort))
        and not _is_named(things[alike[0].chunk.id] - things[hit.chunk.id], question)
    ]
    return [alike[0], *others] if others else []


def general_first(hits: Sequence[Hit], meant: Sequence[Hit]) -> list[Hit]:
    """The hits, the most general of the cases ``meant`` before them where the first is one of these."""
    general = meant[:1] if hits and hits[0] in meant else []
    return [*general, *(hit for hit in hits if hit not in general)]


def unsettled(meant: Sequence[Hit]) -> Caution:
    """That the agent has to ask which of the cases is meant; they are known by their cards."""
    text = "경우에 따라 금액이 다릅니다. 아래 가운데 어느 경우인지 여쭤 보고 안내해 주세요."
    return Caution(kind=CautionKind.CASES, text=text, documents=tuple(hit.document.id for hit in meant))


def _asks_for(hit: Hit, sort: Wanted) -> bool:
    asked = wanted(hit.document.title)
    return asked is not None and asked.is_within(sort) and not (asked.fine and sort.harmless)


def _unsaid(things: frozenset[str], said: str) -> tuple[int, float]:
    """How many of the things an FAQ asks about are not said, and of as many which share."""
    share = 1 - covered(things, said)
    return round(share * len(things)), share


def _is_named(telling: frozenset[str], question: str) -> bool:
    """Whether the question itself says what tells a case apart."""
    return bool(telling) and covered(telling, question) > NAMED


def _figures(hit: Hit, sort: Wanted) -> list[Fact]:
    return [fact for fact in facts(hit.document.text) if sort.includes(fact)]


def _differ(mine: Sequence[Fact], others: Sequence[Fact]) -> bool:
    """Whether each knows a figure that the other does not."""
    return _more(mine, others) and _more(others, mine)


def _more(mine: Sequence[Fact], others: Sequence[Fact]) -> bool:
    return not all(is_borne_out(fact, others) for fact in mine)
