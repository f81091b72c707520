"""What a search costs as the knowledge base grows, without the embedding, which costs the same at any size."""

import shutil
import tempfile
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from subprocess import TimeoutExpired

from eval.bench.stack_run import Environment, Stack, measured

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
ASKED = 100
PATIENCE = 300.0
"""Seconds for indexing and asking at one size; a way to search that takes longer has its curve end before."""


def curve(
    stack: Stack,
    documents: Path,
    chunks: int,
    questions: Sequence[tuple[str, list[str]]],
    model: Path,
    environment: Environment,
) -> dict[int, float]:
    """Milliseconds a search (p50) by the number of chunks. ``chunks`` is how many the documents make."""
    points: dict[int, float] = {}
    files = sorted(documents.rglob("*.md"))
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            multiply(files, round(size * len(files) / chunks), Path(folder))
            try:
                figures = measured(stack, Path(folder), questions[:ASKED], model, environment, PATIENCE)
            except TimeoutExpired:
                return points
        points[int(figures["chunks"])] = float(figures["query_ms"]["p50"])
    return points


def multiply(files: Sequence[Path], wanted: int, folder: Path) -> None:
    """So many documents in ``folder``, the same again under another name when they do not suffice."""
    for number, file in enumerate(islice(cycle(files), wanted)):
        copy = folder / f"{number // len(files):03}"
        copy.mkdir(exist_ok=True)
        shutil.copyfile(file, copy / f"{number:06}.md")
