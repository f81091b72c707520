"""``onnuri index status``, ``list``, ``diff``, ``rollback`` and ``verify``: the snapshots there are."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from indexing.console import home_of
from knowledge_base.audit import AuditAction
from knowledge_base.console import AsJson, audit, to_json

if TYPE_CHECKING:
    from indexing.snapshots.manifest import Manifest


def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """지금 쓰이는 색인을 보여 줍니다."""
    from indexing.snapshots import life_cycle, manifest

    home = home_of(ctx)
    _show(manifest.read(life_cycle.folder(home, life_cycle.current_id(home))), as_json)


def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """보관 중인 색인을 오래된 것부터 보여 줍니다(* 지금 쓰이는 색인)."""
    from indexing.snapshots import life_cycle, manifest
    from knowledge_base.errors import BrokenSnapshot, NoSnapshot

    home = home_of(ctx)
    try:
        current = life_cycle.current_id(home)
    except NoSnapshot:
        current = ""
    rows = []
    for snapshot in life_cycle.ids(home):
        try:
            summary = record(manifest.read(life_cycle.folder(home, snapshot)))
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


def diff(
    ctx: typer.Context,
    old: Annotated[
        str | None, typer.Argument(metavar="[OLD]", help="비교할 색인 ID. 없으면 지금 쓰이는 색인의 바로 전 것.")
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="색인 ID. 없으면 지금 쓰이는 색인.")] = None,
    as_json: AsJson = False,
) -> None:
    """두 색인 사이에 더해지고, 빠지고, 바뀐 문서를 보여 줍니다."""
    from indexing.snapshots import life_cycle
    from indexing.snapshots.difference import difference

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


def rollback(ctx: typer.Context) -> None:
    """바로 이전 색인으로 되돌립니다. 확인 질문은 묻지 않습니다."""
    from indexing.snapshots import life_cycle

    audit(ctx, AuditAction.ROLLED_BACK, "바로 이전 색인")
    typer.echo(f"색인 {life_cycle.rollback(home_of(ctx)).id}(으)로 되돌렸습니다.")


def verify(
    ctx: typer.Context,
    snapshot: Annotated[str | None, typer.Argument(metavar="[ID]", help="색인 ID. 없으면 지금 쓰이는 색인.")] = None,
) -> None:
    """색인의 파일이 온전한지 검사합니다."""
    from indexing.snapshots import life_cycle, manifest

    home = home_of(ctx)
    verified = manifest.verify(life_cycle.folder(home, snapshot or life_cycle.current_id(home)))
    typer.echo(f"색인 {verified.id}은(는) 온전합니다(조각 {verified.chunks}개).")


def record(manifest: "Manifest") -> dict[str, object]:
    """What a program is told of a snapshot: everything but which documents are in it."""
    return {**asdict(manifest), "documents": len(manifest.documents)}


def _show(manifest: "Manifest", as_json: bool) -> None:
    summary = record(manifest)
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
