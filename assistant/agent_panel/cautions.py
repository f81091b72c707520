"""What the agent should know before relying on an answer, as HTML. Pure functions, everything escaped."""

from collections.abc import Iterable
from html import escape

from assistant.agent_panel.icons import icon
from assistant.events import Card, Caution


def cautions_html(cautions: Iterable[Caution], cards: Iterable[Card]) -> str:
    """A box for each, the documents that it speaks of leading to their cards; '' when there is none.

    A document whose card is not shown is not named: the sentence itself says what matters.
    """
    shown = {card.document: card for card in reversed(list(cards))}
    return "".join(
        _caution(caution, [shown[name] for name in caution.documents if name in shown]) for caution in cautions
    )


def _caution(caution: Caution, cards: list[Card]) -> str:
    links = "".join(
        f'<button type="button" class="to-card" data-do="cite" data-number="{card.number}" data-spans="">'
        f"[{card.number}] {escape(card.title)}</button>"
        for card in cards
    )
    return (
        f'<div class="caution {caution.kind}"><p>{icon("caution")}<span><b>{escape(caution.kind.label)}</b> '
        f"{escape(caution.text)}</span></p>{f'<p class=to-cards>{links}</p>' if links else ''}</div>"
    )
