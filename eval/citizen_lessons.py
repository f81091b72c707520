"""What the bundled encoder learns citizens' questions from: real ones, and such as are made from documents.

A step is a batch of one sort, so that the wrong passages in it are of the same world as the right one: real questions;
questions made from the same documents; questions made from guides of another field, so that the model does not unlearn
the rest of the world. Batches of near documents, and all other passages as further wrong ones, were tried: no better
(docs/decisions/008).
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import cycle, islice

import numpy as np

from eval.question import Question
from indexing.chunks import Entry
from indexing.embedding import Embedder
from indexing.learner import BATCH
from indexing.training_pairs import Pair

PER_PASSAGE = 2  # real questions a step, so that a passage is read once for both

Passage = tuple[str, str]
"""A text and the id of its document, as in a pair."""


class Sort(StrEnum):
    """Where the questions of a batch come from."""

    REAL = "real"
    MADE = "made"
    GENERAL = "general"


PLAN = (Sort.REAL, Sort.REAL, Sort.MADE, Sort.REAL, Sort.GENERAL)


class Lessons:
    """The batches; the same ones for the same ``seed``. ``made`` and ``general`` are at least a batch each."""

    def __init__(self, real: Sequence[Pair], made: Sequence[Pair], general: Sequence[Pair], seed: int) -> None:
        self._questions: defaultdict[Passage, list[str]] = defaultdict(list)
        for pair in real:
            self._questions[pair[1:]].append(pair.question)
        self._others = {Sort.MADE: made, Sort.GENERAL: general}
        self._random = random.Random(seed)

    @property
    def count(self) -> int:
        """How many real questions there are."""
        return sum(map(len, self._questions.values()))

    def batches(self, steps: int) -> Iterator[list[Pair]]:
        """``steps`` batches; the passages of real questions take turns."""
        turns = self._turns()
        for sort in islice(cycle(PLAN), steps):
            yield self._real(turns) if sort is Sort.REAL else self._random.sample(self._others[sort], BATCH)

    def _turns(self) -> Iterator[Passage]:
        passages = list(self._questions)
        while True:
            self._random.shuffle(passages)
            yield from passages

    def _real(self, turns: Iterator[Passage]) -> list[Pair]:
        chosen: dict[Passage, None] = {}
        while len(chosen) < min(BATCH, len(self._questions)):
            chosen[next(turns)] = None
        return [
            Pair(question, *passage)
            for passage in chosen
            for question in self._random.sample(
                self._questions[passage], min(PER_PASSAGE, len(self._questions[passage]))
            )
        ]


def real_pairs(questions: Sequence[Question], entries: Sequence[Entry], embedder: Embedder) -> list[Pair]:
    """Each question with the chunk of a right document that is nearest to question and answer together."""
    vectors = embedder.embed_passages([entry.text for entry in entries])
    documents = np.array([entry.document.id for entry in entries])
    pairs = []
    for question in questions:
        own = np.flatnonzero(np.isin(documents, question.documents))
        if len(own):
            said = embedder.embed_query(f"{question.question} {question.answer}")
            best = own[int((vectors[own] @ said).argmax())]
            pairs.append(Pair(question.question, entries[best].text, str(documents[best])))
    return pairs
