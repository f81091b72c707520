"""The record of a run: all that is needed to repeat it and to compare it with another."""

import secrets
from datetime import UTC, datetime

from pydantic import Field

from eval.examination.result import Stored
from eval.runs.provenance import Machine
from knowledge_base.labelled import Labelled


class RunKind(Labelled):
    """What a run is about: questions of a file, of transcripts played, or of the journal; or load."""

    QUESTIONS = "questions", "평가"
    CALLS = "calls", "통화 재생"
    REPLAY = "replay", "재생"
    RECORDED = "recorded", "상담 기록"
    LOAD = "load", "부하 시험"

    @property
    def is_labelled(self) -> bool:
        """Whether anybody knows the right answers."""
        return self in (RunKind.QUESTIONS, RunKind.CALLS)

    @property
    def is_resumable(self) -> bool:
        """Whether a stopped run can go on; calls and load are measured in one go, over in minutes."""
        return self not in (RunKind.CALLS, RunKind.LOAD)


class Plan(Stored):
    """What is known of a run before its first question. ``created`` is UTC in ISO 8601; ``commit`` ends in
    ``+`` when files were changed since, and is empty outside a git repository.

    ``dataset_sha256`` is of the whole question file; ``limit`` and ``seed`` say which of its questions are asked
    (``limit`` None: all). ``snapshot`` names the snapshot served at the start, ``models`` what embeds and cuts
    into morphemes, ``prompt`` the hash of what the LLM is told.
    """

    id: str
    kind: RunKind = RunKind.QUESTIONS
    created: str
    commit: str
    packages: dict[str, str]
    machine: Machine
    dataset: str
    dataset_sha256: str
    snapshot: str
    models: dict[str, str] = Field(default_factory=dict)
    prompt: str = ""
    settings: dict[str, object]
    configuration: dict[str, object] = Field(default_factory=dict)
    seed: int
    limit: int | None
    jobs: int = 1


class Run(Plan):
    """A finished run. ``snapshot`` names the snapshots searched, several with commas when they changed under way.

    ``seconds`` is the time the questions took, stops left out; ``counts`` are n_total, n_failed and
    n_unanswerable questions.
    """

    finished: str
    seconds: float
    counts: dict[str, int]
    metrics: dict[str, object]

    @property
    def scores(self) -> dict[str, object]:
        """Metrics and counts side by side, as a program reads them."""
        return {**self.metrics, **self.counts}


def new_id() -> str:
    """The time in UTC and six random digits, so that ids sort by age: ``20261127T090000Z-1a2b3c``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def now() -> str:
    """UTC in ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
