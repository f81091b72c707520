"""The whole page of one tab as it now is: head, notice, running build, main part, and what stands beside it."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from indexing.admin_panel import markup, snapshots
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.document_view import document_html
from indexing.admin_panel.documents_view import documents_html
from indexing.admin_panel.gap_view import form_html, gap_html
from indexing.admin_panel.gaps_view import gaps_html
from indexing.admin_panel.health_view import Health, health_html
from indexing.admin_panel.import_acts import hears_import
from indexing.admin_panel.import_view import import_html, preview_html, reading_html
from indexing.admin_panel.index_view import index_html, job_html, outcome_text, pending_html
from indexing.admin_panel.job import JobStatus
from indexing.admin_panel.markup import Html
from indexing.admin_panel.sentences import in_panel
from indexing.admin_panel.state import Notice, Session, Tab
from knowledge_base.errors import DocumentNotFound, IndexingError


class Frame(NamedTuple):
    """The parts that change, each as HTML."""

    head: Html
    notice: Html
    job: Html
    main: Html
    side: Html


def frame(desk: Desk, session: Session) -> Frame:
    """Everything; raises OnnuriError when the knowledge base cannot be read."""
    build = desk.builds.status()
    is_building = build is not None and build.is_running
    return Frame(
        head=head_html(session.tab, "" if is_building else pending_html(desk.pending.now())),
        notice=notice_html(session.notice),
        job=job_html(build) + reading_html(desk.imports.now().reading),
        main=_main(desk, session),
        side=_side(desk, session),
    )


def hears_news(desk: Desk, session: Session) -> bool:
    """Whether a build, a scan or an import of this tab has ended since this was asked last.

    That of a build becomes the notice, but on the page of the index, which tells it by itself; so does an import's.
    """
    build = desk.builds.status()
    seen = session.seen_build, session.seen_scan, session.seen_listing
    session.seen_build, session.seen_scan = _ended(build), _ended(desk.scans.status())
    session.seen_listing = _ended(desk.listing.status())
    if build and not build.is_running and seen[0] not in (None, session.seen_build):
        is_problem = build.result is None and not build.was_cancelled
        session.notice = None if session.tab is Tab.INDEX else Notice(outcome_text(build), is_problem=is_problem)
    is_imported = hears_import(session)
    return is_imported or seen != (session.seen_build, session.seen_scan, session.seen_listing)


def looked(desk: Desk, session: Session) -> dict[str, Html]:
    """The parts of the page, by name, that have changed without the reader; a list under their eyes stays."""
    is_news = hears_news(desk, session)
    now = frame(desk, session)
    changed = {"head": now.head, "job": now.job}
    if is_news:
        changed["notice"] = now.notice
    is_live = is_news or any(job and job.is_running for job in (desk.scans.status(), desk.listing.status()))
    if session.tab is Tab.IMPORT:
        is_live = is_news or session.seen_imported is not desk.imports.now()
        session.seen_imported = desk.imports.now()
    if is_news and session.tab is Tab.IMPORT:
        changed["side"] = now.side
    if is_live and session.tab is not Tab.DOCUMENTS:
        changed["main"] = now.main
    return changed


def _ended(status: JobStatus[Any] | None) -> int:
    """The number of the job that ended last, 0 before the first one has."""
    return 0 if status is None else status.number - status.is_running


def broken(tab: Tab, problem: str) -> Frame:
    """The page when nothing can be read: a sentence, and the way to try again."""
    return Frame(head_html(tab, ""), notice_html(Notice(in_panel(problem), is_problem=True)), "", "", "")


def shell_html() -> Html:
    """What never changes: the dialog that asks before an act, and what is said of a server that does not answer."""
    return (
        '<dialog id="confirm" aria-labelledby="confirm-text"><form method="dialog"><p id="confirm-text"></p>'
        '<p class="buttons"><button value="yes" class="primary">네</button>'
        '<button value="no" class="plain">아니요</button></p></form></dialog>'
        '<p id="uploading" class="job" role="status" hidden></p>'
        '<p id="silence" class="problem" hidden>서버의 응답이 없습니다. 잠시 뒤 다시 해 보고, 계속되면 새로 '
        "고침(F5)하세요.</p>"
        '<p id="logged-out" class="problem" hidden>로그인이 끝났습니다. <a href="/login" target="_blank">'
        "새 창에서 로그인</a>한 뒤 이 화면으로 돌아와 하던 일을 계속하세요.</p>"
    )


def head_html(tab: Tab, pending: Html) -> Html:
    """Title, pages, and what waits for a build."""
    return markup.top("온누리 지식 관리", Tab.labels(), tab, pending)


def notice_html(notice: Notice | None) -> Html:
    """What came of the last act, and how to take it back."""
    if notice is None:
        return ""
    buttons = "".join(markup.button(act.label, act.do, **act.values) for act in (notice.then, notice.undo) if act)
    tone = "problem" if notice.is_problem else "done"
    shown = f'<span class="buttons">{buttons}</span>' if buttons else ""
    return f'<div class="notice {tone}"><span>{markup.text(notice.text)}</span>{shown}</div>'


def _main(desk: Desk, session: Session) -> Html:
    today, catalogue = date.today(), desk.catalogues.now()
    match session.tab:
        case Tab.IMPORT:
            return import_html(desk.imports.now(), desk.imports.unread(), session.preview, desk.uploads.max_bytes)
        case Tab.DOCUMENTS:
            page = catalogue.page(session.query, today)
            return documents_html(page, session.query, catalogue.departments, session.document, today)
        case Tab.INDEX:
            kept = snapshots.kept(desk.home)
            status = desk.builds.status()
            return index_html(kept, desk.pending.now(), status, session.snapshots, desk.golden.list())
        case Tab.GAPS:
            desk.listing.refresh()
            return gaps_html(desk.listing.now(), desk.listing.status(), session.gaps, session.gap, datetime.now(UTC))
        case Tab.HEALTH:
            return health_html(_health(desk), today)


def _health(desk: Desk) -> Health:
    return Health(
        catalogue=desk.catalogues.now(),
        kept=snapshots.kept(desk.home),
        sizes=desk.sizes(),
        findings=desk.findings(),
        scan=desk.scans.status(),
        disagreements=desk.disagreements(),
        upkeep=desk.upkeep(),
    )


def _side(desk: Desk, session: Session) -> Html:
    if session.preview:
        return preview_html(session.preview, desk.catalogues.now().of_file(session.preview))
    if session.gap:
        return _gap(desk, session)
    if not session.document:
        return ""
    try:
        found = desk.catalogues.now().get(session.document)
        versions = desk.store.versions(session.document)
    except DocumentNotFound:  # removed meanwhile
        return ""
    of_file = desk.catalogues.now().of_file(found.file)
    return document_html(found, session.part, versions, session.versions, of_file)


def _gap(desk: Desk, session: Session) -> Html:
    try:
        gap = desk.listing.find(session.gap)
    except IndexingError:  # its questions were answered after all, or judged otherwise
        return ""
    written = desk.written(gap)
    if session.is_writing:
        catalogue = desk.catalogues.now()
        return form_html(gap, written, catalogue.departments, catalogue.categories)
    return gap_html(gap, session.near, written)
