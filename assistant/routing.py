"""Questions that no document can answer, however near it is: where to put the caller through, and why.

A document tells what the rule is; it knows neither how one person's case stands nor who is right in a dispute, and
the city's documents say nothing of other people's business. A case of one's own shows in the grammar of the last
clause, which in Korean holds the predicate: 신고했는데 취소하면 환불되나요 asks for a rule, 신고한 거 처리됐나요 for
a case. The rest is told by a classifier of the question's vector, made by ``python -m eval.fit_routing``.
"""

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.routing_patterns import AMOUNT, CLAUSE_END, IS_RULE, LOOK_UP, OWN_ACT, OWNER, RECORD, STANDS, STILL_OPEN
from indexing.embedding import Vectors
from indexing.hit import Meaning

WEIGHTS = Path(__file__).with_name("routing_weights.json")
MIN_PROBABILITY = 0.6


class Route(StrEnum):
    """Why a question is put through."""

    OWN_CASE = "own_case"
    """How one person's application, bill or case stands."""
    LEGAL = "legal"
    """A judgment: whether something is lawful, who is liable, who would win."""
    OUTSIDE = "outside"
    """Not the city's business: the weather, national taxes, companies, small talk."""


class Weights(NamedTuple):
    """A multinomial logistic regression: a row a route of ``routes``, the first for none."""

    model: str
    routes: tuple[Route | None, ...]
    rows: Vectors
    bias: Vectors


def asks_for_own_case(question: str) -> bool:
    """Whether how a thing of the caller's stands is asked.

    >>> asks_for_own_case("지난주에 낸 여권 신청 어디까지 됐어요?"), asks_for_own_case("과태료 조회는 어디서 하나요?")
    (True, False)
    >>> asks_for_own_case("저 기초생활수급자인데 수도요금 감면되나요?")
    False
    """
    asked = CLAUSE_END.split(question.strip())[-1]
    if IS_RULE.search(asked):
        return False
    stands = STANDS.search(asked) is not None
    if OWN_ACT.search(question) or STILL_OPEN.search(question):
        return stands
    return OWNER.search(question) is not None and (stands or _asks_for_record(asked))


def likely_route(meaning: Meaning | None) -> Route | None:
    """Where the vector of a question says it belongs; None where documents may answer, and for other models."""
    weights = _weights()
    if meaning is None or meaning.model != weights.model:
        return None
    odds = weights.rows @ meaning.vector + weights.bias
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    if 1 - chances[0] < MIN_PROBABILITY:
        return None
    return weights.routes[1 + int(chances[1:].argmax())]


def _asks_for_record(asked: str) -> bool:
    return RECORD.search(asked) is not None and bool(LOOK_UP.search(asked) or AMOUNT.search(asked))


@cache
def _weights() -> Weights:
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    routes = tuple(Route(name) if name else None for name in found["routes"])
    rows, bias = (np.array(found[name], dtype=np.float32) for name in ("rows", "bias"))
    return Weights(found["model"], routes, rows, bias)
