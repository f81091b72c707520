"""Knowledge gaps: questions that got no good answer, similar ones together. ``assistant.knowledge_gaps`` finds them."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from indexing.progress import Progress
from knowledge_base.labelled import Labelled


class Outcome(Labelled):
    """Why a question counts as one without a good answer."""

    ABSTAINED = "abstained", "답 없음"
    REJECTED = "rejected", "아님"
    PARTLY = "partly", "일부만 맞음"
    EDITED = "edited", "고쳐 씀"


class Asked(NamedTuple):
    """One question (masked) of one call ('' for none), and what came of it; ``at`` is UTC, ISO 8601."""

    suggestion: str
    question: str
    call: str
    at: str
    outcome: Outcome


class DraftOrigin(Labelled):
    """Where the draft of an answer comes from."""

    EDITED = "edited", "상담원이 고쳐 쓴 답"
    REASON = "reason", "상담원이 남긴 이유"


class Draft(NamedTuple):
    """Words of an agent (masked) from which an answer can be made."""

    text: str
    origin: DraftOrigin


class Remedy(StrEnum):
    """What an admin does about a gap."""

    WRITTEN = "written"
    DISMISSED = "dismissed"


class Decision(NamedTuple):
    """``subject`` is the document that was written, or why no answer will be; moments are UTC, ISO 8601.

    ``live_at`` is since when the index being served has the document, None while it has not.
    """

    id: str
    remedy: Remedy
    subject: str
    by: str
    at: str
    live_at: str | None


class GapState(Labelled):
    """What has become of a gap."""

    OPEN = "open", "열림"
    AGAIN = "again", "다시 물음"
    WAITING = "waiting", "색인 대기"
    CLOSED = "closed", "답함"
    DISMISSED = "dismissed", "답하지 않음"

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self in (GapState.OPEN, GapState.AGAIN)


class Variant(NamedTuple):
    """One wording of a question, how often it was asked, and when last."""

    question: str
    times: int
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Alike questions, oldest first. ``fresh`` were asked since the ``decision`` (all of them without one),
    which is the latest that still holds."""

    asked: tuple[Asked, ...]
    fresh: tuple[Asked, ...]
    draft: Draft | None
    decision: Decision | None

    @property
    def id(self) -> str:
        """The suggestion that was asked first."""
        return self.asked[0].suggestion

    @property
    def question(self) -> str:
        """The most frequent wording."""
        return self.variants[0].question

    @property
    def last(self) -> str:
        """When it was asked last."""
        return self.asked[-1].at

    @property
    def state(self) -> GapState:
        """What was written waits for its index, whatever is asked meanwhile."""
        if self.decision is None:
            return GapState.OPEN
        if self.decision.remedy is Remedy.WRITTEN and self.decision.live_at is None:
            return GapState.WAITING
        if self.fresh:
            return GapState.AGAIN
        return GapState.CLOSED if self.decision.remedy is Remedy.WRITTEN else GapState.DISMISSED

    @property
    def calls(self) -> int:
        """On how many calls it was asked; what was asked outside of any does not count."""
        return len({asked.call for asked in self.asked} - {""})

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How often each outcome came up."""
        return Counter(asked.outcome for asked in self.asked)

    @property
    def variants(self) -> list[Variant]:
        """Every wording, the most frequent first, then the latest."""
        times = Counter(asked.question for asked in self.asked)
        last = {asked.question: asked.at for asked in self.asked}
        found = [Variant(question, count, last[question]) for question, count in times.items()]
        return sorted(found, key=lambda variant: (variant.times, variant.last), reverse=True)

    @property
    def masks(self) -> frozenset[str]:
        """What stands in its words for personal data, such as ``[전화번호]``; nothing to be read out."""
        words = [asked.question for asked in self.asked] + [self.draft.text if self.draft else ""]
        return frozenset(_MASK.findall(" ".join(words)))

    def since(self, moment: datetime) -> "Gap | None":
        """What of it was asked since then (UTC), None when nothing was."""
        first = moment.isoformat(timespec="milliseconds")
        asked = tuple(asked for asked in self.asked if asked.at >= first)
        return replace(self, asked=asked) if asked else None


_MASK = re.compile(r"\[[가-힣]+\]")


class KnowledgeGaps(Protocol):
    """What the admin panel needs of the journal of questions."""

    def state(self) -> Hashable:
        """Another value whenever ``listed`` would give something else; cheap."""
        ...

    def listed(
        self, there: Collection[str], served: Collection[str], progress: Progress, cancelled: Callable[[], bool]
    ) -> Sequence[Gap]:
        """Every gap, also those closed. ``there`` are the ids of the documents to be served, ``served`` those
        that the index being served has. Raises BuildCancelled."""
        ...

    def decide(self, gap: Gap, remedy: Remedy, subject: str, by: str) -> str:
        """Close a gap as it was listed; the id of the decision."""
        ...

    def reopen(self, decision: str) -> None:
        """Take a decision back."""
        ...
