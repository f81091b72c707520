"""What the documents being served disagree about: near passages that state other figures for the same thing.

Passages are compared in pairs. Where many documents say nearly the same, every two of them may contradict each other
about one thing; an admin is shown that thing once, with the documents on each side.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexing.contradictions.claims import Claim, Contradiction, Statement, Weigh, contradiction, statement
from indexing.lexical.tokens import Analyzer
from indexing.progress import Progress
from indexing.snapshots.engine import Numbers, Validity
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.errors import BuildCancelled
from knowledge_base.facts.finding import facts

NEIGHBOURS = 15
"""How many of the nearest passages of other documents each passage is compared with."""
NEAR = 0.85
"""The cosine from which two passages may be about the same thing."""
_ASKED = 4 * NEIGHBOURS  # a long document's own passages are the nearest to each other
_BLOCK = 256
_REPORTED = 25


class Stated(NamedTuple):
    """A claim and the passage that makes it."""

    statement: Statement
    claim: Claim


class Disagreement(NamedTuple):
    """One thing of which documents state different figures.

    ``sides`` are what states the same figure, each at least one, the side of the most passages first.
    """

    sides: tuple[tuple[Stated, ...], ...]

    def among(self, documents: Container[str]) -> "Disagreement | None":
        """What is left of it between documents of these ids, None when they agree."""
        sides = [tuple(each for each in side if each.statement.document.id in documents) for side in self.sides]
        left = tuple(filter(None, sides))
        return Disagreement(left) if len(left) > 1 else None


def disagreements(
    snapshot: Snapshot,
    analyzer: Analyzer,
    valid: Validity,
    progress: Progress = lambda stage, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Disagreement]:
    """What the ``valid`` chunks disagree about, that of the nearest passages first.

    Raises BuildCancelled soon after ``cancelled`` says so. Takes about 2 ms a chunk, most of it for morphemes.
    """

    def report(stage: str, done: int, total: int) -> None:
        if cancelled():
            raise BuildCancelled("모순 찾기를 취소했습니다. 언제든 다시 시작할 수 있습니다.")
        progress(stage, done, total)

    stated = _statements(snapshot, analyzer, valid, report)
    copies = _copies(stated)
    pairs = sorted(_pairs(snapshot, list(copies), report), key=lambda pair: -pair.cosine)
    weigh = _weigher(snapshot)
    found = ((pair, contradiction(stated[pair.one], stated[pair.other], weigh)) for pair in pairs)
    return grouped(
        each._replace(left=left, right=right)
        for pair, each in found
        if each is not None
        for left, right in _each_once(copies[pair.one], copies[pair.other])
    )


def _copies(stated: dict[int, Statement]) -> dict[int, list[Statement]]:
    """Passages that say the same of the same, by the number of the first: the nearest of a text are its copies."""
    first: dict[tuple[frozenset[str], str], int] = {}
    copies: defaultdict[int, list[Statement]] = defaultdict(list)
    for number, each in stated.items():
        copies[first.setdefault((each.subject, each.chunk.text), number)].append(each)
    return dict(copies)


def _each_once(lefts: list[Statement], rights: list[Statement]) -> Iterator[tuple[Statement, Statement]]:
    for place in range(max(len(lefts), len(rights))):
        yield lefts[min(place, len(lefts) - 1)], rights[min(place, len(rights) - 1)]


_Thing = tuple[frozenset[str], str]
"""What a claim is about: the subject of its passage, and its sentence without the figure."""


def grouped(contradictions: Iterable[Contradiction]) -> list[Disagreement]:
    """Contradictions about one thing, directly or by way of others, as one disagreement, in order of the first."""
    group_of: dict[_Thing, dict[tuple[str, _Thing], Stated]] = {}
    for pair in contradictions:
        groups = []
        for stated in (Stated(pair.left, pair.left_claim), Stated(pair.right, pair.right_claim)):
            thing = _thing(stated)
            groups.append(group_of.setdefault(thing, {}))
            groups[-1][stated.statement.document.id, thing] = stated
        mine, other = groups
        if mine is not other:
            mine |= other
            group_of |= {thing: mine for _, thing in other}
    return [_disagreement(group.values()) for group in {id(group): group for group in group_of.values()}.values()]


def _thing(stated: Stated) -> _Thing:
    start, end = stated.claim.fact.span
    return stated.statement.subject, f"{stated.claim.sentence[:start]}…{stated.claim.sentence[end:]}"


def _disagreement(group: Iterable[Stated]) -> Disagreement:
    sides: defaultdict[tuple[str, str], list[Stated]] = defaultdict(list)
    for each in group:
        sides[each.claim.fact.value, each.claim.fact.unit].append(each)
    return Disagreement(tuple(map(tuple, sorted(sides.values(), key=len, reverse=True))))


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


def _pairs(snapshot: Snapshot, compared: Sequence[int], report: Progress) -> Iterator[_Pair]:
    """The near pairs of different documents, each once or twice."""
    numbers = np.array(compared, dtype=np.int64)
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
