"""What the commands of ``onnuri eval`` share, and need of the running program (``ctx.obj``)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import typer

from knowledge_base.console import to_json

if TYPE_CHECKING:
    from assistant.database import Place
    from assistant.settings import LLMChoice, Settings
    from eval.examination.answers import Suggests
    from eval.runs.run import Run
    from indexing.embedding.embedder import Embedder
    from indexing.lexical.tokens import Analyzer
    from indexing.retrieval.search import SearchService
    from knowledge_base.home import Home


Out = Annotated[Path | None, typer.Option(help="기록할 폴더(기본: 데이터 폴더의 runs/<id>)")]
LLMName = Literal["none", "auto"]
"""The values of ``LLMChoice``, spelled out because its module is too slow to load for ``--help``."""
RunName = Annotated[str, typer.Argument(metavar="RUN", help="평가 id(앞부분) 또는 폴더")]


def echo_scores(run: "Run", folder: Path) -> None:
    """Print the scores of a run that lies in ``folder`` as JSON."""
    typer.echo(to_json({**run.scores, "run": run.id, "out": str(folder)}))


class Console(Protocol):
    """What the composition root hands the commands; objects are built when asked for."""

    @property
    def settings(self) -> "Settings":
        """As read from the environment; secrets are masked wherever they are kept."""

    @property
    def home(self) -> "Home":
        """The data folder; runs are kept below it."""

    @property
    def journal(self) -> "Place":
        """Where the suggestions of real calls are kept."""

    def embedder(self) -> "Embedder":
        """The embedding model, to search a snapshot that is not served."""

    def analyzer(self) -> "Analyzer":
        """The morphological analyser, for the scores of answers."""

    def searcher(self) -> "SearchService":
        """The search over the current snapshot."""

    def assistant(self, llm: "LLMChoice", *, searcher: "SearchService | None" = None) -> "Suggests":
        """The assistant, with or without its LLM, over the current snapshot or that of ``searcher``."""
