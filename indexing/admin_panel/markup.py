"""The pieces of HTML that the pages of the admin panel and the QA panel are made of; what they are given is escaped.

A button or row that does something carries ``data-do`` and the values of the act; a form does too, and adds
its fields. ``panel.js`` sends them as they are to ``acts``.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import NamedTuple

from indexing.admin_panel.job import JobStatus, Result
from indexing.progress import StageProgress

Html = str
"""Ready to be shown: every word from outside has been escaped."""


class Tone(NamedTuple):
    """The colours of a badge or notice, by the name of a class in panel.css."""

    name: str


DONE, PROBLEM, WARNING, NEUTRAL, ACCENT = (Tone(name) for name in ("done", "problem", "warning", "neutral", "accent"))


def text(value: object) -> Html:
    """
    >>> text('<b>"')
    '&lt;b&gt;&quot;'
    """
    return escape(str(value))


def values(given: Mapping[str, str]) -> Html:
    """Data attributes, in order.

    >>> values({"do": "open", "id": "a&b"})
    ' data-do="open" data-id="a&amp;b"'
    """
    return "".join(f' data-{name}="{escape(value)}"' for name, value in given.items())


def button(label: str, do: str, style: str = "quiet", *, confirm: str = "", told: str = "", **given: str) -> Html:
    """Does something; asks first with ``confirm``. ``told`` names it where the label alone says too little."""
    asked = {"confirm": confirm} if confirm else {}
    aria = f' aria-label="{escape(told)}"' if told else ""
    return f'<button type="button" class="{style}"{values({"do": do, **given, **asked})}{aria}>{escape(label)}</button>'


def tabs(do: str, labels: Mapping[str, str], chosen: str) -> Html:
    """A button for each value of ``labels``; the chosen one is marked."""
    return "".join(
        f'<button type="button" class="tab"{values({"do": do, "name": name})}'
        f"{' aria-current=page' if name == chosen else ''}>{escape(label)}</button>"
        for name, label in labels.items()
    )


def top(title: str, labels: Mapping[str, str], chosen: str, waiting: Html = "") -> Html:
    """The line above every page: the panel's title, its pages, what waits to be done, the reader's account."""
    return (
        f'<header class="top"><h1>{escape(title)}</h1><nav aria-label="화면">{tabs("tab", labels, chosen)}</nav>'
        f'<div class="waiting">{waiting}</div><a href="/account">내 계정</a></header>'
    )


def badge(label: str, tone: Tone = NEUTRAL) -> Html:
    """A word on a colour."""
    return f'<span class="badge {tone.name}">{escape(label)}</span>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Html], style: str = "") -> Html:
    """Rows made by ``row`` under their column names; ``caption`` is for screen readers."""
    columns = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f'<div class="table {style}"><table><caption class="sr-only">{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(cells: Iterable[Html], *, current: bool = False, **given: str) -> Html:
    """A row; with values a click anywhere on it does what they say."""
    mark = ' aria-current="true"' if current else ""
    return f"<tr{values(given)}{mark}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def field(label: str, name: str, value: str = "", kind: str = "text", note: Html = "", attributes: Html = "") -> Html:
    """A labelled input; ``note`` stands below it."""
    return (
        f'<div class="field"><label><span>{escape(label)}</span><input type="{kind}" name="{name}" '
        f'value="{escape(value)}" autocomplete="off" {attributes}></label>{note}</div>'
    )


def area(label: str, name: str, value: str, rows: int, note: Html = "", attributes: Html = "") -> Html:
    """A labelled input of several lines; ``note`` stands below it."""
    return (
        f'<div class="field"><label><span>{escape(label)}</span><textarea name="{name}" rows="{rows}" {attributes}>'
        f"{escape(value)}</textarea></label>{note}</div>"
    )


def choice(label: str, name: str, options: Mapping[str, str], chosen: str) -> Html:
    """A labelled select: values to what people read."""
    listed = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(shown)}</option>'
        for value, shown in options.items()
    )
    return (
        f'<div class="field"><label><span>{escape(label)}</span><select name="{name}">{listed}</select></label></div>'
    )


def facts(pairs: Iterable[tuple[str, Html]]) -> Html:
    """Names and values, one a line."""
    return f'<dl class="facts">{"".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs)}</dl>'


def empty(sentence: str, then: Html = "") -> Html:
    """What a list says when there is nothing in it, and what to do."""
    return f'<div class="nothing"><p>{escape(sentence)}</p>{then}</div>'


def more(count: int, unit: str = "건") -> Html:
    """The last entry of a list that was cut by ``count``; '' when it was not."""
    return f'<li class="hint">그 밖에 {many(count)}{unit}</li>' if count > 0 else ""


def bar(progress: StageProgress | None) -> Html:
    """A progress bar; without a number before the first news."""
    share = f' value="{progress.done}" max="{max(progress.total, 1)}"' if progress else ""
    return f"<progress{share}></progress>"


def working(title: str, status: JobStatus[Result], unit: str, stop: Html) -> Html:
    """How work under way stands, counted in ``unit``; ``stop`` is the button that calls it off."""
    progress = status.progress
    told = ["준비하는 중"]
    if progress:
        told = [progress.stage, f"{many(progress.done)} / {many(progress.total)}{unit}"]
        if progress.rate:
            told.append(f"1분에 {progress.rate * 60:,.0f}{unit}")
        if progress.seconds_left is not None:
            told.append(f"{duration(progress.seconds_left)} 남음")
    told.append(f"{duration(status.seconds)}째")
    return (
        f'<section class="job" data-running aria-label="{title}"><b>{title}</b>{bar(progress)}'
        f'<span>{" · ".join(told)}</span><span class="by">{text(status.by)}</span>{stop}</section>'
    )


def beside(called: str, title: str, body: Html, *, marks: Html = "", note: Html = "") -> Html:
    """What is opened beside a list, ``called`` so, with the way to close it; ``note`` stands below the title."""
    close = button("닫기", "close", told=f"{called} 닫기")
    return (
        f'<article class="document" aria-label="{escape(called)}"><header><div class="marks">{marks}{close}</div>'
        f"<h2>{escape(title)}</h2>{note}</header>{body}</article>"
    )


def part(title: str, body: Html) -> Html:
    """A titled part of what stands beside a list; '' when there is nothing in it."""
    return f'<section class="part"><h3>{escape(title)}</h3>{body}</section>' if body else ""


def card(title: str, body: Html, aside: Html = "") -> Html:
    """A titled box; ``aside`` stands beside its title."""
    return f'<section class="card"><header><h2>{escape(title)}</h2>{aside}</header>{body}</section>'


def many(count: int) -> str:
    """
    >>> many(12345)
    '12,345'
    """
    return f"{count:,}"


def size(count: int) -> str:
    """Bytes as people read them.

    >>> size(512), size(3_400_000), size(2_500_000_000)
    ('1KB', '3.2MB', '2.3GB')
    """
    if count >= 2**30:
        return f"{count / 2**30:.1f}GB"
    return f"{count / 2**20:.1f}MB" if count >= 2**20 else f"{max(1, round(count / 1024)) if count else 0}KB"


def duration(seconds: float) -> str:
    """
    >>> duration(0.21), duration(42.4), duration(135), duration(7322)
    ('0.2초', '42초', '2분 15초', '2시간 2분')
    """
    if seconds < 10:
        return f"{seconds:.1f}초"
    if seconds < 60:
        return f"{seconds:.0f}초"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}분 {rest}초" if minutes < 60 else f"{minutes // 60}시간 {minutes % 60}분"


def days(starts: date | None, ends: date | None) -> str:
    """
    >>> days(date(2026, 1, 1), None), days(None, date(2026, 12, 31)), days(None, None)
    ('2026-01-01 ~', '~ 2026-12-31', '')
    """
    return f"{starts or ''} ~ {ends or ''}".strip() if starts or ends else ""


def moment(stamp: str) -> str:
    """A moment as it is stored (ISO 8601), in local time to the minute."""
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")
