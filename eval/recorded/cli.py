"""``onnuri eval collect`` and ``replay``: questions from real calls."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import LLMName
from eval.runs.cli import resumable
from knowledge_base.text import spelt

if TYPE_CHECKING:
    from eval.console import Console
    from eval.recorded.replay import Recording
    from eval.runs.store import RunFolder


def collect(
    ctx: typer.Context,
    golden: Annotated[Path, typer.Argument(metavar="GOLDEN.jsonl", help="더할 골든 세트. 없으면 만듭니다")],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="이날의 상담부터(기본: 모두)")] = None,
    suggestion: Annotated[str | None, typer.Option(help="고쳐서 더할 제안의 id")] = None,
    answer: Annotated[str, typer.Option(help="고친 답변(--suggestion과 함께)")] = "",
    document: Annotated[
        list[str] | None,
        typer.Option(help="정답 문서 ID, 여러 번 쓸 수 있음. 없으면 답이 없는 질문이 됩니다", parser=spelt),
    ] = None,
    category: Annotated[str, typer.Option(help="분야")] = "",
) -> None:
    """상담 기록에서 상담원이 맞다고 한 질문, 또는 고친 질문 하나를 골든 세트에 더합니다."""
    from assistant.journal import Journal
    from eval.recorded import golden as golden_set
    from eval.runs.launch import known_documents
    from knowledge_base.errors import EvaluationError

    console: Console = ctx.obj
    if suggestion is None and (answer or document or category):
        raise EvaluationError("--answer, --document, --category는 --suggestion과 함께 쓰세요.")
    known = known_documents(console)
    for name in document or ():
        if name not in known:
            raise EvaluationError(f"문서 '{name}'이(가) 지식에 없습니다. 'onnuri kb list'로 ID를 확인하세요.")
    journal = Journal(console.journal)
    if suggestion is None:
        questions = list(golden_set.accepted(journal, since.date() if since else None))
    else:
        correction = golden_set.Correction(answer, tuple(document or ()), category)
        questions = [golden_set.corrected(journal, suggestion, correction)]
    added = golden_set.add(questions, golden)
    typer.echo(f"{golden}: {added.added}개를 더했습니다(이미 있던 것 {added.known}개). 판 {added.sha256[:12]}")


def replay(
    ctx: typer.Context,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="이날의 상담부터(예: 2026-11-26)")],
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="이날의 상담까지(기본: 오늘)")] = None,
    snapshot: Annotated[str | None, typer.Option(help="물어볼 색인 id(기본: 지금 쓰는 색인)")] = None,
    llm: Annotated[LLMName, typer.Option(help="답변에 쓸 LLM")] = "auto",
    jobs: Annotated[int | None, typer.Option(min=1, help="한꺼번에 물을 질문 수")] = None,
    out: Annotated[Path | None, typer.Option(help="나란히 보는 HTML 파일(기본: 평가 폴더의 report.html)")] = None,
) -> None:
    """기록된 질문을 다른 색인·모델·프롬프트에 다시 물어, 무엇이 어떻게 달라지는지 봅니다."""
    from assistant.journal import Journal
    from assistant.settings import LLMChoice
    from eval.recorded.replay import recording
    from eval.report.report import write
    from eval.runs import launch
    from eval.runs.comparison import compare
    from eval.runs.run import RunKind, new_id
    from eval.runs.store import RunStore
    from eval.runs.terminal import replayed

    console: Console = ctx.obj
    last_day = until.date() if until else None
    recorded = recording(Journal(console.journal), console.home.journal, since.date(), last_day)
    store, run_id = RunStore(console.home.runs), new_id()
    before, after = store.new(f"{run_id}-recorded"), store.new(run_id)
    _keep(recorded, before, since.date())
    plan = launch.plan(
        console,
        recorded.dataset,
        run_id=run_id,
        retrieval_only=False,
        llm=LLMChoice(llm),
        jobs=jobs,
        kind=RunKind.REPLAY,
        snapshot=snapshot,
    )
    with resumable(after):
        launch.begin(console, after, plan, recorded.dataset.questions)
    comparison = compare(before.record(), after.record())
    page = out or after.path / "report.html"
    write(comparison.current, comparison, page)
    replayed(comparison, page)


def _keep(recorded: "Recording", folder: "RunFolder", since: date) -> None:
    """Make what was recorded a run of its own, to compare with."""
    from eval.runs.measurement import finished, planned
    from eval.runs.run import RunKind

    dataset, results = recorded
    settings: dict[str, object] = {"retrieval_only": False, "since": since.isoformat()}
    plan = planned(dataset, run_id=folder.path.name, settings=settings, seed=0, limit=None, kind=RunKind.RECORDED)
    folder.reserve(plan, dataset.questions, ())
    for result in results:
        folder.keep(result)
    folder.finish(finished(plan, dataset.questions, results))
