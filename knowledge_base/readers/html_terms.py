"""What web pages say as a term and its value, each an item of a list: 신고 기한: 태어난 날부터 1개월 이내."""

import re
from typing import TYPE_CHECKING, NamedTuple

from knowledge_base.readers.rows import LONGEST_NAME, terms
from knowledge_base.text import one_line

if TYPE_CHECKING:
    from bs4 import Tag

_BLOCKS = ("p", "ul", "ol", "li", "dl", "table", "div", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
_SENTENCE_END = re.compile(r"(?:[.?!]|니다|니까|[나까가세어]요)$")
_NUMBER = re.compile(r"[\d,.]+|-")
_COLUMN_NAME = re.compile(r"구\s?분|항\s?목|분\s?류|종\s?류")


class Entry(NamedTuple):
    """A term, and the tags that hold what is said of it."""

    term: "Tag"
    values: "list[Tag]"


def join_terms(page: "Tag") -> None:
    """Write definition lists, and tables of terms beside their values, as items of a list; what is more than a line
    stays below its term."""
    for listing in reversed(page("dl")):  # those within others first
        listing.name = "div"
        for entry in _defined(listing):
            _write(entry)
    for table in page("table"):
        if entries := _beside(table):
            for part in table(("tbody", "tr")):
                part.unwrap()
            for part in (table, *table("caption")):
                part.name = "div"
            for entry in entries:
                _write(entry)


def _write(entry: Entry) -> None:
    term = one_line(entry.term.get_text(" ")).rstrip(" :：")
    is_term = len(term) <= LONGEST_NAME and not _SENTENCE_END.search(term)
    if is_term and entry.values and all(map(_is_one_line, entry.values)):
        said = ", ".join(filter(None, map(_line, entry.values)))
        entry.term.string = ": ".join(filter(None, (term, said)))
        entry.term.name = "li"
        for value in entry.values:
            value.decompose()
    else:
        entry.term.name = "p"
        for value in entry.values:
            value.name = "div"


def _is_one_line(value: "Tag") -> bool:
    blocks = value(_BLOCKS)
    return not blocks or (len(blocks) == 1 and blocks[0].name in ("p", "div"))


def _line(value: "Tag") -> str:
    """The text of a value, its lines parted by commas."""
    for line_break in value("br"):
        line_break.replace_with("\n")
    lines = [one_line(line) for line in value.get_text().split("\n")]
    return ", ".join(filter(None, lines)).replace("., ", ". ")


def _defined(listing: "Tag") -> list[Entry]:
    """The terms of a definition list with their values, which a ``div`` may hold together."""
    entries: list[Entry] = []
    for part in listing(("dt", "dd")):
        if part.name == "dd" and entries:
            entries[-1].values.append(part)
        else:
            entries.append(Entry(part, []))
    return entries


def _beside(table: "Tag") -> list[Entry]:
    """The terms of a table in which a header cell, or what reads like a term, stands before each value; none where a
    value is a bare number, for the caption may have its unit."""
    rows = [row(("th", "td"), recursive=False) for row in table("tr")]
    if table.find("table") or table(rowspan=True) or not (_are_headed(rows) or _read_like_terms(rows)):
        return []
    entries = [Entry(term, [value]) for row in rows for term, value in zip(row[::2], row[1::2], strict=True)]
    return [] if any(_NUMBER.fullmatch(one_line(entry.values[0].get_text())) for entry in entries) else entries


def _are_headed(rows: "list[list[Tag]]") -> bool:
    names = [[cell.name for cell in row] for row in rows]
    is_headed = all(row and row == ["th", "td"] * (len(row) // 2) for row in names)
    return is_headed and not (rows and _COLUMN_NAME.fullmatch(one_line(rows[0][0].get_text())))


def _read_like_terms(rows: "list[list[Tag]]") -> bool:
    plain = all(cell.name == "td" for row in rows for cell in row)
    return plain and bool(terms([[one_line(cell.get_text(" ")) for cell in row] for row in rows]))
