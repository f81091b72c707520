"""The sentences of the evidence that come closest to answering, as they stand."""

from assistant.events import Span
from assistant.subject import Wanted, gives
from indexing.things import covered
from knowledge_base import sentences

MAX_CHARACTERS = 220
MAX_SENTENCES = 3


def extract(text: str, things: frozenset[str], sort: Wanted | None) -> list[Span]:
    """The spans of the best sentence of ``text`` and of its neighbours while they fit, in order.

    The best one gives the sort of fact asked for and mentions most of ``things``.
    """
    spans = sentences.spans(text) or [(0, len(text))]
    best = max(range(len(spans)), key=lambda n: (_worth(text, spans[n], things, sort), -n))
    chosen = [best]
    for near in (*range(best + 1, len(spans)), *range(best - 1, -1, -1)):
        together = sum(end - start for start, end in (spans[n] for n in [*chosen, near]))
        if len(chosen) == MAX_SENTENCES or together > MAX_CHARACTERS:
            break
        chosen.append(near)
    return [spans[n] for n in sorted(chosen)]


def _worth(text: str, span: Span, things: frozenset[str], sort: Wanted | None) -> float:
    sentence = text[span[0] : span[1]]
    return covered(things, sentence) + (1.0 if sort and gives(sentence, sort) else 0.0)
