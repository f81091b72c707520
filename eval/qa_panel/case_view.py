"""One question of a run beside the list: what is right, what was answered, checked and shown, and what went wrong."""

from collections.abc import Iterable, Mapping, Sequence

from eval.diagnosis.cases import Case
from eval.examination.result import Answer, Checked, Evidence, Milliseconds
from eval.qa_panel.cases import Asked
from eval.report.waits import STAGES
from eval.runs.store import RightDocument
from indexing.admin_panel import markup
from indexing.admin_panel.markup import ACCENT, DONE, PROBLEM, WARNING, Html

TIMED = ("search", "first_evidence", "first_token", "total")


def case_html(each: Asked, documents: Mapping[str, RightDocument]) -> Html:
    """The whole of it; ``documents`` are the known right ones by id."""
    question, result = each.case.question, each.case.result
    fault = (
        f"{markup.badge(each.fault.value, WARNING)}<p>{markup.text(each.fault.meaning)}</p>"
        if each.fault
        else markup.badge("맞음", DONE)
    )
    known = [(name, documents[name].title if name in documents else "") for name in question.documents]
    pairs = [("정답", markup.text(question.answer) or "–"), ("정답 문서", documents_html(known))]
    pairs += [("기준일", markup.text(question.on))] if question.on else []
    before = markup.part("앞선 평가에서는", _outcome(each.before)) if each.before and each.way else ""
    return markup.beside(
        "질문",
        question.question,
        markup.facts(pairs)
        + markup.part("받은 답변", _outcome(each.case))
        + before
        + markup.part("화면의 근거", evidence_html(result.evidence, question.documents))
        + markup.part("걸린 시간", timings_html(result.answer.latency_ms if result.answer else result.latency_ms)),
        marks=f'<div class="why">{fault}</div>',
    )


def _outcome(case: Case) -> Html:
    result = case.result
    rank = f'<p class="hint">정답 문서 {result.rank}위</p>' if result.rank else ""
    if result.error:
        return f'<p class="fault">{markup.text(result.error)}</p>'
    nothing = "검색만 쟀습니다." if result.evidence else "보인 것이 없습니다."
    return (answer_html(result.answer) if result.answer else f'<p class="hint">{nothing}</p>') + rank


def answer_html(answer: Answer) -> Html:
    """Where it comes from, what it says, and the verdict on each sentence of an LLM."""
    if answer.error:
        return f'<p class="fault">{markup.text(answer.error)}</p>'
    status = markup.badge(answer.status.label, ACCENT) if answer.status else ""
    cited = [(name, "") for name in dict.fromkeys(each.document for each in answer.citations)]
    return (
        f'<p class="text">{status} {markup.text(answer.text)}</p>'
        + (f'<p class="hint">{markup.text(answer.reason)}</p>' if answer.reason else "")
        + (f'<p class="hint">연결: {markup.text(answer.transfer)}</p>' if answer.transfer else "")
        + (f"<div>인용 {documents_html(cited)}</div>" if cited else "")
        + checks_html(answer.checks)
    )


def checks_html(checks: Iterable[Checked]) -> Html:
    """Each sentence that was checked; '' when none was."""
    items = "".join(
        f"<li>{markup.badge('통과', DONE) if check.supported else markup.badge('뺌', PROBLEM)} "
        f'{markup.text(check.sentence)}<span class="id">{markup.text("; ".join(check.reasons))}</span></li>'
        for check in checks
    )
    return f'<ul class="checks">{items}</ul>' if items else ""


def evidence_html(evidence: Sequence[Evidence], right: Sequence[str]) -> Html:
    """What stood on the agent's screen; the right documents are marked."""
    if not evidence:
        return '<p class="hint">근거가 없었습니다.</p>'
    items = "".join(
        f'<li class="chunk"><header><span class="number">{number}</span><h3>{markup.text(each.title)}</h3>'
        f"{markup.badge('정답', DONE) if each.document in right else ''}</header>"
        f'<span class="id">{markup.text(each.document)}</span><p class="text">{markup.text(each.text)}</p></li>'
        for number, each in enumerate(evidence, start=1)
    )
    return f"<ol>{items}</ol>"


def documents_html(documents: Iterable[tuple[str, str]]) -> Html:
    """Ids with their titles, where these are known."""
    items = "".join(
        f'<li>{markup.text(title)}<span class="id">{markup.text(name)}</span></li>' for name, title in documents
    )
    return f"<ul>{items}</ul>" if items else "없음"


def timings_html(timings: Milliseconds) -> Html:
    """What an agent waits for, in milliseconds."""
    told = " · ".join(f"{STAGES[stage]} {timings[stage]:,.0f}ms" for stage in TIMED if stage in timings)
    return f'<p class="hint">{told}</p>' if told else ""
