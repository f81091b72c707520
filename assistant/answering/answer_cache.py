"""Answers that an LLM wrote and the checker let through, for the next time somebody asks the same."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.draft import CitedSentence
from assistant.events import Card, Check

MOST = 512


class Answer(NamedTuple):
    """The sentences that were let through, in order, and every verdict."""

    sentences: tuple[CitedSentence, ...]
    checks: tuple[Check, ...]


class AnswerCache:
    """Keeps the ``most`` answers asked for last. Thread-safe.

    An answer is known by the snapshot, the question and the evidence that the LLM read: it dies with the snapshot, and
    is not found once a document of its evidence is hidden or no longer in force.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, snapshot: str, question: str, cards: Sequence[Card]) -> Answer | None:
        """The answer, citing ``cards``, whose numbers may be others than when it was written; None when there is none.

        Spaces and the last full stop or question mark of the question make no difference.
        """
        key = _key(snapshot, question, cards)
        with self._lock:
            answer = self._answers.get(key)
            if answer is None:
                return None
            self._answers.move_to_end(key)
        card_of = {card.chunk: card for card in cards}
        sentences = (sentence._replace(card=card_of[sentence.card.chunk]) for sentence in answer.sentences)
        return answer._replace(sentences=tuple(sentences))

    def put(self, snapshot: str, question: str, cards: Sequence[Card], answer: Answer) -> None:
        """Keep an answer; the one not asked for longest goes."""
        key = _key(snapshot, question, cards)
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)


def _key(snapshot: str, question: str, cards: Sequence[Card]) -> tuple[str, ...]:
    return snapshot, "".join(question.rstrip("?.! ").split()), *(card.chunk for card in cards)
