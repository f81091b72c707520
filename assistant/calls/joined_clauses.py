"""Clauses that are one question although they were heard as several: choices, afterthoughts, what trails."""

import re

from assistant.calls.clauses import Clause, clauses
from assistant.calls.memory import Said
from assistant.calls.needs import Need, need_of
from assistant.calls.utterance import Utterance

_AFTERTHOUGHT = re.compile(r"(?:을|를|이|가|은|는|도|에서|에|로|한테|랑|같은\s거)(?:요)?$")


def joined(utterance: Utterance) -> list[Clause]:
    """The clauses of an utterance, those that are one question in one.

    >>> line = Utterance(line=0, speaker="caller", text="현금으로 줘요 카드로 줘요", at=1)
    >>> [(each.text, each.is_asked) for each in joined(line)]
    [('현금으로 줘요 카드로 줘요', True)]
    """
    line = utterance.text
    return _with_afterthoughts(_with_choices(list(clauses(utterance)), line), line)


def with_the_rest(said: tuple[Said, ...], line: str) -> tuple[Said, ...]:
    """What trails a clause that wants or tells something belongs to it: 매트리스도 하나 있어요 큰 거."""
    if len(said) < 2 or said[-1].need or not said[-2].need or said[-1].clause.line != said[-2].clause.line:
        return said
    *before, told, rest = said
    whole = _joined(told.clause, rest.clause, line)._replace(text=f"{told.clause.text} {rest.clause.text}")
    return (*before, Said(rest.at, whole, told.need))


def _with_choices(said: list[Clause], line: str) -> list[Clause]:
    """Two clauses that end in the same word leave a choice, which is one question: 현금으로 줘요 카드로 줘요."""
    found: list[Clause] = []
    for clause in said:
        if found and _leave_a_choice(found[-1].text, clause.text):
            before = found.pop()
            clause = _joined(before, clause, line)._replace(text=f"{before.text} {clause.text}", is_asked=True)
        found.append(clause)
    return found


def _leave_a_choice(one: str, other: str) -> bool:
    words, others = one.rstrip("?").split(), other.rstrip("?").split()
    return min(len(words), len(others)) > 1 and words[-1] == others[-1] and words != others


def _joined(one: Clause, other: Clause, line: str) -> Clause:
    return other._replace(start=one.start, heard=line[one.start : other.end])


def _with_afterthoughts(said: list[Clause], line: str) -> list[Clause]:
    """What is said after the question it belongs to is put before it: 언제까지 해야 돼요, 전입신고를."""
    if len(said) < 2 or said[-1].is_closed:
        return said
    *before, asking, after = said
    is_after = len(after.text.split()) <= 3 and need_of(after.text) is None and _AFTERTHOUGHT.search(after.text)
    if need_of(asking.text, is_asked=asking.is_asked) is not Need.ASKS or not is_after:
        return said
    text = f"{after.text} {asking.text}"
    whole = _joined(asking, after, line)._replace(text=text, is_asked=asking.is_asked, is_closed=asking.is_closed)
    return [*before, whole]
