"""Tables as text: cells parted by commas, semicolons or tabs."""

import csv
from collections.abc import Iterator
from itertools import islice

from knowledge_base.readers.plain_table import is_plain_table, read_plain
from knowledge_base.readers.table import HEADER_SEARCH_ROWS, Reading, Row, faqs, is_faq

DELIMITERS = (",", ";", "\t")


def read_csv(text: str, document_id: str) -> Reading:
    """The rows of a comma, semicolon or tab separated table. Raises UnreadableFile where they make no document."""
    rows = list(_csv_rows(text, _delimiter(text)))
    filled = [row for row in rows if not row.is_blank]
    return read_plain({"": rows}, document_id) if is_plain_table(filled) else faqs(filled, document_id)


def holds_faqs(beginning: str) -> bool:
    """Whether a text that begins so is a table of questions and answers."""
    return any(is_faq(_first_rows(beginning, delimiter)) for delimiter in DELIMITERS)


def _delimiter(text: str) -> str:
    """The one that makes a header of one of the first rows; there may be a title above it."""
    for delimiter in DELIMITERS:
        if is_faq(_first_rows(text, delimiter)):
            return delimiter
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _first_rows(text: str, delimiter: str) -> list[Row]:
    filled = (row for row in _csv_rows(text, delimiter) if not row.is_blank)
    return list(islice(filled, HEADER_SEARCH_ROWS))


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Each record, blank ones too; after a broken one (an unclosed quote, say) reading resumes at the next line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        left = (f"{lines[index]}\n" for index in range(at, len(lines)))
        reader = csv.reader(left, delimiter=delimiter, strict=True)
        consumed = 0
        try:
            for cells in reader:
                consumed = reader.line_num
                yield Row(list(cells))
            return
        except csv.Error:
            at += consumed
            yield Row(
                [lines[at].strip()], "따옴표나 칸 나눔이 잘못되었거나 칸이 너무 깁니다. 큰따옴표의 짝을 확인해 주세요"
            )
            at += 1
