"""The charts of a report as SVG for an HTML page: text stays text, nothing is fetched.

Drawn by matplotlib without any window; the page's style sheet chooses the font.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from eval.metrics.confidence import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, GRID = "#1c2733", "#6b7785", "#e3e8ee"
MAIN, BEFORE, BAD = "#0b6e6e", "#a9b4c0", "#b4451f"
CURVES = (MAIN, "#c98a1b", "#5b5ea6", BAD)
WIDTH = 7.2  # inches, the text width of an A4 page
ROW = 0.34  # inches a row of a horizontal chart
LEFT = 0.3  # of the width, for the names of the rows
LONGEST_NAME = 18
WINDOWS = 24  # parts of the time that a median is taken of

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
}
_UNUSED_ID = re.compile(r' id="[A-Za-z0-9]+_\d+"')
_REFERENCE = re.compile(r'(?<= id=")|(?<=url\(#)|(?<=href="#)')
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)


class Row(NamedTuple):
    """One row of a chart of scores: now, and in the baseline when there is one."""

    name: str
    now: Estimate
    before: Estimate | None = None


def scores(rows: Sequence[Row]) -> Markup:
    """Scores from 0 to 1 with their intervals, a dot each; the baseline's in grey below."""
    with _figure(len(rows) * (ROW + 0.12) + 0.55) as (figure, axes):
        for place, row in enumerate(rows):
            if row.before:
                _dot(axes, row.before, place + 0.22, BEFORE)
            _dot(axes, row.now, place - (0.12 if row.before else 0), MAIN)
        _names(axes, [row.name for row in rows])
        _shares(axes)
    return _svg(figure, "지표마다 점수와 95% 신뢰구간")


def bars(rows: Sequence[Row]) -> Markup:
    """Scores from 0 to 1 as bars with their intervals, for many groups."""
    with _figure(len(rows) * ROW + 0.55) as (figure, axes):
        for place, row in enumerate(rows):
            axes.barh(place, row.now.mean, height=0.62, color=MAIN, alpha=0.85)
            axes.plot([row.now.low, row.now.high], [place, place], color=INK, linewidth=1)
        _names(axes, [f"{_short(row.name)} ({row.now.n})" for row in rows])
        _shares(axes)
    return _svg(figure, "무리마다 점수")


def counts(values: Mapping[str, int], title: str, colour: str = BAD) -> Markup:
    """How often each thing occurred."""
    with _figure(len(values) * ROW + 0.16, bottom=0.08) as (figure, axes):
        axes.barh(range(len(values)), list(values.values()), height=0.62, color=colour, alpha=0.9)
        most = max(values.values(), default=1)
        for place, value in enumerate(values.values()):
            axes.text(value + most * 0.012, place, f"{value:,}", va="center", color=INK)
        _names(axes, list(values))
        axes.set_xlim(0, most * 1.12)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    return _svg(figure, title)


def waits(curves: Mapping[str, Sequence[float]]) -> Markup:
    """Which share of the questions was through after how many milliseconds, a curve a stage."""
    import numpy as np
    from matplotlib.ticker import LogLocator, NullLocator

    with _figure(2.5, left=0.08) as (figure, axes):
        for (name, values), colour in zip(curves.items(), CURVES, strict=False):
            ordered = np.sort(np.asarray(values, dtype=np.float64))
            shares = np.arange(1, len(ordered) + 1) / len(ordered)
            axes.step(ordered, shares, where="post", color=colour, linewidth=1.6, label=name)
            for point in (0.5, 0.95):
                axes.plot([np.quantile(ordered, point)], [point], "o", color=colour, markersize=4)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: _duration(value))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_ylim(0, 1.02)
        axes.set_yticks([0, 0.5, 0.95], ["0%", "50%", "95%"])
        axes.grid(axis="both", color=GRID, linewidth=0.7)
        axes.tick_params(length=0)
        axes.legend(frameon=False, loc="lower right")
    return _svg(figure, "기다린 시간의 분포")


