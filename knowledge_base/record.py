"""Documents as flat records (text, ISO dates, None) for SQLite and JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from knowledge_base.document import Document, Kind
from knowledge_base.metadata import DATES

Record = dict[str, str | None]


def to_record(document: Document) -> Record:
    """Every field by name; dates as ``YYYY-MM-DD`` or None."""
    return {name: None if value is None else str(value) for name, value in asdict(document).items()}


def from_record(record: Mapping[str, Any]) -> Document:
    """The document that ``to_record`` was given; further keys are ignored, fields younger than the record empty."""
    values = {name: record[name] for name in Document.__dataclass_fields__ if name in record}
    dates = {name: date.fromisoformat(values[name]) if values[name] else None for name in DATES}
    return Document(**{**values, **dates, "kind": Kind(values["kind"])})
