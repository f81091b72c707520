"""The calls in journal.db: who had them, what was said (masked), and every event in order."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock
from pydantic import TypeAdapter

from assistant.calls.call_events import CallEvent, UtteranceEvent
from assistant.calls.utterance import Utterance
from assistant.events import FinalEvent
from knowledge_base.errors import AssistantError

_EVENT: TypeAdapter[CallEvent] = TypeAdapter(CallEvent)
_TABLES = """
    create table if not exists calls (
        id text primary key, external text not null, agent text not null, started_by text not null,
        started text not null, ended text
    );
    create table if not exists utterances (
        call text not null, line integer not null, speaker text not null, text text not null, at real not null,
        primary key (call, line)
    );
    create table if not exists call_events (
        call text not null, seq integer not null, event text not null, primary key (call, seq)
    ) without rowid;
    create table if not exists call_answers (suggestion text primary key, call text not null, slot integer not null);
    create index if not exists call_answers_by_slot on call_answers (call, slot);
    create table if not exists call_summaries (
        call text not null, at text not null, agent text not null, summary text not null
    );
    create index if not exists call_summaries_by_call on call_summaries (call);
    create index if not exists calls_by_agent on calls (agent, started);
"""


@dataclass(frozen=True, slots=True)
class CallInfo:
    """A call as it was put through: its id here and at the telephone system, its agent, who told us."""

    id: str
    external: str
    agent: str
    started_by: str
    started: datetime
    ended: datetime | None = None


class SummaryRow(NamedTuple):
    """A summary (JSON) as it was kept: by whom, and when."""

    agent: str
    at: datetime
    summary: str


class CallRecords:
    """One connection with ``synchronous=FULL``: a write that returned survives a power cut. Safe for threads.

    Texts come masked. Raises AssistantError when the file cannot be written or read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def add_call(self, call: CallInfo) -> None:
        """Keep a new call."""
        row = (call.id, call.external, call.agent, call.started_by, call.started.isoformat())
        with self._writing() as database:
            database.execute("insert into calls (id, external, agent, started_by, started) values (?, ?, ?, ?, ?)", row)

    def end_call(self, call: CallInfo) -> None:
        """Note when a call ended."""
        ended = call.ended.isoformat() if call.ended else None
        with self._writing() as database:
            database.execute("update calls set ended = ? where id = ?", (ended, call.id))

    def add(self, call: str, utterances: Iterable[Utterance] = (), events: Iterable[CallEvent] = ()) -> None:
        """Keep final utterances and events, all or none. Partials are not kept: a final replaces each of them."""
        said = [(call, each.line, each.speaker.value, each.text, each.at) for each in utterances if each.final]
        events = list(events)
        told = [(call, each.seq, each.model_dump_json()) for each in events if not _is_partial(each)]
        answers = [(each.suggestion, call, each.slot) for each in events if isinstance(each, FinalEvent)]
        if not said and not told:
            return
        with self._writing() as database:
            database.executemany("insert or ignore into utterances values (?, ?, ?, ?, ?)", said)
            database.executemany("insert into call_events values (?, ?, ?)", told)
            database.executemany("insert or ignore into call_answers values (?, ?, ?)", answers)

    def call(self, call: str) -> CallInfo | None:
        """A call by its id, None when there is none."""
        return next(self._calls("where id = ?", call), None)

    def open_calls(self) -> list[CallInfo]:
        """The calls that have not ended, oldest first."""
        return list(self._calls("where ended is null order by started"))

    def calls_of(self, agent: str, since: datetime) -> list[CallInfo]:
        """The calls of an agent begun since then that go on or have no summary yet, oldest first."""
        waits = "ended is null or not exists (select 1 from call_summaries where call = calls.id)"
        where = f"where agent = ? and started >= ? and ({waits}) order by started"
        return list(self._calls(where, agent, since.isoformat()))

    def utterances(self, call: str) -> list[Utterance]:
        """What was said, in order."""
        rows = self._rows("select line, speaker, text, at from utterances where call = ? order by line", call)
        return [Utterance(line=line, speaker=speaker, text=text, at=at) for line, speaker, text, at in rows]

    def events(self, call: str) -> list[CallEvent]:
        """The events of a call, in order."""
        rows = self._rows("select event from call_events where call = ? order by seq", call)
        return [_EVENT.validate_json(event) for (event,) in rows]

    def add_summary(self, call: str, agent: str, at: datetime, summary: str) -> None:
        """Keep a version of a call's summary (JSON); the earlier ones stay."""
        with self._writing() as database:
            database.execute("insert into call_summaries values (?, ?, ?, ?)", (call, at.isoformat(), agent, summary))

    def summary(self, call: str) -> SummaryRow | None:
        """The version kept last, None when there is none."""
        query = "select agent, at, summary from call_summaries where call = ? order by rowid desc limit 1"
        rows = self._rows(query, call)
        return next((SummaryRow(agent, datetime.fromisoformat(at), text) for agent, at, text in rows), None)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _calls(self, where: str, *values: str) -> Iterator[CallInfo]:
        columns = "id, external, agent, started_by, started, ended"
        for row in self._rows(f"select {columns} from calls {where}", *values):  # noqa: S608 (the words are ours)
            name, external, agent, started_by, started, ended = row
            end = datetime.fromisoformat(ended) if ended else None
            yield CallInfo(name, external, agent, started_by, datetime.fromisoformat(started), end)

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._writing() as database:
            return database.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock, self._opened() as database:
                yield database
        except (sqlite3.Error, OSError) as error:
            raise AssistantError(
                f"상담 기록 {self._path}에 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."
            ) from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            with FileLock(f"{self._path}.lock"):  # others use the file too, and a change of its mode waits for nobody
                self._connection = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
                self._connection.execute("pragma journal_mode = wal")
                self._connection.execute("pragma synchronous = full")
                self._connection.executescript(_TABLES)
        return self._connection


def now() -> datetime:
    """The present, as it is kept."""
    return datetime.now(UTC)


def _is_partial(event: CallEvent) -> bool:
    return isinstance(event, UtteranceEvent) and not event.final
