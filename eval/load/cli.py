"""``onnuri eval load``: many calls at once against a server process."""

from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import Console, Out, echo_scores
from knowledge_base.console import AsJson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eval.load.centre import Progress
    from eval.load.record import LoadFolder


def load(
    ctx: typer.Context,
    agents: Annotated[int, typer.Option(min=1, max=500, help="통화를 받는 상담원 수")],
    calls_per_day: Annotated[
        int | None,
        typer.Option(
            min=1, max=1_000_000, help="하루(9시간)에 오는 통화 수, 예: 600 (기본: 상담원 모두가 쉬지 않을 만큼)"
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="재는 시간(초)")] = 60,
    speed: Annotated[
        float,
        typer.Option(min=1, max=100, help="말 사이의 쉼을 이만큼 줄임. 1보다 크면 기다린 시간은 참고로만 보세요"),
    ] = 1,
    transcripts: Annotated[
        Path | None, typer.Option(help="통화 파일(eval/data/calls/README.md, 기본: 딸린 연습용 통화)")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="이미 도는 서버의 주소. 시험 통화가 그 서버의 기록에 남습니다(기본: 따로 켬)")
    ] = None,
    token_file: Annotated[Path | None, typer.Option(help="--url 서버의 연계 프로그램 토큰이 든 파일")] = None,
    seed: Annotated[int, typer.Option(help="통화를 고르는 난수 시드")] = 0,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """서버에 통화 여러 건을 한꺼번에 걸어 기다린 시간, 빠지거나 잘못 간 이벤트, 메모리를 잽니다.

    따로 켜는 서버는 같은 색인과 설정으로 돌되 상담 기록과 계정은 임시 폴더에 둡니다. Ctrl+C로 멈추면 그때까지 잰 것으로
    보고서를 만듭니다.
    """
    from eval.load.centre import Workload
    from eval.load.record import LoadFolder
    from eval.load.report import write
    from eval.load.run import TRANSCRIPTS, measure, planned
    from eval.load.server import elsewhere, started
    from eval.runs.run import new_id
    from eval.runs.store import RunStore
    from knowledge_base.errors import EvaluationError

    if (url is None) != (token_file is None):
        raise EvaluationError("--url과 --token-file은 함께 쓰세요.")
    console: Console = ctx.obj
    chosen, run_id = transcripts or TRANSCRIPTS, new_id()
    workload = Workload(agents=agents, calls_per_day=calls_per_day, seconds=seconds, speed=speed, seed=seed)
    folder = LoadFolder(RunStore(console.home.runs).new(run_id, out))
    plan = planned(console, run_id, workload, chosen, url)
    serving = nullcontext(elsewhere(url, token_file)) if url and token_file else started(console.home)
    with serving as server:
        folder.reserve(plan)
        with _shown(seconds) as tell:
            measure(folder, workload, chosen, server, tell)
    write(folder.record(), None, folder.folder.path / "report.html")
    _tell(folder, as_json)


def _tell(folder: "LoadFolder", as_json: bool) -> None:
    record = folder.record()
    if as_json:
        echo_scores(record.run, folder.folder.path)
    else:
        from eval.load.terminal import show

        show(record.run, folder.folder.path)


@contextmanager
def _shown(seconds: float) -> "Iterator[Callable[[Progress], None]]":
    """A line on a terminal's stderr that says how the test stands; silent when nobody watches."""
    import sys

    from tqdm import tqdm

    form = "{desc} {percentage:3.0f}% |{bar}| {elapsed} 지남{postfix}"
    with tqdm(desc="부하", total=seconds, file=sys.stderr, disable=None, bar_format=form) as bar:

        def tell(progress: "Progress") -> None:
            told = f"통화 중 {progress.open_calls}, 끝남 {progress.calls}, 기다림 {progress.waiting}"
            bar.set_postfix_str(f"{told}, 문제 {progress.faults}", refresh=False)
            bar.update(min(progress.at, seconds) - bar.n)

        yield tell
