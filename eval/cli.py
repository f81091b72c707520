"""``onnuri eval``: measure accuracy and latency on a question file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import typer

from eval.dataset import load

if TYPE_CHECKING:
    from assistant.settings import LLMChoice
    from eval.answers import Suggests
    from eval.retrieval import Searches
    from eval.run import Run
    from knowledge_base.home import Home


LLMName = Literal["none", "auto"]
"""The values of ``LLMChoice``, spelled out because its module is too slow to load for ``--help``."""


class Console(Protocol):
    """What the composition root hands the commands as ``ctx.obj``; objects are built when asked for."""

    @property
    def home(self) -> "Home":
        """The data folder; runs are kept below it."""

    def searcher(self) -> "Searches":
        """The search over the current snapshot."""

    def assistant(self, llm: "LLMChoice") -> "Suggests":
        """The assistant, with or without its LLM."""


app = typer.Typer(no_args_is_help=True, help="정확도와 응답 시간을 잽니다.")


@app.callback()
def commands() -> None:
    """정확도와 응답 시간을 잽니다."""


@app.command()
def run(
    ctx: typer.Context,
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="질문 파일(JSON lines)")],
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="검색만 재고 답변은 만들지 않음")] = False,
    llm: Annotated[LLMName, typer.Option(help="답변에 쓸 LLM: 없음(none) 또는 설정대로(auto)")] = "auto",
    limit: Annotated[int | None, typer.Option(help="무작위로 고를 질문 수(기본: 모두)")] = None,
    seed: Annotated[int, typer.Option(help="질문을 고르는 난수 씨앗")] = 0,
    out: Annotated[Path | None, typer.Option(help="기록할 폴더(기본: 데이터 폴더의 runs/<id>)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="결과를 JSON으로 출력")] = False,
) -> None:
    """질문 파일로 검색과 답변을 평가해 기록합니다."""
    from assistant.settings import LLMChoice
    from eval import measure
    from eval.run import new_id, reserve, save

    console: Console = ctx.obj
    dataset = load(questions).sample(limit, seed)
    searcher, assistant = console.searcher(), None if retrieval_only else console.assistant(LLMChoice(llm))
    run_id = new_id()
    folder = reserve(out or console.home.root / "runs" / run_id)
    found = measure.outcomes(dataset, searcher, assistant, call=f"eval-{run_id}")
    settings: dict[str, object] = {"retrieval_only": retrieval_only, "llm": llm}
    record = measure.record(found, dataset, run_id=run_id, settings=settings, seed=seed, limit=limit)
    save(record, measure.results(found), folder)
    _show(record, folder, as_json)


def _show(record: "Run", folder: Path, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**record.scores, "out": str(folder)}, ensure_ascii=False))
    else:
        from eval.table import show

        show(record, folder)
