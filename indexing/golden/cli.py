"""``onnuri index golden``: the questions an index must answer before it is served."""

from typing import Annotated

import typer

from indexing.console import home_of
from knowledge_base.console import AsJson, to_json

app = typer.Typer(
    help="확인 질문: 새 색인이 이 질문의 문서를 찾아야 쓰입니다.",
    no_args_is_help=True,
)

Question = Annotated[str, typer.Argument(metavar="질문", help="확인 질문.")]


@app.command()
def add(
    ctx: typer.Context,
    question: Question,
    documents: Annotated[
        list[str], typer.Option("--document", metavar="ID", help="답이 있는 문서의 ID. 여럿이면 하나만 찾아도 됩니다.")
    ],
) -> None:
    """확인 질문을 더합니다. 같은 질문이 있으면 문서를 바꿉니다."""
    from indexing.golden.questions import GoldenQuestions

    added = GoldenQuestions(home_of(ctx)).add(question, documents)
    typer.echo(f"확인 질문을 더했습니다: {added.question} → {', '.join(added.documents)}")


@app.command("list")
def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """확인 질문과, 그 문서가 아직 지식 저장소에 있는지 보여 줍니다."""
    from indexing.golden.questions import GoldenQuestions

    questions = GoldenQuestions(home_of(ctx))
    every, orphans = questions.list(), questions.orphans()
    if as_json:
        rows = [{**golden._asdict(), "orphan": golden in orphans} for golden in every]
        typer.echo(to_json(rows))
        return
    if not every:
        typer.echo("아직 확인 질문이 없습니다. 'onnuri index golden add'로 더하세요.")
    for golden in every:
        mark = "  (문서가 모두 없어져 확인하지 못합니다)" if golden in orphans else ""
        typer.echo(f"{golden.question} → {', '.join(golden.documents)}{mark}")


@app.command()
def remove(ctx: typer.Context, question: Question) -> None:
    """확인 질문을 지웁니다."""
    from indexing.golden.questions import GoldenQuestions

    GoldenQuestions(home_of(ctx)).remove(question)
    typer.echo(f"확인 질문을 지웠습니다: {question}")
