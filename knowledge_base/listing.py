"""Which documents a person wants to see of all there are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from knowledge_base.document import Kind
from knowledge_base.storage.standing import Standing, State
from knowledge_base.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Every condition given must hold. ``department`` and ``query`` are parts of words, in any case and spacing."""

    kind: Kind | None = None
    department: str = ""
    query: str = ""
    on: date | None = None

    def of(self, standings: Iterable[Standing]) -> Iterator[Standing]:
        """The standings that meet it; ``on`` asks for those in force on that day."""
        return (found for found in standings if self._admits(found))

    def _admits(self, found: Standing) -> bool:
        document = found.document
        return (
            self.kind in (None, document.kind)
            and (self.on is None or found.state(self.on) is State.IN_FORCE)
            and _plain(self.department) in _plain(document.department)
            and (not self.query or _plain(self.query) in _plain(f"{document.id}\n{document.title}\n{document.text}"))
        )


def _plain(text: str) -> str:
    return one_line(text).replace(" ", "").lower()
