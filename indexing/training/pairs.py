"""Questions made from the knowledge base itself, each with the passage that answers it."""

import random
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from indexing.lexical.tokens import Analyzer
from indexing.snapshots.chunks import Entry
from knowledge_base.passages import sentences

ENDINGS = ("", "은 무엇인가요?", " 알려 주세요", "이 어떻게 되나요?", " 문의드립니다", "이 궁금해요", " 어떻게 하나요?")
LEAST, LONGEST = 12, 70  # characters of a sentence, and of a question made of it
REPEATED = 0.1  # how often the passage still says what was asked word for word


class Source(StrEnum):
    """What a question is made of."""

    TITLE = "title"
    SENTENCE = "sentence"
    WORDS = "words"
    QUESTION = "question"


MIXTURE = (Source.TITLE, Source.SENTENCE, Source.SENTENCE, Source.WORDS, Source.QUESTION, Source.QUESTION)


class Pair(NamedTuple):
    """A question and the text, as it is embedded, of a chunk of the document that answers it."""

    question: str
    passage: str
    document: str


class PairMaker:
    """Makes pairs of these chunks; the same ``seed`` makes the same ones."""

    def __init__(self, entries: Sequence[Entry], analyzer: Analyzer, seed: int) -> None:
        self._entries = entries
        self._analyzer = analyzer
        self._random = random.Random(seed)
        self._asked = [
            (entry, sentence) for entry in entries for sentence in _sentences(entry) if sentence.endswith("?")
        ]

    def pairs(self, count: int) -> list[Pair]:
        """``count`` pairs."""
        made: list[Pair] = []
        while len(made) < count:  # a title alone makes one
            made += self._made(self._random.choice(MIXTURE))
        return made

    def _made(self, source: Source) -> Iterator[Pair]:
        entry = self._random.choice(self._entries)
        if source is Source.TITLE:
            yield _pair(entry, entry.titles.replace("\n", " ") + self._random.choice(ENDINGS), entry.text)
        elif source is Source.QUESTION and self._asked:
            entry, question = self._random.choice(self._asked)
            yield _pair(entry, question, self._without(entry, question))
        elif told := _sentences(entry):
            sentence = self._random.choice(told)
            if source is Source.SENTENCE:
                yield _pair(entry, sentence.replace(entry.document.title, " "), self._without(entry, sentence))
            elif words := self._some_words(entry, sentence):
                yield _pair(entry, words + self._random.choice(ENDINGS), entry.text)

    def _without(self, entry: Entry, sentence: str) -> str:
        """Mostly the passage must be found by what stands around the sentence."""
        if self._random.random() < REPEATED:
            return entry.text
        return f"{entry.titles}\n{entry.chunk.text.replace(sentence, ' ', 1)}"

    def _some_words(self, entry: Entry, sentence: str) -> str:
        """Two to five things that follow each other in a sentence, seldom those of the title; "" without two."""
        things = [
            token.form
            for token in self._analyzer.tokens(sentence)
            if token.names_thing and len(token.form) > 1
            if token.form not in entry.document.title or self._random.random() < REPEATED
        ]
        start = self._random.randrange(max(1, len(things) - 3))
        chosen = things[start : start + self._random.randint(2, 5)]
        return " ".join(chosen) if len(chosen) > 1 else ""


def _pair(entry: Entry, question: str, passage: str) -> Pair:
    return Pair(question.strip()[:LONGEST], passage, entry.document.id)


def _sentences(entry: Entry) -> list[str]:
    text = entry.chunk.text
    told = (text[start:end].strip() for start, end in sentences.spans(text))
    return [sentence for sentence in told if len(sentence) >= LEAST]
