"""The suggestions of real calls as QA people look through them: filtered, counted and paged by the database.

The journal grows by a hundred thousand suggestions a year: it is never read whole.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from assistant.database import Place, opened
from assistant.events import FinalEvent, Status
from assistant.journal import JOURNAL, OPINIONS, Action
from eval.qa_panel import verdicts
from eval.qa_panel.verdicts import VERDICTS, Judged, Verdict
from eval.recorded.golden import final_event
from indexing.admin_panel.paging import Page, nearest
from knowledge_base.errors import EvaluationError

ROWS = 30
NOT_JUDGED = "none"
NO_OPINION = "none"


@dataclass(frozen=True, slots=True)
class CallQuery:
    """Which suggestions are listed; what is empty does not matter. Days are local and inclusive.

    ``feedback`` is one of OPINIONS or NO_OPINION; ``verdict`` is a Verdict or NOT_JUDGED.
    """

    since: date | None = None
    until: date | None = None
    status: str = ""
    feedback: str = ""
    agent: str = ""
    verdict: str = ""
    page: int = 0


class Call(NamedTuple):
    """One suggestion: when, for whom, what was asked, and what agent and QA thought of it."""

    id: str
    at: str
    agent: str
    question: str
    status: Status
    opinion: Action | None
    reason: str
    verdict: Verdict | None


class Tally(NamedTuple):
    """How many suggestions there are, and how many of them were judged in each way."""

    total: int
    by_verdict: Mapping[Verdict, int]

    @property
    def judged(self) -> int:
        """How many have a verdict."""
        return sum(self.by_verdict.values())

    @property
    def share_right(self) -> float | None:
        """Of the judged ones; None before the first."""
        return self.by_verdict.get(Verdict.RIGHT, 0) / self.judged if self.judged else None


class Reading(NamedTuple):
    """One suggestion as it was shown, the documents beside it, and everything QA said of it, oldest first."""

    call: Call
    final: FinalEvent
    documents: tuple[str, ...]
    judged: tuple[Judged, ...]


class CallRecords:
    """The journal, for reading; raises AssistantError when that fails."""

    def __init__(self, place: Place) -> None:
        self._database = opened(place, JOURNAL, VERDICTS)

    def page(self, query: CallQuery) -> Page[Call]:
        """The suggestions that fit, newest first."""
        where, values = _where(query)
        with self._database.reading() as connection:
            (total,) = connection.execute(f"select count(*) {_FROM} {where}", values).fetchone()
            number = nearest(query.page, total, ROWS)
            asked = f"{_SELECT} {_FROM} {where} order by s.at desc, s.rowid desc limit ? offset ?"
            rows = connection.execute(asked, [*values, ROWS, number * ROWS]).fetchall()
        return Page(tuple(map(_call, rows)), total, ROWS, number)

    def tally(self, query: CallQuery) -> Tally:
        """Over all that ``query`` asks for, however judged."""
        where, values = _where(query, judged=False)
        with self._database.reading() as connection:
            asked = f"select coalesce(v.verdict, ''), count(*) {_FROM} {where} group by 1"
            counts = dict(connection.execute(asked, values).fetchall())
        return Tally(sum(counts.values()), {each: counts[each.value] for each in Verdict if each.value in counts})

    def agents(self) -> tuple[str, ...]:
        """Everybody who was shown a suggestion, in alphabetical order."""
        with self._database.reading() as connection:
            asked = "select distinct agent from suggestions where agent <> '' order by 1"
            return tuple(name for (name,) in connection.execute(asked))

    def read(self, suggestion: str) -> Reading:
        """One suggestion; raises EvaluationError when there is none of this id."""
        shown = self.suggestion(suggestion)
        if shown is None:
            raise EvaluationError("상담 기록에 그 제안이 없습니다. 목록에서 다시 고르세요.")
        with self._database.reading() as connection:
            row = connection.execute(f"{_SELECT} {_FROM} where s.id = ?", [suggestion]).fetchone()
            judged = tuple(verdicts.of(connection, suggestion))
        documents = tuple(map(str, json.loads(str(shown["documents"]) or "[]")))
        return Reading(_call(row), final_event(shown), documents, judged)

    def suggestion(self, suggestion: str) -> dict[str, object] | None:
        """The journal's row of one suggestion, None when there is none of this id."""
        with self._database.reading() as connection:
            row = connection.execute("select * from suggestions where id = ?", [suggestion]).fetchone()
        return dict(row) if row else None


_SELECT = "select s.id, s.at, s.agent, s.question, s.status, o.action, o.reason, v.verdict"
_FROM = f"""
from suggestions s
left join (select suggestion, action, reason from feedback where rowid in (
    select max(rowid) from feedback where action in {OPINIONS} group by suggestion
)) o on o.suggestion = s.id
left join (select suggestion, verdict from verdicts where rowid in (
    select max(rowid) from verdicts group by suggestion
)) v on v.suggestion = s.id
"""  # noqa: S608  (our own names)


def _where(query: CallQuery, *, judged: bool = True) -> tuple[str, list[str]]:
    """The conditions and their values, in order."""
    told: list[tuple[str, str]] = []
    if query.since:
        told.append(("s.at >= ?", _midnight(query.since)))
    if query.until:
        told.append(("s.at < ?", _midnight(query.until + timedelta(days=1))))
    if query.status:
        told.append(("s.status = ?", query.status))
    if query.agent:
        told.append(("s.agent = ?", query.agent))
    if query.feedback:
        told.append(("coalesce(o.action, 'none') = ?", query.feedback))
    if judged and query.verdict:
        told.append(("coalesce(nullif(v.verdict, ''), 'none') = ?", query.verdict))
    conditions = " and ".join(condition for condition, _ in told)
    return (f"where {conditions}" if told else ""), [value for _, value in told]


def _midnight(day: date) -> str:
    """The beginning of a local day as the journal writes moments: UTC in ISO 8601, which sorts by time."""
    return datetime.combine(day, time()).astimezone(UTC).isoformat(timespec="milliseconds")


def _call(row: Iterable[Any]) -> Call:
    name, at, agent, question, status, opinion, reason, verdict = row
    return Call(
        name,
        at,
        agent,
        question,
        Status(status),
        Action(opinion) if opinion else None,
        reason or "",
        Verdict(verdict) if verdict else None,
    )
