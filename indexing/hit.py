"""What a search finds."""

from dataclasses import dataclass

from knowledge_base.document import Chunk, Document

Spans = tuple[tuple[int, int], ...]
"""Half-open character spans of a text, in order, neither overlapping nor touching."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One chunk found for a question.

    ``score`` is the fused score the hits are ordered by (z-scores, no fixed scale). ``bm25`` ≥ 0 grows
    with relevance and is 0 when no term matched; ``dense`` is the cosine similarity, −1 to 1.
    ``highlights`` are spans of ``chunk.text``; ``coverage`` (0 to 1) is the share, weighted by inverse
    document frequency, of the things the question names that occur in the chunk or its titles.
    """

    document: Document
    chunk: Chunk
    score: float
    bm25: float
    dense: float
    coverage: float
    highlights: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The hits for one question, best first, from one snapshot.

    ``candidates`` is how many chunks the scores were standardised over; ``timings`` are milliseconds a stage.
    """

    hits: tuple[Hit, ...]
    candidates: int
    snapshot: str
    timings: dict[str, float]
