"""Documents to chunks: sections under their heading path, long passages cut at sentences.

A chunk never crosses a heading. Within a section the widest boundary that keeps it under the limit
is used: blank line, line (a 항 or 호 of a regulation, a row of a table), sentence, space.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from knowledge_base.document import Chunk, Document
from knowledge_base.facts.tables import caption
from knowledge_base.passages import sentences
from knowledge_base.passages.headings import MAX_HEADING, heading_of

MAX_CHARACTERS = 400

Span = tuple[int, int]


class Section(NamedTuple):
    """The text between two headings, as a span of the document."""

    heading: str
    start: int
    end: int


def chunk(document: Document) -> list[Chunk]:
    """The chunks of ``document``, in order, none empty and none over MAX_CHARACTERS.

    Rows cut off from the top of their Markdown table have its column names in their heading, and the unit of its
    numbers where it says one.
    """
    text = document.text
    pieces: list[tuple[str, Span]] = []
    captions: dict[str, str] = {"": caption(document.title)}
    for section in sections(document):
        tables = _tables(text, section, captions)
        for start, end in pack(text, section.start, section.end):
            table = next((table for table in tables if start < table.end and table.start < end), None)
            top = table.left_above(text, start) if table else []
            pieces.append((_join([section.heading, *top]), (start, end)))
    return [
        Chunk(document=document.id, number=number, heading=heading, text=text[start:end], start=start)
        for number, (heading, (start, end)) in enumerate(pieces)
    ]


def sections(document: Document) -> Iterator[Section]:
    """The sections of a document; one without headings is a single section.

    A heading with nothing below it, neither text nor a deeper heading, is a section of its own.
    """
    text = document.text
    path: list[tuple[int, str]] = []
    heading_start = start = position = 0
    for line in text.splitlines(keepends=True):
        found = heading_of(line.strip(), document.kind)
        if found is not None:
            indent = len(line) - len(line.lstrip())
            yield _section(text, path, heading_start, start, position, found.level)
            path = [entry for entry in path if entry[0] < found.level] + [(found.level, found.title)]
            heading_start = position
            start = position + indent + found.length
        position += len(line)
    yield _section(text, path, heading_start, start, position, 0)


def _section(text: str, path: list[tuple[int, str]], heading_start: int, start: int, end: int, level: int) -> Section:
    """The section that ends where a heading of ``level`` stands; a bare heading becomes its own text."""
    titles = [title for _, title in path]
    if path and level <= path[-1][0] and not text[start:end].strip():
        return Section(_join(titles[:-1]), heading_start, end)
    return Section(_join(titles), start, end)


def _join(titles: list[str]) -> str:
    return " > ".join(filter(None, titles))


_NUMBERED_TITLE = re.compile(r"(?:\(?(?:\d{1,2}|[가-하])[.)]|[□■○●◎◆◇▶▣]|제\d+[.)])\s*[^:：.]{2,40}(?<![다요])[:：]?")
_TABLE = re.compile(r"^(\|.*)\n\|[-: |]+\n(?:\|.*(?:\n|$))*", re.MULTILINE)


class _Table(NamedTuple):
    title: str
    caption: str
    columns: str
    start: int
    end: int

    def left_above(self, text: str, start: int) -> list[str]:
        """What a passage of the table that begins at ``start`` does not have of its top."""
        above = [line for line in (self.title, self.caption) if line not in text[start : self.start]]
        return [*above, self.columns if self.start < start else ""]


def _tables(text: str, section: Section, captions: dict[str, str]) -> list[_Table]:
    """The tables of a section; columns named by whole sentences are no help to who reads a row.

    ``captions`` are those of the sections so far that have no table themselves: they hold for the sections below.
    """
    tables: list[_Table] = []
    inherited = captions.get(section.heading.rpartition(" > ")[0], captions[""])
    inherited = "" if caption(section.heading) else inherited
    above = section.start
    for table in _TABLE.finditer(text, section.start, section.end):
        over = text[above : table.start()]
        own = caption(over)
        names = ", ".join(table[1].strip("| ").split(" | "))
        columns = names if len(names) <= MAX_HEADING else ""
        tables.append(_Table(_title(over, own), own or inherited, columns, table.start(), table.end()))
        above = table.end()
    captions[section.heading] = (not tables and caption(text[section.start : section.end])) or inherited
    return tables


def _title(over: str, own: str) -> str:
    """The last line above a table but for its caption, where it is a numbered title: 나. 대관료."""
    lines = [line.strip() for line in over.splitlines() if line.strip() not in ("", own)]
    return lines[-1] if lines and _NUMBERED_TITLE.fullmatch(lines[-1]) else ""


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
