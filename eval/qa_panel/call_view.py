"""One suggestion of a real call beside the list: what was shown, the verdict, and how it becomes a test question."""

from collections.abc import Mapping, Sequence

from eval.examination.answers import recorded
from eval.qa_panel.calls import Reading
from eval.qa_panel.calls_view import opinion_html, verdict_badge
from eval.qa_panel.case_view import answer_html, documents_html, timings_html
from eval.qa_panel.questions import GOLDEN
from eval.qa_panel.verdicts import Judged, Verdict
from indexing.admin_panel import markup
from indexing.admin_panel.markup import Html

LONGEST_NOTE = 400
LONGEST_ANSWER = 4000


def call_html(reading: Reading, titles: Mapping[str, str]) -> Html:
    """The whole of it; ``titles`` are those of the documents still there, by id."""
    call, final = reading.call, reading.final
    shown = [(name, titles.get(name, "")) for name in reading.documents]
    return markup.beside(
        "상담 기록",
        call.question,
        markup.facts(
            (
                ("때", markup.moment(call.at)),
                ("상담원", markup.text(call.agent or "–")),
                ("상담원 의견", opinion_html(call)),
            )
        )
        + markup.part("보인 답변", answer_html(recorded(final, final.timings)) + timings_html(final.timings))
        + markup.part("보인 근거", documents_html(shown))
        + verdict_html(reading)
        + golden_html(reading),
        marks=verdict_badge(call.verdict),
    )


def verdict_html(reading: Reading) -> Html:
    """One click judges; a note says why, and what was said before stays to be read."""
    current = reading.call.verdict
    choices = "".join(
        f'<button type="button" class="verdict" data-do="judge" data-id="{markup.text(reading.call.id)}" '
        f'data-verdict="{each}" aria-pressed="{str(each is current).lower()}">{each.label}</button>'
        for each in Verdict
    )
    note = reading.judged[-1].note if current else ""
    form = (
        f'<form class="row" data-do="note" data-id="{markup.text(reading.call.id)}">'
        + markup.field("이유", "note", note, attributes=f'maxlength="{LONGEST_NOTE}" placeholder="왜 그렇게 보았나요?"')
        + '<button type="submit" class="plain">남기기</button></form>'
        if current
        else ""
    )
    return markup.part("판정", f'<p class="buttons">{choices}</p>{form}{_history(reading.judged)}')


def _history(judged: Sequence[Judged]) -> Html:
    if not judged:
        return ""
    items = "".join(
        f"<li>{markup.moment(each.at)} {markup.text(each.by)}: {each.verdict.label if each.verdict else '판정을 거둠'}"
        f"{f' — {markup.text(each.note)}' if each.note else ''}</li>"
        for each in reversed(judged)
    )
    return f'<details data-group="judged"><summary>판정 기록 {len(judged)}</summary><ul>{items}</ul></details>'


def golden_html(reading: Reading) -> Html:
    """The question with its right answer and documents, filled in with what was shown."""
    cited = dict.fromkeys(each.document for each in reading.final.citations)
    return markup.part(
        "확인 질문에 추가",
        f'<form class="golden-form" data-do="add-golden" data-id="{markup.text(reading.call.id)}">'
        + markup.area("맞는 답변", "answer", reading.final.answer, 4, attributes=f'maxlength="{LONGEST_ANSWER}"')
        + markup.area("답이 있는 문서의 ID(한 줄에 하나, 없으면 비움)", "documents", "\n".join(cited), 2)
        + markup.field("분야", "category", attributes='maxlength="40"')
        + '<label class="check"><input type="checkbox" name="index" value="yes">'
        "<span>색인의 확인 질문에도 더하기(새 색인이 이 문서를 찾지 못하면 쓰지 않습니다)</span></label>"
        f'<p class="hint">‘{markup.text(GOLDEN)}’에 들어가 평가에 쓰입니다. '
        "같은 제안을 다시 더하면 고친 것이 남습니다.</p>"
        '<p class="buttons"><button type="submit" class="primary">확인 질문에 추가</button></p></form>',
    )
