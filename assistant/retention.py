"""How long calls are kept: what was said, shown and judged on older ones is deleted, and overwritten on the disk.

Golden questions that were collected from them stay, being no longer anybody's call, and so does the audit, which says
that something was deleted and how much.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from assistant.audit.log import AuditLog, operator
from assistant.calls.records import CALLS
from assistant.database import Place, opened
from assistant.database.schema import Connection, Schema
from assistant.journal import JOURNAL
from assistant.knowledge_gaps.decisions import GAPS
from assistant.serving.loading import give_back
from indexing.maintenance.schedule import next_moment
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AssistantError, OnnuriError

AT_ONCE = 200
"""How many calls are deleted in one transaction: those who write meanwhile wait for one of them at most."""
AT_NIGHT = time(3)
_OF_CALL = ("utterances", "call_events", "call_answers", "call_summaries")
_OF_SUGGESTION = ("feedback", "exchanges", "gap_settled")

_log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """Calls and suggestions by their ids."""

    calls: Sequence[str]
    suggestions: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.calls or self.suggestions)

    def counted(self) -> dict[str, object]:
        """How many of each, for the audit."""
        return {"calls": len(self.calls), "suggestions": len(self.suggestions)}


class Retention:
    """What is kept of calls, for deleting it. ``others`` are tables of what was said about a ``suggestion``.

    Raises AssistantError when the records cannot be read or written.
    """

    def __init__(self, place: Place, audit: AuditLog, *others: Schema) -> None:
        self._database = opened(place, JOURNAL, CALLS, GAPS, *others)
        self._audit = audit
        self._of_suggestion = (*_OF_SUGGESTION, *(table for schema in others for table in schema.tables))

    def older_than(self, days: int) -> Kept:
        """Calls that ended so long ago (began, where nobody told of their end), and questions typed between calls."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        with self._database.reading() as database:
            calls = _ids(database, "select id from calls where coalesce(ended, started) < ?", before)
            suggestions = _ids(database, _OLD_SUGGESTIONS, before, before)
        return Kept(calls, suggestions)

    def of_call(self, call: str) -> Kept:
        """One call that has ended; raises AssistantError when there is none of this id, or it goes on."""
        with self._database.reading() as database:
            row = database.execute("select ended from calls where id = ?", (call,)).fetchone()
            if row is None:
                raise AssistantError(f"'{call}' 통화가 없습니다. 통화 id를 확인하세요.")
            if row["ended"] is None:
                raise AssistantError("진행 중인 통화는 지울 수 없습니다. 통화를 끝낸 뒤에 지우세요.")
            return Kept((call,), _ids(database, "select id from suggestions where call = ?", call))

    def forget(self, kept: Kept) -> bool:
        """Delete it, which the audit is told first; whether nothing of it is left in the file, or someone's reading
        keeps a part of it there for now."""
        self._audit.record(operator(), AuditAction.FORGOTTEN, "calls", kept.counted())
        for calls in _portions(kept.calls):
            with self._database.writing() as database:
                for table in _OF_CALL:
                    _delete(database, table, "call", calls)
                _delete(database, "calls", "id", calls)
        for suggestions in _portions(kept.suggestions):
            with self._database.writing() as database:
                for table in self._of_suggestion:
                    _delete(database, table, "suggestion", suggestions)
                _delete(database, "suggestions", "id", suggestions)
        return self._database.sweep()

    def close(self) -> None:
        """Let go of the records."""
        self._database.close()


class NightlyForgetting:
    """Deletes what is older than ``days``, at the start and every night, in a thread of its own; 0 keeps everything.

    Memory that the day's calls and this left free goes back to the system then. A failure is logged and tried again
    the next night.
    """

    def __init__(self, retention: Retention, days: int) -> None:
        self._retention, self._days = retention, days
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forgetting", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._days:
            self._thread.start()

    def stop(self) -> None:
        """End it, after what is being deleted."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                if kept := self._retention.older_than(self._days):
                    self._retention.forget(kept)
            except OnnuriError as error:
                _log.warning("%s", error)
            give_back()
            now = datetime.now()
            self._stopped.wait((next_moment(now, AT_NIGHT) - now).total_seconds())


def _ids(database: Connection, query: str, *values: str) -> tuple[str, ...]:
    return tuple(name for (name,) in database.execute(query, values))


def _portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def _delete(database: Connection, table: str, column: str, names: Iterable[str]) -> None:
    database.executemany(f"delete from {table} where {column} = ?", [(name,) for name in names])  # noqa: S608


_OLD_SUGGESTIONS = """
    select id from suggestions where call in (select id from calls where coalesce(ended, started) < ?)
    or (at < ? and not exists (select 1 from calls where calls.id = suggestions.call))
"""
