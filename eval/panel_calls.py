"""The suggestions of real calls as QA people look through them: filtered, counted and paged by SQLite.

The journal grows by a hundred thousand suggestions a year: it is never read whole.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from assistant.events import FinalEvent, Status
from assistant.journal import Action
from eval.golden import final_event
from eval.panel_verdicts import TABLES, Judged, Verdict
from knowledge_base.errors import EvaluationError

ROWS = 30
NOT_JUDGED = "none"
NO_OPINION = "none"


@dataclass(frozen=True, slots=True)
class CallQuery:
    """Which suggestions are listed; what is empty does not matter. Days are local and inclusive.

    ``feedback`` is ``accepted``, ``rejected`` or NO_OPINION; ``verdict`` a Verdict or NOT_JUDGED.
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


class CallPage(NamedTuple):
    """One page of the list, newest first, of ``total`` suggestions that fit."""

    rows: tuple[Call, ...]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // ROWS))


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
    """The journal at ``path``, for reading; raises EvaluationError when that fails."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def page(self, query: CallQuery) -> CallPage:
        """The page of ``query``, or the last one there is."""
        where, values = _where(query)
        with self._open() as connection:
            if connection is None:
                return CallPage((), 0, 0)
            (total,) = connection.execute(f"select count(*) {_FROM} {where}", values).fetchone()
            number = min(query.page, max(0, -(-total // ROWS) - 1))
            asked = f"{_SELECT} {_FROM} {where} order by s.at desc, s.rowid desc limit ? offset ?"
            rows = connection.execute(asked, [*values, ROWS, number * ROWS]).fetchall()
        return CallPage(tuple(map(_call, rows)), number, total)

    def tally(self, query: CallQuery) -> Tally:
        """Over all that ``query`` asks for, however judged."""
        where, values = _where(query, judged=False)
        with self._open() as connection:
            if connection is None:
                return Tally(0, {})
            asked = f"select coalesce(v.verdict, ''), count(*) {_FROM} {where} group by 1"
            counts = dict(connection.execute(asked, values).fetchall())
        return Tally(sum(counts.values()), {each: counts[each.value] for each in Verdict if each.value in counts})

    def agents(self) -> tuple[str, ...]:
        """Everybody who was shown a suggestion, in alphabetical order."""
        with self._open() as connection:
            asked = "select distinct agent from suggestions where agent <> '' order by 1"
            return tuple(name for (name,) in connection.execute(asked)) if connection else ()

    def read(self, suggestion: str) -> Reading:
        """One suggestion; raises EvaluationError when there is none of this id."""
        with self._open() as connection:
            asked = f"{_SELECT} {_FROM} where s.id = ?"
            row = connection.execute(asked, [suggestion]).fetchone() if connection else None
            if connection is None or row is None:
                raise EvaluationError("상담 기록에 그 제안이 없습니다. 목록에서 다시 고르세요.")
            shown = self._whole(connection, suggestion)
            said = connection.execute(_SAID, [suggestion]).fetchall()
        judged = tuple(Judged(Verdict(verdict) if verdict else None, *rest) for verdict, *rest in said)
        documents = tuple(map(str, json.loads(str(shown["documents"]) or "[]")))
        return Reading(_call(row), final_event(shown), documents, judged)

    def alone(self, suggestion: str) -> "OneCall":
        """The journal as if it held this suggestion only, for what reads a journal whole."""
        with self._open() as connection:
            return OneCall([self._whole(connection, suggestion)] if connection else [])

    @staticmethod
    def _whole(connection: sqlite3.Connection, suggestion: str) -> dict[str, object]:
        cursor = connection.execute("select * from suggestions where id = ?", [suggestion])
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone() or (), strict=False))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        """None before the first suggestion."""
        if not self._path.exists():
            yield None
            return
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as connection:
                there = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
                if {"suggestions", "feedback"} <= there:
                    connection.executescript(TABLES + _INDEX)
                    yield connection
                else:
                    yield None
        except sqlite3.Error as error:
            raise EvaluationError(
                f"상담 기록 {self._path.name}을 읽을 수 없습니다({error}). 디스크와 권한을 확인하세요."
            ) from error


class OneCall(NamedTuple):
    """A journal of the rows given; nobody thought anything of them."""

    rows: list[dict[str, object]]

    def suggestions(self) -> list[dict[str, object]]:
        """The rows."""
        return [row for row in self.rows if row]

    def feedback(self, suggestion: str) -> list[dict[str, object]]:
        """Nothing."""
        return []


_INDEX = "create index if not exists suggestions_at on suggestions (at, agent);"
_SAID = "select verdict, note, by, at from verdicts where suggestion = ? order by rowid"
_SELECT = "select s.id, s.at, s.agent, s.question, s.status, o.action, o.reason, v.verdict"
# of max() SQLite takes the other columns from the row that holds it
_FROM = """
from suggestions s
left join (select suggestion, action, reason, max(rowid) from feedback where action in ('accepted', 'rejected')
           group by suggestion) o on o.suggestion = s.id
left join (select suggestion, verdict, max(rowid) from verdicts group by suggestion) v on v.suggestion = s.id
"""


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


def _call(row: tuple[str, ...]) -> Call:
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
