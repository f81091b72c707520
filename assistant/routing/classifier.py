"""Why a question is put through, by a classifier made by ``python -m eval.fitting.routing``.

It knows a question by its vector and by whether it has words of other people's business or of the courts. The vector
alone tells how something is said better than what it is about: stickers and frozen meters were taken for small talk.
"""

import json
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.embedding.embedder import Vectors
from indexing.lexical.word_list import words
from indexing.retrieval.hit import Meaning

WEIGHTS = Path(__file__).with_name("weights.json")
WORDS = ("outside_words.txt", "legal_words.txt")
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
    """A multinomial logistic regression over ``features``: a row a route of ``routes``, the first for none."""

    model: str
    routes: tuple[Route | None, ...]
    rows: Vectors
    bias: Vectors


def likely_route(question: str, meaning: Meaning | None) -> Route | None:
    """Where a question likely belongs; None where documents may answer, and for other embedding models."""
    weights = _weights()
    if meaning is None or meaning.model != weights.model:
        return None
    odds = weights.rows @ features(question, meaning.vector) + weights.bias
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    if 1 - chances[0] < MIN_PROBABILITY:
        return None
    return weights.routes[1 + int(chances[1:].argmax())]


def features(question: str, vector: Vectors) -> Vectors:
    """What the classifier goes by: the vector of a question, and for each list of words 1 where it has one, else 0."""
    return np.append(vector, [np.float32(_words(name).search(question) is not None) for name in WORDS])


@cache
def _words(name: str) -> re.Pattern[str]:
    beginnings = "|".join(words(Path(__file__).with_name(name)))
    return re.compile(rf"(?<!\w)(?:{beginnings})", re.IGNORECASE)


@cache
def _weights() -> Weights:
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    routes = tuple(Route(name) if name else None for name in found["routes"])
    rows, bias = (np.array(found[name], dtype=np.float32) for name in ("rows", "bias"))
    return Weights(found["model"], routes, rows, bias)
