"""Starting a run: question files, what was doubtful about those sent, the form, and the run under way."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from eval.qa_panel.questions import ENDINGS, MAX_BYTES, QuestionFile
from eval.qa_panel.state import Checked, Configuration
from eval.questions.checks import counted
from eval.runs.run import Run
from indexing.admin_panel import markup
from indexing.admin_panel.job import JobStatus
from indexing.admin_panel.markup import WARNING, Html

SHOWN_FINDINGS = 8
FORMAT_TEXT = (
    "JSON lines, CSV, XLSX. 표의 첫 줄에는 ‘질문’과 ‘정답문서’ 열이 있어야 하고, ‘답변’, ‘분야’, ‘답변가능’ 열을 "
    "더할 수 있습니다."
)
OPTIONS_TEXT = {
    Configuration.RETRIEVAL: "정답 문서를 찾는지만 봅니다. 질문 하나에 0.1초쯤 걸립니다.",
    Configuration.WITHOUT_LLM: "FAQ와 발췌 답변까지 봅니다.",
    Configuration.WITH_LLM: "생성 답변까지 봅니다. 질문 하나에 몇 초에서 수십 초 걸립니다.",
}


class Choice(NamedTuple):
    """What was measured last, to be measured again."""

    name: str
    configuration: Configuration


def measure_html(
    files: Sequence[QuestionFile],
    chosen: Choice,
    configurations: Sequence[Configuration],
    checked: Sequence[Checked],
    *,
    is_running: bool,
) -> Html:
    """The whole page."""
    return (
        f'<div class="columns"><div>{_form_card(files, chosen, configurations, is_running=is_running)}</div>'
        f"<div>{_upload_card()}{checked_html(checked)}</div></div>"
    )


def _form_card(
    files: Sequence[QuestionFile], chosen: Choice, configurations: Sequence[Configuration], *, is_running: bool
) -> Html:
    if not files:
        return markup.card(
            "평가 시작", markup.empty("아직 질문 파일이 없습니다. 질문과 정답 문서가 적힌 파일을 올려 주세요.")
        )
    start = (
        '<p class="hint">지금 도는 평가가 끝나면 시작할 수 있습니다.</p>'
        if is_running
        else '<p class="buttons"><button type="submit" class="primary">평가 시작</button></p>'
    )
    names = {each.name: f"{each.name} ({markup.size(each.bytes)})" for each in files}
    return markup.card(
        "평가 시작",
        '<form class="measure" data-do="run">'
        + markup.choice("질문 파일", "name", names, chosen.name)
        + _configurations(configurations, chosen.configuration)
        + markup.field("질문 수", "limit", kind="number", attributes='min="1" placeholder="모두"')
        + markup.field("시드", "seed", "0", "number", attributes='min="0" required')
        + '<p class="hint">질문 수를 적으면 그만큼 무작위로 뽑습니다. 시드가 같으면 같은 질문이 뽑힙니다.</p>'
        + start
        + "</form>"
        + '<p class="hint">상담이 먼저입니다. 평가는 남는 힘으로 돌아, 상담이 많을 때는 잰 시간이 길게 나옵니다. '
        "화면을 닫아도 멈추지 않습니다.</p>",
    )


def _configurations(configurations: Iterable[Configuration], chosen: Configuration) -> Html:
    choices = "".join(
        f'<label><input type="radio" name="configuration" value="{each}"{" checked" if each is chosen else ""}>'
        f"<span><b>{each.label}</b>{OPTIONS_TEXT[each]}</span></label>"
        for each in configurations
    )
    return f'<fieldset class="choices"><legend>무엇을 잴까요</legend>{choices}</fieldset>'


def _upload_card() -> Html:
    return markup.card(
        "질문 파일 올리기",
        '<form class="upload"><label class="drop"><b>파일을 여기에 놓거나 눌러 고르세요</b>'
        f"<span>{FORMAT_TEXT} 파일 하나에 {MAX_BYTES // 2**20}MB까지.</span>"
        f'<input type="file" id="files" multiple accept="{",".join(ENDINGS)}" aria-label="질문 파일"></label></form>',
    )


def checked_html(checked: Sequence[Checked]) -> Html:
    """What is doubtful about the files that were sent; '' before the first."""
    return "".join(markup.card(each.name, _checked(each)) for each in checked)


def _checked(each: Checked) -> Html:
    if not each.findings:
        return f"<p>질문 {markup.many(each.questions)}개를 받았습니다. 걸리는 것이 없습니다.</p>"
    marks = " ".join(markup.badge(f"{doubt} {count}", WARNING) for doubt, count in counted(each.findings).items())
    items = "".join(
        f"<li><b>{markup.text(found.question)}</b> {markup.text(found.sentence)}</li>"
        for found in each.findings[:SHOWN_FINDINGS]
    )
    more = markup.more(len(each.findings) - SHOWN_FINDINGS)
    return (
        f"<p>질문 {markup.many(each.questions)}개를 받았습니다. 평가할 수 있지만 살펴볼 것이 있습니다.</p>"
        f'<p class="marks">{marks}</p><ul class="findings">{items}{more}</ul>'
    )


def job_html(status: JobStatus[Run] | None) -> Html:
    """The run under way, on every page; '' when there is none."""
    if status is None or not status.is_running:
        return ""
    stop = "<span>멈추는 중…</span>" if status.is_cancelling else markup.button("멈추기", "cancel-run")
    return markup.working("평가 중", status, "문항", stop)


def outcome_text(status: JobStatus[Run]) -> str:
    """How a run that has ended went."""
    if status.result is None:
        return status.problem
    counts = status.result.counts
    failed = f" {counts['n_failed']}개는 오류로 끝났습니다." if counts["n_failed"] else ""
    return f"질문 {counts['n_total']:,}개의 평가를 {markup.duration(status.seconds)}에 마쳤습니다.{failed}"
