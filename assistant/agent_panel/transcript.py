"""The lines of a call's transcript as HTML. Pure functions, everything escaped."""

from html import escape

from assistant.agent_panel.board import Line
from assistant.agent_panel.cards import marked_text


def line_html(line: Line) -> str:
    """Who said it and what, the words of a question marked, lighter while they may still change.

    >>> from assistant.calls.utterance import Speaker
    >>> line_html(Line(3, 4, Speaker.CALLER, "여권 <얼마예요", False, ((0, 2),)))
    '<li class="said caller partial" data-key="3"><b>시민</b> <span><mark>여권</mark> &lt;얼마예요</span></li>'
    """
    kind = "" if line.final else " partial"
    return (
        f'<li class="said {line.speaker}{kind}" data-key="{line.key}"><b>{escape(line.speaker.label)}</b> '
        f"<span>{marked_text(line.text, line.marks)}</span></li>"
    )
