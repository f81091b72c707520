"""The sentences of the evidence that come closest to answering, as they stand."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

from assistant.events import Span
from assistant.extraction.act import Act, acted, acts
from assistant.extraction.answer_type import Wanted, gives, wanted
from assistant.extraction.aspect import Aspect, aspects, is_promised, told_share
from assistant.extraction.choice import most_named, unasked
from assistant.extraction.label import asks, is_asked, is_before, named_share
from assistant.extraction.passage import BULLET, Part, Role, parts, unsourced
from assistant.extraction.size import Size, asked_sizes, months, rules_out, sizes
from assistant.extraction.surroundings import MAX_CHARACTERS, MAX_SENTENCES, MOST_CHARACTERS, around, length
from assistant.extraction.table import key, prices, said
from indexing.lexical.synonyms import with_official
from indexing.lexical.things import covered, named
from indexing.lexical.tokens import Analyzer
from knowledge_base.facts.tables import columns

COSINE_WEIGHT = 10.0  # a quarter or four times of it finds as many of the facts asked for
ASPECT_WEIGHT = 0.5  # a quarter more or less of it finds as many
PROMISE_WEIGHT = 1.0  # of standing under a title that names the side asked about
SIZE_WEIGHT = 0.5  # of being of the size asked for
ACT_WEIGHT = 0.5  # of telling what is done, as notices call it
HALF_TOLD = 0.5  # what an exception without its rule loses
BREATH = 200  # characters; a sentence loses TOO_LONG for each beyond
TOO_LONG = 0.003
_REPLY = re.compile(r"^.*\?\s*(?:A\d?\.|\(?답변?\)|답변?\s?[:.])\s*", re.DOTALL)
"""A question and what opens its answer, written without a space between them."""
_OPEN_END = re.compile(r"[가-힣)%]$")


class Asked(NamedTuple):
    """What a question names, the sort of fact it asks for, the sizes it tells of what it asks about, which sides of
    that it asks about, what is done with it, and in which months."""

    things: frozenset[str]
    sort: Wanted | None
    sizes: tuple[Size, ...] = ()
    aspects: frozenset[Aspect] = frozenset()
    acts: tuple[Act, ...] = ()
    months: frozenset[int] = frozenset()


def asked_in(question: str, analyzer: Analyzer) -> Asked:
    """What ``question`` asks; its things are also named by the official words for a citizen's."""
    done = acts(question, analyzer.tokens(question))
    things = named(with_official(question), analyzer)
    return Asked(things, wanted(question), tuple(asked_sizes(question)), aspects(question), done, months(question))


NOTHING = Asked(frozenset(), None)


def besides(asked: Asked, title: str) -> Asked:
    """What is asked but for the things that a ``title`` names: all that stands under it is about them."""
    return asked._replace(things=frozenset(thing for thing in asked.things if not covered({thing}, title)))


class Extract(NamedTuple):
    """What of a text is told, in order, whether the best of it gives the sort of fact asked for, and how well it
    answers; that has no fixed scale."""

    spans: list[Span]
    gives: bool
    worth: float


def extract(text: str, asked: Asked, cosines: Mapping[Span, float], heading: str = "", title: str = "") -> Extract:
    """The best sentence of ``text``, what it is not understood without, and its neighbours while they fit.

    The best one gives the sort of fact asked for, mentions most of the things named besides the document's ``title``
    and is near in meaning, by the ``cosines`` of the question with the sentences. A row of a table stands alone;
    ``heading`` may name its columns.
    """
    own = besides(asked, title)
    found = parts(text, heading)
    tellable = [n for n, part in enumerate(found) if part.role not in (Role.FRAME, Role.TITLE)]
    if not tellable:
        return Extract([part.span for part in found] or [(0, len(text))], gives(text, asked.sort, heading), 0.0)
    worths = _worths(text, heading, found, tellable, own, cosines)
    best = max(worths, key=lambda n: (worths[n], -n))
    has_rows = any(part.role is Role.ROW for part in found)
    if found[best].role is Role.ROW:
        meant = _named_so(text, heading, found, _meant(text, heading, found, list(worths), own), asked.things)
        best = max(meant, key=lambda n: (worths[n], -n))
        chosen = set(meant) if length(text, found, meant) <= MOST_CHARACTERS else {best}
    elif len(tellable) <= MAX_SENTENCES and length(text, found, tellable) <= MAX_CHARACTERS and not has_rows:
        chosen = set(tellable)  # nothing to choose
    else:
        chosen = around(text, found, best, is_alone=_answers_alone(found, best, own))
    chosen |= _other_sides(text, heading, found, chosen, asked, cosines)
    if asked.sort and found[best].role is not Role.ROW:
        chosen |= _other_things(text, heading, found, chosen, asked, list(worths))
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
    meant = _meant(text, heading, found, giving, asked)
    return len(rows) > 1 and meant == giving and length(text, found, giving) > MOST_CHARACTERS


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
    giving = _giving(text, heading, found, answers, asked.sort) or _giving(text, heading, found, tellable, asked.sort)
    of_size = [n for n in giving or answers if _is_of_size(_key(text, heading, found[n]), asked.sizes)]
    return {
        n: covered(asked.things, _introduced(text, found, n))
        + COSINE_WEIGHT * cosines.get(found[n].span, 0.0)
        + ASPECT_WEIGHT * told_share(asked.aspects, f"{under} {_introduced(text, found, n)}")
        + PROMISE_WEIGHT * is_promised(asked.aspects, under)
        + ACT_WEIGHT * acted(asked.acts, _introduced(text, found, n))
        + _label_worth(found[n].label, asked)
        + (SIZE_WEIGHT if of_size or _names_size(text[slice(*found[n].span)], asked.sizes) else 0.0)
        + (SIZE_WEIGHT if asked.months & months(text[slice(*found[n].span)]) else 0.0)
        - (HALF_TOLD if _lacks_its_rule(found, n) else 0.0)
        - TOO_LONG * max(0, length(text, found, [n]) - BREATH)
        for n in of_size or giving or answers
    }


