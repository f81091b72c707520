"""How near a question comes to single sentences of what was found: a passage can be near by its other sentences.

Only the sentences that mention most of what the question names are embedded, and kept for the next question.
"""

import threading
from collections.abc import Sequence

import numpy as np

from indexing.embedding import Embedder, Vectors
from indexing.hit import Hit
from knowledge_base import sentences

PER_HIT = 2
"""Sentences compared; one does nearly as well, more than two no better."""
KEPT = 8192  # sentences; 12 MB of vectors


class Closeness:
    """Sentence vectors made when first asked for (about 5 ms each); safe for threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}
        self._changing = threading.Lock()

    def of(self, meaning: Vectors, hits: Sequence[Hit]) -> tuple[float, ...]:
        """The cosine of a question's vector with the nearest sentence of each hit, in order."""
        chosen = [_telling(hit) for hit in hits]
        cosines = iter(self.of_texts(meaning, [text for texts in chosen for text in texts]))
        return tuple(max(next(cosines) for _ in texts) for texts in chosen)

    def of_texts(self, meaning: Vectors, texts: Sequence[str]) -> tuple[float, ...]:
        """The cosine of a question's vector with each of these texts, in order."""
        vectors = self._vectors(texts)
        return tuple(float(vectors[text] @ meaning) for text in texts)

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        known = self._known
        found = {text: known[text] for text in texts if text in known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found |= zip(missing, np.asarray(self._embedder.embed_passages(missing)), strict=True)
            with self._changing:  # those longest known go first; readers keep the dictionary they began with
                self._known = dict(list({**self._known, **found}.items())[-KEPT:])
        return found


def _telling(hit: Hit) -> list[str]:
    """The sentences with most of their characters highlighted, each with the title it stands under."""
    text = hit.chunk.text
    spans = sentences.spans(text) or [(0, len(text))]
    best = sorted(spans, key=lambda span: -sum(_overlap(span, marked) for marked in hit.highlights))
    return [f"{hit.document.title} {text[start:end]}" for start, end in best[:PER_HIT]]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
