"""``onnuri index`` and ``onnuri search``: building, switching and asking snapshots."""

import time
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Never

import typer

from indexing import contradictions_cli, golden_cli, training_cli
from indexing.console import Accept, Console, home_of
from knowledge_base.audit import AuditAction
from knowledge_base.console import AsJson, audit, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexing.embedding_cache import EmbedAll
    from indexing.hit import Hit
    from indexing.manifest import Manifest

app = typer.Typer(help="검색 색인을 만들고, 바꾸고, 되돌립니다.", no_args_is_help=True)

app.add_typer(golden_cli.app, name="golden")
app.command()(contradictions_cli.contradictions)
app.command()(training_cli.train)


@app.command()
def build(
    ctx: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="바뀐 것이 없어도 새로 만듭니다.")] = False,
    accept: Accept = False,
    ray: Annotated[
        str | None, typer.Option("--ray", metavar="ADDRESS", help="임베딩을 나눠 맡길 Ray 클러스터(예: 10.0.0.5:6379).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """바뀐 문서로 새 색인을 만들고, 검사한 뒤 바꿔 씁니다. 만드는 동안에는 기존 색인이 쓰입니다."""
    from contextlib import ExitStack

    from tqdm import tqdm

    from indexing import build as building
    from indexing import life_cycle
    from indexing.golden import GoldenQuestions

    console: Console = ctx.obj
    audit(ctx, AuditAction.BUILT, "전체" if full else "바뀐 것")
    before = life_cycle.ids(console.home)
    bars: dict[str, tqdm[Never]] = {}
    started = time.perf_counter()
    with ExitStack() as open_bars:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bar: tqdm[Never] = tqdm(desc=stage, total=total, unit="조각", disable=None)
                bars[stage] = open_bars.enter_context(bar)
            bars[stage].update(done - bars[stage].n)

        manifest = building.build(
            console.home,
            console.embedder(),
            console.analyzer(),
            full=full,
            accept=accept,
            embed_all=open_bars.enter_context(_spread(console, ray)) if ray else None,
            progress=show,
        )
    seconds, changed = time.perf_counter() - started, manifest.id not in before
    if as_json:
        typer.echo(to_json({**_summary(manifest), "seconds": round(seconds, 2), "changed": changed}))
    elif changed:
        typer.echo(
            f"색인 {manifest.id}: 문서 {len(manifest.documents)}개, 조각 {manifest.chunks}개, {seconds:.1f}초. "
            "지금부터 쓰입니다."
        )
    else:
        typer.echo(f"바뀐 것이 없어 색인 {manifest.id}을(를) 그대로 씁니다. 새로 만들려면 --full을 붙이세요.")
    for golden in GoldenQuestions(console.home).orphans():
        typer.echo(f"주의: 확인 질문 '{golden.question}'의 문서가 모두 없어져 확인하지 못했습니다.", err=True)


@contextmanager
def _spread(console: "Console", address: str) -> "Iterator[EmbedAll]":
    """Embedding on a Ray cluster, while connected to it."""
    from indexing.ray_embedding import RayEmbedding, cluster

    with cluster(address):
        yield RayEmbedding(console.embedder())


@app.command()
def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """지금 쓰이는 색인을 보여 줍니다."""
    from indexing import life_cycle, manifest

    home = home_of(ctx)
    _show(manifest.read(life_cycle.folder(home, life_cycle.current_id(home))), as_json)


@app.command("list")
def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """보관 중인 색인을 오래된 것부터 보여 줍니다(* 지금 쓰이는 색인)."""
    from indexing import life_cycle, manifest
    from knowledge_base.errors import BrokenSnapshot, NoSnapshot

    home = home_of(ctx)
    try:
        current = life_cycle.current_id(home)
    except NoSnapshot:
        current = ""
    rows = []
    for snapshot in life_cycle.ids(home):
        try:
            summary = _summary(manifest.read(life_cycle.folder(home, snapshot)))
        except BrokenSnapshot as error:
            summary = {"id": snapshot, "error": str(error)}
        rows.append({**summary, "current": snapshot == current})
    if as_json:
        typer.echo(to_json(rows))
        return
    if not rows:
        typer.echo("아직 색인이 없습니다. 'onnuri index build'를 실행하세요.")
    for row in rows:
        mark = "*" if row["current"] else " "
        detail = row.get("error") or f"{row['created_at']}  문서 {row['documents']}  조각 {row['chunks']}"
        typer.echo(f"{mark} {row['id']}  {detail}")


@app.command()
def diff(
    ctx: typer.Context,
    old: Annotated[
        str | None, typer.Argument(metavar="[OLD]", help="비교할 색인 ID. 없으면 지금 쓰이는 색인의 바로 전 것.")
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="색인 ID. 없으면 지금 쓰이는 색인.")] = None,
    as_json: AsJson = False,
) -> None:
    """두 색인 사이에 더해지고, 빠지고, 바뀐 문서를 보여 줍니다."""
    from indexing import life_cycle
    from indexing.difference import difference

    home = home_of(ctx)
    later = new or life_cycle.current_id(home)
    found = difference(home, old or life_cycle.predecessor(home, later), later)
    if as_json:
        typer.echo(to_json(asdict(found)))
        return
    typer.echo(f"{found.old} → {found.new}")
    for label, documents in (("더해짐", found.added), ("빠짐", found.removed), ("바뀜", found.changed)):
        for document in documents:
            typer.echo(f"  {label}: {document.title}  {document.id}")
    if not (found.added or found.removed or found.changed):
        typer.echo("  바뀐 문서가 없습니다.")


@app.command()
def activate(
    ctx: typer.Context,
    snapshot: Annotated[str, typer.Argument(metavar="ID", help="색인 ID.")],
    accept: Accept = False,
) -> None:
    """보관 중인 색인을 검사하고 확인 질문을 물어본 뒤 바꿔 씁니다."""
    from indexing import activation

    console: Console = ctx.obj
    audit(ctx, AuditAction.ACTIVATED, snapshot)
    activated = activation.activate(console.home, snapshot, console.embedder(), console.analyzer(), accept=accept)
    typer.echo(f"색인 {activated.id}을(를) 씁니다.")


@app.command()
def rollback(ctx: typer.Context) -> None:
    """바로 이전 색인으로 되돌립니다. 확인 질문은 묻지 않습니다."""
    from indexing import life_cycle

    audit(ctx, AuditAction.ROLLED_BACK, "바로 이전 색인")
    typer.echo(f"색인 {life_cycle.rollback(home_of(ctx)).id}(으)로 되돌렸습니다.")


@app.command()
def verify(
    ctx: typer.Context,
    snapshot: Annotated[str | None, typer.Argument(metavar="[ID]", help="색인 ID. 없으면 지금 쓰이는 색인.")] = None,
) -> None:
    """색인의 파일이 온전한지 검사합니다."""
    from indexing import life_cycle, manifest

    home = home_of(ctx)
    verified = manifest.verify(life_cycle.folder(home, snapshot or life_cycle.current_id(home)))
    typer.echo(f"색인 {verified.id}은(는) 온전합니다(조각 {verified.chunks}개).")


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


def _summary(manifest: "Manifest") -> dict[str, object]:
    return {**asdict(manifest), "documents": len(manifest.documents)}


def _show(manifest: "Manifest", as_json: bool) -> None:
    summary = _summary(manifest)
    if as_json:
        typer.echo(to_json(summary))
        return
    for name, label in (
        ("id", "색인"),
        ("created_at", "만든 때"),
        ("documents", "문서"),
        ("chunks", "조각"),
        ("model", "임베딩 모델"),
        ("tokenizer", "형태소 분석기"),
    ):
        typer.echo(f"{label}: {summary[name]}")
