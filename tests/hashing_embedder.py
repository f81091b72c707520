"""Fakes that need no model: texts that share letters get similar vectors, words are what spaces part."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from indexing.embedding.embedder import Embedding, Vectors
from indexing.lexical.tokens import Analyzer, Token


class HashingEmbedder:
    """Bags of letters and letter pairs hashed into ``dimension`` buckets, of length 1; safe for threads.

    ``embedded`` lists the passages embedded so far, so that a test can see what was computed anew.
    A text without letters gets a fixed vector.
    """

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def embed_query_tokens(self, text: str) -> Embedding:
        return Embedding(self.embed_query(text), self._tokens(text))

    def embed_passage_tokens(self, texts: Sequence[str]) -> list[Embedding]:
        vectors = self.embed_passages(texts)
        return [Embedding(vector, self._tokens(text)) for vector, text in zip(vectors, texts, strict=True)]

    def _tokens(self, text: str) -> Vectors:
        return np.stack([self._vector(word) for word in text.split() or [""]])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        letters = "".join(text.lower().split())
        counts = np.zeros(self.dimension, dtype=np.float32)
        for at in range(len(letters)):
            counts[self._bucket(letters[at])] += 1
            counts[self._bucket(letters[at : at + 2])] += 1
        if not counts.any():
            counts[0] = 1
        return np.asarray(counts / np.linalg.norm(counts), dtype=np.float32)

    def _bucket(self, gram: str) -> int:
        # hash() differs from run to run; this does not
        digest = hashlib.blake2b(gram.encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") % self.dimension


class NearEmbedder(HashingEmbedder):
    """The same order of neighbours, with cosines as high as those of the real model, which the assistant expects."""

    def __init__(self, name: str = "near") -> None:
        super().__init__(name, 65)

    def _vector(self, text: str) -> Vectors:
        letters = super()._vector(text)
        letters[-1] = 0
        letters *= np.sqrt(0.3) / np.linalg.norm(letters)
        letters[-1] = np.sqrt(0.7)
        return letters


class WordAnalyzer(Analyzer):
    """Takes every word for a thing; for tests of everything but Korean (Kiwi takes seconds to load)."""

    @property
    def name(self) -> str:
        return "words"

    def tokens(self, text: str) -> list[Token]:
        return [Token(word[0].lower(), *word.span(), True) for word in re.finditer(r"\S+", text)]

    def token_lists(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        return map(self.tokens, texts)
