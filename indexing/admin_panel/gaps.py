"""The knowledge gaps as the admin panel lists them: found in the background, once for each state of everything."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from indexing.admin_panel import snapshots
from indexing.admin_panel.job import Cancelled, Job, JobStatus
from indexing.gaps import Gap, GapState, KnowledgeGaps
from indexing.progress import Progress
from knowledge_base.errors import IndexingError
from knowledge_base.home import Home
from knowledge_base.labelled import Labelled
from knowledge_base.storage.store import KnowledgeStore

PATIENCE_S = 1.5
"""How long a page waits for its list before it shows how far that has come."""
PAGE = 50


class Period(Labelled):
    """Of which days the questions count."""

    WEEK = "7", "최근 7일"
    MONTH = "30", "최근 30일"
    QUARTER = "90", "최근 90일"
    ALL = "", "전체 기간"

    def since(self, now: datetime) -> datetime:
        """The first moment that counts."""
        return now - timedelta(days=int(self.value)) if self.value else datetime.min.replace(tzinfo=UTC)


class Order(Labelled):
    """What stands first."""

    COUNT = "count", "많이 물은 순"
    LATEST = "latest", "최근 순"


class Shown(Labelled):
    """Which gaps an admin asks for."""

    OPEN = "open", "할 일"
    WAITING = "waiting", "색인 대기"
    CLOSED = "closed", "닫은 것"
    ALL = "", "모두"

    def holds(self, state: GapState) -> bool:
        """Whether a gap in this state is asked for."""
        if self is Shown.OPEN:
            return state.is_open
        if self is Shown.WAITING:
            return state is GapState.WAITING
        return self is Shown.ALL or state in (GapState.CLOSED, GapState.DISMISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapQuery:
    """What is asked for; ``page`` counts from 0."""

    period: Period = Period.ALL
    shown: Shown = Shown.OPEN
    order: Order = Order.COUNT
    page: int = 0

    def of(self, gaps: Sequence[Gap], now: datetime) -> list[Gap]:
        """The gaps asked for, in their order, each with the questions of the period alone."""
        since = self.period.since(now)
        found = [narrow for gap in gaps if self.shown.holds(gap.state) and (narrow := gap.since(since))]
        by_latest = sorted(found, key=lambda gap: gap.last, reverse=True)
        return sorted(by_latest, key=lambda gap: -len(gap.asked)) if self.order is Order.COUNT else by_latest


class GapListing:
    """Every gap as of the last look; safe for threads."""

    def __init__(self, home: Home, store: KnowledgeStore, gaps: KnowledgeGaps) -> None:
        self._home, self._store, self._gaps = home, store, gaps
        self.job: Job[list[Gap]] = Job("질문을 묶고 있습니다")
        self._listed: tuple[Hashable, list[Gap]] | None = None

    def now(self) -> list[Gap] | None:
        """What was found last; None before the first look."""
        return self._listed[1] if self._listed else None

    def status(self) -> JobStatus[list[Gap]] | None:
        """The look that is under way, or how the last one went."""
        return self.job.status()

    def refresh(self) -> None:
        """Bring ``now`` up to date: wait for PATIENCE_S at most, then let the work go on in the background."""
        for _ in range(2):  # something may be asked meanwhile
            state = self._state()
            if self._listed is not None and self._listed[0] == state:
                return
            try:
                self._start(state)
            except IndexingError:  # it is under way; whoever looks again sees its end
                return
            self.job.wait(PATIENCE_S)

    def find(self, suggestion: str) -> Gap:
        """The gap that a suggestion belongs to; raises IndexingError when it is in none."""
        for gap in self.now() or ():
            if any(asked.suggestion == suggestion for asked in gap.asked):
                return gap
        raise IndexingError("그런 질문 묶음이 없습니다. 그사이 바뀌었을 수 있으니 목록에서 다시 고르세요.")

    def _start(self, state: Hashable) -> None:
        def ended(status: JobStatus[list[Gap]]) -> None:
            if status.result is not None:
                self._listed = (state, status.result)

        self.job.start(self.found, "", ended)

    def found(
        self, progress: Progress = lambda stage, done, total: None, cancelled: Cancelled = lambda: False
    ) -> list[Gap]:
        """Look, and wait for it."""
        served = snapshots.served(self._home).keys()
        return list(self._gaps.listed(self._store.ids(), served, progress, cancelled))

    def _state(self) -> Hashable:
        return self._gaps.state(), self._store.generation(), snapshots.current(self._home)
