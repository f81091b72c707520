"""Web pages as notices and regulations: what a reader of the page sees, as Markdown."""

import copy
import re
from collections import deque
from typing import TYPE_CHECKING

from knowledge_base.document import Document
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.prose import document
from knowledge_base.readers.table import Reading, Row, faqs, is_faq
from knowledge_base.text import one_line

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_SPAN = 200
_XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*>")
# Struck-out text (del, s) is an old fee or date that no longer holds.
_DISCARDED = ("script", "style", "noscript", "template", "nav", "aside", "iframe", "object", "svg", "canvas")
_CONTROLS = ("button", "select", "textarea", "del", "s", "strike")
_PLAIN = ["a", "img", "b", "strong", "i", "em"]
_TABLE_PARTS = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")


def read_page(text: str, document_id: str) -> Reading:
    """FAQs from a page that is a table of them (as systems export for spreadsheets), else the page as a notice.

    A notice is the page without scripts, navigation, links and images; ``<meta>`` names its metadata. Its title is the
    one named, else its first ``<h1>``, else ``<title>``.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(_XML_PROLOG.sub("", text), "lxml")
    for table in page("table"):
        if len(table.get_text()) > len(page.get_text()) / 2 and not table.find("table"):
            _fill_spans(table)
            rows = [Row([one_line(cell.get_text(" ")) for cell in row(("td", "th"))]) for row in table("tr")]
            if is_faq(rows):
                return faqs([row for row in rows if not row.is_blank], document_id)
    return Reading([_document(page, document_id)], [])


def _document(page: "BeautifulSoup", document_id: str) -> Document:
    values = {
        str(tag["name"]): str(tag["content"]) for tag in page.find_all("meta", attrs={"name": True, "content": True})
    }
    window_title = page.title.get_text() if page.title else ""
    _discard(page)
    _join_lines(page)
    for table in page("table"):
        if table.find("table"):
            _unwrap_layout(table)
        else:
            _fill_spans(table)
    heading = page.find("h1")
    values.setdefault("제목", one_line(heading.get_text() if heading else "") or window_title)
    try:
        return document(values, _markdown(page.body or page), document_id)
    except RecursionError as error:
        raise UnreadableFile("태그가 너무 깊게 겹친 HTML입니다. 본문만 저장해 다시 가져오세요.") from error


def _discard(page: "BeautifulSoup") -> None:
    for tag in page((*_DISCARDED, *_CONTROLS)):
        tag.decompose()
    for tag in page(("header", "footer")):
        if not tag.find_parent(("article", "main")):  # within these they belong to the text
            tag.decompose()


def _join_lines(page: "BeautifulSoup") -> None:
    """In HTML a line break is a space; left alone, it would end a sentence of ours."""
    from bs4 import NavigableString

    for string in page.find_all(string=True):
        if type(string) is NavigableString and not string.find_parent("pre"):
            string.replace_with(re.sub(r"\s+", " ", string))


def _unwrap_layout(table: "Tag") -> None:
    """A table around other tables only arranges the page: let its cells follow one another."""
    for part in table(_TABLE_PARTS):
        if part.find_parent("table") is table:
            part.name = "div"
    table.name = "div"


def _fill_spans(table: "Tag") -> None:
    """Repeat a cell in every row and column it spans, so that each row can be read on its own."""
    carried: dict[int, tuple[Tag, int]] = {}
    for row in table("tr"):
        cells, carried = _filled(deque(row(("td", "th"), recursive=False)), carried)
        row.clear()
        row.extend(cells)


def _filled(
    waiting: "deque[Tag]", carried: "dict[int, tuple[Tag, int]]"
) -> "tuple[list[Tag], dict[int, tuple[Tag, int]]]":
    """One row's cells with those ``carried`` from above (column → cell, rows left), and what to carry on."""
    cells: list[Tag] = []
    below: dict[int, tuple[Tag, int]] = {}
    while waiting or len(cells) in carried:
        if len(cells) in carried:
            cell, left = carried[len(cells)]
            width = 1
        else:
            cell = waiting.popleft()
            left, width = _span(cell, "rowspan"), _span(cell, "colspan")
        for _ in range(width):
            if left > 1:
                below[len(cells)] = (cell, left - 1)
            cells.append(copy.copy(cell))
    return cells, below


def _span(cell: "Tag", attribute: str) -> int:
    """The rows or columns a cell spans, 1 unless a sane number is given; the attribute is taken off."""
    value = str(cell.attrs.pop(attribute, "1")).strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() else 1


def _markdown(tag: "Tag") -> str:
    from markdownify import MarkdownConverter

    converter = MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        strip=_PLAIN,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        table_infer_header=True,
    )
    return re.sub(r"(?<=\S) {2,}", " ", converter.convert_soup(tag))  # left around what was taken out
