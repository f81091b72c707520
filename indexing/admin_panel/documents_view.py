"""The list of documents: filters, rows, pages."""

from collections.abc import Iterator
from datetime import date

from indexing.admin_panel import markup
from indexing.admin_panel.catalogue import Listed, Query, ends_soon
from indexing.admin_panel.markup import ACCENT, DONE, NEUTRAL, PROBLEM, WARNING, Html
from indexing.admin_panel.paging import Page, pager_html
from knowledge_base.document import Kind
from knowledge_base.storage.standing import Standing, State

KINDS = {"": "모든 종류", **Kind.labels()}
HEADS = ("상태", "종류", "제목", "담당부서", "시행 기간", "가져온 날")
_TONES = {
    State.IN_FORCE: DONE,
    State.PLANNED: ACCENT,
    State.EXPIRED: NEUTRAL,
    State.WITHDRAWN: PROBLEM,
    State.REPLACED: NEUTRAL,
}


def documents_html(page: Page[Standing], query: Query, departments: list[str], chosen: str, today: date) -> Html:
    """The page of the list; ``chosen`` is the id of the document beside it."""
    return f'<section class="list">{_filters(query, departments)}{_rows(page, query, chosen, today)}</section>'


def state_badge(found: Standing, today: date) -> Html:
    """How a document stands; what ends soon is told apart."""
    state = found.state(today)
    if ends_soon(found, today):
        return markup.badge("기한 임박", WARNING)
    return markup.badge(state.label, _TONES[state])


def _filters(query: Query, departments: list[str]) -> Html:
    offices = {"": "모든 부서", **{name: name for name in departments}}
    if query.department and query.department not in offices:
        offices[query.department] = query.department
    return (
        '<form class="filters" data-do="filter" role="search">'
        + markup.field("찾기", "text", query.text, "search", attributes='placeholder="제목, 본문, ID" id="search"')
        + markup.choice("종류", "kind", KINDS, query.kind or "")
        + markup.choice("부서", "department", offices, query.department)
        + markup.choice("상태", "state", Listed.labels(), query.state)
        + '<button type="submit" class="primary">찾기</button></form>'
    )


def _rows(page: Page[Standing], query: Query, chosen: str, today: date) -> Html:
    if not page.total and query == Query():
        then = markup.button("파일 올리기", "tab", "primary", name="import")
        return markup.empty("아직 문서가 없습니다. 한글, PDF, 워드, 엑셀, CSV, 웹 문서를 올려 주세요.", then)
    if not page.total:
        return markup.empty("찾는 문서가 없습니다. 조건을 줄여 보세요.", markup.button("조건 지우기", "filter"))
    rows = (
        markup.row(_cells(found, today), current=found.document.id == chosen, do="open", id=found.document.id)
        for found in page.rows
    )
    first = page.number * page.size + 1
    told = f"{markup.many(first)}–{markup.many(first + len(page.rows) - 1)} / {markup.many(page.total)}건"
    return markup.table("문서 목록", HEADS, rows, "documents") + pager_html(page, told, "page")


def _cells(found: Standing, today: date) -> Iterator[Html]:
    document = found.document
    by_hand = f" {markup.badge('고침', ACCENT)}" if found.corrected else ""
    later = "" if found.is_newest else f" {markup.badge('이전 판')}"
    yield state_badge(found, today)
    yield markup.text(document.kind.label)
    yield (
        markup.button(document.title, "open", "title", id=document.id)
        + by_hand
        + later
        + f'<span class="id">{markup.text(document.id)}</span>'
    )
    yield markup.text(document.department)
    yield markup.text(markup.days(document.effective_from, document.effective_to))
    yield markup.text(markup.moment(found.imported_at)[:10])
