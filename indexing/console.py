"""What the commands of this room need of the running program."""

from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from knowledge_base.home import Home

if TYPE_CHECKING:
    from indexing.embedding.embedder import Embedder
    from indexing.lexical.tokens import Analyzer
    from indexing.retrieval.search import SearchService
    from knowledge_base.audit import Audit

Accept = Annotated[bool, typer.Option("--accept", help="확인 질문을 놓쳐도 씁니다.")]


class Console(Protocol):
    """What these commands need of the running program (``ctx.obj``)."""

    @property
    def home(self) -> Home: ...

    def embedder(self) -> "Embedder": ...

    def analyzer(self) -> "Analyzer": ...

    def searcher(self) -> "SearchService": ...

    def audit(self) -> "Audit": ...


def home_of(ctx: typer.Context) -> Home:
    """The data folder of the program that runs the command."""
    console: Console = ctx.obj
    return console.home
