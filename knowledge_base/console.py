"""What the commands of ``onnuri kb`` share."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from knowledge_base.audit import AuditAction
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.home import Home
from knowledge_base.text import spelt

if TYPE_CHECKING:
    from knowledge_base.audit import Audit
    from knowledge_base.storage.standing import Standing
    from knowledge_base.storage.store import KnowledgeStore

AsJson = Annotated[bool, typer.Option("--json", help="프로그램이 읽을 JSON으로 출력합니다.")]
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="문서 ID ('onnuri kb list'에 나옵니다).", parser=spelt)]
BUILD_HINT = "검색에 반영하려면 'onnuri index build'를 실행하세요."


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    @property
    def home(self) -> Home: ...

    def audit(self) -> "Audit": ...


def audit(ctx: typer.Context, action: AuditAction, subject: str, details: Mapping[str, object] | None = None) -> None:
    """Record what a command is about to do; raises OnnuriError when it must not go ahead unrecorded."""
    console: Console = ctx.obj
    console.audit()(action, subject, details)


def store(ctx: typer.Context) -> "KnowledgeStore":
    """The store of the running program; its folder is made when missing."""
    from knowledge_base.storage.store import KnowledgeStore

    console: Console = ctx.obj
    console.home.create()
    return KnowledgeStore(console.home.knowledge)


def to_json(value: object) -> str:
    """One line of JSON, Korean left readable."""
    return json.dumps(value, ensure_ascii=False)


def day(text: str) -> date:
    """A day that a person typed; raises KnowledgeBaseError for anything else."""
    from knowledge_base.metadata import parse_date

    found = parse_date(text)
    if found is None:
        raise KnowledgeBaseError("날짜가 비어 있습니다. 2026-01-31처럼 적어 주세요.")
    return found


def record(standing: "Standing", on: date) -> dict[str, Any]:
    """A standing as JSON: the document's fields and how it stands on a day."""
    from knowledge_base.record import to_record

    return {
        **to_record(standing.document),
        "version": standing.version,
        "imported_at": standing.imported_at,
        "state": standing.state(on).value,
        "corrected": list(standing.corrected),
        "withdrawn": standing.withdrawn,
        "successor": standing.successor,
    }


def write(path: Path, text: str) -> None:
    """Write a file a person named; raises KnowledgeBaseError when it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KnowledgeBaseError(
            f"{path}에 쓸 수 없습니다({error.strerror}). --out에 쓸 수 있는 파일을 지정하세요."
        ) from error
