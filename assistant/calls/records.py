"""The calls in the journal: who had them, what was said (masked), and every event in order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from assistant.calls.call_events import CallEvent, UtteranceEvent
from assistant.calls.utterance import Utterance
from assistant.database import Place, opened
from assistant.database.schema import AddColumn, Schema
from assistant.events import FinalEvent
from knowledge_base.errors import AssistantError

_EVENT: TypeAdapter[CallEvent] = TypeAdapter(CallEvent)
_TABLES = (
    """create table if not exists calls (
        id text primary key, external text not null, agent text not null, started_by text not null,
        started text not null, ended text
    )""",
    """create table if not exists utterances (
        call text not null, line integer not null, speaker text not null, text text not null,
        at double precision not null, primary key (call, line)
    )""",
    """create table if not exists call_events (
        call text not null, seq integer not null, event text not null, primary key (call, seq)
    )""",
    """create table if not exists call_answers (
        suggestion text primary key, call text not null, slot integer not null$rowid
    )""",
    "create index if not exists call_answers_by_slot on call_answers (call, slot)",
    """create table if not exists call_summaries (
        call text not null, at text not null, agent text not null, summary text not null$rowid
    )""",
    "create index if not exists call_summaries_by_call on call_summaries (call)",
    "create index if not exists calls_by_agent on calls (agent, started)",
)
_SINCE_REPLICAS = (
    AddColumn("calls", "served_by", "text not null default ''"),
    "create index if not exists calls_open on calls (started) where ended is null",
)
_ORDER = {
    "calls": "started, id",
    "utterances": "call, line",
    "call_events": "call, seq",
    "call_answers": "rowid",
    "call_summaries": "rowid",
}
CALLS = Schema("calls", "상담 기록", _ORDER, (_TABLES, _SINCE_REPLICAS))


class Changed(StrEnum):
    """What other processes are told of."""

    AGENT = "agent"
    CALL = "call"
    ANYTHING = ""

    def of(self, name: str) -> str:
        """The news: the calls of this agent, or who serves this call."""
        return f"{self} {name}"


@dataclass(frozen=True, slots=True)
class CallInfo:
    """A call as it was put through: its id here and at the telephone system, its agent, who told us."""

    id: str
    external: str
    agent: str
    started_by: str
    started: datetime
    ended: datetime | None = None


class ServedElsewhere(AssistantError):
    """Another process, or a later object of this one, has taken the call over: nothing more is kept from here."""

    def __init__(self) -> None:
        super().__init__("이 통화는 다른 서버가 이어받았습니다. 잠시 뒤에 다시 하세요.")


class SummaryRow(NamedTuple):
    """A summary (JSON) as it was kept: by whom, and when."""

    agent: str
    at: datetime
    summary: str


class CallRecords:
    """A write that returned survives a power cut. Safe for threads.

    Texts come masked. Raises AssistantError when they cannot be written or read.
    """

    def __init__(self, place: Place) -> None:
        self._database = opened(place, CALLS)

    def add_call(self, call: CallInfo) -> CallInfo:
        """Keep a new call and return it, or the one that is open and has the same external id from the same teller."""
        row = (call.id, call.external, call.agent, call.started_by, call.started.isoformat())
        with self._database.writing(in_turn=True) as database:
            known = database.execute(_SAME_CALL, (call.external, call.started_by)).fetchone() if call.external else None
            if known is not None:
                return _call(known)
            database.execute("insert into calls (id, external, agent, started_by, started) values (?, ?, ?, ?, ?)", row)
            self._database.announce(database, Changed.AGENT.of(call.agent))
        return call

    def claim(self, call: str, served_by: str) -> None:
        """From now on nothing is added to the call but by whoever gives this name."""
        with self._database.writing() as database:
            database.execute("update calls set served_by = ? where id = ?", (served_by, call))
            self._database.announce(database, Changed.CALL.of(call))

    def served_by(self, call: str) -> str:
        """Who claimed the call last; '' for whoever began it."""
        return "".join(name for (name,) in self._rows("select served_by from calls where id = ?", call))

    def news(self, stopped: Callable[[], bool]) -> Iterator[tuple["Changed", str]]:
        """What changes through other processes; see ``Database.news``."""
        for told in self._database.news(stopped):
            kind, _, name = told.partition(" ")
            yield Changed(kind), name

    def end_call(self, call: CallInfo) -> None:
        """Note when a call ended."""
        ended = call.ended.isoformat() if call.ended else None
        with self._database.writing() as database:
            database.execute("update calls set ended = ? where id = ?", (ended, call.id))
            self._database.announce(database, Changed.AGENT.of(call.agent))

    def add(
        self,
        call: str,
        utterances: Iterable[Utterance] = (),
        events: Iterable[CallEvent] = (),
        *,
        served_by: str = "",
    ) -> None:
        """Keep final utterances and events, all or none. Partials are not kept: a final replaces each of them.

        Raises ServedElsewhere when another than ``served_by`` has claimed the call.
        """
        said = [(call, each.line, each.speaker.value, each.text, each.at) for each in utterances if each.final]
        events = list(events)
        told = [(call, each.seq, each.model_dump_json()) for each in events if not _is_partial(each)]
        answers = [(each.suggestion, call, each.slot) for each in events if isinstance(each, FinalEvent)]
        if not said and not told:
            return
        with self._database.writing() as database:
            claimed = database.execute(_CLAIMED, (call,)).fetchall()  # locks it: a claim waits until this is kept
            if any(name != served_by for (name,) in claimed):
                raise ServedElsewhere
            database.executemany("insert into utterances values (?, ?, ?, ?, ?) on conflict do nothing", said)
            database.executemany("insert into call_events values (?, ?, ?)", told)
            database.executemany("insert into call_answers values (?, ?, ?) on conflict do nothing", answers)

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
        with self._database.writing() as database:
            database.execute("insert into call_summaries values (?, ?, ?, ?)", (call, at.isoformat(), agent, summary))

    def summary(self, call: str) -> SummaryRow | None:
        """The version kept last, None when there is none."""
        query = "select agent, at, summary from call_summaries where call = ? order by rowid desc limit 1"
        rows = self._rows(query, call)
        return next((SummaryRow(agent, datetime.fromisoformat(at), text) for agent, at, text in rows), None)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _calls(self, where: str, *values: str) -> Iterator[CallInfo]:
        return map(_call, self._rows(f"{_CALL} {where}", *values))

    def _rows(self, query: str, *values: str) -> list[Any]:
        with self._database.reading() as database:
            return database.execute(query, values).fetchall()


_CALL = "select id, external, agent, started_by, started, ended from calls"
_SAME_CALL = f"{_CALL} where ended is null and external = ? and started_by = ? order by started limit 1"
_CLAIMED = "update calls set served_by = served_by where id = ? returning served_by"


def _call(row: Any) -> CallInfo:
    name, external, agent, started_by, started, ended = row
    end = datetime.fromisoformat(ended) if ended else None
    return CallInfo(name, external, agent, started_by, datetime.fromisoformat(started), end)


def now() -> datetime:
    """The present, as it is kept."""
    return datetime.now(UTC)


def _is_partial(event: CallEvent) -> bool:
    return isinstance(event, UtteranceEvent) and not event.final
