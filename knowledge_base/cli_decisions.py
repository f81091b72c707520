"""``onnuri kb edit | withdraw | restore | history | review``: what an admin decides about documents."""

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge_base.audit import AuditAction
from knowledge_base.console import BUILD_HINT, AsJson, DocumentId, audit, store, to_json
from knowledge_base.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from knowledge_base.storage.history import Difference

EMPTY = "빈 값('')은 비웁니다."


def edit(
    ctx: typer.Context,
    document_id: DocumentId,
    effective_from: Annotated[str | None, typer.Option("--from", help=f"시행일. {EMPTY}")] = None,
    effective_to: Annotated[str | None, typer.Option("--to", help=f"만료일. {EMPTY}")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=f"기준일. {EMPTY}")] = None,
    department: Annotated[str | None, typer.Option(help=f"담당부서. {EMPTY}")] = None,
    phone: Annotated[str | None, typer.Option(help=f"전화. {EMPTY}")] = None,
    category: Annotated[str | None, typer.Option(help=f"분야. {EMPTY}")] = None,
    title: Annotated[str | None, typer.Option(help="제목.")] = None,
    supersedes: Annotated[str | None, typer.Option(help=f"이 문서가 대체하는 문서의 ID나 제목. {EMPTY}")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="손으로 고친 값을 모두 파일의 값으로 되돌립니다.")] = False,
) -> None:
    """문서의 날짜, 담당부서 등을 손으로 고칩니다. 파일이 그 값을 새로 적어 오기 전까지 다시 가져와도 남습니다."""
    given = {
        "effective_from": effective_from,
        "effective_to": effective_to,
        "as_of": as_of,
        "department": department,
        "phone": phone,
        "category": category,
        "title": title,
        "supersedes": supersedes,
    }
    values = {field: value for field, value in given.items() if value is not None}
    if undo == bool(values):
        raise KnowledgeBaseError("고칠 값을 하나 이상 적으세요(예: --to 2026-12-31). 되돌리려면 --undo만 쓰세요.")
    audit(ctx, AuditAction.CORRECTED, document_id, values)
    count = store(ctx).correct(document_id, values)
    done = "파일의 값으로 되돌렸습니다" if undo else "고쳤습니다"
    typer.echo(f"문서 {count}개를 {done}. {BUILD_HINT}")


def withdraw(
    ctx: typer.Context,
    document_id: DocumentId,
    reason: Annotated[str, typer.Option(help="내리는 이유. 검토 목록에 나옵니다.")],
) -> None:
    """문서를 내려 상담원에게 보이지 않게 합니다. 다시 가져와도 restore 전까지 내려져 있습니다."""
    audit(ctx, AuditAction.WITHDRAWN, document_id, {"reason": reason})
    count = store(ctx).withdraw(document_id, reason)
    typer.echo(f"문서 {count}개를 내렸습니다. 다시 올리려면 'onnuri kb restore'를 쓰세요.")


def restore(
    ctx: typer.Context,
    document_id: DocumentId,
    version: Annotated[
        str | None, typer.Option(help="되돌릴 판 ('onnuri kb history'에 나옵니다). 파일이 바뀔 때까지 남습니다.")
    ] = None,
) -> None:
    """내린 문서를 다시 올립니다. --version을 주면 문서를 그 판으로 되돌립니다."""
    audit(ctx, AuditAction.RESTORED, document_id, {"version": version})
    count = store(ctx).restore(document_id, version)
    done = f"문서 {count}개를 다시 올렸습니다" if version is None else "문서를 그 판으로 되돌렸습니다"
    typer.echo(f"{done}. {BUILD_HINT}")


def history(
    ctx: typer.Context,
    document_id: DocumentId,
    diff: Annotated[bool, typer.Option("--diff", help="판마다 무엇이 바뀌었는지도 보여 줍니다.")] = False,
    json: AsJson = False,
) -> None:
    """문서의 모든 판을 오래된 것부터 보여 줍니다."""
    from knowledge_base.record import to_record
    from knowledge_base.storage.history import difference

    versions = store(ctx).versions(document_id)
    pairs = pairwise(versions) if diff else ()
    changes = [difference(versions, old.version, new.version) for old, new in pairs]
    if json:
        rows = [{**found._asdict(), "document": to_record(found.document)} for found in versions]
        typer.echo(to_json({"versions": rows, "changes": [change._asdict() for change in changes]}))
        return
    for number, found in enumerate(versions):
        mark = "  ← 지금" if found.is_newest else ""
        typer.echo(f"{found.version}  {found.imported_at}  {found.document.title}{mark}")
        if number and diff:
            _print(changes[number - 1])


def _print(change: "Difference") -> None:
    from knowledge_base.storage.corrections import labels

    for label, (old, new) in zip(labels(change.fields), change.fields.values(), strict=True):
        typer.echo(f"    {label}: {old or '없음'} → {new or '없음'}")
    for line in change.lines[2:]:  # below the two names of the versions
        typer.echo(f"    {line}")


def review(ctx: typer.Context, json: AsJson = False) -> None:
    """손볼 문서를 보여 줍니다: 곧 만료, 만료, 날짜나 부서 없음, 겹침, 내림, 읽지 못한 파일."""
    from knowledge_base.review import Concern
    from knowledge_base.review import review as findings

    found = findings(store(ctx), date.today())
    if json:
        typer.echo(to_json([finding._asdict() for finding in found]))
        return
    for concern in Concern:
        listed = [finding for finding in found if finding.concern is concern]
        if listed:
            typer.echo(f"\n{concern.label} ({len(listed)})")
        for finding in listed:
            typer.echo("  " + "\t".join(filter(None, (finding.id, finding.title, finding.detail))))
    if not found:
        typer.echo("손볼 문서가 없습니다.")
