"""What a search finds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from indexing.embedding.embedder import Vectors
from knowledge_base.document import Chunk, Document

Spans = tuple[tuple[int, int], ...]
"""Half-open character spans of a text, in order, neither overlapping nor touching."""


class Meaning(NamedTuple):
    """A question's vector in the space of the embedding model of this name."""

    model: str
    vector: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One chunk found for a question.

    ``score`` is the fused score the hits are ordered by (z-scores, no fixed scale). ``bm25`` ≥ 0 grows
    with relevance and is 0 when no term matched; ``dense`` is the cosine similarity, −1 to 1, and ``cosines`` are
    those of the chunk's sentences, each for itself, in order.
    ``highlights`` are spans of ``chunk.text``; ``coverage`` (0 to 1) is the share, weighted by inverse
    document frequency, of the things the question names that occur in the chunk or its titles.
    ``share`` (0 to 1) is how much nearer its home is than the others found (see :mod:`indexing.retrieval.rivals`),
    ``lead`` how much nearer its tokens come than those of any other home (a difference of cosines),
    ``closeness`` the cosine of the question with the nearest sentence of its home, ``compounds`` (0 to 1) how many
    of the question's compounds the chunk has; a back end that knows none of them says 1.
    ``left_out`` (0 to 1) is the share, by weight, of what the question is about that the chunk does not have.
    """

    document: Document
    chunk: Chunk
    score: float
    bm25: float
    dense: float
    coverage: float
    highlights: Spans
    share: float = 1.0
    lead: float = 0.0
    closeness: float = 1.0
    compounds: float = 1.0
    left_out: float = 0.0
    cosines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The hits for one question, best first, from one snapshot.

    ``candidates`` is how many chunks the scores were standardised over; ``timings`` are milliseconds a stage.
    ``meaning`` is the question as a vector, ``upcoming`` the best chunks of documents that come into force soon, and
    ``weigh`` says how well a word tells the passages of the snapshot apart (its inverse document frequency).
    """

    hits: tuple[Hit, ...]
    candidates: int
    snapshot: str
    timings: dict[str, float]
    meaning: Meaning | None = field(default=None, compare=False, repr=False)
    upcoming: tuple[Hit, ...] = ()
    weigh: Callable[[str], float] = field(default=lambda word: 1.0, compare=False, repr=False)
