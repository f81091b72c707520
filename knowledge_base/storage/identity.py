"""Which row of a table is which, when rows were inserted, removed or reworded.

A row's id is its number in the file; what people decided about a row (corrections, withdrawals) and its
history hang on its key, which follows the content: the same row, else the same question, else a question
much alike with the same answer. A row new in both question and answer is a new row, wherever it stands: a
withdrawal must never fall on it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from operator import attrgetter
from typing import NamedTuple

from knowledge_base.document import Document

ALIKE = 0.6  # of the characters of two questions
Trait = Callable[["Known | Document"], Hashable]


class Known(NamedTuple):
    """A row as it was last seen: its key, where it stood, and what its file said then."""

    key: str
    id: str
    version: str
    title: str
    text: str


def keys(known: Sequence[Known], documents: Sequence[Document]) -> dict[str, str]:
    """The key of each document by its id; a row never seen gets its id, with ``~2`` and so on where that is taken.

    ``known`` are all rows the file ever had, the present ones first.
    """
    found: dict[str, str] = {}
    left = {row.key: row for row in known}
    for trait in (attrgetter("id", "version"), attrgetter("version"), attrgetter("title"), _ANSWER):
        unknown = [new for new in documents if new.id not in found]
        for key, document in _pairs(trait, left.values(), unknown):
            if trait is not _ANSWER or _are_alike(left[key].title, document.title):
                found[document.id] = key
                del left[key]
    used = {row.key for row in known}
    for document in documents:
        if document.id not in found:
            found[document.id] = _free(document.id, used)
            used.add(found[document.id])
    return {document.id: found[document.id] for document in documents}


_ANSWER = attrgetter("text")


def _pairs(trait: Trait, known: Iterable[Known], documents: Iterable[Document]) -> list[tuple[str, Document]]:
    """Rows and documents that share a trait, in order, each used once."""
    waiting: defaultdict[Hashable, deque[str]] = defaultdict(deque)
    for row in known:
        waiting[trait(row)].append(row.key)
    return [(waiting[trait(new)].popleft(), new) for new in documents if waiting[trait(new)]]


def _are_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _free(wanted: str, used: set[str]) -> str:
    number, key = 1, wanted
    while key in used:
        number += 1
        key = f"{wanted}~{number}"
    return key
