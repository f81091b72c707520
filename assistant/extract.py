"""The sentences of the evidence that come closest to answering, as they stand."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.events import Span
from assistant.passage import BULLET, RULE, Part, Role, parts, unsourced
from assistant.subject import Wanted, gives
from indexing.things import covered

MAX_CHARACTERS = 220
MOST_CHARACTERS = 360
"""With what the best sentence is not understood without; neither counts where a sentence is from."""
MAX_SENTENCES = 3
COSINE_WEIGHT = 10.0  # a quarter or four times of it finds as many of the facts asked for
HALF_TOLD = 0.5  # what an exception without its rule loses
BREATH = 200  # characters; a sentence loses TOO_LONG for each beyond
TOO_LONG = 0.003
_REPLY = re.compile(r"^.*\?\s*(?:A\d?\.|\(?답변?\)|답변?\s?[:.])\s*", re.DOTALL)
"""A question and what opens its answer, written without a space between them."""
_OPEN_END = re.compile(r"[가-힣)%]$")


class Extract(NamedTuple):
    """What of a text is told, in order, and how well the best of it answers; that has no fixed scale."""

    spans: list[Span]
    worth: float


def extract(text: str, things: frozenset[str], sort: Wanted | None, cosines: Mapping[Span, float]) -> Extract:
    """The best sentence of ``text``, what it is not understood without, and its neighbours while they fit.

    The best one gives the sort of fact asked for, mentions most of ``things`` and is near in meaning, by the
    ``cosines`` of the question with the sentences. A row of a table stands alone.
    """
    found = parts(text)
    tellable = [n for n, part in enumerate(found) if part.role not in (Role.FRAME, Role.TITLE)]
    if not tellable:
        return Extract([part.span for part in found] or [(0, len(text))], 0.0)
    worths = _worths(text, found, tellable, things, sort, cosines)
    best = max(worths, key=lambda n: (worths[n], -n))
    has_rows = any(part.role is Role.ROW for part in found)
    if len(tellable) <= MAX_SENTENCES and _length(text, found, tellable) <= MAX_CHARACTERS and not has_rows:
        chosen = set(tellable)  # nothing to choose
    else:
        chosen = _chosen(text, found, best)
    return Extract([found[n].span for n in sorted(chosen)], worths[best])


def told(text: str, span: Span) -> str:
    r"""What a span of ``text`` says as it can be read out: without its mark and where it is from, a row of a table
    with its header.

    >>> told("① 전액을 돌려준다(「민법」 제3조).", (0, 23))
    '전액을 돌려준다.'
    >>> table = "| 품목 | 수수료 |\n|---|---|\n| 의자 | 2,000원 |"
    >>> told(table, (table.index("| 의자"), len(table)))
    '품목 의자, 수수료 2,000원.'
    """
    said = text[slice(*span)]
    if not said.startswith("|"):
        spoken = BULLET.sub("", _REPLY.sub("", unsourced(said))).strip() or said
        return f"{spoken}." if _OPEN_END.search(spoken) else spoken
    names = _cells(_header(text[: span[0]]))
    cells = _cells(said)
    names = names if len(names) == len(cells) else [""] * len(cells)
    return ", ".join(f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=True) if cell) + "."


def _worths(
    text: str,
    found: Sequence[Part],
    tellable: Sequence[int],
    things: frozenset[str],
    sort: Wanted | None,
    cosines: Mapping[Span, float],
) -> dict[int, float]:
    """How well each part answers, by its place.

    A question is no answer, and nothing is that lacks the sort of fact asked for while something has it. Cells run
    together name much, but nobody reads them out.
    """
    answers = [n for n in tellable if found[n].role is not Role.QUESTION] or tellable
    said = {n: _introduced(text, found, n) for n in answers}
    giving = [n for n in answers if sort and gives(said[n], sort)]
    return {
        n: covered(things, said[n])
        + COSINE_WEIGHT * cosines.get(found[n].span, 0.0)
        - (HALF_TOLD if _lacks_its_rule(found, n) else 0.0)
        - TOO_LONG * max(0, _length(text, found, [n]) - BREATH)
        for n in giving or answers
    }


def _introduced(text: str, found: Sequence[Part], n: int) -> str:
    """A part with what introduces its list."""
    head = found[n].listed
    return " ".join(text[slice(*found[place].span)] for place in (head, n) if place is not None)


def _lacks_its_rule(found: Sequence[Part], n: int) -> bool:
    return found[n].narrows and not (n and found[n - 1].role is Role.STATEMENT)


def _chosen(text: str, found: Sequence[Part], best: int) -> set[int]:
    chosen = {best}
    for group in _companions(found, best):
        if _length(text, found, chosen | group) <= MOST_CHARACTERS:
            chosen |= group
    if found[best].role is not Role.ROW:
        for direction in (1, -1):
            chosen |= _neighbours(text, found, chosen, direction)
    return chosen


def _companions(found: Sequence[Part], best: int) -> Iterator[set[int]]:
    """Groups of parts that ``best`` is not understood without, the most needed first."""
    part = found[best]
    if best and part.leans and found[best - 1].role is Role.STATEMENT and not found[best - 1].leans:
        yield {best - 1}
    head = best if part.listed is None else part.listed
    items = [n for n, each in enumerate(found) if each.listed == head]
    yield {head}
    yield set(items)
    if head == best:  # the first of too many
        yield from (set(items[: count + 1]) for count in range(len(items)))
    for n in range(best + 1, len(found)):
        if not found[n].narrows:
            break
        yield {n}


def _neighbours(text: str, found: Sequence[Part], chosen: set[int], direction: int) -> set[int]:
    """What goes on from ``chosen`` in one direction, up to a title, a table or what leads to a question."""
    added: set[int] = set()
    n = max(chosen) + 1 if direction > 0 else min(chosen) - 1
    while 0 <= n < len(found) and len(chosen | added) < MAX_SENTENCES:
        role = found[n].role  # nothing told begins with an item or with "다만"
        goes_on = (
            role in (Role.STATEMENT, Role.ITEM) if direction > 0 else role is Role.STATEMENT and not found[n].leans
        )
        asks = n + 1 < len(found) and found[n + 1].role is Role.QUESTION
        if not goes_on or asks or _length(text, found, chosen | added | {n}) > MAX_CHARACTERS:
            break
        added.add(n)
        n += direction
    return added


def _length(text: str, found: Sequence[Part], chosen: Collection[int]) -> int:
    return sum(len(unsourced(text[slice(*found[n].span)])) for n in chosen)


def _header(before: str) -> str:
    """The row above the last rule of what stands before a row; '' without one."""
    lines = [line.strip() for line in before.splitlines() if line.strip()]
    rules = [n for n, line in enumerate(lines) if n and RULE.fullmatch(line)]
    return lines[rules[-1] - 1] if rules else ""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]