def growth(curves: Mapping[str, Mapping[int, float]]) -> Markup:
    """Milliseconds by the number of chunks, a curve a way to search; both axes logarithmic."""
    with _figure(3.1, left=0.09, top=0.3) as (figure, axes):
        for (name, points), colour in zip(curves.items(), CURVES, strict=False):
            axes.plot(list(points), list(points.values()), "o-", color=colour, linewidth=1.6, markersize=4, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.yaxis.set_major_formatter(lambda value, _: _duration(value))
        axes.grid(axis="both", color=GRID, linewidth=0.7)
        axes.tick_params(which="both", length=0)
        axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(curves))  # above all curves
    return _svg(figure, "조각 수에 따른 검색 시간")


def over_time(curves: Mapping[str, Sequence[tuple[float, float]]]) -> Markup:
    """Milliseconds by seconds since the beginning: a dot a measurement, a line through the medians of a kind."""
    import numpy as np

    with _figure(2.7, left=0.09) as (figure, axes):
        for (name, points), colour in zip(curves.items(), CURVES, strict=False):
            times, values = np.array(sorted(points), dtype=np.float64).T
            axes.plot(times, values, ".", color=colour, alpha=0.35, markersize=4)
            parts = [part for part in np.array_split(np.arange(len(times)), WINDOWS) if len(part)]
            middles = [(np.median(times[part]), np.median(values[part])) for part in parts]
            axes.plot(*np.array(middles).T, color=colour, linewidth=1.8, label=name)
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda value, _: _duration(value))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}초")
        axes.grid(axis="both", color=GRID, linewidth=0.7)
        axes.tick_params(which="both", length=0)
        axes.legend(frameon=False, loc="upper right")
    return _svg(figure, "시간에 따른 기다림")


def usage(seconds: Sequence[float], megabytes: Sequence[float], open_calls: Sequence[float]) -> Markup:
    """Memory by seconds since the beginning, above the number of calls going on."""
    with _figure(2.7, left=0.09) as (figure, axes):
        beside = axes.twinx()
        beside.fill_between(seconds, open_calls, color=GRID, step="post", linewidth=0)
        beside.set_ylim(0, max(open_calls, default=1) * 2.5 or 1)
        beside.set_ylabel("통화")
        beside.tick_params(length=0)
        axes.set_zorder(beside.get_zorder() + 1)
        axes.plot(seconds, megabytes, color=MAIN, linewidth=1.8)
        axes.set_ylim(0, max(megabytes, default=1) * 1.15)
        axes.set_ylabel("MB")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}초")
        axes.grid(axis="y", color=GRID, linewidth=0.7)
        axes.tick_params(length=0)
    return _svg(figure, "서버의 메모리와 통화 수")


def _dot(axes: "Axes", estimate: Estimate, place: float, colour: str) -> None:
    axes.plot([estimate.low, estimate.high], [place, place], color=colour, linewidth=2.4, solid_capstyle="round")
    axes.plot([estimate.mean], [place], "o", color=colour, markersize=6.5)
    axes.text(1.03, place, f"{estimate.mean:.1%}", va="center", color=colour if colour != BEFORE else MUTED)


def _names(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="both", length=0)


def _shares(axes: "Axes") -> None:
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="x", color=GRID, linewidth=0.7)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _duration(milliseconds: float) -> str:
    """
    >>> _duration(30), _duration(2000)
    ('30ms', '2초')
    """
    return f"{milliseconds:g}ms" if milliseconds < 1000 else f"{milliseconds / 1000:g}초"


@contextmanager
def _figure(
    height: float, left: float = LEFT, bottom: float = 0.32, top: float = 0.08
) -> "Iterator[tuple[Figure, Axes]]":
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, height))
        figure.patch.set_alpha(0)
        axes = figure.add_axes((left, bottom / height, 0.91 - left, 1 - (bottom + top) / height))
        axes.patch.set_alpha(0)
        yield figure, axes


def _svg(figure: "Figure", description: str) -> Markup:
    """Only text sizes come from a font of this machine, and only roughly: it may have no Korean one."""
    import matplotlib as mpl

    page = io.StringIO()
    with mpl.rc_context({**_STYLE, "svg.hashsalt": description}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawing = _UNUSED_ID.sub("", _PROLOGUE.sub("", page.getvalue(), count=1))
    # several charts stand on one page: no two may use the same id
    drawing = _REFERENCE.sub(f"c{hashlib.sha256(drawing.encode()).hexdigest()[:8]}-", drawing)
    label = Markup('<svg role="img" aria-label="{}"').format(description)
    # matplotlib escapes the text it is given
    return Markup(drawing.replace("<svg", label, 1))  # noqa: S704
