"""The journal: what agents were shown and what they did with it. Nothing that was answered is lost."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from assistant.database import Place, opened
from assistant.database.schema import AddColumn, Schema
from assistant.events import FinalEvent
from assistant.llm.exchange import Exchange
from assistant.masking import mask

_TABLES = (
    """create table if not exists suggestions (
        id text primary key, call text, at text, agent text not null default '', question text, status text,
        answer text, documents text, event text$rowid
    )""",
    """create table if not exists feedback (
        suggestion text, at text, agent text not null default '', action text, reason text$rowid
    )""",
    """create table if not exists exchanges (suggestion text, at text, model text, prompt text, response text$rowid)""",
    # a journal from before people logged in
    AddColumn("suggestions", "agent", "text not null default ''"),
    AddColumn("feedback", "agent", "text not null default ''"),
    "create index if not exists idx_suggestions_call on suggestions (call)",
    "create index if not exists idx_suggestions_status on suggestions (status)",
    "create index if not exists idx_feedback_suggestion on feedback (suggestion)",
)
_SINCE_RETENTION = (
    "create index if not exists suggestions_at on suggestions (at, agent)",
    "create index if not exists exchanges_of on exchanges (suggestion)",
)
JOURNAL = Schema(
    "journal",
    "상담 기록",
    dict.fromkeys(("suggestions", "feedback", "exchanges"), "rowid"),
    (_TABLES, _SINCE_RETENTION),
)


class Action(StrEnum):
    """What an agent did with a suggestion."""

    DISPLAYED = "displayed"
    COPIED = "copied"
    EDITED = "edited"
    OPENED = "opened"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


OPINIONS = (Action.ACCEPTED.value, Action.PARTLY.value, Action.REJECTED.value)
"""The actions by which agents judge a suggestion; the last one counts."""
REJECTIONS = ("사실과 다름", "질문과 다름", "오래된 내용", "읽기 어려움")
"""The reasons for a rejection that need only be picked; any other was written by the agent."""


class Records(Protocol):
    """Where the assistant leaves what it showed."""

    def add_suggestion(self, final: FinalEvent, documents: tuple[str, ...], agent: str) -> None: ...

    def add_exchange(self, suggestion: str, model: str, exchange: Exchange) -> None: ...


class Journal:
    """Appends: a write that returned survives a power cut. Safe for threads.

    Questions come masked; what agents write is masked here. Raises AssistantError when it cannot write.
    """

    def __init__(self, place: Place) -> None:
        self._database = opened(place, JOURNAL)

    def add_suggestion(self, final: FinalEvent, documents: tuple[str, ...], agent: str) -> None:
        """Keep a finished suggestion, the documents shown with it and who saw them ('' where nobody logs in)."""
        self._add(
            "suggestions",
            id=final.suggestion,
            call=final.call,
            at=now(),
            agent=agent,
            question=final.question,
            status=final.status.value,
            answer=final.answer,
            documents=json.dumps(documents, ensure_ascii=False),
            event=final.model_dump_json(),
        )

    def add_exchange(self, suggestion: str, model: str, exchange: Exchange) -> None:
        """Keep what the LLM was asked for a suggestion and what it answered, word for word but masked."""
        prompt, response = mask(exchange.prompt), mask(exchange.response)
        self._add("exchanges", suggestion=suggestion, at=now(), model=model, prompt=prompt, response=response)

    def add_feedback(self, suggestion: str, action: Action, reason: str = "", agent: str = "") -> None:
        """Keep one action on a suggestion and whose it was; every one is kept, the last opinion counts.

        ``reason`` is why, or what the answer was edited to, or the document that was opened.
        """
        self._add("feedback", suggestion=suggestion, at=now(), agent=agent, action=action.value, reason=mask(reason))

    def suggestions(self) -> list[dict[str, object]]:
        """Every suggestion, oldest first."""
        return self._rows(f"{_SUGGESTIONS} order by rowid")

    def suggestion(self, suggestion: str) -> dict[str, object] | None:
        """One suggestion by its id, None when there is none."""
        return next(iter(self._rows(f"{_SUGGESTIONS} where id = ?", suggestion)), None)

    def feedback(self, suggestion: str) -> list[dict[str, object]]:
        """Every action on one suggestion, oldest first."""
        return self._rows(f"{_FEEDBACK} where suggestion = ? order by rowid", suggestion)

    def feedback_on(self, call: str) -> list[dict[str, object]]:
        """Every action on the suggestions of one call, oldest first."""
        mine = "suggestion in (select id from suggestions where call = ?)"
        return self._rows(f"{_FEEDBACK} where {mine} order by rowid", call)

    def _add(self, table: str, **row: str) -> None:
        names, places = ", ".join(row), ", ".join("?" * len(row))
        with self._database.writing() as database:
            database.execute(f"insert into {table} ({names}) values ({places})", tuple(row.values()))  # noqa: S608

    def _rows(self, query: str, *values: str) -> list[dict[str, object]]:
        with self._database.reading() as database:
            return [dict(row) for row in database.execute(query, values)]


_SUGGESTIONS = "select id, call, at, agent, question, status, answer, documents, event from suggestions"
_FEEDBACK = "select suggestion, at, agent, action, reason from feedback"


def now() -> str:
    """UTC in ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
