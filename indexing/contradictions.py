"""Which documents being served contradict each other: near passages that state other figures for the same thing."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from indexing.claims import Contradiction, Statement, Weigh, contradiction, statement
from indexing.engine import Numbers, Validity
from indexing.progress import Progress
from indexing.snapshot import Snapshot
from indexing.tokens import Analyzer
from knowledge_base.errors import BuildCancelled
from knowledge_base.facts import facts

NEIGHBOURS = 15
"""How many of the nearest passages of other documents each passage is compared with."""
NEAR = 0.85
"""The cosine from which two passages may be about the same thing."""
_ASKED = 4 * NEIGHBOURS  # a long document's own passages are the nearest to each other
_BLOCK = 256
_REPORTED = 25


def contradictions(
    snapshot: Snapshot,
    analyzer: Analyzer,
    valid: Validity,
    progress: Progress = lambda stage, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Contradiction]:
    """The contradictions among the ``valid`` chunks, those of the nearest passages first, each pair once.

    Raises BuildCancelled soon after ``cancelled`` says so. Takes about 2 ms a chunk, most of it for morphemes.
    """

    def report(stage: str, done: int, total: int) -> None:
        if cancelled():
            raise BuildCancelled("모순 찾기를 취소했습니다. 언제든 다시 시작할 수 있습니다.")
        progress(stage, done, total)

    stated = _statements(snapshot, analyzer, valid, report)
    found: dict[tuple[str, str, str, str], Contradiction] = {}
    for pair in sorted(_pairs(snapshot, stated, report), key=lambda pair: -pair.cosine):
        disagreement = contradiction(stated[pair.one], stated[pair.other], _weigher(snapshot))
        if disagreement:
            found.setdefault(_named(disagreement), disagreement)
    return list(found.values())


class _Pair(NamedTuple):
    """Two chunk numbers, the lower first, and how near they are."""

    one: int
    other: int
    cosine: float


def _statements(snapshot: Snapshot, analyzer: Analyzer, valid: Validity, report: Progress) -> dict[int, Statement]:
    """By chunk number, those that claim anything."""
    numbers = np.flatnonzero(valid)
    stated: dict[int, Statement] = {}
    for done, number in enumerate(numbers.tolist()):
        if done % _REPORTED == 0:
            report("수치 읽기", done, len(numbers))
        passage = snapshot.passage(number)
        if facts(passage.chunk.text):
            found = statement(passage.document, passage.chunk, analyzer)
            if found.claims:
                stated[number] = found
    return stated


def _pairs(snapshot: Snapshot, stated: dict[int, Statement], report: Progress) -> Iterator[_Pair]:
    """The near pairs of different documents, each once or twice."""
    numbers = np.fromiter(stated, dtype=np.int64)
    among = np.zeros(len(snapshot), dtype=np.bool_)
    among[numbers] = True
    for start in range(0, len(numbers), _BLOCK):
        report("비교", start, len(numbers))
        block = numbers[start : start + _BLOCK]
        found = snapshot.arrays.neighbours(block, among, _ASKED)
        for number, near, cosines in zip(block.tolist(), found.numbers, found.cosines, strict=True):
            others = _others(snapshot, number, near)
            for other, cosine in zip(near[others].tolist(), cosines[others].tolist(), strict=True):
                if cosine >= NEAR:
                    yield _Pair(min(number, other), max(number, other), cosine)


def _others(snapshot: Snapshot, number: int, near: Numbers) -> Numbers:
    """The places in ``near`` of the first NEIGHBOURS chunks of other documents."""
    ids, document = snapshot.layout.ids, snapshot.layout.documents
    own = ids[document[number]]
    places = [place for place, other in enumerate(near) if other >= 0 and ids[document[other]] != own]
    return np.array(places[:NEIGHBOURS], dtype=np.int64)


def _weigher(snapshot: Snapshot) -> Weigh:
    return lambda thing: math.log1p((len(snapshot) + 0.5) / (snapshot.frequency(thing) + 0.5))


def _named(found: Contradiction) -> tuple[str, str, str, str]:
    """What makes two contradictions one: the same sentences of the same documents."""
    left, right = found.left.document.id, found.right.document.id
    return left, found.left_claim.sentence, right, found.right_claim.sentence
