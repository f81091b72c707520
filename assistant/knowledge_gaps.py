"""What agents asked in vain, alike questions together, for whoever looks after the documents."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from assistant import gap_decisions
from assistant.events import Status
from assistant.journal import Action
from assistant.panel_feedback import REASONS
from assistant.question_groups import Signatures, grouped
from indexing.embedding import Embedder, embed_cached
from indexing.gaps import Asked, Decision, Draft, DraftOrigin, Gap, Outcome, Remedy
from indexing.progress import Progress
from indexing.tokens import Analyzer
from knowledge_base.errors import AssistantError, BuildCancelled

STAGE = "질문 묶기"


class _Row(NamedTuple):
    """A question without a good answer, and what its agent wrote about it; ``said_at`` orders the latter."""

    asked: Asked
    draft: Draft | None
    said_at: int


class JournalGaps:
    """The ``KnowledgeGaps`` of a journal. Vectors of questions are kept in ``cache`` (knowledge.db).

    A question counts that the assistant abstained on, and one whose answer the agent called wrong or half wrong,
    or wrote anew without calling it right. What a live call understood better a moment later does not.
    Raises AssistantError when the journal cannot be read or written.
    """

    def __init__(
        self, journal: Path, cache: Path, embedder: Callable[[], Embedder], analyzer: Callable[[], Analyzer]
    ) -> None:
        self._journal, self._cache = journal, cache
        self._embedder, self._analyzer = embedder, analyzer

    def state(self) -> Hashable:
        """What came last."""
        if not self._journal.exists():
            return ()
        with self._open() as database:
            said = [_newest(database, table) for table in ("suggestions", "feedback")]
            return (*said, *database.execute("select count(*), max(at) from gap_decisions").fetchone())

    def listed(
        self, there: Collection[str], served: Collection[str], progress: Progress, cancelled: Callable[[], bool]
    ) -> list[Gap]:
        """Costs a second for 20,000 questions; a new wording costs a few milliseconds once."""
        if not self._journal.exists():
            return []
        with self._open() as database:
            rows = list(_rows(database))
            gap_decisions.note_live(database, served)
            decided = gap_decisions.holding(database, there, served)
        spelt: defaultdict[str, list[_Row]] = defaultdict(list)
        for row in rows:
            spelt[_letters(row.asked.question)].append(row)
        texts = [alike[0].asked.question for alike in spelt.values()]
        labels = self._labels(texts, progress, cancelled)
        members: defaultdict[int, list[_Row]] = defaultdict(list)
        for alike, label in zip(spelt.values(), labels, strict=True):
            members[label] += alike
        return [_gap(sorted(group, key=_when), decided) for group in members.values()]

    def decide(self, gap: Gap, remedy: Remedy, subject: str, by: str) -> str:
        """Settles every question of the gap, and none that is asked from now on."""
        with self._open() as database:
            return gap_decisions.add(database, remedy, subject, by, [asked.suggestion for asked in gap.asked])

    def reopen(self, decision: str) -> None:
        with self._open() as database:
            gap_decisions.remove(database, decision)

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

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction; every write is on the disk when it is over."""
        try:
            with closing(sqlite3.connect(self._journal, timeout=10)) as database, database:
                database.execute("pragma synchronous = full")
                database.executescript(gap_decisions.TABLES)
                yield database
        except sqlite3.Error as error:
            raise AssistantError(
                f"상담 기록 {self._journal}을 읽거나 쓸 수 없습니다({error}). 디스크와 권한을 확인하세요."
            ) from error


def _gap(rows: Sequence[_Row], decided: Mapping[str, tuple[Decision, ...]]) -> Gap:
    """One group, its rows oldest first."""
    asked = tuple(row.asked for row in rows)
    decisions = {decision for each in asked for decision in decided.get(each.suggestion, ())}
    latest = max(decisions, key=lambda decision: decision.at, default=None)
    live = max((decision.live_at or "" for decision in decisions), default="")
    fresh = tuple(each for each in asked if each.suggestion not in decided and each.at > live)
    edits = [row for row in rows if row.draft and row.draft.origin is DraftOrigin.EDITED]
    said = max(edits or [row for row in rows if row.draft], key=lambda row: row.said_at, default=None)
    return Gap(asked=asked, fresh=fresh, draft=said.draft if said else None, decision=latest)


def _rows(database: sqlite3.Connection) -> Iterator[_Row]:
    """Oldest first."""
    if not (_has(database, "suggestions") and _has(database, "feedback")):
        return
    superseded = _SUPERSEDED if _has(database, "call_answers") else "false"
    query = f"{_QUERY} where not {superseded} order by suggestions.rowid"
    for name, question, call, at, status, opinion, reason, edited, said_at in database.execute(query, _VALUES):
        outcome = _outcome(status, opinion, edited)
        if outcome is not None:
            yield _Row(Asked(name, question, call, at, outcome), _draft(edited, reason), said_at or 0)


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
    return Draft(reason, DraftOrigin.REASON) if reason and reason not in REASONS else None


def _newest(database: sqlite3.Connection, table: str) -> int:
    if not _has(database, table):
        return 0
    return int(database.execute(f"select coalesce(max(rowid), 0) from {table}").fetchone()[0])  # noqa: S608 (ours)


def _has(database: sqlite3.Connection, table: str) -> bool:
    return database.execute("select 1 from sqlite_master where name = ?", [table]).fetchone() is not None


def _letters(question: str) -> str:
    """What is left when neither case, spaces nor punctuation count; the question itself when nothing is."""
    return _NO_LETTERS.sub("", question.lower()) or question


_NO_LETTERS = re.compile(r"[\W_]+")


def _when(row: _Row) -> str:
    return row.asked.at


_VALUES = {
    "abstained": Status.ABSTAINED.value,
    **{action.value: action.value for action in (Action.ACCEPTED, Action.PARTLY, Action.REJECTED, Action.EDITED)},
}
# beside max(), SQLite takes the other columns from the row that has it
_QUERY = """
    with opinions as (
        select suggestion, action, reason, max(rowid) as said_at from feedback
        where action in (:accepted, :partly, :rejected) group by suggestion
    ), edits as (
        select suggestion, reason, max(rowid) as said_at from feedback where action = :edited group by suggestion
    ), candidates as (
        select id from suggestions where status = :abstained
        union select suggestion from opinions where action <> :accepted
        union select suggestion from edits
    )
    select suggestions.id, question, suggestions.call, at, status, opinions.action,
        case when opinions.action = :accepted then '' else opinions.reason end,
        case when trim(edits.reason) <> trim(coalesce(answer, '')) then edits.reason end,
        max(coalesce(opinions.said_at, 0), coalesce(edits.said_at, 0))
    from candidates join suggestions using (id)
    left join opinions on opinions.suggestion = id left join edits on edits.suggestion = id
"""
_SUPERSEDED = """
    exists (
        select 1 from call_answers as mine join call_answers as later
        on later.call = mine.call and later.slot = mine.slot and later.rowid > mine.rowid
        where mine.suggestion = suggestions.id
    )
"""
