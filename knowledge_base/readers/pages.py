"""The pages of a PDF as the flow of a document: no headers, footers and page numbers, wrapped lines joined."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from knowledge_base.readers.flow import Cell, Paragraph, Table
from knowledge_base.readers.pdf import Page, RuledTable, TextLine
from knowledge_base.readers.ruling import Place

MARGIN = 0.12  # of a page's height: where headers, footers and page numbers stand
ROOM, SPACE = 0.8, 0.35  # of a letter's height: what a letter and a space take up
LEAST_LINES = 3
BIGGER = 1.15  # than the body text is a heading
_PAGE_NUMBER = re.compile(
    r"[-–—~<\[(\s]*(?:page|p\.|제)?\s*\d{1,4}\s*(?:쪽|면|페이지)?(?:\s*(?:/|of)\s*\d{1,4})?[-–—~>\])\s]*", re.I
)
_OPENING = re.compile(
    r"(?!다\.$)(?:제\s*\d+\s*[편장절관조]|[①-⑳㉮-㉻ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|\(?(?:\d{1,3}|[가-하]|[a-zA-Z]|[ivx]+)[.)](?:\s|$)"
    r"|\d{1,2}(?:\.\d{1,2})+[.)]?\s|[-–·•○◦●□■◇◆▶▷※*☞ㅇ◎▲△➤❍【<〔\[#]|붙\s*임|부\s*칙|별\s*[표지])"
)
"""What begins a paragraph; 다. alone on its line ends a sentence."""
_SENTENCE_END = re.compile(r"[가-힣)][.?!:]$")
_PARTICLE = re.compile(r"(?:[은는을를의와]|다\.)(?:\s|$)")
"""What begins no word."""
_UNFINISHED = re.compile(r"[가-힣](?:는|를|및|또는)$|[가-힣]{2}은$|[가-힣](?<![마가])을$|[가-힣],$")


def flow(pages: list[Page]) -> list[Paragraph]:
    """The paragraphs and tables of all pages, in reading order."""
    for page, running in _furniture(pages):
        page.parts = [part for part in page.parts if part not in running]
    return list(_Typesetting(pages).paragraphs())


def _furniture(pages: list[Page]) -> Iterator[tuple[Page, list[TextLine]]]:
    """The page numbers of each page, and the lines in its margins that most or every other page repeats."""
    margins = [
        [line for line in page.lines if not MARGIN * page.height < line.bottom < (1 - MARGIN) * page.height]
        for page in pages
    ]
    seen = Counter(text for lines in margins for text in {_without_numbers(line.text) for line in lines})
    often = max(2, 0.4 * len(pages))
    for page, lines in zip(pages, margins, strict=True):
        edges = [*page.lines[:1], *page.lines[-1:]]
        yield (
            page,
            [
                line
                for line in lines
                if seen[_without_numbers(line.text)] >= often or (line in edges and _PAGE_NUMBER.fullmatch(line.text))
            ],
        )


def _without_numbers(text: str) -> str:
    """What pages may repeat with another number; articles, items and sentences differ by theirs."""
    differs = not _PAGE_NUMBER.fullmatch(text) and (_OPENING.match(text) or _SENTENCE_END.search(text))
    return text if differs else re.sub(r"\d+", "#", text)


class _Typesetting:
    """How the text of a document is set: the size of its letters, its margin, and what parts words at line ends."""

    def __init__(self, pages: list[Page]) -> None:
        self._pages = pages
        sizes: Counter[int] = Counter()
        for page in pages:
            for line in page.lines:
                sizes[round(line.size)] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 0
        self._heading_sizes = sorted((size for size in sizes if size >= BIGGER * self._body), reverse=True)
        ends = [line.ends_in_space for page in pages for line in page.lines]
        self._writes_spaces = sum(ends) > 0.1 * len(ends)
        self._right = max((line.right for page in pages for line in page.lines), default=0.0)
        self._breaks_words = not self._writes_spaces and self._ends_lines_anywhere()

    def _ends_lines_anywhere(self) -> bool:
        """Whether lines end wherever they are full, within words too, and are not stretched to it."""
        columns = [(page.lines, self._right) for page in self._pages]
        for table in (part for page in self._pages for part in page.parts if isinstance(part, RuledTable)):
            columns += [(lines, _right_of(table.grid[place], lines)) for place, lines in table.lines.items()]
        left = [
            (right - line.right) / line.size
            for lines, right in columns
            for line, following in pairwise(lines)
            if self._goes_on(line, following, right)
        ]
        return len(left) >= LEAST_LINES and max(left) < ROOM + SPACE and max(left) - min(left) > 0.05

    def paragraphs(self) -> Iterator[Paragraph]:
        """Paragraphs may go on over the end of a page."""
        waiting: list[TextLine] = []
        right = 0.0
        for page in self._pages:
            edges = _right_edges(page.lines)
            for part in page.parts:
                if isinstance(part, RuledTable):
                    yield from self._joined(waiting)
                    waiting = []
                    yield Paragraph([self._table(part)])
                    continue
                if waiting and not self._goes_on(waiting[-1], part, right):
                    yield from self._joined(waiting)
                    if 0 < waiting[-1].bottom - part.top > 0.9 * waiting[-1].size:
                        yield Paragraph([])
                    waiting = []
                waiting.append(part)
                right = next((edge for edge in edges if edge >= part.right - 3), part.right)
        yield from self._joined(waiting)

    def _goes_on(self, line: TextLine, following: TextLine, right: float) -> bool:
        """Whether a line was only broken off because the next word did not fit, or ends within a sentence."""
        is_same_size = abs(line.size - following.size) <= 0.15 * line.size
        gap = line.bottom - following.top
        ended = _SENTENCE_END.search(line.text) or _OPENING.match(following.text)
        if ended or not is_same_size or gap > line.size:
            return False
        if _UNFINISHED.search(line.text):
            return True
        word = following.text.split(maxsplit=1)[0]
        width = (following.right - following.left) * len(word) / len(following.text)
        return line.right + width > right - 0.3 * line.size

    def _joined(self, lines: list[TextLine]) -> Iterator[Paragraph]:
        if not lines:
            return
        size = round(max(line.size for line in lines))
        heading = self._heading_sizes.index(size) + 1 if size in self._heading_sizes else 0
        yield Paragraph([self._text(lines, self._right)], heading=heading)

    def _text(self, lines: list[TextLine], right: float) -> str:
        """Lines as one; where the document writes the space that ends a line, a line without one ends in a word."""
        text = lines[0].text
        for line, following in pairwise(lines):
            text += ("" if self._is_within_word(line, following, right) else " ") + following.text
        return text

    def _is_within_word(self, line: TextLine, following: TextLine, right: float) -> bool:
        if not self._breaks_words:
            return not line.ends_in_space and (self._writes_spaces or _PARTICLE.match(following.text) is not None)
        begins_in_space = SPACE / 2 < (following.left - line.left) / line.size < 2 * SPACE
        return right - line.right < ROOM * line.size and not begins_in_space

    def _table(self, table: RuledTable) -> Table:
        cells: list[Cell] = []
        for index, place in enumerate(table.grid):
            lines = table.lines.get(index, [])
            right = max((line.right for line in lines), default=0.0)
            edge = _right_of(place, lines)
            paragraphs: list[list[TextLine]] = []
            for line in lines:
                if paragraphs and self._goes_on(paragraphs[-1][-1], line, right):
                    paragraphs[-1].append(line)
                else:
                    paragraphs.append([line])
            cells.append(Cell(*place[4:], [Paragraph([self._text(group, edge)]) for group in paragraphs]))
        return Table(cells)


def _right_of(place: Place, lines: list[TextLine]) -> float:
    """Where the lines of a cell end at most: as far from its right edge as they begin from its left one."""
    return place.right - min((line.left - place.left for line in lines), default=0.0)


def _right_edges(lines: list[TextLine]) -> list[float]:
    """Where full lines end on a page, from left to right: one edge for each column of text, and the last."""
    ends = Counter(round(line.right / 3) * 3 for line in lines)
    common = {edge for edge, count in ends.items() if count >= max(3, 0.15 * len(lines))}
    return sorted({*common, *([max(line.right for line in lines)] if lines else [])})
