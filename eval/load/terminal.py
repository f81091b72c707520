"""Load tests as a person reads them in a terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table

from eval.load import words
from eval.load.comparison import Shift
from eval.runs.run import Run


def show(run: Run, folder: Path) -> None:
    """Print a load test."""
    waits = Table("무엇을(ms)", "잰 수", "p50", "p95", "p99", title="기다린 시간", title_justify="left")
    for label, count, points in words.latency_rows(run):
        waits.add_row(label, f"{count:,}", *(f"{points[name]:,.1f}" for name in ("p50", "p95", "p99")))
    figures = Table("항목", "값", title="서버", title_justify="left")
    for name, value in words.figure_rows(run):
        figures.add_row(name, value)
    _print(*words.sentences(run), waits, figures, f"기록: {folder}\n보고서: {folder / 'report.html'}")


def compared(before: Run, after: Run, shifts: Sequence[Shift]) -> None:
    """Print every figure of two load tests."""
    table = Table("무엇", "앞", "뒤", "차이의 95% 신뢰구간")
    for each in shifts:
        bounds = "" if each.low is None else f"{each.low:+,.1f} – {each.high:+,.1f}"
        table.add_row(f"{each.label}({each.unit})", _figure(each.before), _figure(each.after), bounds)
    _print(f"{before.id} → {after.id}", table)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _print(*parts: RenderableType) -> None:
    Console().print(Group(*parts), markup=False, highlight=False)
