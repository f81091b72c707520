"""Why a question is put through, by a classifier of its vector, made by ``python -m eval.fitting.routing``."""

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.embedding.embedder import Vectors
from indexing.retrieval.hit import Meaning

WEIGHTS = Path(__file__).with_name("weights.json")
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


@cache
def _weights() -> Weights:
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    routes = tuple(Route(name) if name else None for name in found["routes"])
    rows, bias = (np.array(found[name], dtype=np.float32) for name in ("rows", "bias"))
    return Weights(found["model"], routes, rows, bias)
