"""Evidence cards as HTML. Pure functions; everything that comes from a document is escaped."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from assistant.agent_panel.shown import Shown, Stage
from assistant.events import Card, Span, Status

_TABLE = re.compile(r"(?P<frame>^\|[ :|-]+\|(?:\n|\Z)|^\| ?| ?\|$)|(?P<bar> \| )", re.MULTILINE)
"""What makes up a table in Markdown: the frame is only for programs, the bars part its cells."""


def merged_spans(spans: Iterable[Span], length: int) -> list[Span]:
    """Spans clipped to ``[0, length)``, sorted, the overlapping and touching ones joined.

    >>> merged_spans([(5, 9), (0, 3), (2, 6), (40, 50), (7, 7)], 10)
    [(0, 9)]
    """
    clipped = sorted((max(start, 0), min(end, length)) for start, end in spans)
    merged: list[Span] = []
    for start, end in clipped:
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked_text(text: str, spans: Sequence[Span]) -> str:
    """Escaped text with the spans in ``<mark>``; its visible characters are exactly ``text``.

    >>> marked_text("수수료 <400원>", [(4, 10)])
    '수수료 <mark>&lt;400원&gt;</mark>'
    """
    parts, position = [], 0
    for start, end in merged_spans(spans, len(text)):
        parts += [escape(text[position:start]), f"<mark>{escape(text[start:end])}</mark>"]
        position = end
    return "".join([*parts, escape(text[position:])])


def with_tables(html: str) -> str:
    """The marked text with the frames of its tables hidden and their bars set apart, all characters still there.

    >>> with_tables("| 어른 | 1만 원 |")
    '<span hidden>| </span>어른<span class="bar"> | </span>1만 원<span hidden> |</span>'
    """
    return _TABLE.sub(_table_part, html)


def _table_part(found: re.Match[str]) -> str:
    kind = 'class="bar"' if found["bar"] else "hidden"
    return f"<span {kind}>{found[0]}</span>"


def validity(starts: date | None, ends: date | None) -> str:
    """The days of force as the agent says them, empty when unbounded.

    >>> validity(date(2027, 1, 1), None), validity(date(2026, 1, 1), date(2026, 12, 31))
    ('2027-01-01부터 시행', '2026-01-01 ~ 2026-12-31 시행')
    """
    if starts and ends:
        return f"{starts} ~ {ends} 시행"
    if starts:
        return f"{starts}부터 시행"
    return f"{ends}까지 시행" if ends else ""


def evidence_html(shown: Shown | None) -> str:
    """The heading and the cards of the question on screen, empty before any evidence is there."""
    if shown is None or shown.evidence is None:
        return ""
    cards = shown.evidence.cards
    if not cards:
        return '<p class="no-evidence">찾은 근거가 없습니다. 다른 낱말로 다시 질문해 보세요.</p>'
    items = "".join(f"<li>{card_html(card)}</li>" for card in cards)
    return (
        f'<section class="evidence" aria-labelledby="evidence-title">{_heading(shown, len(cards))}'
        f'<ol class="cards">{items}</ol></section>'
    )


def _heading(shown: Shown, count: int) -> str:
    """How the cards are to be read: as evidence, or merely as what lies near."""
    abstained = shown.final is not None and shown.final.status is Status.ABSTAINED
    failed = shown.stage is Stage.FAILED
    title = "가까운 문서 <small>(답이 아닐 수 있음)</small>" if abstained or failed else f"근거 {count}건"
    keys = "Alt+1" if count == 1 else f"Alt+1–{min(count, 9)}"
    return f'<h2 id="evidence-title">{title}<kbd title="카드로 이동하는 단축키">{keys}</kbd></h2>'


def card_html(card: Card) -> str:
    """One card. The text's element holds nothing but the text, so that spans can be found in it."""
    number = card.number
    heading = f'<p class="path">{escape(card.heading)}</p>' if card.heading else ""
    return (
        f'<article class="card" id="card-{number}" data-document="{escape(card.document)}" tabindex="-1" '
        f'aria-labelledby="card-title-{number}">'
        f'<header><span class="number" aria-hidden="true">{number}</span>'
        f'<h3 id="card-title-{number}"><span class="sr-only">근거 {number}: </span>'
        f'<span class="kind">{escape(card.kind.label)}</span> {escape(card.title)}</h3></header>{heading}'
        f'<div class="text" id="card-text-{number}">{with_tables(marked_text(card.text, card.highlights))}</div>'
        f'<button type="button" class="more" data-do="expand" aria-expanded="false" '
        f'aria-controls="card-text-{number}" hidden><span class="sr-only">근거 {number} </span>'
        '<span class="closed">펼치기</span><span class="opened">접기</span></button>'
        f"{_facts(card)}</article>"
    )


def _facts(card: Card) -> str:
    """Whom to ask, as of when, from where."""
    contact = " ".join(escape(part) for part in (card.department, card.phone) if part)
    as_of = f"{card.as_of} 기준" if card.as_of else ""
    days = validity(card.effective_from, card.effective_to)
    facts = [f"<b>{contact}</b>" if contact else "", days, as_of]
    first = "".join(f"<span>{fact}</span>" for fact in facts if fact)
    source = f"<p>출처 {escape(card.source)}</p>" if card.source else ""
    note = f"<p>비고 {escape(card.note)}</p>" if card.note else ""
    return f'<footer><p class="facts">{first}</p>{source}{note}</footer>'
