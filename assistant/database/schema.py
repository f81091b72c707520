"""Tables and their numbered changes, and what the code that uses them may ask of a database.

SQLite and PostgreSQL are spoken to in the SQL that both know, with ``?`` or ``:name`` in the place of values. Rows are
told in the order in which they came by ``rowid``, which SQLite has of its own accord: PostgreSQL's tables get a column
of this name where a table says ``$rowid``, as the last one, so that inserting need not mention it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from string import Template
from typing import Any, NamedTuple, Protocol

from knowledge_base.errors import AssistantError

Values = Sequence[Any] | Mapping[str, Any]
VERSIONS = "create table if not exists schema_versions (name text primary key, version integer not null)"


class Dialect(StrEnum):
    """The SQL that a database speaks."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Only(NamedTuple):
    """A statement for one dialect alone."""

    dialect: Dialect
    statement: str


class AddColumn(NamedTuple):
    """A column that older tables lack."""

    table: str
    name: str
    definition: str


Change = str | Only | AddColumn


class Schema(NamedTuple):
    """Tables that belong together; ``versions[n]`` leads from version n to n + 1. ``told`` is what people call them.

    ``tables`` are all of them, each after those it refers to, and by which columns their rows are in order.
    The first version finds the tables already there in files from before versions were counted.
    """

    name: str
    told: str
    tables: Mapping[str, str]
    versions: Sequence[Sequence[Change]]


class Cursor(Protocol):
    """What a statement brought. Rows are read by position or name, and taken apart; ``dict(row)`` has the names."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection in use by one thread."""

    def execute(self, query: str, values: Values = (), /) -> Cursor: ...

    def executemany(self, query: str, rows: Iterable[Values], /) -> object: ...


class Database(Protocol):
    """Where some schemas are kept, their tables made or changed on first use. Safe for threads.

    Raises AssistantError when it cannot be reached, read or written.
    """

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read from; inside ``writing`` it is that one's."""
        ...

    def writing(self, *, in_turn: bool = False) -> AbstractContextManager[Connection]:
        """One transaction, on the disk when it is over and undone by an exception; inside another one part of it.

        With ``in_turn`` nobody else who says so for the first of the schemas, in whatever process, is between its
        beginning and its end: what is read may decide what is written.
        """
        ...

    def announce(self, connection: Connection, news: str) -> None:
        """Tell every process that hears ``news`` of this database, once what the connection is doing is over."""
        ...

    def news(self, stopped: Callable[[], bool]) -> Iterator[str]:
        """What is announced, as it comes, until ``stopped`` (which is looked at now and then); '' when some may have
        been missed. It ends at once where no other process shares the database while it serves.
        """
        ...

    def sweep(self) -> bool:
        """Overwrite what was deleted and give its room back; False when somebody's reading keeps a part for now."""
        ...

    def close(self) -> None:
        """Let go of it; it opens again when used."""
        ...


def pending(connection: Connection, schemas: Iterable[Schema]) -> bool:
    """Whether any table is older than this program; raises AssistantError when one is newer."""
    known = _versions(connection)
    for schema in schemas:
        if known.get(schema.name, 0) > len(schema.versions):
            raise AssistantError(f"{schema.told}이(가) 더 새 판의 프로그램에서 만들어졌습니다. 새 판으로 실행하세요.")
    return any(known.get(schema.name, 0) < len(schema.versions) for schema in schemas)


def migrate(connection: Connection, schemas: Iterable[Schema], dialect: Dialect) -> None:
    """Bring the tables up to date; whoever calls is alone, and in a transaction."""
    known = _versions(connection)
    for schema in schemas:
        for changes in schema.versions[known.get(schema.name, 0) :]:
            for change in changes:
                for statement in _statements(connection, change, dialect):
                    connection.execute(statement)
        connection.execute(
            "insert into schema_versions values (?, ?) on conflict (name) do update set version = excluded.version",
            (schema.name, len(schema.versions)),
        )


def _versions(connection: Connection) -> dict[str, int]:
    rows = connection.execute("select name, version from schema_versions")
    return {row["name"]: row["version"] for row in rows}


def _statements(connection: Connection, change: Change, dialect: Dialect) -> Iterator[str]:
    match change:
        case Only(wanted, statement):
            if wanted is dialect:
                yield statement
        case AddColumn(table, name, definition):
            if not _has(connection, table, name, dialect):
                yield f"alter table {table} add column {name} {definition}"
        case str():
            yield Template(change).substitute(rowid=_ROWID[dialect])


def _has(connection: Connection, table: str, column: str, dialect: Dialect) -> bool:
    return connection.execute(_COLUMN[dialect], (table, column)).fetchone() is not None


_ROWID = {Dialect.SQLITE: "", Dialect.POSTGRESQL: ", rowid bigint generated always as identity unique"}
_COLUMN = {
    Dialect.SQLITE: "select 1 from pragma_table_info(?) where name = ?",
    Dialect.POSTGRESQL: "select 1 from information_schema.columns where table_schema = current_schema() "
    "and table_name = ? and column_name = ?",
}
