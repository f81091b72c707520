"""``onnuri eval``: measure accuracy and latency on a question file, and judge the result."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.calls.cli import calls
from eval.console import Console, LLMName, Out, RunName, echo_scores
from eval.load.cli import load
from eval.recorded.cli import collect, replay
from eval.runs.cli import compare, list_, report, resumable
from knowledge_base.console import AsJson, to_json

if TYPE_CHECKING:
    from eval.runs.gate import Floor
    from eval.runs.run import Run
    from eval.runs.store import RunFolder


QuestionFile = Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="질문 파일(JSON lines, CSV 또는 XLSX)")]

app = typer.Typer(no_args_is_help=True, help="정확도와 응답 시간을 재고 비교합니다.")


@app.command()
def run(
    ctx: typer.Context,
    questions: QuestionFile,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="검색만 재고 답변은 만들지 않음")] = False,
    llm: Annotated[LLMName, typer.Option(help="답변에 쓸 LLM: 없음(none) 또는 설정대로(auto)")] = "auto",
    judge: Annotated[bool, typer.Option("--judge", help="ONNURI_JUDGE_MODEL이 답변을 채점하게 함")] = False,
    limit: Annotated[int | None, typer.Option(help="무작위로 고를 질문 수(기본: 모두)")] = None,
    seed: Annotated[int, typer.Option(help="질문을 고르는 난수 시드")] = 0,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="한꺼번에 물을 질문 수(기본: 검색은 코어의 절반, LLM은 1)")
    ] = None,
    out: Out = None,
    baseline: Annotated[str | None, typer.Option(help="비교할 평가. 유의하게 나빠졌으면 종료 코드 1")] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="지표=값", help="이보다 나쁘면 종료 코드 1(여러 번 쓸 수 있음, 예: recall@5=.9)"),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="--baseline과 --fail-under의 결과를 JUnit XML로 쓸 파일")] = None,
    as_json: AsJson = False,
) -> None:
    """질문 파일로 검색과 답변을 평가해 기록합니다."""
    from assistant.settings import LLMChoice
    from eval.questions import dataset
    from eval.runs import gate, launch
    from eval.runs.run import new_id
    from eval.runs.store import RunStore
    from knowledge_base.errors import EvaluationError

    console: Console = ctx.obj
    if junit and not (baseline or fail_under):
        raise EvaluationError("--junit은 --baseline이나 --fail-under와 함께 쓰세요.")
    floors = [gate.floor(text) for text in fail_under or ()]
    store = RunStore(console.home.runs)
    against = store.folder(baseline) if baseline else None
    whole = dataset.load(questions)
    chosen = whole.sample(limit, seed)
    run_id = new_id()
    folder = store.new(run_id, out)
    plan = launch.plan(
        console,
        chosen,
        run_id=run_id,
        retrieval_only=retrieval_only,
        llm=LLMChoice(llm),
        judged=judge,
        seed=seed,
        limit=limit,
        jobs=jobs,
    )
    with resumable(folder):
        record = launch.begin(console, folder, plan, chosen.questions)
    _show(record, folder, as_json)
    _pass_gate(folder, floors, against, junit)


@app.command()
def resume(ctx: typer.Context, run: RunName, as_json: AsJson = False) -> None:
    """멈춘 평가를 남은 질문부터 이어서 합니다."""
    from eval.runs import launch
    from eval.runs.store import RunStore

    console: Console = ctx.obj
    folder = RunStore(console.home.runs).folder(run)
    with resumable(folder):
        record = launch.resume(console, folder)
    _show(record, folder, as_json)


@app.command()
def check(ctx: typer.Context, questions: QuestionFile, as_json: AsJson = False) -> None:
    """질문 파일에 겹치거나 새는 질문, 없거나 기한 지난 문서가 없는지 봅니다."""
    from datetime import date

    from eval.questions import checks, dataset
    from eval.runs import launch

    chosen = dataset.load(questions)
    found = checks.check(chosen.questions, launch.known_documents(ctx.obj), date.today())
    if as_json:
        findings = [each._asdict() for each in found]
        typer.echo(to_json({"n_total": len(chosen.questions), "sha256": chosen.sha256, "findings": findings}))
        return
    for each in found:
        typer.echo(f"[{each.doubt}] {each.question}: {each.sentence}")
    counts = ", ".join(f"{doubt} {count}" for doubt, count in checks.counted(found).items())
    typer.echo(f"질문 {len(chosen.questions)}개(판 {chosen.sha256[:12]}): {counts or '걸리는 것이 없습니다'}.")


app.command("list")(list_)
app.command()(compare)
app.command()(report)
app.command()(collect)
app.command()(replay)
app.command()(calls)
app.command()(load)


def _show(record: "Run", folder: "RunFolder", as_json: bool) -> None:
    if as_json:
        echo_scores(record, folder.path)
    else:
        from eval.runs.terminal import show

        show(record, folder.path)


def _pass_gate(folder: "RunFolder", floors: "list[Floor]", against: "RunFolder | None", junit: Path | None) -> None:
    """Exit 1 when a floor is missed or a headline score is significantly worse, saying which."""
    if not (floors or against):
        return
    from eval.runs import gate
    from eval.runs.comparison import compare

    record = folder.record()
    comparison = compare(against.record(), record) if against else None
    found = gate.checks(record, floors, comparison)
    if junit:
        gate.write_junit(found, record.run.id, junit)
    for each in found:
        typer.echo(f"{'통과' if each.passed else '실패'}  {each.sentence}", err=True)
    if not all(each.passed for each in found):
        raise typer.Exit(1)
