"""journal.db: what agents were shown and what they did with it. Nothing that was answered is lost."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from filelock import FileLock
from sqlite_utils import Database

from assistant.events import FinalEvent
from assistant.exchange import Exchange
from assistant.masking import mask
from knowledge_base.errors import AssistantError


class Action(StrEnum):
    """What an agent did with a suggestion."""

    DISPLAYED = "displayed"
    COPIED = "copied"
    EDITED = "edited"
    OPENED = "opened"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


class Records(Protocol):
    """Where the assistant leaves what it showed."""

    def add_suggestion(self, final: FinalEvent, documents: tuple[str, ...], agent: str) -> None: ...

    def add_exchange(self, suggestion: str, model: str, exchange: Exchange) -> None: ...


class Journal:
    """Appends to journal.db with ``synchronous=FULL``: a write that returned survives a power cut.

    Questions come masked; what agents write is masked here. Raises AssistantError when it cannot write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._preparing = threading.Lock()
        self._is_prepared = False

    def add_suggestion(self, final: FinalEvent, documents: tuple[str, ...], agent: str) -> None:
        """Keep a finished suggestion, the documents shown with it and who saw them ('' where nobody logs in)."""
        with self._writing() as database:
            database.table("suggestions").insert(
                {
                    "id": final.suggestion,
                    "call": final.call,
                    "at": _now(),
                    "agent": agent,
                    "question": final.question,
                    "status": final.status.value,
                    "answer": final.answer,
                    "documents": documents,
                    "event": final.model_dump_json(),
                },
                pk="id",
            )

    def add_exchange(self, suggestion: str, model: str, exchange: Exchange) -> None:
        """Keep what the LLM was asked for a suggestion and what it answered, word for word but masked."""
        with self._writing() as database:
            database.table("exchanges").insert(
                {
                    "suggestion": suggestion,
                    "at": _now(),
                    "model": model,
                    "prompt": mask(exchange.prompt),
                    "response": mask(exchange.response),
                }
            )

    def add_feedback(self, suggestion: str, action: Action, reason: str = "", agent: str = "") -> None:
        """Keep one action on a suggestion and whose it was; every one is kept, the last opinion counts.

        ``reason`` is why, or what the answer was edited to, or the document that was opened.
        """
        with self._writing() as database:
            database.table("feedback").insert(
                {
                    "suggestion": suggestion,
                    "at": _now(),
                    "agent": agent,
                    "action": action.value,
                    "reason": mask(reason),
                }
            )

    def suggestions(self) -> list[dict[str, object]]:
        """Every suggestion, oldest first."""
        with self._open() as database:
            return list(database.table("suggestions").rows_where(order_by="rowid"))

    def suggestion(self, suggestion: str) -> dict[str, object] | None:
        """One suggestion by its id, None when there is none."""
        with self._open() as database:
            return next(database.table("suggestions").rows_where("id = ?", [suggestion]), None)

    def exchanges(self, suggestion: str) -> list[dict[str, object]]:
        """What was said between the program and the LLM for one suggestion: one row, or none."""
        with self._open() as database:
            return list(database.table("exchanges").rows_where("suggestion = ?", [suggestion], order_by="rowid"))

    def feedback(self, suggestion: str) -> list[dict[str, object]]:
        """Every action on one suggestion, oldest first."""
        with self._open() as database:
            return list(database.table("feedback").rows_where("suggestion = ?", [suggestion], order_by="rowid"))

    def feedback_on(self, call: str) -> list[dict[str, object]]:
        """Every action on the suggestions of one call, oldest first."""
        query = """
            select feedback.* from feedback join suggestions on suggestions.id = feedback.suggestion
            where suggestions.call = ? order by feedback.rowid
        """
        with self._open() as database:
            return list(database.query(query, [call]))

    @contextmanager
    def _open(self) -> Iterator[Database]:
        try:
            self._prepare()
            with closing(self._connected()) as database:
                yield database
        except (sqlite3.Error, OSError) as error:
            raise AssistantError(
                f"상담 기록 {self._path}에 쓸 수 없습니다({error}). 디스크 여유 공간과 권한을 확인하세요."
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        """The lock is taken first: a transaction that has read cannot wait for its turn to write."""
        with self._open() as database:
            database.execute("begin immediate")
            yield database
            database.commit()

    def _connected(self) -> Database:
        database = Database(sqlite3.connect(self._path, timeout=30), execute_plugins=False)
        database.execute("pragma synchronous = full")
        return database

    def _prepare(self) -> None:
        """Make the tables, once: others use the file too, and a change of its mode waits for nobody."""
        with self._preparing:
            if not self._is_prepared:
                with FileLock(f"{self._path}.lock"), closing(self._connected()) as database:
                    database.enable_wal()
                    database.execute("begin immediate")
                    _create_tables(database)
                    database.commit()
                self._is_prepared = True


def _create_tables(database: Database) -> None:
    database.table("suggestions").create(
        dict.fromkeys(("id", "call", "at", "agent", "question", "status", "answer", "documents", "event"), str),
        pk="id",
        if_not_exists=True,
    )
    database.table("feedback").create(
        dict.fromkeys(("suggestion", "at", "agent", "action", "reason"), str), if_not_exists=True
    )
    database.table("exchanges").create(
        dict.fromkeys(("suggestion", "at", "model", "prompt", "response"), str), if_not_exists=True
    )
    for name in ("suggestions", "feedback"):  # a journal from before people logged in
        if "agent" not in database.table(name).columns_dict:
            database.table(name).add_column("agent", str, not_null_default="")
    database.table("suggestions").create_index(["call"], if_not_exists=True)
    database.table("suggestions").create_index(["status"], if_not_exists=True)
    database.table("feedback").create_index(["suggestion"], if_not_exists=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
