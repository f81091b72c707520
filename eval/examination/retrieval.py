"""What the search finds for one question, how high the right document stands, and how long it took."""

from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter

from assistant.answering.assistant import SHOWN, Searches
from assistant.answering.confidence import weighed
from eval.examination.result import Evidence, Result
from eval.metrics.ranking import distinct, first_right
from eval.questions.question import Question
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.errors import OnnuriError

DEPTH = 10
"""How many distinct documents, and how many chunks, the metrics look at."""
CHUNKS = (50, 200, 800)
"""How many chunks are asked for; the next number only while the chunks found are of fewer documents."""


def retrieve(question: Question, searcher: Searches) -> Result:
    """What one question finds on its day, without an answer; ``latency_ms`` is by stage, its ``total`` of the call.

    An OnnuriError is kept, any other exception is a bug and propagates.
    """
    start = perf_counter()
    try:
        result = searcher.search(question.question, k=CHUNKS[0], on=question.on)
        total = (perf_counter() - start) * 1000
        deep = _deep_enough(result, question, searcher)
    except OnnuriError as error:
        failed = {"total": (perf_counter() - start) * 1000}
        return Result(id=question.id, ranked=(), rank=None, latency_ms=failed, error=str(error))
    ranked = _documents(deep)
    return Result(
        id=question.id,
        ranked=ranked[:DEPTH],
        rank=first_right(ranked, question.documents) if question.answerable else None,
        chunk_rank=_chunk_rank(deep.hits, question),
        confidence=_confidence(result),
        snapshot=result.snapshot,
        evidence=tuple(_evidence(hit) for hit in result.hits[:SHOWN]),
        latency_ms={**result.timings, "total": total},
        error=None,
    )


def _confidence(result: SearchResult) -> float:
    """How sure the assistant is that what it shows answers the question."""
    return max((each.confidence for each in weighed(result.hits[:SHOWN])), default=0.0)


def _deep_enough(result: SearchResult, question: Question, searcher: Searches) -> SearchResult:
    """Long documents fill many chunks, so more are asked for, outside the clock."""
    for asked, next_k in pairwise(CHUNKS):
        if len(_documents(result)) >= DEPTH or len(result.hits) < asked:
            break
        result = searcher.search(question.question, k=next_k, on=question.on)
    return result


def _documents(result: SearchResult) -> tuple[str, ...]:
    return distinct(hit.document.id for hit in result.hits)


def _chunk_rank(hits: Sequence[Hit], question: Question) -> int | None:
    """The rank, from 1, of the first chunk of a right document that holds one of the question's passages."""
    right = set(question.documents)
    passages = [_compact(passage) for passage in question.passages]

    def is_right(hit: Hit) -> bool:
        text = _compact(hit.chunk.text)
        return distinct([hit.document.id])[0] in right and (not passages or any(each in text for each in passages))

    ranks = (rank for rank, hit in enumerate(hits, start=1) if is_right(hit))
    return next(ranks, None) if question.answerable else None


def _compact(text: str) -> str:
    return "".join(text.split())


def _evidence(hit: Hit) -> Evidence:
    return Evidence(
        document=hit.document.id,
        chunk=hit.chunk.id,
        kind=hit.document.kind,
        title=hit.document.title,
        heading=hit.chunk.heading,
        text=hit.chunk.text,
        department=hit.document.department,
    )
