"""What the QA panel works with: one desk a program, shared by every QA person and every tab."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import NamedTuple

from assistant.settings import LLMBackend
from eval.console import Console
from eval.diagnosis.cases import Case, cases
from eval.examination.result import Result
from eval.load.record import LoadFolder, LoadRecord
from eval.qa_panel.calls import CallRecords
from eval.qa_panel.questions import QuestionFiles
from eval.qa_panel.state import Configuration
from eval.qa_panel.verdicts import Verdicts
from eval.questions.dataset import Dataset
from eval.report.report import Report, report
from eval.runs import launch
from eval.runs.comparison import Comparison, compare
from eval.runs.run import Plan, Run, RunKind, new_id
from eval.runs.store import Record, RunFolder, RunStore
from indexing.admin_panel.job import Cancelled, Job
from indexing.golden.questions import GoldenQuestions
from indexing.progress import Progress
from knowledge_base.audit import Audit
from knowledge_base.document import Document
from knowledge_base.errors import BuildCancelled, EvaluationError
from knowledge_base.storage.store import KnowledgeStore

REMEMBERED = 4
"""Runs kept open: a report takes seconds to draw."""
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")
STOPPED_TEXT = "평가를 멈췄습니다. '실행 기록'에서 남은 질문부터 이어서 할 수 있습니다."


class Reviewer(NamedTuple):
    """Who acts, and the audit that records it in their name."""

    name: str
    audit: Audit


class Opened(NamedTuple):
    """A finished run ready to be read: its questions, and its report against a baseline when there is one."""

    record: Record
    cases: tuple[Case, ...]
    comparison: Comparison | None
    report: Report

    @property
    def is_labelled(self) -> bool:
        """Whether anybody knows the right answers."""
        return self.record.run.kind.is_labelled


class Listed(NamedTuple):
    """The runs, newest first, and a sentence for each that cannot be read."""

    runs: tuple[Plan | Run, ...]
    problem: str


class Desk:
    """Question files, runs and calls of the program behind ``console``."""

    def __init__(self, console: Console) -> None:
        self.console = console
        home = console.home
        self.questions = QuestionFiles(home.root / "questions")
        self.store = RunStore(home.runs)
        self.calls = CallRecords(console.journal)
        self.verdicts = Verdicts(console.journal)
        self.documents = KnowledgeStore(home.knowledge)
        self.index_golden = GoldenQuestions(home)
        self.job: Job[Run] = Job("다른 평가가 돌고 있습니다")
        self.running = ""
        self._opened: OrderedDict[tuple[str, str], Opened] = OrderedDict()
        self._opening = threading.Lock()

    # measuring

    def configurations(self) -> list[Configuration]:
        """What can be measured with the settings as they are."""
        has_llm = self.console.settings.llm is not LLMBackend.NONE
        return [each for each in Configuration if has_llm or each is not Configuration.WITH_LLM]

    def start(self, chosen: Dataset, configuration: Configuration, seed: int, limit: int | None, by: str) -> str:
        """Begin a run in the background and return its id; raises an OnnuriError while another one runs."""
        run_id = new_id()

        def work(progress: Progress, cancelled: Cancelled) -> Run:
            self.running = run_id
            folder = self.store.new(run_id)
            plan = launch.plan(
                self.console,
                chosen,
                run_id=run_id,
                retrieval_only=configuration is Configuration.RETRIEVAL,
                llm=configuration.llm,
                seed=seed,
                limit=limit,
            )
            return launch.begin(self.console, folder, plan, chosen.questions, watching(folder, progress, cancelled))

        self.job.start(work, by)
        return run_id

    def resume(self, run_id: str, by: str) -> None:
        """Go on with a stopped run in the background; raises an OnnuriError while another one runs."""
        folder = self._folder(run_id)

        def work(progress: Progress, cancelled: Cancelled) -> Run:
            self.running = run_id
            return launch.resume(self.console, folder, watching(folder, progress, cancelled))

        self.job.start(work, by)

    def is_running(self) -> bool:
        """Whether a run is under way."""
        status = self.job.status()
        return status is not None and status.is_running

    def titles(self, names: Iterable[str]) -> dict[str, str]:
        """The titles of those of the documents that are in the knowledge base, by id."""
        there = self.documents.ids()
        return {name: self.documents.get(name).document.title for name in names if name in there}

    def known(self) -> dict[str, Document]:
        """The documents of the knowledge base by id."""
        return launch.known_documents(self.console)

    # reading

    def runs(self) -> Listed:
        """Every run, and what is wrong with those that cannot be read."""
        found = self.store.all()
        return Listed(found.runs[::-1], " ".join(found.problems))

    def opened(self, run_id: str, baseline: str = "") -> Opened:
        """A finished run, against another one when it is named; raises EvaluationError."""
        key = run_id, baseline
        with self._opening:
            if key not in self._opened:
                self._opened[key] = self._open(run_id, baseline)
            self._opened.move_to_end(key)
            while len(self._opened) > REMEMBERED:
                self._opened.popitem(last=False)
            return self._opened[key]

    def load(self, run_id: str) -> LoadRecord | None:
        """A load test, None when the run is about something else."""
        folder = self._folder(run_id)
        return LoadFolder(folder).record() if folder.plan().kind is RunKind.LOAD else None

    def _open(self, run_id: str, baseline: str) -> Opened:
        record = self._folder(run_id).record()
        against = compare(self._folder(baseline).record(), record) if baseline else None
        return Opened(record, tuple(cases(record)), against, report(record, against))

    def _folder(self, run_id: str) -> RunFolder:
        """A run of the store; a browser must not name folders elsewhere."""
        if not _ID.fullmatch(run_id):
            raise EvaluationError("그런 평가가 없습니다. 실행 기록에서 다시 고르세요.")
        return self.store.folder(run_id)


def watching(
    folder: RunFolder, progress: Progress, cancelled: Cancelled
) -> Callable[[Iterable[Result], int], Iterator[Result]]:
    """Tells how far a run is, what was done before a stop included, and ends it when it is called off."""

    def watch(results: Iterable[Result], left: int) -> Iterator[Result]:
        done = len(folder.results())
        total = done + left
        progress("질문", done, total)
        try:
            for number, result in enumerate(results, start=done + 1):
                yield result
                progress("질문", number, total)
                if cancelled() and number < total:
                    raise BuildCancelled(STOPPED_TEXT)
        finally:
            if isinstance(results, Generator):
                results.close()  # the questions not yet asked are not asked any more

    return watch
