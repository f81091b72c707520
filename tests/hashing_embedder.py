"""A fake embedding model: texts that share letters get similar vectors; deterministic, nothing to load."""

import hashlib
from collections.abc import Sequence

import numpy as np

from indexing.embedding import Vectors


class HashingEmbedder:
    """Bags of character bigrams hashed into ``dimension`` buckets, of length 1; safe for threads.

    ``embedded`` lists the passages embedded so far, so that a test can see what was computed anew.
    A text without letters gets a fixed vector.
    """

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        letters = "".join(text.lower().split())
        counts = np.zeros(self.dimension, dtype=np.float32)
        for at in range(len(letters)):
            counts[self._bucket(letters[at : at + 2])] += 1
        if not counts.any():
            counts[0] = 1
        return np.asarray(counts / np.linalg.norm(counts), dtype=np.float32)

    def _bucket(self, gram: str) -> int:
        # hash() differs from run to run; this does not
        return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=4).digest()) % self.dimension
