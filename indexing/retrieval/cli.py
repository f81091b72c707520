"""``onnuri search``: what the index finds."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from indexing.console import Console
from knowledge_base.console import AsJson, to_json

if TYPE_CHECKING:
    from indexing.retrieval.hit import Hit


def search(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(metavar="질문", help="찾을 내용.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="보여 줄 조각 수.")] = 5,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="이 날짜에 유효한 문서만. 기본은 오늘.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """질문에 맞는 문서 조각을 찾습니다."""
    console: Console = ctx.obj
    result = console.searcher().search(question, k=k, on=on.date() if on else None)
    if as_json:
        typer.echo(to_json([_hit(hit) for hit in result.hits]))
        return
    for number, hit in enumerate(result.hits, start=1):
        typer.echo(
            f"{number}. [{hit.document.kind.label}] {hit.document.title}  {hit.chunk.heading}  ({hit.score:.2f})"
        )
        typer.echo(f"   {hit.document.id}")
        typer.echo(f"   {hit.chunk.text[:160]}\n")
    if not result.hits:
        typer.echo("이 날짜에 유효한 문서가 없습니다. --on 날짜를 바꿔 보세요.")


def _hit(hit: "Hit") -> dict[str, object]:
    return {
        "document": hit.document.id,
        "chunk": hit.chunk.id,
        "title": hit.document.title,
        "heading": hit.chunk.heading,
        "text": hit.chunk.text,
        "score": round(hit.score, 6),
        "bm25": round(hit.bm25, 6),
        "dense": round(hit.dense, 6),
        "coverage": round(hit.coverage, 6),
        "highlights": hit.highlights,
    }
