"""The answer box's words as HTML: verdict, cited sentences, transfer. Pure functions, everything escaped."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from html import escape

from assistant.agent_panel.icons import icon
from assistant.agent_panel.shown import Shown, Stage
from assistant.events import Citation, FinalEvent, Span

STAGE_LABELS = {
    Stage.SEARCHING: "근거를 찾는 중…",
    Stage.WRITING: "답변 작성 중…",
    Stage.DONE: "완료",
    Stage.STOPPED: "중지",
    Stage.FAILED: "오류",
}
STOPPED_TEXT = "답변이 중지되었습니다. 아래 근거를 확인하거나 다시 질문하세요."
CUT_TEXT = "연결이 끊겨 답변이 멈췄습니다. 연결되면 다시 질문하세요."
_ENDINGS = f'<p class="problem when-stopped">{STOPPED_TEXT}</p><p class="problem when-cut">{CUT_TEXT}</p>'
"""Seen when the page itself ends the waiting, which nobody but the page knows of."""
_UNBROKEN = re.compile(r"\d{1,4}(?:-\d{1,4}){1,3}|\w{1,6}·\w{1,6}")
"""What a line must not break within: 061-749-3114, 신청인·대리인."""


def announcement(shown: Shown) -> str:
    """What a screen reader is told when the box changes; the words also label what is seen."""
    match shown.stage:
        case Stage.WRITING:
            heard = "" if shown.is_typed else f"새 제안: {shown.question} "
            return f"{heard}근거 {len(shown.card_numbers)}건. {STAGE_LABELS[shown.stage]}"
        case Stage.STOPPED:
            return STOPPED_TEXT
        case Stage.FAILED:
            return shown.problem
    if shown.final is None:
        return STAGE_LABELS[shown.stage]
    return f"{shown.final.status.label}. {copy_text(shown.final)}"


def badge(shown: Shown) -> str:
    """Icon and word, in a colour that only repeats what they say."""
    if shown.final is None:
        label = "작성 중" if shown.stage.is_running else STAGE_LABELS[shown.stage]
        return f'<span class="badge {shown.stage}">{icon(shown.stage)}{label}</span>'
    status = shown.final.status
    return f'<span class="badge {status}">{icon(status)}{escape(status.label)}</span>'


def verdict(shown: Shown) -> str:
    """The line above the answer: how far to rely on it and why, or how far it has come and a way out."""
    if shown.stage.is_running:
        return (
            f'<header class="verdict"><span class="progress">{STAGE_LABELS[shown.stage]}</span>'
            f"{badge(replace(shown, stage=Stage.STOPPED))}"
            '<button type="button" class="quiet" data-do="stop">중지</button></header>'
        )
    return f'<header class="verdict">{badge(shown)}{_reason(shown.final) if shown.final else ""}</header>'


def _reason(final: FinalEvent) -> str:
    """Why it is so, unless a caution says the same."""
    is_told = final.reason in [caution.text for caution in final.cautions]
    return f'<span class="reason">{escape(final.reason)}</span>' if final.reason and not is_told else ""


def body(shown: Shown) -> str:
    """The words to read out, or why there are none."""
    if shown.final is not None:
        return _final(shown.final, shown.card_numbers)
    tokens = "".join(
        _with_marks(token.text.rstrip(), cite_button(token.citation) if token.citation in shown.card_numbers else "")
        + " "
        for token in shown.tokens
    )
    text = f'<p class="answer-text">{tokens}</p>' if tokens else ""
    if shown.stage.is_running:
        return f'{text}<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>{_ENDINGS}'
    return f'{text}<p class="problem">{escape(shown.problem or STOPPED_TEXT)}</p>'


def _final(final: FinalEvent, numbers: Collection[int]) -> str:
    """Answer, transfer and what was withheld."""
    answer = cited_text(final.answer, final.citations, numbers)
    text = f'<p class="answer-text">{answer}</p>' if answer else ""
    transfer = f'<p class="transfer">{icon("phone")}<span>{_unbroken(transfer_text(final))}</span></p>'
    return text + (transfer if final.transfer else "") + _withheld(final)


def _withheld(final: FinalEvent) -> str:
    """The sentences that failed their check, folded away, so that nobody reads them out by mistake."""
    failed = [check for check in final.checks if not check.supported]
    if not failed:
        return ""
    items = "".join(f"<li><s>{escape(check.sentence)}</s> {escape(' '.join(check.reasons))}</li>" for check in failed)
    summary = f"확인되지 않아 뺀 문장 {len(failed)}개"
    return f'<details class="withheld"><summary>{summary}</summary><ul>{items}</ul></details>'


def cited_text(answer: str, citations: Iterable[Citation], numbers: Collection[int]) -> str:
    """The escaped answer with a button after each cited span.

    A citation of a card that is not shown, or of an empty span, gets no button; a span beyond the
    answer's end is cut there.
    """
    buttons: defaultdict[int, dict[int, list[Span]]] = defaultdict(dict)
    for citation in citations:
        start, end = max(citation.answer_span[0], 0), min(citation.answer_span[1], len(answer))
        if citation.number in numbers and start < end:
            buttons[end].setdefault(citation.number, []).append(citation.chunk_span)
    parts, position = [], 0
    for end in sorted(buttons):
        marks = "".join(cite_button(number, spans) for number, spans in sorted(buttons[end].items()))
        parts.append(_with_marks(answer[position:end], marks))
        position = end
    return "".join([*parts, _unbroken(answer[position:])])


def _with_marks(sentence: str, marks: str) -> str:
    """The sentence with its marks; its last word keeps them from beginning a line of their own."""
    before, space, word = sentence.rpartition(" ")
    return f'{_unbroken(before + space)}<span class="keep">{escape(word)}{marks}</span>'


def _unbroken(text: str) -> str:
    """The escaped text; numbers such as 061-749-3114 stay on one line."""
    return _UNBROKEN.sub(r'<span class="keep">\g<0></span>', escape(text))


def cite_button(number: int, spans: Iterable[Span] = ()) -> str:
    """The button that leads to card ``number`` and emphasises ``spans`` of its text."""
    places = " ".join(f"{start},{end}" for start, end in spans)
    return (
        f'<button type="button" class="cite" data-do="cite" data-number="{number}" data-spans="{places}" '
        f'aria-label="[{number}] 근거 보기">[{number}]</button>'
    )


def copy_text(final: FinalEvent) -> str:
    """What 복사 puts on the clipboard: the answer as it stands, or whom to connect to."""
    return final.answer or transfer_text(final) or final.reason


def transfer_text(final: FinalEvent) -> str:
    """``연결: 민원과 061-749-3114``, empty when nobody is named."""
    if final.transfer is None:
        return ""
    return f"연결: {final.transfer.department} {final.transfer.phone}".rstrip()
