"""What is asked of an embedding model; the model itself is :class:`indexing.embedding.model.EmbeddingModel`."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedding(NamedTuple):
    """A text as one vector of length 1, shape (dimension,), and its own tokens where they stand, without
    those of a prompt, (tokens, dimension), each of length 1."""

    vector: Vectors
    tokens: Vectors


class Vectoriser(Protocol):
    """What makes vectors of texts. They are of length 1."""

    @property
    def name(self) -> str:
        """Changes whenever the vectors may change."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension)."""
        ...


class Embedder(Vectoriser, Protocol):
    """What building and searching need of an embedding model."""

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,)."""
        ...

    def embed_query_tokens(self, text: str) -> Embedding:
        """The same with its tokens."""
        ...

    def embed_passage_tokens(self, texts: Sequence[str]) -> Sequence[Embedding]:
        """As ``embed_passages``, with their tokens."""
        ...
