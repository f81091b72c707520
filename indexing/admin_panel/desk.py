"""What the admin panel works with: one desk a program, shared by every admin and every tab."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from indexing.admin_panel import snapshots
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.catalogue import Catalogues
from indexing.admin_panel.gaps import GapListing
from indexing.admin_panel.imports import Imports
from indexing.admin_panel.job import Cancelled, Job, JobStatus
from indexing.admin_panel.snapshots import Built, PendingChanges
from indexing.building.build import build
from indexing.contradictions.disagreements import Disagreement, disagreements
from indexing.embedding.embedder import Embedder
from indexing.gaps import Gap, KnowledgeGaps, Remedy
from indexing.golden.questions import GoldenQuestions
from indexing.lexical.tokens import Analyzer
from indexing.maintenance.upkeep import UpkeepStatus
from indexing.progress import Progress
from indexing.retrieval.search import SearchService
from knowledge_base.audit import AuditAction
from knowledge_base.errors import DocumentNotFound
from knowledge_base.home import Home
from knowledge_base.imports.uploads import Uploads
from knowledge_base.review import Finding, review
from knowledge_base.storage.standing import Standing
from knowledge_base.storage.store import KnowledgeStore


class Reviewed(NamedTuple):
    """The findings about the knowledge base of a generation on a day."""

    state: tuple[int, date]
    findings: list[Finding]


@dataclass
class Desk:
    """The knowledge base, the index and the work under way; ``embedder`` and ``analyzer`` are made when needed."""

    home: Home
    embedder: Callable[[], Embedder]
    analyzer: Callable[[], Analyzer]
    searcher: Callable[[], SearchService]
    gaps: KnowledgeGaps
    upkeep: Callable[[], UpkeepStatus | None] = lambda: None
    builds: Job[Built] = field(default_factory=lambda: Job("다른 관리자가 색인을 만들고 있습니다"), init=False)
    scans: Job[list[Disagreement]] = field(
        default_factory=lambda: Job("다른 관리자가 어긋나는 문서를 찾고 있습니다"), init=False
    )

    def __post_init__(self) -> None:
        self.store = KnowledgeStore(self.home.knowledge)
        self.catalogues = Catalogues(self.store)
        self.pending = PendingChanges(self.home, self.catalogues)
        self.uploads = Uploads(self.home.root / "uploads")
        self.imports = Imports(self.store, self.uploads)
        self.golden = GoldenQuestions(self.home)
        self.listing = GapListing(self.home, self.store, self.gaps)
        self._reviewing = threading.Lock()
        self._reviewed: Reviewed | None = None
        self._disagreements: dict[str, list[Disagreement]] = {}

    # the index

    def start_build(self, admin: Admin, *, full: bool, accept: bool) -> None:
        """Build in the background; raises IndexingError while a build is running."""

        def work(progress: Progress, cancelled: Cancelled) -> Built:
            before = snapshots.current(self.home)
            models = self.embedder(), self.analyzer()
            made = build(self.home, *models, full=full, accept=accept, progress=progress, cancelled=cancelled)
            return Built(made, made.id != before)

        def ended(status: JobStatus[Built]) -> None:
            if status.result is None:
                admin.audit(AuditAction.BUILT, "", {"failed": status.problem})
                return
            admin.audit(AuditAction.BUILT, status.result.manifest.id, {"seconds": round(status.seconds, 1)})
            self.searcher().snapshot()  # opened here, so that no question waits for it

        self.builds.start(work, admin.name, ended)

    # what to look at

    def findings(self) -> list[Finding] | None:
        """What was found last, of however old a state; None before the first look."""
        return self._reviewed.findings if self._reviewed else None

    def is_reviewed(self) -> bool:
        """Whether ``findings`` are those of the knowledge base as it is today."""
        return self._reviewed is not None and self._reviewed.state == self._state()

    def look_again(self) -> None:
        """Bring ``findings`` up to date; about a second for every 10 MB of text."""
        with self._reviewing:
            state = self._state()
            if self._reviewed is None or self._reviewed.state != state:
                self._reviewed = Reviewed(state, review(self.store, state[1]))

    def start_scan(self, admin: Admin) -> None:
        """Look in the background for what the documents of the index being served disagree about."""
        snapshot = self.searcher().snapshot()

        def ended(status: JobStatus[list[Disagreement]]) -> None:
            if status.result is not None:
                self._disagreements = {snapshot.manifest.id: status.result}

        valid = snapshot.valid_on(date.today()) & snapshot.of(self.store.ids().__contains__)
        self.scans.start(
            lambda progress, cancelled: disagreements(snapshot, self.analyzer(), valid, progress, cancelled),
            admin.name,
            ended,
        )

    def disagreements(self) -> list[Disagreement] | None:
        """Those of the index being served between documents still there; None until it was looked through."""
        found = self._disagreements.get(snapshots.current(self.home))
        if found is None:
            return None
        there = self.store.ids()
        return [left for each in found if (left := each.among(there))]

    def written(self, gap: Gap) -> Standing | None:
        """The FAQ that was written for a gap, None when none holds."""
        decision = gap.decision
        if decision is None or decision.remedy is not Remedy.WRITTEN:
            return None
        try:
            return self.catalogues.now().get(decision.subject)
        except DocumentNotFound:  # removed meanwhile
            return None

    def sizes(self) -> dict[str, int]:
        """Bytes on the disk by what lies there."""
        home = self.home
        journal = sum(snapshots.size(file) for file in home.root.glob(f"{home.journal.name}*"))
        return {
            "문서와 임베딩": sum(snapshots.size(file) for file in home.root.glob(f"{home.knowledge.name}*")),
            "보관 중인 색인": snapshots.size(home.snapshots),
            "올린 파일": self.uploads.size(),
            "상담·감사 기록": journal,
            "모델": snapshots.size(home.models),
        }

    def _state(self) -> tuple[int, date]:
        return self.store.generation(), date.today()
