"""What agents asked in vain, alike questions together, for whoever looks after the documents."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.calls.records import CALLS
from assistant.database import Place, opened
from assistant.database.schema import Connection
from assistant.events import Status
from assistant.journal import JOURNAL, REJECTIONS, Action
from assistant.knowledge_gaps import decisions
from assistant.knowledge_gaps.question_groups import Signatures, grouped
from indexing.building.embedding_cache import embed_cached
from indexing.embedding.embedder import Embedder
from indexing.gaps import Asked, Decision, Draft, DraftOrigin, Gap, Outcome, Remedy
from indexing.lexical.tokens import Analyzer
from indexing.progress import Progress
from knowledge_base.errors import BuildCancelled
from knowledge_base.text import letters

STAGE = "질문 묶기"


class _Row(NamedTuple):
    """A question without a good answer, and what its agent wrote about it; ``said_at`` orders the latter."""

    asked: Asked
    draft: Draft | None
    said_at: int


class JournalGaps:
    """The ``KnowledgeGaps`` of a journal. Vectors of questions are kept in ``cache`` (knowledge.db).

    A question counts that the assistant abstained on, and one whose answer the agent called wrong or half wrong,
    or wrote anew without calling it right; one that a live call replaced when it understood it better does not.
    Raises AssistantError when the journal cannot be read or written.
    """

    def __init__(
        self, journal: Place, cache: Path, embedder: Callable[[], Embedder], analyzer: Callable[[], Analyzer]
    ) -> None:
        self._database, self._cache = opened(journal, JOURNAL, CALLS, decisions.GAPS), cache
        self._embedder, self._analyzer = embedder, analyzer

    def state(self) -> Hashable:
        """Another value after every suggestion, opinion and decision."""
        with self._database.reading() as database:
            return tuple(database.execute(_STATE).fetchone())

    def listed(
        self, there: Collection[str], served: Collection[str], progress: Progress, cancelled: Callable[[], bool]
    ) -> list[Gap]:
        """Costs two seconds for 20,000 questions; a new wording costs a few milliseconds once."""
        with self._database.writing() as database:
            rows = list(_rows(database))
            decisions.note_live(database, served)
            decided = decisions.holding(database, there, served)
        spelt: defaultdict[str, list[_Row]] = defaultdict(list)
        for row in rows:
            spelt[letters(row.asked.question) or row.asked.question].append(row)
        texts = [alike[0].asked.question for alike in spelt.values()]
        labels = self._labels(texts, progress, cancelled)
        members: defaultdict[int, list[_Row]] = defaultdict(list)
        for alike, label in zip(spelt.values(), labels, strict=True):
            members[label] += alike
        return [_gap(sorted(group, key=lambda row: row.asked.at), decided) for group in members.values()]

    def decide(self, gap: Gap, remedy: Remedy, subject: str, by: str) -> str:
        """Settles every question of the gap, and none that is asked from now on."""
        with self._database.writing() as database:
            return decisions.add(database, remedy, subject, by, [asked.suggestion for asked in gap.asked])

    def reopen(self, decision: str) -> None:
        with self._database.writing() as database:
            decisions.remove(database, decision)

    def _labels(self, texts: Sequence[str], progress: Progress, cancelled: Callable[[], bool]) -> list[int]:
        def embedded(done: int) -> None:
            progress(STAGE, done, len(texts))
            if cancelled():
                raise BuildCancelled("질문 묶기를 취소했습니다. 화면을 다시 열면 이어서 합니다.")

        if not texts:
            return []
        signatures = Signatures(self._embedder(), self._analyzer())
        labels: list[int] = grouped(embed_cached(signatures, texts, self._cache, embedded)).tolist()
        return labels


def _gap(rows: Sequence[_Row], decided: Mapping[str, tuple[Decision, ...]]) -> Gap:
    """One group, its rows oldest first."""
    asked = tuple(row.asked for row in rows)
    taken = {decision for each in asked for decision in decided.get(each.suggestion, ())}
    latest = max(taken, key=lambda decision: decision.at, default=None)
    live = max((decision.live_at or "" for decision in taken), default="")
    fresh = tuple(each for each in asked if each.suggestion not in decided and each.at > live)
    edits = [row for row in rows if row.draft and row.draft.origin is DraftOrigin.EDITED]
    said = max(edits or [row for row in rows if row.draft], key=lambda row: row.said_at, default=None)
    return Gap(asked=asked, fresh=fresh, draft=said.draft if said else None, decision=latest)


def _rows(database: Connection) -> Iterator[_Row]:
    """Oldest first."""
    for name, question, call, at, status, opinion, reason, edited, said_at in database.execute(_QUERY, _VALUES):
        outcome = _outcome(status, opinion, edited)
        if outcome is not None:
            yield _Row(Asked(name, question, call, at, outcome), _draft(edited, reason), said_at)


def _outcome(status: str, opinion: str | None, edited: str | None) -> Outcome | None:
    if status == Status.ABSTAINED:
        return Outcome.ABSTAINED
    if opinion in (Action.REJECTED, Action.PARTLY):
        return Outcome(opinion)
    return Outcome.EDITED if edited and opinion != Action.ACCEPTED else None


def _draft(edited: str | None, reason: str | None) -> Draft | None:
    """Never what was shown and rejected; a reason chosen from the panel's list answers nothing."""
    if edited:
        return Draft(edited, DraftOrigin.EDITED)
    return Draft(reason, DraftOrigin.REASON) if reason and reason not in REJECTIONS else None


_VALUES = {
    "abstained": Status.ABSTAINED.value,
    **{action.value: action.value for action in (Action.ACCEPTED, Action.PARTLY, Action.REJECTED, Action.EDITED)},
}
_QUERY = """
    with opinions as (
        select suggestion, action, reason, rowid as said_at from feedback where rowid in (
            select max(rowid) from feedback where action in (:accepted, :partly, :rejected) group by suggestion
        )
    ), edits as (
        select suggestion, reason, rowid as said_at from feedback where rowid in (
            select max(rowid) from feedback where action = :edited group by suggestion
        )
    ), candidates as (
        select id from suggestions where status = :abstained
        union select suggestion from opinions where action <> :accepted
        union select suggestion from edits
    )
    select suggestions.id, question, suggestions.call, at, status, opinions.action,
        case when opinions.action = :accepted then '' else opinions.reason end,
        case when trim(edits.reason) <> trim(coalesce(answer, '')) then edits.reason end,
        case when coalesce(opinions.said_at, 0) > coalesce(edits.said_at, 0) then opinions.said_at
            else coalesce(edits.said_at, 0) end
    from candidates join suggestions on suggestions.id = candidates.id
    left join opinions on opinions.suggestion = suggestions.id left join edits on edits.suggestion = suggestions.id
    where not exists (
        select 1 from call_answers as mine join call_answers as later
        on later.call = mine.call and later.slot = mine.slot and later.rowid > mine.rowid
        where mine.suggestion = suggestions.id
    ) order by suggestions.rowid
"""
_STATE = """
    select (select coalesce(max(rowid), 0) from suggestions), (select coalesce(max(rowid), 0) from feedback),
        count(*), max(at) from gap_decisions
"""
