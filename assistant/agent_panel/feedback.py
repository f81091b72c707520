"""What the agent may do with an answer as HTML: copying, 도움됨, 아님 and why. Pure functions.

What was chosen is the page's own business: it shows it at once, also while the server cannot be reached.
"""

from html import escape

from assistant.agent_panel.answer import copy_text
from assistant.agent_panel.icons import icon
from assistant.agent_panel.shown import Shown
from assistant.journal import REJECTIONS, Action


def footer(shown: Shown) -> str:
    """Copying and feedback; its place is kept while the answer is being written."""
    if shown.final is None:
        return '<footer class="actions"></footer>'
    return (
        f'<footer class="actions"><div class="buttons">'
        f'<button type="button" data-do="copy" data-text="{escape(copy_text(shown.final))}" '
        f'aria-keyshortcuts="Alt+C Control+Shift+C">{icon("copy")}복사<kbd>Alt+C</kbd></button>'
        f"{_opinion(Action.ACCEPTED, 'up', '도움됨', 'Alt+A')}"
        f"{_opinion(Action.REJECTED, 'down', '아님', 'Alt+X')}"
        f'</div><p class="thanks" hidden></p>{_reasons()}</footer>'
    )


def _opinion(action: Action, icon_name: str, label: str, key: str) -> str:
    return (
        f'<button type="button" data-do="feedback" data-action="{action}" aria-pressed="false" '
        f'aria-keyshortcuts="{key}" title="{label} ({key})">{icon(icon_name)}{label}</button>'
    )


def _reasons() -> str:
    """Why not, seen once 아님 is chosen; each reason has a number key."""
    chips = "".join(
        f'<button type="button" class="chip" data-do="feedback" data-action="{Action.REJECTED}" '
        f'data-reason="{reason}" aria-pressed="false" aria-keyshortcuts="Alt+Shift+{number}" '
        f'title="{reason} (Alt+Shift+{number})"><kbd>{number}</kbd>{reason}</button>'
        for number, reason in enumerate(REJECTIONS, start=1)
    )
    return (
        f'<div class="chips" role="group" aria-label="아닌 이유" hidden>{chips}'
        '<span class="other"><input type="text" maxlength="200" aria-label="기타 이유 직접 입력" '
        'placeholder="기타 직접 입력">'
        '<button type="button" data-do="other-reason">남기기</button></span></div>'
    )
