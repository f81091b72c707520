"""``onnuri index contradictions``: which documents being served contradict each other."""

from datetime import date
from typing import TYPE_CHECKING

import typer

from indexing.console import Console
from knowledge_base.console import AsJson, to_json

if TYPE_CHECKING:
    from indexing.claims import Claim, Contradiction, Statement


def contradictions(ctx: typer.Context, as_json: AsJson = False) -> None:
    """지금 쓰이는 색인에서 같은 것을 다른 금액·기한·수량으로 말하는 문서를 찾습니다."""
    from tqdm import tqdm

    from indexing.contradictions import contradictions as found_in
    from knowledge_base.store import KnowledgeStore

    console: Console = ctx.obj
    snapshot = console.searcher().snapshot()
    there = KnowledgeStore(console.home.knowledge).ids()
    valid = snapshot.valid_on(date.today()) & snapshot.of(there.__contains__)
    with tqdm(unit="조각", disable=None) as bar:

        def show(stage: str, done: int, total: int) -> None:
            bar.set_description(stage, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        found = found_in(snapshot, console.analyzer(), valid, show)
    if as_json:
        typer.echo(to_json([_record(pair) for pair in found]))
        return
    for pair in found:
        _print(pair.left, pair.left_claim)
        _print(pair.right, pair.right_claim)
        typer.echo()
    if not found:
        typer.echo("서로 어긋나는 문서를 찾지 못했습니다.")


def _print(statement: "Statement", claim: "Claim") -> None:
    typer.echo(f"{claim.fact.text}  {statement.document.title}  {statement.document.id}\n  {claim.sentence}")


def _record(pair: "Contradiction") -> dict[str, object]:
    return {"left": _side(pair.left, pair.left_claim), "right": _side(pair.right, pair.right_claim)}


def _side(statement: "Statement", claim: "Claim") -> dict[str, object]:
    return {
        "document": statement.document.id,
        "title": statement.document.title,
        "chunk": statement.chunk.id,
        "figure": claim.fact.text,
        "sentence": claim.sentence,
    }
