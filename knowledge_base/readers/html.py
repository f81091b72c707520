"""Web pages as notices and regulations: what a reader of the page sees, as Markdown."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge_base.document import Document
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.flow import superscript
from knowledge_base.readers.html_table import fill_spans
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
_HIDDEN = "화면에 숨겨진 글은 읽지 않았습니다. 눌러야 펼쳐지는 답변이면 펼친 채 저장해 다시 가져오세요."
_FRAME_IDS = re.compile(r"^(?:site|page|wrap)?[-_]?(?:header|footer)$", re.I)
_FRAME = re.compile(r"^(?:gnb|lnb|snb|breadcrumbs?|paging|pagination|quick[-_]?menu|skip[-_]?\w*|copyright)$", re.I)
"""Ids and classes of what stands around the text on every page of a site."""
LEAST_TEXT = 40  # characters
_ROLES = ("navigation", "banner", "contentinfo", "search")
_NEIGHBOUR = re.compile(r"\s*(?:이전|다음)\s?글(?![가-힣]).{0,150}|\s*목록(?:으로|보기)?\s*$", re.DOTALL)
"""The ways from one article of a board to the next."""
_CONTROLS = ("button", "select", "textarea", "del", "s", "strike")
_PLAIN = ["a", "img", "b", "strong", "i", "em"]
_TABLE_PARTS = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")


def read_page(text: str, document_id: str) -> Reading:
    """FAQs from a page that is a table of them (as systems export for spreadsheets), else the page as a notice.

    A notice is the page without scripts, navigation, links and images; ``<meta>`` names its metadata. Its title is the
    one named, else its first ``<h1>``, else ``<title>``, else, where that names a board of the site, its first heading.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(_XML_PROLOG.sub("", text), "lxml")
    faults = [_HIDDEN] if _discard(page) else []
    for table in page("table"):
        if len(table.get_text()) > len(page.get_text()) / 2 and not table.find("table"):
            fill_spans(table)
            rows = [Row([one_line(cell.get_text(" ")) for cell in row(("td", "th"))]) for row in table("tr")]
            if is_faq(rows):
                found = faqs([row for row in rows if not row.is_blank], document_id)
                return Reading(found.documents, faults + found.faults)
    return Reading([_document(page, document_id)], faults)


def _document(page: "BeautifulSoup", document_id: str) -> Document:
    values = {
        str(tag["name"]): str(tag["content"]) for tag in page.find_all("meta", attrs={"name": True, "content": True})
    }
    title = _title(page)
    _join_lines(page)
    for table in page("table"):
        if table.find("table"):
            _unwrap_layout(table)
        else:
            fill_spans(table)
    values.setdefault("제목", title)
    try:
        return document(values, _markdown(page.body or page), document_id)
    except RecursionError as error:
        raise UnreadableFile("태그가 너무 깊게 겹친 HTML입니다. 본문만 저장해 다시 가져오세요.") from error


def _title(page: "BeautifulSoup") -> str:
    heading = page.find("h1")
    named = one_line(heading.get_text() if heading else "") or one_line(page.title.get_text() if page.title else "")
    if heading is None and _BOARD.match(named):
        return next(
            (one_line(each.get_text()) for each in page(("h2", "h3", "h4")) if each.get_text() not in named), named
        )
    return named


def _discard(page: "BeautifulSoup") -> bool:
    """Take out what is no text of the page; whether some of it was text that the page hides."""
    hidden = [*page(hidden=True), *page(style=_UNSEEN), *_hidden_by_rule(page)]
    is_text_hidden = any(tag.get_text(strip=True) for tag in hidden)
    struck = page(style=_STRUCK)
    for tag in (*hidden, *struck, *page((*_DISCARDED, *_CONTROLS))):
        tag.decompose()
    for tag in _frame(page):
        tag.decompose()
    for tag in page("sup"):
        tag.replace_with(superscript(tag.get_text()))
    return is_text_hidden


def _frame(page: "BeautifulSoup") -> "list[Tag]":
    """What belongs to the site and not to the page; nothing that, left open by mistake, holds all of the page."""
    everything = len(page.get_text(strip=True))
    named = [*page(id=_FRAME_IDS), *page(id=_FRAME), *page(class_=_FRAME), *page(role=_ROLES)]
    closed = [tag for tag in named if everything - len(tag.get_text(strip=True)) >= LEAST_TEXT]
    frame = [tag for tag in (*page(("header", "footer")), *closed) if not tag.find_parent(("article", "main"))]
    around = (string.find_parent(("li", "tr", "dt", "p", "div", "a")) for string in page(string=_NEIGHBOUR))
    ways = [tag for tag in around if tag and _NEIGHBOUR.fullmatch(tag.get_text(" ").strip())]
    titles = [tag.find_next_sibling("dd") for tag in ways if tag.name == "dt"]
    return [*frame, *ways, *filter(None, titles)]


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
