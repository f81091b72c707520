"""Runs on disk, a folder each, so that they can be copied, compared and thrown away with ordinary tools.

``plan.json`` and ``questions.jsonl`` are written before the first question, a line of ``results.jsonl`` after
each, ``run.json`` at the end: a folder with ``run.json`` is a complete run, one without can be resumed.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from eval.examination.result import PlayedCall, Result, Stored
from eval.questions.dataset import json_lines, load
from eval.questions.question import Question
from eval.runs.json_files import add, lines, pretty, read, replace
from eval.runs.run import Plan, Run, RunKind
from knowledge_base.document import Document, Kind, is_within
from knowledge_base.errors import EvaluationError

PLAN = "plan.json"
QUESTIONS = "questions.jsonl"
DOCUMENTS = "documents.jsonl"
RESULTS = "results.jsonl"
CALLS = "calls.jsonl"
RUN = "run.json"
LOCK = ".lock"


class RightDocument(Stored):
    """What a report needs to know of a document that is right for some question."""

    id: str
    kind: Kind
    title: str
    category: str
    department: str
    effective_from: date | None
    effective_to: date | None

    @classmethod
    def of(cls, document: Document) -> "RightDocument":
        """What is kept of a document."""
        return cls(**{name: getattr(document, name) for name in cls.model_fields})

    def is_valid_on(self, day: date) -> bool:
        """Whether the document is in force on ``day``."""
        return is_within(day, self.effective_from, self.effective_to)


class Record(NamedTuple):
    """A finished run with its questions, their results in the same order, and the right documents by id.

    ``calls`` are those on which the questions were asked, () when they were asked one by one.
    """

    run: Run
    questions: tuple[Question, ...]
    results: tuple[Result, ...]
    documents: dict[str, RightDocument]
    calls: tuple[PlayedCall, ...] = ()


class RunFolder:
    """One run on disk. Raises EvaluationError when it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def reserve(self, plan: Plan, questions: Sequence[Question], documents: Iterable[RightDocument]) -> None:
        """Write what is known before any question is asked; a folder that holds a run is refused."""
        self.require_new()
        with self.writable():
            self.path.mkdir(parents=True, exist_ok=True)
            replace(self.path / QUESTIONS, json_lines(questions))
            replace(self.path / DOCUMENTS, "".join(f"{each.model_dump_json()}\n" for each in documents))
            replace(self.path / PLAN, pretty(plan))

    @property
    def holds_run(self) -> bool:
        """Whether a run was begun in it."""
        return (self.path / PLAN).is_file() or (self.path / RUN).is_file()

    def require_new(self) -> None:
        """Raise EvaluationError for a folder that holds a run."""
        if self.holds_run:
            raise EvaluationError(
                f"{self.path} 폴더에 이미 평가 기록이 있습니다. --out에 다른 폴더를 지정하거나, "
                f"멈춘 평가라면 'onnuri eval resume {self.path}'로 이어서 하세요."
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep everybody else from adding to this run; raises EvaluationError when somebody already does."""
        with self.writable():
            try:
                held = FileLock(self.path / LOCK).acquire(timeout=0)
            except Timeout as error:
                raise EvaluationError(
                    f"평가 {self.path.name}은(는) 지금 다른 곳에서 하고 있습니다. "
                    "끝나기를 기다리거나 그쪽을 멈춘 뒤 다시 하세요."
                ) from error
        with held:
            yield

    def plan(self) -> Plan:
        """What was to be done."""
        return read(Plan, self.path / PLAN)

    def questions(self) -> tuple[Question, ...]:
        """The questions to ask, in order."""
        return load(self.path / QUESTIONS).questions

    def keep(self, result: Result | PlayedCall) -> None:
        """Add a result; it survives the process being killed at any moment after this returned."""
        with self.writable():
            add(result, self.path / (RESULTS if isinstance(result, Result) else CALLS))

    def results(self) -> dict[str, Result]:
        """The results so far by question id; a line that a kill cut short is not one."""
        found = {each.id: each for each in lines(Result, self.path / RESULTS)}
        return {question.id: found[question.id] for question in self.questions() if question.id in found}

    def repair(self) -> None:
        """Drop what is no whole line, so that the next result starts a new one."""
        file = self.path / RESULTS
        if file.exists():
            with self.writable():
                replace(file, "".join(f"{each.model_dump_json()}\n" for each in lines(Result, file)))

    def finish(self, run: Run) -> None:
        """Make it a complete run."""
        with self.writable():
            replace(self.path / RUN, pretty(run))

    def record(self) -> Record:
        """The complete run; raises EvaluationError when it was stopped before its end."""
        if not (self.path / RUN).exists() and (self.path / PLAN).exists():
            then = (
                f"'onnuri eval resume {self.path}'로 이어서 하세요."
                if self.plan().kind.is_resumable
                else "다시 하세요."
            )
            raise EvaluationError(f"평가 {self.path.name}은(는) 끝나지 않았습니다. {then}")
        run = read(Run, self.path / RUN)
        if run.kind is RunKind.LOAD:
            raise EvaluationError(f"{run.id}은(는) 부하 시험이라 질문이 없습니다. 질문이나 통화를 잰 평가를 고르세요.")
        results = self.results()
        questions = tuple(question for question in self.questions() if question.id in results)
        documents = {each.id: each for each in lines(RightDocument, self.path / DOCUMENTS)}
        kept = tuple(results[question.id] for question in questions)
        return Record(run, questions, kept, documents, tuple(lines(PlayedCall, self.path / CALLS)))

    @contextmanager
    def writable(self) -> Iterator[None]:
        """Say what to do when a file of the run cannot be written within."""
        try:
            yield
        except OSError as error:
            raise EvaluationError(
                f"{self.path} 폴더에 평가 기록을 쓸 수 없습니다({error.strerror}). "
                "권한과 남은 공간을 확인하거나 --out에 다른 폴더를 지정하세요."
            ) from error


class Listing(NamedTuple):
    """The runs of a store, oldest first: a Run when it is complete, a Plan when it was stopped. ``problems`` are a
    sentence for each that cannot be read."""

    runs: tuple[Plan | Run, ...]
    problems: tuple[str, ...]


class RunStore:
    """The runs below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def new(self, run_id: str, out: Path | None = None) -> RunFolder:
        """Where a run of this id goes: into ``out`` where somebody wants it there."""
        return RunFolder(out or self._root / run_id)

    def folder(self, name: str) -> RunFolder:
        """A run by its id, the beginning of it, or the path of its folder; raises EvaluationError."""
        if (named := RunFolder(Path(name))).holds_run:
            return named
        known = self._folders()
        found = [path for path in known if path.name == name] or [path for path in known if path.name.startswith(name)]
        if len(found) == 1:
            return RunFolder(found[0])
        if found:
            raise EvaluationError(f"'{name}'(으)로 시작하는 평가가 {len(found)}개입니다. 더 길게 적으세요.")
        raise EvaluationError(f"평가 '{name}'이(가) 없습니다. 'onnuri eval list'로 있는 평가를 확인하세요.")

    def all(self) -> "Listing":
        """Every run; one that cannot be read is a problem of its own and hides no other."""
        runs: list[Plan | Run] = []
        problems: list[str] = []
        for path in self._folders():
            try:
                runs.append(read(Run, path / RUN) if (path / RUN).exists() else read(Plan, path / PLAN))
            except EvaluationError as error:
                problems.append(str(error))
        return Listing(tuple(runs), tuple(problems))

    def _folders(self) -> list[Path]:
        if not self._root.is_dir():
            return []
        return sorted(path for path in self._root.iterdir() if RunFolder(path).holds_run)
