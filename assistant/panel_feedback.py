"""The agent's verdict on an answer as HTML: copying, 도움됨, 아님 and why. Pure functions."""

from html import escape

from assistant.journal import Action
from assistant.panel_answer import copy_text
from assistant.panel_icons import icon
from assistant.panel_session import Shown

REASONS = ("사실과 다름", "질문과 다름", "오래된 내용", "읽기 어려움")


def footer(shown: Shown) -> str:
    """Copying and feedback; its place is kept while the answer is being written."""
    if shown.final is None:
        return '<footer class="actions"></footer>'
    return (
        f'<footer class="actions"><div class="buttons">'
        f'<button type="button" data-do="copy" data-text="{escape(copy_text(shown.final))}" '
        f'aria-keyshortcuts="Alt+C">{icon("copy")}복사<kbd>Alt+C</kbd></button>'
        f"{_opinion(shown, Action.ACCEPTED, 'up', '도움됨')}"
        f"{_opinion(shown, Action.REJECTED, 'down', '아님')}"
        f"</div>{_reasons(shown)}</footer>"
    )


def _opinion(shown: Shown, action: Action, icon_name: str, label: str) -> str:
    pressed = str(shown.verdict is action).lower()
    return (
        f'<button type="button" data-do="feedback" data-action="{action}" aria-pressed="{pressed}">'
        f"{icon(icon_name)}{label}</button>"
    )


def _reasons(shown: Shown) -> str:
    """The acknowledgement and, for 아님, the choice of reasons."""
    if shown.problem:
        return f'<p class="problem">{escape(shown.problem)}</p>'
    if shown.verdict is None:
        return ""
    if shown.verdict is Action.ACCEPTED:
        return '<p class="thanks">도움됨으로 기록했습니다. 다시 고르면 바뀝니다.</p>'
    chips = "".join(
        f'<button type="button" class="chip" data-do="feedback" data-action="{Action.REJECTED}" '
        f'data-reason="{reason}" aria-pressed="{str(reason == shown.reason).lower()}">{reason}</button>'
        for reason in REASONS
    )
    said = f"‘{shown.reason}’ 이유로 기록했습니다." if shown.reason else "기록했습니다. 이유도 골라 주세요."
    return (
        f'<p class="thanks">{escape(said)}</p><div class="chips" role="group" aria-label="아닌 이유">{chips}'
        '<span class="other"><input type="text" maxlength="200" aria-label="기타 이유 직접 입력" '
        'placeholder="기타 직접 입력">'
        '<button type="button" data-do="other-reason">남기기</button></span></div>'
    )
