"""The sentences of the evidence that come closest to answering, as they stand."""

import re
from collections.abc import Mapping, Sequence

from assistant.events import Span
from assistant.subject import Wanted, gives
from indexing.things import covered
from knowledge_base import sentences

MAX_CHARACTERS = 220
MAX_SENTENCES = 3
COSINE_WEIGHT = 10.0  # a quarter or four times of it finds as many of the facts asked for
_RULE = re.compile(r"\|[\s:|-]+")  # below the header of a table
_MARK = re.compile(r"^(?:[-*•※]|[①-⑳]|\d{1,2}[.)]|[가-하][.)])\s+")


def extract(text: str, things: frozenset[str], sort: Wanted | None, cosines: Mapping[Span, float]) -> list[Span]:
    """The spans of the best sentence of ``text`` and of its neighbours while they fit, in order.

    The best one gives the sort of fact asked for, mentions most of ``things`` and is near in meaning, by the
    ``cosines`` of the question with the sentences. A row of a table stands alone.
    """
    spans = [span for span in sentences.spans(text) if not _is_frame(text, span)] or [(0, len(text))]
    if (
        len(spans) <= MAX_SENTENCES
        and _length(spans) <= MAX_CHARACTERS
        and not any(_is_row(text, span) for span in spans)
    ):
        return spans  # nothing to choose
    worths = [_worth(text[slice(*span)], things, sort, cosines.get(span, 0.0)) for span in spans]
    best = max(range(len(spans)), key=lambda n: (worths[n], -n))
    chosen = [best]
    for beside in (*range(best + 1, len(spans)), *range(best - 1, -1, -1)):
        together = _length([spans[n] for n in [*chosen, beside]])
        apart = _is_row(text, spans[best]) or _is_row(text, spans[beside])
        if apart or len(chosen) == MAX_SENTENCES or together > MAX_CHARACTERS:
            break
        chosen.append(beside)
    return [spans[n] for n in sorted(chosen)]


def told(text: str, span: Span) -> str:
    r"""What a span of ``text`` says as it can be read out: without its mark, a row of a table with its header.

    >>> told("① 전액을 돌려준다.", (0, 12))
    '전액을 돌려준다.'
    >>> table = "| 품목 | 수수료 |\n|---|---|\n| 의자 | 2,000원 |"
    >>> told(table, (table.index("| 의자"), len(table)))
    '품목 의자, 수수료 2,000원.'
    """
    said = text[slice(*span)]
    if not _is_row(text, span):
        return _MARK.sub("", said)
    names = _cells(_header(text[: span[0]]))
    cells = _cells(said)
    names = names if len(names) == len(cells) else [""] * len(cells)
    return ", ".join(f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=True) if cell) + "."


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def _is_row(text: str, span: Span) -> bool:
    return text.startswith("|", span[0])


def _is_frame(text: str, span: Span) -> bool:
    """Whether a span is the header of a table or the rule below it."""
    below = text[span[1] :].lstrip().partition("\n")[0]
    return _is_row(text, span) and any(_RULE.fullmatch(line.strip()) for line in (text[slice(*span)], below))


def _header(before: str) -> str:
    """The row above the last rule of what stands before a row; '' without one."""
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    rules = [n for n, line in enumerate(lines) if n and _RULE.fullmatch(line)]
    return lines[rules[-1] - 1] if rules else ""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _worth(sentence: str, things: frozenset[str], sort: Wanted | None, cosine: float) -> float:
    return covered(things, sentence) + (1.0 if sort and gives(sentence, sort) else 0.0) + COSINE_WEIGHT * cosine
