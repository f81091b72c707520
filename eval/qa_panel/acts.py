"""What a QA person can do, by the names that buttons and forms carry in ``data-do``.

Every act changes the session in place and may yield where the page is worth drawing on the way. Values come
from the browser as text and are not trusted: whatever is wrong with them raises an OnnuriError.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from eval.qa_panel.calls import CallQuery
from eval.qa_panel.desk import Desk, Reviewer
from eval.qa_panel.questions import GOLDEN
from eval.qa_panel.state import CaseQuery, Configuration, RunPart, Session, Tab
from eval.qa_panel.verdicts import Verdict
from eval.recorded import golden
from eval.recorded.golden import Correction
from indexing.admin_panel.acts import problems_told
from indexing.admin_panel.import_acts import sent
from indexing.admin_panel.state import UNDO_TEXT, Button, Notice, Values
from knowledge_base.audit import AuditAction
from knowledge_base.errors import DocumentNotFound, EvaluationError, OnnuriError

REMEMBERED = 10
"""Checked files kept on the page of one tab."""

Act = Callable[[Desk, Session, Reviewer, Values], Iterator[None] | None]


def perform(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> Iterator[None]:
    """Do what ``values["do"]`` says, yielding whenever the page is to be drawn; problems become the notice."""
    with problems_told(session, values):
        yield from ACTS[values["do"]](desk, session, reviewer, values) or ()
    yield


def _tab(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.tab, session.notice, session.run = Tab(values["name"]), None, ""
    session.closed()


def _close(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.closed()


# measuring


def _import(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    """Keep the question files of the JSON list ``names``; ``refused`` are those that were not taken."""
    names, refused = sent(values)
    problems, known = [each.problem for each in refused], desk.known()
    for name in names:
        try:
            checked = desk.questions.take(name, known)
        except OnnuriError as error:
            problems.append(str(error))
            continue
        reviewer.audit(AuditAction.IMPORTED, checked.name, {"questions": checked.questions})
        others = [each for each in session.checked if each.name != checked.name]
        session.checked, session.chosen = [checked, *others][:REMEMBERED], checked.name
    session.notice = Notice(" ".join(problems), is_problem=True) if problems else None


def _run(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    limit, seed = _whole(values["limit"], "질문 수"), _whole(values["seed"], "시드") or 0
    configuration = Configuration(values["configuration"])
    chosen = desk.questions.load(values["name"]).sample(limit, seed)
    desk.start(chosen, configuration, seed, limit, reviewer.name)
    session.chosen, session.configuration, session.notice = values["name"], configuration, None


def _whole(text: str, label: str) -> int | None:
    """The number written, None where nothing is."""
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise EvaluationError(f"{label}에는 0 이상의 정수를 적으세요(지금은 '{text.strip()[:20]}').")
    return int(text)


def _cancel(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    desk.job.cancel()


def _resume(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    desk.resume(values["id"], reviewer.name)
    session.notice = None


# reading runs


def _open_run(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    desk.opened(values["id"])
    session.tab, session.run, session.baseline = Tab.RUNS, values["id"], ""
    session.part, session.cases, session.notice = RunPart.SUMMARY, CaseQuery(), None
    session.closed()


def _close_run(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.run = ""
    session.closed()


def _part(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.part = RunPart(values["name"])
    session.closed()


def _baseline(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    desk.opened(session.run, values["id"])
    session.baseline, session.part = values["id"], RunPart.SUMMARY
    session.cases = CaseQuery(shown="changed" if values["id"] else "faults")
    session.closed()


def _cases(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.part = RunPart.QUESTIONS
    session.cases = CaseQuery(values.get("shown", "faults"), values.get("category", ""), values.get("text", ""))
    session.closed()


def _case_page(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.cases = replace(session.cases, page=int(values["number"]))


def _case(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.case = values["id"]


# judging calls


def _calls(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.calls = CallQuery(
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
        status=values.get("status", ""),
        feedback=values.get("feedback", ""),
        agent=values.get("agent", ""),
        verdict=values.get("verdict", ""),
    )
    session.closed()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise EvaluationError(f"'{text[:20]}'은(는) 날짜가 아닙니다. 2026-11-22처럼 적으세요.") from error


def _call_page(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.calls = replace(session.calls, page=int(values["number"]))


def _call(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    session.call, session.notice = values["id"], None


def _judge(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    """Say how right a suggestion was; an empty verdict takes back what was said. The note is kept if none is sent."""
    suggestion = values["id"]
    desk.calls.read(suggestion)  # must be there
    before = desk.verdicts.latest(suggestion)
    verdict = Verdict(values["verdict"]) if values["verdict"] else None
    note = values.get("note", before.note if before and verdict else "")
    desk.verdicts.add(suggestion, verdict, note, reviewer.name)
    earlier = {"verdict": before.verdict or "", "note": before.note} if before else {"verdict": "", "note": ""}
    told = f"‘{verdict.label}’으로 판정했습니다." if verdict else "판정을 거두었습니다."
    session.notice = Notice(told, undo=Button(UNDO_TEXT, "judge", {"id": suggestion, **earlier}))


def _note(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    before = desk.verdicts.latest(values["id"])
    if before is None:
        raise EvaluationError("먼저 맞음, 부분적, 틀림 가운데 하나를 고르세요.")
    desk.verdicts.add(values["id"], before.verdict, values["note"], reviewer.name)
    session.notice = Notice("이유를 남겼습니다.")


def _add_golden(desk: Desk, session: Session, reviewer: Reviewer, values: Values) -> None:
    """Keep the question with what should have been said, for runs and, where asked, for the index."""
    documents = tuple(dict.fromkeys(line.strip() for line in values["documents"].splitlines() if line.strip()))
    if missing := set(documents) - desk.documents.ids():
        raise DocumentNotFound(f"'{min(missing)}' 문서가 없습니다. 지식 관리 화면에서 문서 ID를 확인하세요.")
    correction = Correction(values["answer"].strip(), documents, values.get("category", "").strip())
    question = golden.corrected(desk.calls, values["id"], correction)
    reviewer.audit(AuditAction.CORRECTED, question.question, {"golden": GOLDEN, "documents": list(documents)})
    added = golden.add([question], desk.questions.golden())
    told = f"‘{GOLDEN}’에 더했습니다." if added.added else f"‘{GOLDEN}’에 이미 있는 질문입니다."
    if values.get("index") == "yes" and documents:
        desk.index_golden.add(question.question, documents)
        told += " 새 색인은 이 문서를 찾아야 쓰입니다."
    session.notice = Notice(told)


ACTS: dict[str, Act] = {
    "tab": _tab,
    "close": _close,
    "import": _import,
    "run": _run,
    "cancel-run": _cancel,
    "resume": _resume,
    "open-run": _open_run,
    "close-run": _close_run,
    "part": _part,
    "baseline": _baseline,
    "cases": _cases,
    "case-page": _case_page,
    "case": _case,
    "calls": _calls,
    "call-page": _call_page,
    "call": _call,
    "judge": _judge,
    "note": _note,
    "add-golden": _add_golden,
}
