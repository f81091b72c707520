"""The answer box of one suggestion as HTML. Pure functions, everything escaped."""

from html import escape

from assistant.agent_panel.answer import body, verdict
from assistant.agent_panel.cautions import cautions_html
from assistant.agent_panel.feedback import footer
from assistant.agent_panel.shown import Shown


def answer_html(shown: Shown) -> str:
    """Question, verdict, what to know before, the words to read out, what to do with them, what else was meant."""
    return (
        f'<section class="answer {shown.stage}" data-key="{escape(shown.key)}" aria-labelledby="answer-title" '
        f'aria-busy="{str(shown.stage.is_running).lower()}">'
        f'<h2 class="sr-only" id="answer-title">답변</h2>{_asked(shown)}{verdict(shown)}{_cautions(shown)}'
        f'<div class="answer-body">{body(shown)}</div>{footer(shown)}{_alternatives(shown)}</section>'
    )


def _asked(shown: Shown) -> str:
    """The question as understood, and whether the agent typed it or it was heard."""
    how = "입력한 질문" if shown.is_typed else "들은 질문"
    return f'<p class="asked"><span class="how">{how}</span> {escape(shown.question)}</p>'


def _cautions(shown: Shown) -> str:
    if shown.final is None:
        return ""
    return cautions_html(shown.final.cautions, shown.evidence.cards if shown.evidence else ())


def _alternatives(shown: Shown) -> str:
    """What else may have been asked, one key away."""
    found = shown.evidence.alternatives if shown.evidence else ()
    buttons = "".join(
        f'<button type="button" class="alternative" data-do="alternative" data-question="{escape(each.question)}"'
        f"{_key(place)}>{escape(each.question)}{'<kbd>Alt+Q</kbd>' if place == 0 else ''}</button>"
        for place, each in enumerate(found)
    )
    return f'<p class="alternatives"><span>혹시</span>{buttons}</p>' if buttons else ""


def _key(place: int) -> str:
    return ' aria-keyshortcuts="Alt+Q"' if place == 0 else ""
