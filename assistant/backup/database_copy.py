"""The tables of PostgreSQL copied into the SQLite files of a data folder and back: a backup fits either."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.accounts.tables import ACCOUNTS
from assistant.audit.log import AUDIT
from assistant.calls.records import CALLS
from assistant.database import opened
from assistant.database.postgresql import PostgreSQL
from assistant.database.schema import Connection, Schema
from assistant.journal import JOURNAL
from assistant.knowledge_gaps.decisions import GAPS
from knowledge_base.errors import AssistantError
from knowledge_base.home import Home

AT_ONCE = 1000
"""How many rows are copied at a time."""


class DatabaseCopy:
    """Takes all tables out of a database, or puts them into it. ``others`` are kept beside the journal.

    Raises AssistantError when the database cannot be read or written.
    """

    def __init__(self, database: PostgreSQL, *others: Schema) -> None:
        self._database = database
        self._journal = (JOURNAL, CALLS, GAPS, AUDIT, *others)

    def take(self, folder: Home) -> None:
        """Write the two files, as the tables are at one moment."""
        self._database.prepare((*self._journal, ACCOUNTS))
        with self._database.connected() as source:
            source.execute("set transaction isolation level repeatable read")
            for path, schemas in self._files(folder):
                target = opened(path, *schemas)
                with target.writing() as copy:
                    _copy(source, copy, schemas)
                target.close()
                path.with_name(f"{path.name}.lock").unlink(missing_ok=True)

    def put(self, folder: Home) -> None:
        """Fill a database that is empty, in one transaction, from the files there are."""
        self._database.prepare((*self._journal, ACCOUNTS))
        with self._database.connected() as target:
            for path, schemas in self._files(folder):
                if any(_rows(target, schema, table, 0) for schema in schemas for table in schema.tables):
                    raise AssistantError(
                        "ONNURI_DATABASE의 데이터베이스에 이미 자료가 있습니다. "
                        "빈 데이터베이스를 지정하고 다시 실행하세요."
                    )
                if path.exists():
                    source = opened(path, *schemas)
                    with source.reading() as copy:
                        _copy(copy, target, schemas)
                    source.close()

    def _files(self, folder: Home) -> Iterator[tuple[Path, Sequence[Schema]]]:
        yield folder.journal, self._journal
        yield folder.accounts, (ACCOUNTS,)


def _copy(source: Connection, target: Connection, schemas: Sequence[Schema]) -> None:
    for schema in schemas:
        for table in schema.tables:
            done = 0
            while rows := _rows(source, schema, table, done):
                names = ", ".join(rows[0])
                places = ", ".join("?" * len(rows[0]))
                query = f"insert into {table} ({names}) values ({places})"  # noqa: S608 (the names are ours)
                target.executemany(query, [tuple(row.values()) for row in rows])
                done += len(rows)


def _rows(source: Connection, schema: Schema, table: str, skipped: int) -> list[dict[str, object]]:
    query = f"select * from {table} order by {schema.tables[table]} limit ? offset ?"  # noqa: S608 (the names are ours)
    found = [dict(row) for row in source.execute(query, (AT_ONCE, skipped))]
    return [{name: value for name, value in row.items() if name != "rowid"} for row in found]
