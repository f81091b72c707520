"""A load test on disk: ``plan.json``, a line of ``calls.jsonl`` a call, of ``samples.jsonl`` a sample, ``run.json``."""

from pathlib import Path
from typing import NamedTuple

from eval.load.result import LoadedCall, Sample
from eval.load.summary import finished
from eval.runs.json_files import add, lines, read
from eval.runs.run import Plan, Run, RunKind
from eval.runs.store import RUN, RunFolder
from knowledge_base.errors import EvaluationError

CALLS = "calls.jsonl"
SAMPLES = "samples.jsonl"


class LoadRecord(NamedTuple):
    """A load test that has ended, its calls in the order in which they ended."""

    run: Run
    calls: tuple[LoadedCall, ...]
    samples: tuple[Sample, ...]


class LoadFolder:
    """A load test in a run's folder. Raises EvaluationError when it cannot be read or written."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._path: Path = folder.path

    def reserve(self, plan: Plan) -> None:
        """Begin; a folder that holds a run is refused."""
        self.folder.reserve(plan, (), ())

    def keep(self, measured: LoadedCall | Sample) -> None:
        """Add what was measured."""
        with self.folder.writable():
            add(measured, self._path / (CALLS if isinstance(measured, LoadedCall) else SAMPLES))

    def calls(self) -> tuple[LoadedCall, ...]:
        """The calls so far."""
        return tuple(lines(LoadedCall, self._path / CALLS))

    def samples(self) -> tuple[Sample, ...]:
        """The samples so far."""
        return tuple(lines(Sample, self._path / SAMPLES))

    def finish(self, *, was_stopped: bool) -> None:
        """Make it a complete run of what was measured."""
        self.folder.finish(finished(self.folder.plan(), self.calls(), self.samples(), was_stopped=was_stopped))

    def record(self) -> LoadRecord:
        """The test; of one that was killed, what it had measured by then."""
        plan, calls, samples = self.folder.plan(), self.calls(), self.samples()
        if plan.kind is not RunKind.LOAD:
            raise EvaluationError(f"{self._path.name}은(는) 부하 시험이 아닙니다. 'onnuri eval list'에서 고르세요.")
        if not (self._path / RUN).exists():
            return LoadRecord(finished(plan, calls, samples, was_stopped=True), calls, samples)
        return LoadRecord(read(Run, self._path / RUN), calls, samples)
