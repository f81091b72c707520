"""``onnuri kb``: documents in and out of the knowledge base."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

import typer

from knowledge_base.document import Kind
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.home import Home

app = typer.Typer(help="지식 문서를 가져오고, 보고, 지웁니다.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="프로그램이 읽을 JSON으로 출력합니다.")]
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="문서 ID ('onnuri kb list'에 나옵니다).")]


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    @property
    def home(self) -> Home: ...


class KindChoice(StrEnum):
    """The kind an import gives its documents; ``auto`` reads it from each file."""

    AUTO = "auto"
    FAQ = "faq"
    REGULATION = "regulation"
    NOTICE = "notice"


@app.command("import")
def import_(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="가져올 폴더나 파일.")],
    kind: Annotated[KindChoice, typer.Option(help="문서 종류. auto는 파일마다 알아서 정합니다.")] = KindChoice.AUTO,
    as_json: AsJson = False,
) -> None:
    """폴더나 파일의 문서를 가져옵니다. 폴더를 다시 가져오면 바뀐 것만 반영하고, 없어진 파일의 문서는 뺍니다."""
    from tqdm import tqdm

    from knowledge_base.importing import files_below, import_path
    from knowledge_base.store import KnowledgeStore

    for path in paths:
        files_below(path)  # refuse a wrong path before anything is imported
    store = KnowledgeStore(_ready(ctx).knowledge)
    chosen = None if kind is KindChoice.AUTO else Kind(kind.value)
    for path in paths:
        report = import_path(
            store, path, chosen, lambda files, total: tqdm(files, "문서 읽기", total, unit="개", disable=None)
        )
        if as_json:
            faults = [fault._asdict() for fault in report.faults]
            typer.echo(_json({"path": str(path), "files": report.files, **report.changes._asdict(), "faults": faults}))
            continue
        changes = report.changes
        typer.echo(
            f"{path}: 파일 {report.files}개 → 새 문서 {changes.added}, 바뀜 {changes.changed}, "
            f"그대로 {changes.unchanged}, 빠짐 {changes.removed}"
        )
        for fault in report.faults:
            typer.echo(f"  가져오지 못함: {fault.file}: {fault.reason}", err=True)
    if not as_json:
        typer.echo("검색에 반영하려면 'onnuri index build'를 실행하세요.")


@app.command("list")
def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """문서 목록을 보여 줍니다."""
    from knowledge_base.record import to_record
    from knowledge_base.store import KnowledgeStore

    stored = list(KnowledgeStore(_ready(ctx).knowledge).documents())
    if as_json:
        records = [{**to_record(document), "version": document.version, "imported_at": at} for document, at in stored]
        typer.echo(_json([{name: value for name, value in record.items() if name != "text"} for record in records]))
        return
    for document, _ in stored:
        validity = _validity(document.effective_from, document.effective_to)
        typer.echo(f"{document.id}\t{document.kind.label}\t{document.title}\t{validity}")
    if not stored:
        typer.echo("문서가 없습니다. 'onnuri kb import 폴더'로 가져오세요.")


@app.command()
def show(ctx: typer.Context, document_id: DocumentId, as_json: AsJson = False) -> None:
    """문서 하나를 모두 보여 줍니다."""
    from knowledge_base.record import to_record
    from knowledge_base.store import KnowledgeStore

    document, imported_at = KnowledgeStore(_ready(ctx).knowledge).get(document_id)
    record = {**to_record(document), "version": document.version, "imported_at": imported_at}
    if as_json:
        typer.echo(_json(record))
        return
    for name, value in record.items():
        if value and name != "text":
            typer.echo(f"{name}: {value}")
    typer.echo(f"\n{document.text}")


@app.command()
def remove(ctx: typer.Context, document_id: DocumentId) -> None:
    """문서를 지웁니다. 표 파일의 ID를 주면 그 파일의 모든 행을 지웁니다."""
    from knowledge_base.store import KnowledgeStore

    count = KnowledgeStore(_ready(ctx).knowledge).remove(document_id)
    typer.echo(
        f"문서 {count}개를 지웠습니다. 'onnuri index build'를 실행하면 검색에서도 빠집니다. 되돌리려면 다시 가져오세요."
    )


@app.command()
def export(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", help="쓸 파일. 없으면 화면에 냅니다.")] = None,
) -> None:
    """모든 문서를 JSON 줄로 내보냅니다."""
    from knowledge_base.record import to_record
    from knowledge_base.store import KnowledgeStore

    lines = [_json(to_record(document)) for document, _ in KnowledgeStore(_ready(ctx).knowledge).documents()]
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KnowledgeBaseError(
            f"{out}에 쓸 수 없습니다({error.strerror}). --out에 쓸 수 있는 파일을 지정하세요."
        ) from error
    typer.echo(f"문서 {len(lines)}개를 {out}에 내보냈습니다.")


def _ready(ctx: typer.Context) -> Home:
    console: Console = ctx.obj
    console.home.create()
    return console.home


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _validity(starts: object, ends: object) -> str:
    return f"{starts or ''}~{ends or ''}" if starts or ends else ""
