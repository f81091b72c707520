"""Statements, values and rows as SQLite knows them, for PostgreSQL."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.database.schema import Values

if TYPE_CHECKING:
    from psycopg import Cursor as PsycopgCursor

_NAMED = re.compile(r":([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is read by position or name, as ``sqlite3.Row`` is."""

    names: tuple[str, ...]
    values: tuple[Any, ...]

    def keys(self) -> tuple[str, ...]:
        return self.names

    def __getitem__(self, key: int | str) -> Any:
        return self.values[self.names.index(key) if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)


def rows(cursor: "PsycopgCursor[Any]") -> Callable[[Sequence[Any]], Row]:
    """Makes the rows of a cursor; what psycopg calls a row factory."""
    names = tuple(column.name for column in cursor.description or ())
    return lambda values: Row(names, tuple(values))


@lru_cache(maxsize=256)
def translated(query: str) -> bytes:
    """The statement with psycopg's placeholders instead of SQLite's.

    >>> translated("select at from people where name = ? and at > :since")
    b'select at from people where name = %s and at > %(since)s'
    """
    return _NAMED.sub(r"%(\1)s", query).replace("?", "%s").encode()


def storable(values: Values) -> Values:
    """The values without the one character that PostgreSQL takes in no text."""
    if isinstance(values, Mapping):
        return {name: _without_null(value) for name, value in values.items()}
    return [_without_null(value) for value in values]


def _without_null(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value
