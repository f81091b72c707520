"""The whole page of one tab as it now is: head, notice, the run under way, main part, and what stands beside it."""

from eval.qa_panel.call_view import call_html
from eval.qa_panel.calls_view import calls_html
from eval.qa_panel.case_view import case_html
from eval.qa_panel.cases import asked
from eval.qa_panel.desk import Desk
from eval.qa_panel.measure_view import Choice, job_html, measure_html, outcome_text
from eval.qa_panel.run_view import run_html
from eval.qa_panel.runs_view import runs_html
from eval.qa_panel.state import Session, Tab
from indexing.admin_panel import markup
from indexing.admin_panel.markup import Html
from indexing.admin_panel.page import Frame, notice_html
from indexing.admin_panel.state import Button, Notice


def frame(desk: Desk, session: Session) -> Frame:
    """Everything; raises OnnuriError when runs or journal cannot be read."""
    return Frame(
        head=head_html(session.tab),
        notice=notice_html(session.notice),
        job=job_html(desk.job.status()),
        main=_main(desk, session),
        side=_side(desk, session),
    )


def broken(tab: Tab, problem: str) -> Frame:
    """The page when nothing can be read: a sentence, and the way to another page."""
    return Frame(head_html(tab), notice_html(Notice(problem, is_problem=True)), "", "", "")


def hears_news(desk: Desk, session: Session) -> bool:
    """Whether a run has ended since this was asked last; how it went becomes the notice."""
    status, seen = desk.job.status(), session.seen_run
    session.seen_run = 0 if status is None else status.number - status.is_running
    is_news = seen is not None and seen != session.seen_run
    if is_news and status and not status.is_running:
        then = Button("결과 보기", "open-run", {"id": status.result.id}) if status.result else None
        is_problem = status.result is None and not status.was_cancelled
        session.notice = Notice(outcome_text(status), is_problem=is_problem, then=then)
    return is_news


def looked(desk: Desk, session: Session) -> dict[str, Html]:
    """The parts of the page, by name, that have changed without the reader; what they are reading stays."""
    if not hears_news(desk, session):
        return {"job": job_html(desk.job.status())}
    now = frame(desk, session)
    changed = {"head": now.head, "notice": now.notice, "job": now.job}
    return changed if session.run or session.call else {**changed, "main": now.main}


def head_html(tab: Tab) -> Html:
    """Title and pages."""
    return markup.top("온누리 품질 관리", Tab.labels(), tab)


def _main(desk: Desk, session: Session) -> Html:
    is_running = desk.is_running()
    match session.tab:
        case Tab.MEASURE:
            files, configurations = list(desk.questions.all()), desk.configurations()
            choice = Choice(session.chosen, session.configuration)
            return measure_html(files, choice, configurations, session.checked, is_running=is_running)
        case Tab.RUNS if session.run:
            opened = desk.opened(session.run, session.baseline)
            questions = asked(opened)
            runs = desk.runs().runs
            return run_html(opened, runs, questions, session.part, session.cases, session.case)
        case Tab.RUNS:
            return runs_html(desk.runs(), desk.running if is_running else "")
        case Tab.CALLS:
            query = session.calls
            return calls_html(desk.calls.page(query), desk.calls.tally(query), query, desk.calls.agents(), session.call)


def _side(desk: Desk, session: Session) -> Html:
    if session.tab is Tab.RUNS and session.run and session.case:
        opened = desk.opened(session.run, session.baseline)
        found = next((each for each in asked(opened) if each.case.question.id == session.case), None)
        return case_html(found, opened.record.documents) if found else ""
    if session.tab is Tab.CALLS and session.call:
        reading = desk.calls.read(session.call)
        return call_html(reading, desk.titles(reading.documents))
    return ""
