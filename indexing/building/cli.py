"""``onnuri index build`` and ``activate``: another snapshot is served, once it has passed its checks."""

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Never

import typer

from indexing.console import Accept, Console
from indexing.snapshots.cli import record
from knowledge_base.audit import AuditAction
from knowledge_base.console import AsJson, audit, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexing.building.embedding_cache import EmbedAll


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

    from indexing.building import build as building
    from indexing.golden.questions import GoldenQuestions
    from indexing.snapshots import life_cycle

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
        typer.echo(to_json({**record(manifest), "seconds": round(seconds, 2), "changed": changed}))
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
    from indexing.building.ray_embedding import RayEmbedding, cluster

    with cluster(address):
        yield RayEmbedding(console.embedder())


def activate(
    ctx: typer.Context,
    snapshot: Annotated[str, typer.Argument(metavar="ID", help="색인 ID.")],
    accept: Accept = False,
) -> None:
    """보관 중인 색인을 검사하고 확인 질문을 물어본 뒤 바꿔 씁니다."""
    from indexing.building import activation

    console: Console = ctx.obj
    audit(ctx, AuditAction.ACTIVATED, snapshot)
    activated = activation.activate(console.home, snapshot, console.embedder(), console.analyzer(), accept=accept)
    typer.echo(f"색인 {activated.id}을(를) 씁니다.")
