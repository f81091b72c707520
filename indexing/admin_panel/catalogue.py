"""Every document of the knowledge base as the admin lists them, read once for each change of it."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indexing.admin_panel.paging import Page, page_of
from knowledge_base.document import Kind
from knowledge_base.errors import DocumentNotFound
from knowledge_base.labelled import Labelled
from knowledge_base.listing import Filter
from knowledge_base.review import SOON
from knowledge_base.storage.standing import Standing, State
from knowledge_base.storage.store import KnowledgeStore

PAGE = 50
"""Rows on a page."""


class Listed(Labelled):
    """The states an admin asks for: those of ``State``, and what needs a look soon."""

    ANY = "any", "모든 상태"
    IN_FORCE = State.IN_FORCE.value, State.IN_FORCE.label
    ENDING = "ending", f"기한 임박({SOON.days}일)"
    PLANNED = State.PLANNED.value, State.PLANNED.label
    EXPIRED = State.EXPIRED.value, State.EXPIRED.label
    WITHDRAWN = State.WITHDRAWN.value, State.WITHDRAWN.label
    REPLACED = State.REPLACED.value, State.REPLACED.label

    def holds(self, found: Standing, today: date) -> bool:
        """Whether a document is in this state."""
        if self is Listed.ENDING:
            return ends_soon(found, today)
        return self is Listed.ANY or found.state(today) == self.value


def ends_soon(found: Standing, today: date) -> bool:
    """In force, and neither for much longer nor with a successor."""
    ends = found.document.effective_to
    return found.state(today) is State.IN_FORCE and ends is not None and ends <= today + SOON and not found.successor


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for: every condition must hold. ``page`` counts from 0."""

    kind: Kind | None = None
    department: str = ""
    state: Listed = Listed.ANY
    text: str = ""
    page: int = 0


class Catalogue:
    """The ``standings`` of one state of the knowledge base, in their order; not to be changed."""

    def __init__(self, standings: Sequence[Standing]) -> None:
        self.standings = standings
        self._newest = {found.document.id: found for found in standings if found.is_newest}

    def get(self, document_id: str) -> Standing:
        """The newest version of a document; raises DocumentNotFound."""
        if document_id not in self._newest:
            raise DocumentNotFound(f"'{document_id}' 문서가 없습니다. 그사이 빠졌을 수 있으니 목록에서 확인하세요.")
        return self._newest[document_id]

    @property
    def departments(self) -> list[str]:
        """Every department there is, sorted."""
        return sorted({found.document.department for found in self.standings} - {""})

    @property
    def categories(self) -> list[str]:
        """Every category there is, sorted."""
        return sorted({found.document.category for found in self.standings} - {""})

    def of_file(self, file: str) -> list[Standing]:
        """The newest versions of what one file holds."""
        return [found for found in self._newest.values() if found.file == file]

    def page(self, query: Query, today: date) -> Page[Standing]:
        """One page of the versions that meet a query."""
        asked = Filter(kind=query.kind, department=query.department, query=query.text)
        in_state = (found for found in self.standings if query.state.holds(found, today))
        return page_of(list(asked.of(in_state)), query.page, PAGE)


class Catalogues:
    """The catalogue as of now; reading it costs a moment for every 10,000 documents, but once a change."""

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._read: tuple[int, Catalogue] | None = None

    def now(self) -> Catalogue:
        """Read anew whenever the knowledge base has changed: another object than before, and only then."""
        with self._lock:
            generation = self._store.generation()
            if self._read is None or self._read[0] != generation:
                self._read = (generation, Catalogue(sorted(self._store.standings(), key=_order)))
            return self._read[1]


def _order(found: Standing) -> list[str]:
    """By id, its numbers as numbers: row 2 comes before row 10. The versions of one document stay in order."""
    return [f"{part:0>12}" if part.isdecimal() else part for part in _NUMBER.split(found.document.id)]


_NUMBER = re.compile("([0-9]+)")
