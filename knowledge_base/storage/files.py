"""What was last read from each file, so that an unchanged one is not read again and its faults stay known."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database


class Fault(NamedTuple):
    """A file, or a row of one, that yielded no document, and why (Korean)."""

    file: str
    reason: str


class FileReading(NamedTuple):
    """The state a file was read in and what in it could not be read.

    ``stamp`` (size and times) tells an unchanged file without opening it, ``digest`` (SHA-256) one that was
    only copied or touched; ``rules`` names the readers and the kind asked for. An empty stamp or digest
    matches nothing.
    """

    stamp: str
    digest: str
    rules: str
    faults: tuple[str, ...]


def readings(database: Database, root: str) -> dict[str, FileReading]:
    """The last reading of each file imported from ``root``, by file."""
    rows = database.query("select file, stamp, digest, rules, faults from files where root = ?", [root])
    return {
        row["file"]: FileReading(row["stamp"], row["digest"], row["rules"], tuple(json.loads(row["faults"])))
        for row in rows
    }


def moments(database: Database, root: str) -> dict[str, datetime]:
    """When each file imported from ``root`` was read last, to the second, by file."""
    rows = database.query("select file, read_at from files where root = ?", [root])
    return {row["file"]: datetime.fromisoformat(row["read_at"]) for row in rows}


def note(database: Database, root: str, file: str, reading: FileReading, now: str) -> None:
    """Remember a reading in place of the one before."""
    values = {**reading._asdict(), "faults": json.dumps(reading.faults, ensure_ascii=False)}
    database.table("files").insert({"file": file, "root": root, "read_at": now, **values}, pk="file", replace=True)


def forget(database: Database, file: str) -> None:
    """Have a file read again whenever it is imported next."""
    database.conn.execute("delete from files where file = ?", [file])


def faults(database: Database) -> list[Fault]:
    """What the last import of each file could not read."""
    rows = database.query("select file, faults from files where faults <> '[]' order by file")
    return [Fault(row["file"], reason) for row in rows for reason in json.loads(row["faults"])]