def _label_worth(label: str, asked: Asked) -> float:
    """How well a line's label fits: 1 for the side asked for, as much for the things and for what is done."""
    if not label:
        return 0.0
    if is_before(label):
        return -1.0
    fits = is_asked(label, asked.sort, asked.aspects)
    return 0.0 if fits is False else bool(fits) + named_share(asked.things, label) + acted(asked.acts, label)


def _answers_alone(found: Sequence[Part], best: int, asked: Asked) -> bool:
    """Whether the best part is one line of a notice, not one case of a list."""
    siblings = (part.label for part in found if part.listed == found[best].listed)
    return _label_worth(found[best].label, asked) > 0 and any(map(asks, siblings))


def _giving(text: str, heading: str, found: Sequence[Part], places: Sequence[int], sort: Wanted | None) -> list[int]:
    """The parts that give the sort of fact asked for, a row by the units in the names of its columns."""
    if sort is None:
        return []
    rows = {n for n in places if found[n].role is Role.ROW}
    told_of = {n: told(text, found[n].span, heading) if n in rows else _listed(text, found, n) for n in places}
    return [n for n in places if gives(told_of[n], sort)]


def _introduced(text: str, found: Sequence[Part], n: int) -> str:
    """A part with what introduces its list."""
    head = found[n].listed
    return " ".join(text[slice(*found[place].span)] for place in (head, n) if place is not None)


def _listed(text: str, found: Sequence[Part], n: int) -> str:
    """The same, but a line of a notice by itself: what opens it has a day and a number of its own."""
    head = found[n].listed
    return text[slice(*found[n].span)] if head is not None and found[head].opens else _introduced(text, found, n)


def _of_sizes(
    text: str, heading: str, found: Sequence[Part], places: Sequence[int], asked: Sequence[Size]
) -> list[int]:
    """The parts but for rows and items of other sizes than asked."""
    return [n for n in places if not rules_out(sizes(_key(text, heading, found[n])), asked)]


def _is_of_size(text: str, asked: Sequence[Size]) -> bool:
    """Whether ``text`` names a size, and it is one of those asked for."""
    told_of = [size for size in sizes(text) if any(size.unit == each.unit for each in asked)]
    return bool(told_of) and not rules_out(told_of, asked)


def _names_size(text: str, asked: Sequence[Size]) -> bool:
    """Whether ``text`` names a size as it is asked for, whatever others it names."""
    return bool(asked) and any(each[:2] == size[:2] for each in sizes(text) for size in asked)


def _meant(text: str, heading: str, found: Sequence[Part], places: Sequence[int], asked: Asked) -> list[int]:
    """The rows that are about the most of what is named and asked for, and not all are about."""
    keys = {n: _key(text, heading, found[n]) for n in places if found[n].role is Role.ROW}
    return most_named({n: _fitting(each, found[n].label, asked) for n, each in keys.items()})


def _named_so(
    text: str, heading: str, found: Sequence[Part], places: Sequence[int], things: Collection[str]
) -> list[int]:
    """Of rows that fit as well, those that are named as the question names things, which the title may name too.

    영업 does not name the 영업자 지위승계 under 영업신고.
    """
    names = {*things, *map("".join, permutations(things, 2))}  # 오토, 캠핑: 오토캠핑
    keys = {n: _key(text, heading, found[n]) for n in places}
    return most_named({n: frozenset(name for name in names if _is_word(name, each)) for n, each in keys.items()})


def _is_word(thing: str, text: str) -> bool:
    return re.search(rf"(?<![가-힣]){re.escape(thing)}(?:(?![가-힣])|(?=[하되]))", text) is not None


def _fitting(key: str, label: str, asked: Asked) -> frozenset[str]:
    """What a row is about, of what is named, and of what is done and asked for where its label is for no other side."""
    things = frozenset(thing for thing in asked.things if covered({thing}, key))
    if asked.months & months(key):
        things |= {"월"}
    fits = is_asked(label, asked.sort, asked.aspects)
    if fits is False:
        return things
    return things | {act[0] for act in asked.acts if acted([act], label)} | ({"?"} if fits else set())


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
        if nearest is not None and length(text, found, chosen | added | {nearest}) <= MOST_CHARACTERS:
            added.add(nearest)
    return added


def _other_things(
    text: str, heading: str, found: Sequence[Part], chosen: set[int], asked: Asked, answers: Sequence[int]
) -> set[int]:
    """The first of the ``answers`` on each thing named that what is ``chosen`` does not name, while it fits.

    Who asks for twins is not told what one child gets alone.
    """
    added: set[int] = set()
    for thing in sorted(thing for thing in asked.things if len(thing) > 1):
        said = " ".join(text[slice(*found[n].span)] for n in chosen | added)
        if covered({thing}, f"{heading} {said}"):
            continue
        naming = [
            n for n in answers if found[n].role is Role.STATEMENT and covered({thing}, text[slice(*found[n].span)])
        ]
        if naming and length(text, found, chosen | added | {naming[0]}) <= MOST_CHARACTERS:
            added.add(naming[0])
    return added


def _only_announces(found: Sequence[Part], n: int) -> bool:
    """Whether a part says what follows: it opens a notice, or is 입주 자격은 다음과 같습니다 without a list."""
    return found[n].opens or (found[n].introduces and all(part.listed != n for part in found))


def _lacks_its_rule(found: Sequence[Part], n: int) -> bool:
    return found[n].narrows and not (n and found[n - 1].role is Role.STATEMENT)
