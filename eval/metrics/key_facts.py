"""Key facts: which amounts, dates, times, phones, addresses and counts an answer gives, and how many are right.

The facts of reference and answer are compared by value (3만원 = 30,000원, 2주 = 14일; see knowledge_base.facts).
"""

from knowledge_base.facts.finding import Fact, facts, is_borne_out


def fact_recall(reference: str, answer: str) -> float | None:
    """Of the facts of the reference, the share that the answer gives; None when the reference has none.

    >>> fact_recall("65세 이상은 3만원을 감면합니다.", "30,000원이 감면됩니다.")
    0.5
    """
    return _share(reference, answer)


def fact_precision(reference: str, answer: str) -> float | None:
    """Of the facts of the answer, the share that the reference bears out; None when the answer has none.

    >>> fact_precision("3만원입니다.", "3만원이고 2주 걸립니다.")
    0.5
    """
    return _share(answer, reference)


def _share(stated: str, known: str) -> float | None:
    wanted = _distinct(stated)
    found = facts(known)
    return sum(is_borne_out(fact, found) for fact in wanted) / len(wanted) if wanted else None


def _distinct(text: str) -> list[Fact]:
    return list({(fact.kind, fact.value, fact.unit): fact for fact in facts(text)}.values())
