"""``onnuri eval list``, ``compare`` and ``report``: what has been measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import Console, RunName
from knowledge_base.console import AsJson, to_json

if TYPE_CHECKING:
    from eval.runs.store import RunFolder


@contextmanager
def resumable(folder: "RunFolder") -> Iterator[None]:
    """Tell a person who stops a run how to go on with it, if it was begun."""
    try:
        yield
    except KeyboardInterrupt:
        if not folder.holds_run:
            raise
        typer.echo(f"\n멈췄습니다. 'onnuri eval resume {folder.path}'로 남은 질문부터 이어서 합니다.", err=True)
        raise typer.Exit(130) from None


def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """지금까지의 평가를 오래된 것부터 보여 줍니다."""
    from eval.runs.store import RunStore
    from eval.runs.terminal import listed

    console: Console = ctx.obj
    runs, problems = RunStore(console.home.runs).all()
    for problem in problems:
        typer.echo(f"주의: {problem}", err=True)
    if as_json:
        typer.echo(
            to_json([{**each.model_dump(mode="json"), "finished": getattr(each, "finished", None)} for each in runs])
        )
    elif not runs:
        typer.echo("아직 평가가 없습니다. 'onnuri eval run 질문.jsonl'로 시작하세요.")
    else:
        listed(runs)


def compare(
    ctx: typer.Context,
    run_a: Annotated[str, typer.Argument(metavar="RUN_A", help="앞선 평가(기준)")],
    run_b: Annotated[str, typer.Argument(metavar="RUN_B", help="새 평가")],
    as_json: AsJson = False,
) -> None:
    """두 평가를 같은 질문끼리 짝지어 비교하고, 우연이라고 볼 수 없는 차이를 말합니다."""
    from eval.runs import comparison
    from eval.runs.run import RunKind
    from eval.runs.store import RunStore
    from eval.runs.terminal import compared

    console: Console = ctx.obj
    store = RunStore(console.home.runs)
    before, after = store.folder(run_a), store.folder(run_b)
    if RunKind.LOAD in (before.plan().kind, after.plan().kind):
        _compare_loads(before, after, as_json)
        return
    found = comparison.compare(before.record(), after.record())
    if as_json:
        rows = {
            name: {**each.paired._asdict(), "p_adjusted": each.p, "verdict": each.verdict.name.lower()}
            for name, each in found.differences.items()
        }
        typer.echo(to_json({"n_common": len(found.changes), "differences": rows}))
    else:
        compared(found)


def _compare_loads(before: "RunFolder", after: "RunFolder", as_json: bool) -> None:
    from eval.load.comparison import compare
    from eval.load.record import LoadFolder
    from eval.load.terminal import compared

    earlier, later = LoadFolder(before).record(), LoadFolder(after).record()
    shifts = compare(earlier, later)
    if as_json:
        typer.echo(to_json({"differences": [each._asdict() for each in shifts]}))
    else:
        compared(earlier.run, later.run, shifts)


def report(
    ctx: typer.Context,
    run: RunName,
    baseline: Annotated[str | None, typer.Option(help="비교할 앞선 평가")] = None,
    out: Annotated[Path | None, typer.Option(help="HTML 파일(기본: 평가 폴더의 report.html)")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="질문마다의 결과를 담을 엑셀 파일")] = None,
) -> None:
    """평가를 인쇄할 수 있는 HTML 한 파일로 만듭니다."""
    from eval.report.report import write
    from eval.runs.comparison import compare as compared
    from eval.runs.run import RunKind
    from eval.runs.store import RunStore

    console: Console = ctx.obj
    store = RunStore(console.home.runs)
    folder = store.folder(run)
    page = out or folder.path / "report.html"
    if folder.plan().kind is RunKind.LOAD:
        _report_load(folder, store.folder(baseline) if baseline else None, page, xlsx)
        return
    record = folder.record()
    against = compared(store.folder(baseline).record(), record) if baseline else None
    write(record, against, page)
    typer.echo(f"보고서: {page}")
    if xlsx:
        from eval.report.workbook import write as write_workbook

        write_workbook(record, against, xlsx)
        typer.echo(f"엑셀: {xlsx}")


def _report_load(folder: "RunFolder", baseline: "RunFolder | None", page: Path, xlsx: Path | None) -> None:
    from eval.load.record import LoadFolder
    from eval.load.report import write

    record = LoadFolder(folder).record()
    against = LoadFolder(baseline).record() if baseline else None
    write(record, against, page)
    typer.echo(f"보고서: {page}")
    if xlsx:
        from eval.load.workbook import write as write_workbook

        write_workbook(record, against, xlsx)
        typer.echo(f"엑셀: {xlsx}")
