"""What one browser tab of the admin panel has in front of it. Nothing here knows HTML or gradio."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from indexing.admin_panel.catalogue import Query
from indexing.admin_panel.gaps import GapQuery
from indexing.retrieval.hit import Hit
from indexing.snapshots.difference import Difference
from knowledge_base.labelled import Labelled
from knowledge_base.storage.history import Difference as TextDifference
from knowledge_base.storage.shelf import Changes

Values = Mapping[str, str]
"""What a button or a form sends with its act: from a browser, so that nothing in it is sure."""
UNDO_TEXT = "되돌리기"


class Tab(Labelled):
    """The pages."""

    IMPORT = "import", "가져오기"
    DOCUMENTS = "documents", "문서"
    INDEX = "index", "색인"
    GAPS = "gaps", "지식 공백"
    HEALTH = "health", "상태"


class Part(Labelled):
    """What of a document is on screen."""

    TEXT = "text", "본문"
    CHUNKS = "chunks", "조각"
    EDIT = "edit", "고치기"
    VERSIONS = "versions", "판"


class Button(NamedTuple):
    """What a button under a notice says, the act behind it, and the values to send with that."""

    label: str
    do: str
    values: dict[str, str]


class Notice(NamedTuple):
    """What came of the last act, in a sentence that also says what happens next."""

    text: str
    is_problem: bool = False
    undo: Button | None = None
    then: Button | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What one file that was sent gave; ``problem`` when it gave nothing."""

    name: str
    changes: Changes | None = None
    faults: tuple[str, ...] = ()
    problem: str = ""


class Reading(NamedTuple):
    """The file being read: the ``number``-th of ``total`` that ``by`` sent, the last one when ``is_cancelling``."""

    name: str
    number: int
    total: int
    by: str
    is_cancelling: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that were sent together: what those that were read gave, those left when it was cancelled, whether it
    has ended."""

    results: list[FileResult]
    left: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass
class Session:
    """One tab of a browser; handlers change it in place, and draw the whole of it as it then is."""

    tab: Tab = Tab.DOCUMENTS
    notice: Notice | None = None
    query: Query = field(default_factory=Query)
    document: str = ""
    part: Part = Part.TEXT
    versions: TextDifference | None = None
    batches: list[Batch] = field(default_factory=list)
    seen_imported: object = None
    preview: str = ""
    snapshots: Difference | None = None
    gaps: GapQuery = field(default_factory=GapQuery)
    gap: str = ""
    near: tuple[Hit, ...] = ()
    is_writing: bool = False
    seen_build: int | None = None
    seen_scan: int | None = None
    seen_listing: int | None = None

    def clear_side(self) -> None:
        """Put away what stands beside the list."""
        self.document, self.preview, self.gap, self.versions, self.is_writing = "", "", "", None, False
