"""What is told with the best sentence of a passage: what it is not understood without, and its neighbours."""

from collections.abc import Collection, Iterator, Sequence

from assistant.extraction.passage import Part, Role, unsourced

MAX_CHARACTERS = 220
MOST_CHARACTERS = 360
"""With what the best sentence is not understood without; neither counts where a sentence is from."""
MAX_SENTENCES = 3


def around(text: str, found: Sequence[Part], best: int, *, is_alone: bool) -> set[int]:
    """The places of ``best`` and of what is told with it; of a list only its introduction where it ``is_alone``."""
    chosen = {best}
    for group in _companions(found, best, is_alone=is_alone):
        if length(text, found, chosen | group) <= MOST_CHARACTERS:
            chosen |= group
    if found[best].role is not Role.ROW:
        for direction in (1, -1):
            chosen |= _neighbours(text, found, chosen, direction)
    return chosen


def _companions(found: Sequence[Part], best: int, *, is_alone: bool) -> Iterator[set[int]]:
    """Groups of parts that ``best`` is not understood without, the most needed first."""
    part = found[best]
    if best and part.leans and found[best - 1].role is Role.STATEMENT and not found[best - 1].leans:
        yield {best - 1}
    head = best if part.listed is None else part.listed
    items = [n for n, each in enumerate(found) if each.listed == head]
    yield {head}
    if not is_alone:
        yield set(items)
    if head == best:  # the first of too many
        yield from (set(items[: count + 1]) for count in range(len(items)))
    for n in range(best + 1, len(found)):
        if not found[n].narrows:
            break
        yield {n}


def _neighbours(text: str, found: Sequence[Part], chosen: set[int], direction: int) -> set[int]:
    """What goes on from ``chosen`` in one direction, up to a title, a table or what leads to a question."""
    reached = set(chosen)
    while len(reached) < MAX_SENTENCES:
        n = max(reached) + 1 if direction > 0 else min(reached) - 1
        if not 0 <= n < len(found):
            break
        role = found[n].role  # nothing told begins with an item or with "다만"
        goes_on = (
            role in (Role.STATEMENT, Role.ITEM) if direction > 0 else role is Role.STATEMENT and not found[n].leans
        )
        asks = n + 1 < len(found) and found[n + 1].role is Role.QUESTION
        listed = {place for place, part in enumerate(found) if part.listed == n}  # a list is told whole or not at all
        if not goes_on or asks or length(text, found, reached | listed | {n}) > MAX_CHARACTERS:
            break
        reached |= listed | {n}
    return reached


def length(text: str, found: Sequence[Part], chosen: Collection[int]) -> int:
    """How many characters are told, but for those that say where a sentence is from."""
    return sum(len(unsourced(text[slice(*found[n].span)])) for n in chosen)
