"""Documents to chunks: sections under their heading path, long passages cut at sentences.

A chunk never crosses a heading. Within a section the widest boundary that keeps it under the limit
is used: blank line, line (a 항 or 호 of a regulation, a row of a table), sentence, space.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from knowledge_base import sentences
from knowledge_base.document import Chunk, Document, Kind

MAX_CHARACTERS = 400
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_STATUTE_HEADING = re.compile(
    r"^(제\s*\d+\s*편|제\s*\d+\s*장|제\s*\d+\s*절|제\s*\d+\s*조(?:의\s*\d+)?\s*\([^)]*\)|부\s*칙|\[?별표\s*\d*\]?)"
)
_STATUTE_LEVELS = {"편": 1, "장": 2, "절": 3, "조": 4}

Span = tuple[int, int]


class Section(NamedTuple):
    """The text between two headings, as a span of the document."""

    heading: str
    start: int
    end: int


def chunk(document: Document) -> list[Chunk]:
    """The chunks of ``document``, in order, none empty and none over MAX_CHARACTERS."""
    pieces = [
        (section.heading, span)
        for section in sections(document)
        for span in pack(document.text, section.start, section.end)
    ]
    return [
        Chunk(document=document.id, number=number, heading=heading, text=document.text[start:end], start=start)
        for number, (heading, (start, end)) in enumerate(pieces)
    ]


def sections(document: Document) -> Iterator[Section]:
    """The sections of a document; one without headings is a single section."""
    path: list[tuple[int, str]] = []
    start = position = 0
    for line in document.text.splitlines(keepends=True):
        found = _heading(line.strip(), document.kind)
        if found is not None:
            yield Section(_join(path), start, position)
            level, title, length = found
            path = [entry for entry in path if entry[0] < level] + [(level, title)]
            start = position + (len(line) - len(line.lstrip()) + length)
        position += len(line)
    yield Section(_join(path), start, position)


def _join(path: list[tuple[int, str]]) -> str:
    return " > ".join(title for _, title in path)


def _heading(line: str, kind: Kind) -> tuple[int, str, int] | None:
    """(level, title, characters of the line that belong to the heading), or None."""
    if markdown := _MARKDOWN_HEADING.match(line):
        return len(markdown[1]), markdown[2], len(line)
    if kind is Kind.REGULATION and (statute := _STATUTE_HEADING.match(line)):
        title = statute[0]
        unit = next((unit for unit in "편장절조" if unit in title), "장")
        length = len(title) if unit == "조" else len(line)
        return _STATUTE_LEVELS[unit] + 6, line[:length], length
    return None


_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE = re.compile(r"\n")
_SPACE = re.compile(r"\s+")


def _between(pattern: re.Pattern[str]) -> Callable[[str], list[Span]]:
    def split(text: str) -> list[Span]:
        cuts = [0, *(edge for gap in pattern.finditer(text) for edge in gap.span()), len(text)]
        return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]

    return split


_BOUNDARIES = (_between(_BLANK_LINE), _between(_LINE), sentences.spans, _between(_SPACE))


def pack(text: str, start: int, end: int, boundary: int = 0) -> list[Span]:
    """Spans of at most MAX_CHARACTERS that cover ``text[start:end]`` but for white space.

    Pieces at one boundary are joined greedily; a piece too long is cut at the next narrower one.
    """
    start, end = _strip(text, start, end)
    if end - start <= MAX_CHARACTERS:
        return [(start, end)] if end > start else []
    if boundary == len(_BOUNDARIES):
        return [(at, min(at + MAX_CHARACTERS, end)) for at in range(start, end, MAX_CHARACTERS)]
    packed: list[Span] = []
    for first, last in _BOUNDARIES[boundary](text[start:end]):
        for piece in pack(text, start + first, start + last, boundary + 1):
            if packed and piece[1] - packed[-1][0] <= MAX_CHARACTERS:
                packed[-1] = (packed[-1][0], piece[1])
            else:
                packed.append(piece)
    return packed


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
