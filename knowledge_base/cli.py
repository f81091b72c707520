"""``onnuri kb``: documents in and out of the knowledge base."""

from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from knowledge_base import cli_decisions
from knowledge_base.audit import AuditAction
from knowledge_base.console import BUILD_HINT, AsJson, DocumentId, audit, day, record, store, to_json, write
from knowledge_base.document import Kind

if TYPE_CHECKING:
    from knowledge_base.imports.importing import ImportReport
    from knowledge_base.storage.standing import Standing
    from knowledge_base.storage.store import KnowledgeStore

app = typer.Typer(help="지식 문서를 가져오고, 보고, 고치고, 지웁니다.", no_args_is_help=True)


@app.command("import")
def import_(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="가져올 폴더나 파일.")],
    kind: Annotated[
        Literal["auto", "faq", "regulation", "notice"], typer.Option(help="문서 종류. auto는 파일마다 알아서 정합니다.")
    ] = "auto",
    json: AsJson = False,
) -> None:
    """폴더나 파일의 문서를 가져옵니다. 폴더를 다시 가져오면 바뀐 것만 반영하고, 없어진 파일의 문서는 뺍니다."""
    from tqdm import tqdm

    from knowledge_base.imports.importing import files_below, import_path

    for path in paths:
        files_below(path)  # refuse a wrong path before anything is imported
    kept = store(ctx)
    chosen = None if kind == "auto" else Kind(kind)
    for path in paths:
        audit(ctx, AuditAction.IMPORTED, str(path))
        report = import_path(
            kept, path, chosen, lambda files, total: tqdm(files, "문서 읽기", total, unit="개", disable=None)
        )
        if json:
            faults = [fault._asdict() for fault in report.faults]
            counts = {"files": report.files, "read": report.read, **report.changes._asdict()}
            typer.echo(to_json({"path": str(path), **counts, "faults": faults}))
        else:
            _print(path, report, kept)
    if not json:
        typer.echo(BUILD_HINT)


def _print(path: Path, report: "ImportReport", kept: "KnowledgeStore") -> None:
    changes = report.changes
    typer.echo(
        f"{path}: 파일 {report.files}개(새로 읽음 {report.read}) → 새 문서 {changes.added}, 바뀜 {changes.changed}, "
        f"그대로 {changes.unchanged}, 빠짐 {changes.removed}"
    )
    for file, faults in groupby(report.faults, attrgetter("file")):
        held = kept.count({file})
        told = f"읽지 못한 곳이 있음(문서 {held}건은 쓰임)" if held else "가져오지 못함"
        for fault in faults:
            typer.echo(f"  {told}: {file}: {fault.reason}", err=True)


@app.command("list")
def list_(
    ctx: typer.Context,
    kind: Annotated[Kind | None, typer.Option(help="이 종류만.")] = None,
    department: Annotated[str, typer.Option(help="담당부서에 이 말이 든 문서만.")] = "",
    query: Annotated[str, typer.Option(help="ID, 제목이나 본문에 이 말이 든 문서만.")] = "",
    on: Annotated[str, typer.Option(help="이 날짜에 시행 중인 문서만. 예: 2026-11-22")] = "",
    json: AsJson = False,
) -> None:
    """문서 목록을 상태(시행 중, 시행 예정, 만료, 내림, 대체됨)와 함께 보여 줍니다."""
    from knowledge_base.listing import Filter

    wanted = Filter(kind=kind, department=department, query=query, on=day(on) if on else None)
    today = wanted.on or date.today()
    found = list(wanted.of(store(ctx).standings()))
    if json:
        records = [record(standing, today) for standing in found]
        typer.echo(to_json([{name: value for name, value in row.items() if name != "text"} for row in records]))
        return
    for standing in found:
        document = standing.document
        starts, ends = document.effective_from or "", document.effective_to or ""
        days = f"{starts}~{ends}" if starts or ends else ""
        state = standing.state(today).label + (" (고침)" if standing.corrected else "")
        typer.echo(f"{document.id}\t{document.kind.label}\t{state}\t{document.title}\t{days}")
    if not found:
        asked = wanted != Filter()
        typer.echo("찾는 문서가 없습니다." if asked else "문서가 없습니다. 'onnuri kb import 폴더'로 가져오세요.")


@app.command()
def show(ctx: typer.Context, document_id: DocumentId, json: AsJson = False) -> None:
    """문서 하나를 모두 보여 줍니다."""
    from knowledge_base.storage.corrections import labels

    found = store(ctx).standing(document_id)
    values = record(found, date.today())
    if json:
        typer.echo(to_json(values))
        return
    typer.echo(f"문서: {found.document.id} ({found.document.kind.label}, {found.state(date.today()).label})")
    fields = [name for name in found.document.__dataclass_fields__ if name not in ("id", "kind", "text")]
    for name, label in zip(fields, labels(fields), strict=True):
        if values[name] or name in found.corrected:
            typer.echo(f"{label}: {values[name] or '없음'}{_why(found, name)}")
    typer.echo(f"판: {found.version} ({found.imported_at} 가져옴)")
    if found.withdrawn is not None:
        typer.echo(f"내린 이유: {found.withdrawn}")
    typer.echo(f"\n{found.document.text}")


def _why(found: "Standing", field: str) -> str:
    if field == "effective_to" and found.successor:
        return f" ('{found.successor}' 문서가 이어짐)"
    return " (손으로 고침)" if field in found.corrected else ""


@app.command()
def remove(ctx: typer.Context, document_id: DocumentId) -> None:
    """문서를 지웁니다. 표 파일의 ID를 주면 그 파일의 모든 행을 지웁니다."""
    audit(ctx, AuditAction.REMOVED, document_id)
    count = store(ctx).remove(document_id)
    typer.echo(f"문서 {count}개를 지웠습니다. 되돌리려면 다시 가져오세요.")


@app.command()
def export(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", help="쓸 파일. 없으면 화면에 냅니다.")] = None,
) -> None:
    """상담에 쓰이는 모든 문서를 JSON 줄로 내보냅니다. 뒤에 시행될 판이 있으면 같은 ID가 여럿 나옵니다."""
    from knowledge_base.record import to_record

    audit(ctx, AuditAction.EXPORTED, str(out or "화면"))
    lines = [to_json(to_record(document)) for document, _ in store(ctx).documents()]
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        typer.echo(text, nl=False)
        return
    write(out, text)
    typer.echo(f"문서 {len(lines)}개를 {out}에 내보냈습니다.")


for _command in (cli_decisions.edit, cli_decisions.withdraw, cli_decisions.restore):
    app.command()(_command)
app.command()(cli_decisions.history)
app.command()(cli_decisions.review)
