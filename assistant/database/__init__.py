"""Where the journal and the accounts are kept: a file each in the data folder, or PostgreSQL for several replicas."""

from pathlib import Path

from assistant.database.postgresql import PostgreSQL
from assistant.database.schema import Database, Schema
from assistant.database.sqlite import SqliteDatabase

Place = Path | PostgreSQL
"""A SQLite file, or a PostgreSQL database."""


def opened(place: Place, *schemas: Schema) -> Database:
    """The tables of ``schemas`` in this place; nothing is opened before they are used."""
    return SqliteDatabase(place, schemas) if isinstance(place, Path) else place.opened(schemas)
