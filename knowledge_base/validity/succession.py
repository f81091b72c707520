"""Which version of a document is in force when: successors by date, and documents that replace others.

A folder holds one file a document, so the file that came last is the truth about everything from its own
start on; what was in force before that day stays in force until then. Intervals of one document never
overlap, and none ends early but by its own expiry or the day before the next one starts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from knowledge_base.document import Document
from knowledge_base.validity.dates import DAY

_ANY_DAY = re.compile(DAY)
_ONE_DAY = timedelta(days=1)


class Imported(NamedTuple):
    """One version of a document on record, as hand corrections leave it, and the day it was imported."""

    version: str
    document: Document
    on: date


class Term(NamedTuple):
    """One version on record and its inclusive days; None is unbounded.

    ``supersedes`` are the ids of the documents it replaces; ``on`` is the day it was imported; ``successor``
    is the id of the document that ends it, if one does.
    """

    id: str
    version: str
    starts: date | None
    ends: date | None
    supersedes: tuple[str, ...]
    on: date
    successor: str = ""


def chain(history: Iterable[Imported]) -> list[Imported]:
    """The versions of one document that are, were or will be in force, by start; the last is the newest.

    ``history`` is every version in the order of import.
    """
    live: list[Imported] = []
    for new in history:
        live = [old for old in live if _stays(old.document, new.document, new.on)] + [new]
    return live


def _begins(document: Document) -> date:
    return document.effective_from or date.min


def _stays(old: Document, new: Document, today: date) -> bool:
    """Whether ``old`` holds until ``new`` starts; if not, ``new`` takes its place altogether."""
    if _begins(old) >= _begins(new):
        return False
    if _begins(old) > today:  # a plan: replaced when it was put off, kept when something else follows it
        return _without_days(old) != _without_days(new)
    if _begins(new) > today:  # today's rule
        return True
    return (old.title, old.text) != (new.title, new.text)  # else only its days were put right


def _without_days(document: Document) -> str:
    return _ANY_DAY.sub("", f"{document.title}\n{document.text}")


def successive(terms: Sequence[Term]) -> list[Term]:
    """The versions of one document by start, each ending the day before the next; of two that start on
    the same day only the later imported (the later in ``terms``) is left.
    """
    by_start = {term.starts or date.min: term for term in terms}
    starts = sorted(by_start)
    kept = [by_start[start] for start in starts]
    ends = [_earlier(term.ends, start - _ONE_DAY) for term, start in zip(kept, starts[1:], strict=False)]
    return [term._replace(ends=end) for term, end in zip(kept, ends, strict=False)] + kept[-1:]


def in_force(chains: Iterable[Sequence[Term]]) -> Iterator[Term]:
    """Every version that is in force on some day, with the days that are left to it.

    A document named by another ends the day before that one starts; one without a start replaces it on the
    day it was imported. A version that starts after the other is news and stays.
    """
    terms = [term for versions in chains for term in successive(versions)]
    successors = _successors(terms)
    for term in terms:
        left = _shortened(term, successors[term.id])
        if left.ends is None or left.starts is None or left.starts <= left.ends:
            yield left


def _shortened(term: Term, successors: Iterable[Term]) -> Term:
    for successor in successors:
        last = _takes_over(successor) - _ONE_DAY
        if _replaces(successor, term) and (term.ends is None or last < term.ends):
            term = term._replace(ends=last, successor=successor.id)
    return term


def _successors(terms: Iterable[Term]) -> Mapping[str, list[Term]]:
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for term in terms:
        for target in term.supersedes:
            found[target].append(term)
    return found


def _replaces(successor: Term, term: Term) -> bool:
    """Two that start on one day and name each other both stay."""
    takes_over, begins = _takes_over(successor), term.starts or date.min
    is_mutual = successor.id in term.supersedes
    return successor.id != term.id and (begins < takes_over or (begins == takes_over and not is_mutual))


def _takes_over(successor: Term) -> date:
    return successor.starts or successor.on


def _earlier(ends: date | None, other: date) -> date:
    return other if ends is None else min(ends, other)
