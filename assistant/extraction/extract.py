"""The sentences of the evidence that come closest to answering, as they stand."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.events import Span
from assistant.extraction.answer_type import Wanted, gives, wanted
from assistant.extraction.aspect import Aspect, aspects, is_promised, told_share
from assistant.extraction.choice import most_named, unasked
from assistant.extraction.passage import BULLET, Part, Role, parts, unsourced
from assistant.extraction.size import Size, rules_out, sizes
from assistant.extraction.table import key, prices, said
from indexing.lexical.things import covered, named
from indexing.lexical.tokens import Analyzer
from knowledge_base.facts.tables import columns

MAX_CHARACTERS = 220
MOST_CHARACTERS = 360
"""With what the best sentence is not understood without; neither counts where a sentence is from."""
MAX_SENTENCES = 3
COSINE_WEIGHT = 10.0  # a quarter or four times of it finds as many of the facts asked for
ASPECT_WEIGHT = 0.5  # a quarter more or less of it finds as many
PROMISE_WEIGHT = 1.0  # of standing under a title that names the side asked about
SIZE_WEIGHT = 0.5  # of being of the size asked for
HALF_TOLD = 0.5  # what an exception without its rule loses
BREATH = 200  # characters; a sentence loses TOO_LONG for each beyond
TOO_LONG = 0.003
_REPLY = re.compile(r"^.*\?\s*(?:A\d?\.|\(?답변?\)|답변?\s?[:.])\s*", re.DOTALL)
"""A question and what opens its answer, written without a space between them."""
_OPEN_END = re.compile(r"[가-힣)%]$")


class Asked(NamedTuple):
    """What a question names, the sort of fact it asks for, the sizes it tells of what it asks about, and which sides of
    that it asks about."""

    things: frozenset[str]
    sort: Wanted | None
    sizes: tuple[Size, ...] = ()
    aspects: frozenset[Aspect] = frozenset()


def asked_in(question: str, analyzer: Analyzer) -> Asked:
    """What ``question`` asks."""
    return Asked(named(question, analyzer), wanted(question), tuple(sizes(question)), aspects(question))


NOTHING = Asked(frozenset(), None)


class Extract(NamedTuple):
    """What of a text is told, in order, whether the best of it gives the sort of fact asked for, and how well it
    answers; that has no fixed scale."""

    spans: list[Span]
    gives: bool
    worth: float


def extract(text: str, asked: Asked, cosines: Mapping[Span, float], heading: str = "") -> Extract:
    """The best sentence of ``text``, what it is not understood without, and its neighbours while they fit.

    The best one gives the sort of fact asked for, mentions most of the things named and is near in meaning, by
    the ``cosines`` of the question with the sentences. A row of a table stands alone; ``heading`` may name its columns.
    """
    found = parts(text, heading)
    tellable = [n for n, part in enumerate(found) if part.role not in (Role.FRAME, Role.TITLE)]
    if not tellable:
        return Extract([part.span for part in found] or [(0, len(text))], gives(text, asked.sort, heading), 0.0)
    worths = _worths(text, heading, found, tellable, asked, cosines)
    best = max(worths, key=lambda n: (worths[n], -n))
    has_rows = any(part.role is Role.ROW for part in found)
    if found[best].role is Role.ROW:
        meant = _meant(text, heading, found, list(worths), asked.things)
        best = max(meant, key=lambda n: (worths[n], -n))
        chosen = set(meant) if _length(text, found, meant) <= MOST_CHARACTERS else {best}
    elif len(tellable) <= MAX_SENTENCES and _length(text, found, tellable) <= MAX_CHARACTERS and not has_rows:
        chosen = set(tellable)  # nothing to choose
    else:
        chosen = _chosen(text, found, best)
    chosen |= _other_sides(text, heading, found, chosen, asked, cosines)
    amount = asked.sort and asked.sort._replace(fine=False)  # that it is a fine may stand over the list
    is_given = amount is None or best in _giving(text, heading, found, [best], amount)
    return Extract([found[n].span for n in sorted(chosen)], is_given, worths[best])


def told(text: str, span: Span, heading: str = "", asked: Asked = NOTHING) -> str:
    r"""What a span of ``text`` says as it can be read out: without its mark and where it is from, a row of a table
    with its header, of its prices those in the columns asked for.

    >>> told("① 전액을 돌려준다(「민법」 제3조).", (0, 23))
    '전액을 돌려준다.'
    >>> table = "| 품목 | 수수료 |\n|---|---|\n| 의자 | 2,000원 |"
    >>> told(table, (table.index("| 의자"), len(table)))
    '품목 의자, 수수료 2,000원.'
    """
    written = text[slice(*span)]
    if written.startswith("|"):
        header = columns(text[: span[0]], heading)
        about = key(written, header)
        things = {thing for thing in asked.things if not covered({thing}, about)}
        return said(written, header, unasked(prices(written, header), things, asked.sizes))
    spoken = BULLET.sub("", _REPLY.sub("", unsourced(written))).strip() or written
    return f"{spoken}." if _OPEN_END.search(spoken) else spoken


def has_no_row_for(text: str, heading: str, asked: Asked) -> bool:
    r"""Whether ``text`` is a table of which no row is asked about: all are of other sizes, or none is named among more
    than can be told.

    >>> table = "| 봉투 | 값 |\n|---|---|\n| 10리터 | 240원 |\n| 20리터 | 470원 |"
    >>> has_no_row_for(table, "", Asked(frozenset({"봉투"}), None, tuple(sizes("100리터 봉투 얼마예요?"))))
    True
    """
    found = parts(text, heading)
    rows = [n for n, part in enumerate(found) if part.role is Role.ROW]
    left = _of_sizes(text, heading, found, rows, asked.sizes)
    if not left:
        return bool(rows)
    giving = _giving(text, heading, found, left, asked.sort)
    meant = _meant(text, heading, found, giving, asked.things)
    return len(rows) > 1 and meant == giving and _length(text, found, giving) > MOST_CHARACTERS


def _worths(
    text: str,
    heading: str,
    found: Sequence[Part],
    tellable: Sequence[int],
    asked: Asked,
    cosines: Mapping[Span, float],
) -> dict[int, float]:
    """How well each part answers, by its place.

    A question is no answer, nor is what only announces one or is of another size, and nothing is that lacks the sort of
    fact asked for while something has it. Cells run together name much, but nobody reads them out.
    """
    answers = [n for n in tellable if found[n].role is not Role.QUESTION and not _only_announces(found, n)] or tellable
    under = heading.rpartition(">")[2]
    answers = _of_sizes(text, heading, found, answers, asked.sizes) or answers
    return {
        n: covered(asked.things, _introduced(text, found, n))
        + COSINE_WEIGHT * cosines.get(found[n].span, 0.0)
        + ASPECT_WEIGHT * told_share(asked.aspects, f"{under} {_introduced(text, found, n)}")
        + PROMISE_WEIGHT * is_promised(asked.aspects, under)
        + SIZE_WEIGHT * _is_of_size(_key(text, heading, found[n]), asked.sizes)
        - (HALF_TOLD if _lacks_its_rule(found, n) else 0.0)
        - TOO_LONG * max(0, _length(text, found, [n]) - BREATH)
        for n in _giving(text, heading, found, answers, asked.sort) or answers
    }


def _giving(text: str, heading: str, found: Sequence[Part], places: Sequence[int], sort: Wanted | None) -> list[int]:
    """The parts that give the sort of fact asked for, a row by the units in the names of its columns."""
    if sort is None:
        return []
    rows = {n for n in places if found[n].role is Role.ROW}
    told_of = {n: told(text, found[n].span, heading) if n in rows else _introduced(text, found, n) for n in places}
    return [n for n in places if gives(told_of[n], sort)]


def _introduced(text: str, found: Sequence[Part], n: int) -> str:
    """A part with what introduces its list."""
    head = found[n].listed
    return " ".join(text[slice(*found[place].span)] for place in (head, n) if place is not None)


def _of_sizes(
    text: str, heading: str, found: Sequence[Part], places: Sequence[int], asked: Sequence[Size]
) -> list[int]:
    """The parts but for rows and items of other sizes than asked."""
    return [n for n in places if not rules_out(sizes(_key(text, heading, found[n])), asked)]


def _is_of_size(text: str, asked: Sequence[Size]) -> bool:
    """Whether ``text`` names a size, and it is one of those asked for."""
    told_of = [size for size in sizes(text) if any(size.unit == each.unit for each in asked)]
    return bool(told_of) and not rules_out(told_of, asked)


def _meant(text: str, heading: str, found: Sequence[Part], places: Sequence[int], things: frozenset[str]) -> list[int]:
    """The rows that are about the most of what is named, and not all are about."""
    keys = {n: _key(text, heading, found[n]) for n in places if found[n].role is Role.ROW}
    return most_named({n: frozenset(thing for thing in things if covered({thing}, each)) for n, each in keys.items()})


def _key(text: str, heading: str, part: Part) -> str:
    """What a row or an item is about; '' for any other part."""
    written = text[slice(*part.span)]
    if part.role is Role.ROW:
        return key(written, columns(text[: part.span[0]], heading))
    return written.partition(":")[0] if part.role is Role.ITEM and ":" in written else ""


def _other_sides(
    text: str, heading: str, found: Sequence[Part], chosen: set[int], asked: Asked, cosines: Mapping[Span, float]
) -> set[int]:
    """The nearest sentence on each side asked about that what is ``chosen`` does not tell, while it fits."""
    added: set[int] = set()
    for aspect in sorted(asked.aspects, key=lambda each: each.name):
        said = " ".join(text[slice(*found[n].span)] for n in chosen | added)
        if aspect.is_told(f"{heading.rpartition('>')[2]} {said}"):
            continue
        telling = [
            n
            for n, part in enumerate(found)
            if part.role is Role.STATEMENT and not part.leans and aspect.is_told(text[slice(*part.span)])
        ]
        nearest = max(telling, key=lambda n: cosines.get(found[n].span, 0.0), default=None)
        if nearest is not None and _length(text, found, chosen | added | {nearest}) <= MOST_CHARACTERS:
            added.add(nearest)
    return added


def _only_announces(found: Sequence[Part], n: int) -> bool:
    """Whether a part says that something follows of which the text makes no list: 입주 자격은 다음과 같습니다."""
    return found[n].introduces and all(part.listed != n for part in found)


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
        if not goes_on or asks or _length(text, found, reached | listed | {n}) > MAX_CHARACTERS:
            break
        reached |= listed | {n}
    return reached


def _length(text: str, found: Sequence[Part], chosen: Collection[int]) -> int:
    return sum(len(unsourced(text[slice(*found[n].span)])) for n in chosen)
