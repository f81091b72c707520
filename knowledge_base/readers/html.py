"""Web pages as notices and regulations: what a reader of the page sees, as Markdown."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge_base.document import Document
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.flow import superscript
from knowledge_base.readers.html_frame import frame, keeper
from knowledge_base.readers.html_table import fill_spans, flatten
from knowledge_base.readers.html_terms import join_terms
from knowledge_base.readers.prose import document
from knowledge_base.readers.table import Reading, Row, faqs, is_faq
from knowledge_base.text import one_line

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*>")
# Struck-out text (del, s) is an old fee or date that no longer holds.
_DISCARDED = ("script", "style", "noscript", "template", "nav", "aside", "iframe", "object", "svg", "canvas")
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
_RULE = re.compile(r"([^{}@]{1,200})\{([^{}]*)\}")
_MEDIA = re.compile(r"@media[^{}]{0,200}\{(?:[^{}]*\{[^{}]*\})*")  # of paper and of narrow screens
_BOARD = re.compile(r"(?:공지사항|고시\W?공고|새\s?소식|시정\s?소식|보도\s?자료|알림마당|게시판)\S*\s*(?:[|<>:·-]|$)")
_TAIL = re.compile(r"\s*(?:[|<>]|::|\s[-–·]\s)\s*")
_HIDDEN = "화면에 숨겨진 글은 읽지 않았습니다. 눌러야 펼쳐지는 답변이면 펼친 채 저장해 다시 가져오세요."
_CONTROLS = ("button", "select", "textarea", "del", "s", "strike")
_PLAIN = ["a", "img", "b", "strong", "i", "em"]
_TABLE_PARTS = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")


def read_page(text: str, document_id: str) -> Reading:
    """FAQs from a page that is a table of them (as systems export for spreadsheets), else the page as a notice.

    A notice is the page without scripts, navigation, links and images; ``<meta>`` names its metadata. Its title is the
    one named, else its first ``<h1>``, else ``<title>`` without what the site adds to a heading of the page, or, where
    that names a board of the site, its first heading.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(_XML_PROLOG.sub("", text), "lxml")
    faults = [_HIDDEN] if _discard(page) else []
    _straighten(page)
    for table in page("table"):
        if len(table.get_text()) > len(page.get_text()) / 2:
            rows = [Row([one_line(cell.get_text(" ")) for cell in row(("td", "th"))]) for row in table("tr")]
            if is_faq(rows):
                found = faqs([row for row in rows if not row.is_blank], document_id)
                return Reading(found.documents, faults + found.faults)
    return Reading([_document(page, document_id)], faults)


def _document(page: "BeautifulSoup", document_id: str) -> Document:
    values = keeper(page)
    for tag in page.find_all("meta", attrs={"name": True, "content": True}):
        values[str(tag["name"])] = str(tag["content"])
    values.setdefault("제목", _title(page))
    try:
        return document(values, _markdown(page.body or page), document_id)
    except RecursionError as error:
        raise UnreadableFile("태그가 너무 깊게 겹친 HTML입니다. 본문만 저장해 다시 가져오세요.") from error


def _title(page: "BeautifulSoup") -> str:
    first = page.find("h1")
    if own := one_line(first.get_text() if first else ""):
        return own
    named = one_line(page.title.get_text() if page.title else "")
    headings = {one_line(tag.get_text()): tag for tag in reversed(page(("h2", "h3", "h4")))}
    if first is None and _BOARD.match(named):
        title = next((heading for heading in reversed(headings) if heading not in named), named)
    else:
        alone = _TAIL.split(named, maxsplit=1)[0]
        title = alone if alone in headings else named
    if title in headings:
        headings[title].name = "h1"
    return title


def _discard(page: "BeautifulSoup") -> bool:
    """Take out what is no text of the page; whether some of it was text that the page hides."""
    hidden = [*page(hidden=True), *page(style=_UNSEEN), *_hidden_by_rule(page)]
    is_text_hidden = any(tag.get_text(strip=True) for tag in hidden)
    struck = page(style=_STRUCK)
    for tag in (*hidden, *struck, *page((*_DISCARDED, *_CONTROLS))):
        tag.decompose()
    for tag in frame(page):
        tag.decompose()
    for tag in page("sup"):
        tag.replace_with(superscript(tag.get_text()))
    return is_text_hidden


def _hidden_by_rule(page: "BeautifulSoup") -> "Iterator[Tag]":
    """What a style sheet within the page hides by one class or id."""
    rules = (
        rule
        for sheet in page("style")
        for rule in _RULE.finditer(_MEDIA.sub("", sheet.get_text()))
        if _UNSEEN.search(rule[2])
    )
    for name in {name.strip() for rule in rules for name in rule[1].split(",")}:
        if re.fullmatch(r"[.#][\w-]+", name):
            yield from page(class_=name[1:]) if name[0] == "." else page(id=name[1:])


def _straighten(page: "BeautifulSoup") -> None:
    """Have lines, lists of terms and tables as Markdown can write them."""
    _join_lines(page)
    for table in reversed(page("table")):  # those within others first
        outer = table.find_parent("table")
        if outer and _has_names(outer):
            flatten(table)
    join_terms(page)
    for table in page("table"):
        if table.find("table"):
            _unwrap_layout(table)
        else:
            fill_spans(table)


def _join_lines(page: "BeautifulSoup") -> None:
    """In HTML a line break is a space; left alone, it would end a sentence of ours."""
    from bs4 import NavigableString

    for string in page.find_all(string=True):
        if type(string) is NavigableString and not string.find_parent("pre"):
            string.replace_with(re.sub(r"\s+", " ", string))


def _has_names(table: "Tag") -> bool:
    """Whether a table has a caption or names of columns of its own, and does not only arrange the page."""
    return any(part.find_parent("table") is table for part in table(("caption", "th")))


def _unwrap_layout(table: "Tag") -> None:
    """A table around other tables only arranges the page: let its cells follow one another."""
    for part in table(_TABLE_PARTS):
        if part.find_parent("table") is table:
            part.name = "div"
    table.name = "div"


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
