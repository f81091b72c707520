"""``onnuri index contradictions``: which documents being served contradict each other."""

from datetime import date
from typing import TYPE_CHECKING

import typer

from indexing.console import Console
from knowledge_base.console import AsJson, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexing.contradictions.disagreements import Disagreement, Stated

PRINTED = 3
"""Documents of one side."""


def contradictions(ctx: typer.Context, as_json: AsJson = False) -> None:
    """지금 쓰이는 색인에서 같은 것을 다른 금액·기한·수량으로 말하는 문서를 찾습니다."""
    from tqdm import tqdm

    from indexing.contradictions.disagreements import disagreements
    from knowledge_base.storage.store import KnowledgeStore

    console: Console = ctx.obj
    snapshot = console.searcher().snapshot()
    there = KnowledgeStore(console.home.knowledge).ids()
    valid = snapshot.valid_on(date.today()) & snapshot.of(there.__contains__)
    with tqdm(unit="조각", disable=None) as bar:

        def show(stage: str, done: int, total: int) -> None:
            bar.set_description(stage, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        found = disagreements(snapshot, console.analyzer(), valid, show)
    if as_json:
        typer.echo(to_json([_record(each) for each in found]))
        return
    for each in found:
        for side in each.sides:
            _print(side)
        typer.echo()
    if not found:
        typer.echo("서로 어긋나는 문서를 찾지 못했습니다.")


def _print(side: "Sequence[Stated]") -> None:
    for statement, claim in side[:PRINTED]:
        typer.echo(f"{claim.fact.text}  {statement.document.title}  {statement.document.id}\n  {claim.sentence}")
    if len(side) > PRINTED:
        typer.echo(f"  그 밖에 {len(side) - PRINTED}곳")


def _record(found: "Disagreement") -> dict[str, object]:
    return {"sides": [[_passage(each) for each in side] for side in found.sides]}


def _passage(stated: "Stated") -> dict[str, object]:
    document = stated.statement.document
    return {
        "document": document.id,
        "title": document.title,
        "chunk": stated.statement.chunk.id,
        "figure": stated.claim.fact.text,
        "sentence": stated.claim.sentence,
    }
